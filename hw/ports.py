"""What the panel asks of its hardware: three small protocols, and the ways they may fail."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from PIL import Image


class Colour(StrEnum):
    OFF = "off"
    GREEN = "green"
    AMBER = "amber"
    WHITE = "white"
    BLUE = "blue"
    RED = "red"


class Pattern(StrEnum):
    """How a lamp moves. All lamps share one clock, so equal patterns are in phase."""

    OFF = "off"
    STEADY = "steady"
    FAST = "fast"
    SLOW = "slow"
    BLIP3 = "blip3"
    DASH = "dash"
    PULSE = "pulse"


@dataclass(frozen=True, slots=True)
class Glow:
    """What one lamp shows, as a level: sending it again changes nothing."""

    colour: Colour = Colour.OFF
    pattern: Pattern = Pattern.OFF
    level: float = 1.0
    "Brightness, above 0 up to 1, where the lamp can be dimmed."
    overlay: Colour = Colour.OFF
    "What flashes over the base colour in `PULSE`; off is a wink of darkness."


DARK = Glow()

EdgeHandler = Callable[[str, bool, float], None]
"""Called from any thread with the button's name, True for down, and monotonic seconds."""


class HwError(Exception):
    """Something about the hardware; the message is for the person at the desk."""


class HwMissing(HwError, LookupError):  # noqa: N818 - named for what happened
    """It was never there: no such device, no library for it, no right to open it."""


class HwLost(HwError, ConnectionError):  # noqa: N818 - named for what happened
    """It was there and is not any more."""


class Board(Protocol):
    """Buttons, lamps and perhaps a buzzer."""

    def open(self, on_edge: EdgeHandler) -> None:
        """Take the hardware and begin to tell of edges. Raises `HwMissing`."""

    def show(self, lamps: Mapping[str, Glow]) -> None:
        """Make the lamps look like this, those not named being dark. Raises `HwLost`."""

    def beep(self, tune: str) -> None:
        """Play a tune by name, once; nothing where no buzzer is fitted. Raises `HwLost`."""

    def ring(self, on: bool) -> None:
        """Sound the ringing cadence, or stop it; a level. Raises `HwLost`."""

    def close(self) -> None:
        """Lamps dark, hardware given back. Twice does no harm."""


@runtime_checkable
class Watchful(Protocol):
    """A driver that finds out by itself when its hardware is gone, between two `show`s."""

    on_lost: Callable[[], None] | None
    "Called from any thread, once for each loss; the next `show` raises `HwLost`."


class Oled(Protocol):
    """A small black and white display."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""

    def open(self) -> None:
        """Initialise the controller. Raises `HwMissing`; again after `HwLost` to recover."""

    def show(self, image: Image.Image) -> None:
        """Put a whole picture, mode "1" and of this size, on the glass. Raises `HwLost`."""

    def dim(self, level: float) -> None:
        """Brightness, 0 being the dimmest and not dark, up to 1. Raises `HwLost`."""

    def close(self) -> None:
        """Glass dark, bus given back. Twice does no harm."""
