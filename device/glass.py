"""The display: how a config describes it, and what keeps a picture on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from device import checks
from device.tables import Table
from device.views.words import LANGUAGES
from hw.drivers import OLED_DRIVERS
from hw.ports import Oled
from hw.saver import Look
from hw.specs import OledSpec


def spec_of(oled: Table) -> OledSpec:
    """What the table `oled` says; what is wrong in it is complained of there."""
    return OledSpec(
        driver=oled.get("driver", checks.one_of_these({d: d for d in OLED_DRIVERS}), "none"),
        bus=oled.get("bus", checks.bus, "i2c:1:0x3c"),
        size=oled.get("size", checks.size, (128, 64)),
        rotate=oled.get("rotate", checks.number(0, 3), 0),
        column_offset=oled.get("column_offset", checks.number(0, 63), None),
    )


def language_of(oled: Table) -> str:
    """What the glass speaks."""
    known = checks.one_of_these({language: language for language in LANGUAGES})
    return oled.get("language", known, LANGUAGES[0])


class Seen(Protocol):
    """Something to look at; equal ones look the same."""

    def look(self, size: tuple[int, int], language: str) -> Look:
        """The picture, and its brightness."""


@dataclass(frozen=True, slots=True)
class OledPart:
    """A display, kept; painting is done in the keeper's thread."""

    oled: Oled
    language: str = LANGUAGES[0]
    on_shown: Callable[[], None] = lambda: None
    "Called each time a picture was handed to the glass, from the keeper's thread."

    def open(self) -> None:
        self.oled.open()

    def show(self, shown: Seen) -> None:
        look = shown.look(self.oled.size, self.language)
        self.oled.dim(look.level)
        self.oled.show(look.picture)
        self.on_shown()

    def close(self) -> None:
        self.oled.close()
