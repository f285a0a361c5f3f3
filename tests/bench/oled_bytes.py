"""How many bytes do the OLED's pictures take? `python -m tests.bench.oled_bytes` counts them.

A working day's pictures go to luma's own display and to ours, on mock modules that count each byte
on the bus: addresses, control bytes, commands, data, and the questions for the status. luma gets
its best terms: one transfer for a picture's data, as on a bus that it opened itself, and no picture
that is equal to the one before. Waking the controller is not counted for either.
"""

import itertools
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import luma.oled.device
from PIL import Image

from device.views.paint import paint
from hw.frames import Pages, differing, inverted, pages_of
from hw.mocks.glass import Glass, Sh1106Glass, Ssd1306Glass
from hw.oled import LumaOled
from hw.specs import OledSpec
from tests.bench.working_day import HOUR, Stood, working_day
from tests.hw.bus import Wire

CLOCKS = 9
"Of the bus for each byte: eight bits and an acknowledgement."

MODULES: dict[str, Callable[[], Glass]] = {
    "ssd1306": Ssd1306Glass,
    "sh1106": lambda: Sh1106Glass(strict=False),  # luma tells it what only an SSD1306 knows
}


def pictures(day: Iterable[Stood]) -> list[Image.Image]:
    """What the glass is to show, one after the other, none twice in a row."""
    found: list[Image.Image] = []
    for stood in day:
        picture = paint(stood.screen)
        if not found or picture.tobytes() != found[-1].tobytes():
            found.append(picture)
    return found


def of_luma(driver: str, shown: Sequence[Image.Image]) -> list[int]:
    """Bytes of each picture after the first."""
    glass = MODULES[driver]()
    display = getattr(luma.oled.device, driver)(Wire(glass))
    return _each(glass, display.display, shown)


def of_ours(driver: str, shown: Sequence[Image.Image]) -> list[int]:
    """Bytes of each picture after the first."""
    glass = MODULES[driver]()
    oled = LumaOled(OledSpec(driver), lambda: Wire(glass))
    oled.open()
    return _each(glass, oled.show, shown)


def _each(
    glass: Glass, show: Callable[[Image.Image], None], shown: Sequence[Image.Image]
) -> list[int]:
    sums = []
    for picture in shown:
        show(picture)
        assert glass.pixels().tobytes() == picture.tobytes()
        sums.append(glass.on_bus)
    return [after - before for before, after in pairwise(sums)]


def floor(shown: Sequence[Image.Image]) -> list[int]:
    """What no way of sending could go below: bytes that differ, an address and a control byte.

    Light and dark may be exchanged for a command more.
    """
    return [2 + _differing(*pair) for pair in pairwise(map(pages_of, shown))]


def _differing(before: Pages, after: Pages) -> int:
    return min(differing(before, after), differing(before, inverted(after)) + 1)


def told(driver: str, hours: str, shown: Sequence[Image.Image]) -> str:
    """One line of the table."""
    theirs, ours, least = of_luma(driver, shown), of_ours(driver, shown), floor(shown)
    return (
        f"{driver:7} {hours:8} {len(ours):8} {sum(theirs):10,} {sum(ours):9,}"
        f" {sum(ours) / sum(theirs):7.1%} {sum(least) / sum(theirs):7.1%}"
        f" {max(ours):8} {_milliseconds(theirs):6.1f} {_milliseconds(ours):6.1f}"
    )


def _milliseconds(frames: Sequence[int]) -> float:
    """What a picture takes on average, at 100 kHz."""
    return sum(frames) / len(frames) * CLOCKS / 100


def main() -> None:
    """Drive both through the day and print a table."""
    warnings.filterwarnings("ignore", message=".*getdata", category=DeprecationWarning)
    out = sys.stdout.write
    out("module  hours    pictures       luma      ours   ratio   floor  dearest   ms of each\n")
    for driver, (begin, end) in itertools.product(MODULES, ((0, 24), (9, 18))):
        shown = pictures(working_day(begin * HOUR, end * HOUR))
        out(told(driver, f"{begin} to {end}", shown) + "\n")


if __name__ == "__main__":
    main()
