"""Hardware that is not fitted: it opens, shows nothing and never complains."""

from collections.abc import Mapping

from PIL import Image

from hw.ports import EdgeHandler, Glow


class NoBoard:
    """No buttons, no lamps, no buzzer."""

    def open(self, on_edge: EdgeHandler) -> None:
        """Nothing to take; no edge will come."""

    def show(self, lamps: Mapping[str, Glow]) -> None:
        """Nothing to light."""

    def beep(self, tune: str) -> None:
        """Nothing to sound."""

    def ring(self, on: bool) -> None:
        """Nothing to sound."""

    def close(self) -> None:
        """Nothing to give back."""


class NoOled:
    """No display, of the size that the pictures would have."""

    def __init__(self, size: tuple[int, int] = (128, 64)) -> None:
        self._size = size

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._size

    def open(self) -> None:
        """Nothing to initialise."""

    def show(self, image: Image.Image) -> None:
        """Nothing to draw on."""

    def dim(self, level: float) -> None:
        """Nothing to dim."""

    def close(self) -> None:
        """Nothing to give back."""
