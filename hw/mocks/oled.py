"""A display that exists only here: it keeps what it was shown, and the world looks at it."""

import random
from collections.abc import Callable

from PIL import Image

from hw.ports import HwLost, HwMissing


class VirtualOled:
    """Noise until it is opened, then the last picture; dark when closed or unplugged."""

    def __init__(self, size: tuple[int, int] = (128, 64)) -> None:
        self._size = size
        self._noise = _noise(size)
        self._dark = Image.new("1", size)
        self._picture = self._noise
        self._latest: Image.Image | None = None
        self._open = False
        self._plugged = True
        self.level = 1.0
        "Brightness, 0 to 1."
        self.on_change: Callable[[], None] | None = None
        "Called, from any thread, when the glass looks different."
        self.shown = 0
        "How many different pictures have been put on the glass."

    # The panel's side.

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._size

    def open(self) -> None:
        """Clear the glass, or show again what was wanted when it was lost. Raises `HwMissing`."""
        if not self._plugged:
            raise HwMissing("virtual OLED: it is unplugged")
        self._open = True
        self._look_like(self._latest or self._dark)

    def show(self, image: Image.Image) -> None:
        """Put a whole picture on the glass. Raises `HwLost`; `ValueError` if it does not fit."""
        if image.mode != "1" or image.size != self._size:
            raise ValueError(f"not {image.mode} {image.size}: wanted 1 {self._size}")
        self._latest = image.copy()
        if not (self._plugged and self._open):
            raise HwLost("virtual OLED: it was unplugged, or is not open")
        if image.tobytes() != self._picture.tobytes():
            self.shown += 1
            self._look_like(self._latest)

    def dim(self, level: float) -> None:
        """Brightness from 0 to 1, kept when opened anew. Raises `HwLost`."""
        self.level = level
        if not (self._plugged and self._open):
            raise HwLost("virtual OLED: it was unplugged, or is not open")

    def close(self) -> None:
        """Glass dark. Twice does no harm."""
        self._open, self._latest, self.level = False, None, 1.0
        self._look_like(self._dark)

    # The world's side.

    @property
    def pixels(self) -> Image.Image:
        """What an eye sees, mode "1": a copy."""
        return self._picture.copy()

    @property
    def plugged(self) -> bool:
        """Whether the display is there at all."""
        return self._plugged

    def unplug(self) -> None:
        """Pull the plug: dark, and lost until plugged in and opened again."""
        self._plugged = self._open = False
        self._look_like(self._dark)

    def plug(self) -> None:
        """Put it back: noise, until the panel initialises it."""
        self._plugged = True
        self._look_like(self._noise)

    def _look_like(self, picture: Image.Image) -> None:
        self._picture = picture
        if self.on_change:
            self.on_change()


def _noise(size: tuple[int, int]) -> Image.Image:
    width, height = size
    stride = (width + 7) // 8
    return Image.frombytes("1", size, random.Random(size[0]).randbytes(stride * height))
