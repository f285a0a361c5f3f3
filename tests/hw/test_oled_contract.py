"""What every display promises: what was shown is what an eye sees, or the loss is told.

A new driver is a line in `ALWAYS`, with a decoding glass at its end. A real display cannot be read
back: there the contracts without an eye are tried, and the eye's are `deskpanel check --hardware`.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image, ImageDraw

from hw import drivers
from hw.mocks.glass import Glass, Sh1106Glass, Ssd1306Glass
from hw.mocks.oled import VirtualOled
from hw.none import NoOled
from hw.oled import LumaOled, i2c_on
from hw.ports import HwLost, HwMissing, Oled
from hw.specs import OledSpec
from tests.hw import contract
from tests.hw.contract import Can, Fitting


def nobody() -> Any:
    raise AssertionError("nobody can do that here: does the contract say what it needs?")


@dataclass
class Rig:
    """A display and the world's view of it."""

    oled: Oled
    pixels: Callable[[], Image.Image] = nobody
    unplug: Callable[[], None] = nobody
    plug: Callable[[], None] = nobody


def on_glass(driver: str, glass: Glass, rotate: int = 0) -> Rig:
    spec = OledSpec(driver, size=glass.size, rotate=rotate)
    oled = LumaOled(spec, i2c_on(glass))
    return Rig(oled, glass.pixels, glass.unplug, glass.plug)


def virtual() -> Rig:
    oled = VirtualOled()
    return Rig(oled, lambda: oled.pixels, oled.unplug, oled.plug)


def real(request: pytest.FixtureRequest) -> Rig:
    spec = contract.fitted(request.config).oled
    return Rig(drivers.oled(spec.driver, spec))


ALWAYS = {
    "virtual": Fitting(lambda _: virtual()),
    "ssd1306": Fitting(lambda _: on_glass("ssd1306", Ssd1306Glass())),
    "sh1106": Fitting(lambda _: on_glass("sh1106", Sh1106Glass())),
}

REAL = {"oled": Fitting(real, frozenset({Can.LOSE}))}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    contract.spread(metafunc, ALWAYS, REAL)


@pytest.fixture
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    rig: Rig = request.param.rig(request)
    yield rig
    rig.oled.close()


def noise(size: tuple[int, int], seed: int) -> Image.Image:
    """Noise: every pixel counts, and a shift or a turn shows."""
    width, height = size
    return Image.frombytes("1", size, random.Random(seed).randbytes((width + 7) // 8 * height))


def border(size: tuple[int, int]) -> Image.Image:
    """The outermost pixels, which a wrong column offset loses first."""
    picture = Image.new("1", size)
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] - 1, size[1] - 1), outline=1)
    return picture


def same(one: Image.Image, other: Image.Image) -> bool:
    return (one.mode, one.size, one.tobytes()) == (other.mode, other.size, other.tobytes())


def dark(rig: Rig) -> bool:
    return rig.pixels().getbbox() is None


def test_everything_may_be_asked_of_an_open_display(rig: Rig) -> None:
    rig.oled.close()
    rig.oled.open()
    rig.oled.open()
    for picture in (noise(rig.oled.size, 1), border(rig.oled.size), border(rig.oled.size)):
        rig.oled.show(picture)
    rig.oled.close()
    rig.oled.close()


@pytest.mark.needs(Can.SEE)
def test_what_was_shown_is_what_is_seen(rig: Rig) -> None:
    rig.oled.open()
    for picture in (noise(rig.oled.size, 1), border(rig.oled.size), noise(rig.oled.size, 2)):
        rig.oled.show(picture)
        assert same(rig.pixels(), picture)


@pytest.mark.needs(Can.SEE)
def test_opened_it_shows_nothing_and_no_noise(rig: Rig) -> None:
    rig.oled.open()
    assert dark(rig)


@pytest.mark.needs(Can.SEE)
def test_closed_it_is_dark_and_may_be_closed_again(rig: Rig) -> None:
    rig.oled.close()
    rig.oled.open()
    rig.oled.show(noise(rig.oled.size, 1))
    rig.oled.close()
    assert dark(rig)
    rig.oled.close()


@pytest.mark.needs(Can.UNPLUG)
def test_what_is_not_there_is_missing(rig: Rig) -> None:
    rig.unplug()
    with pytest.raises(HwMissing):
        rig.oled.open()


@pytest.mark.needs(Can.UNPLUG)
def test_what_was_unplugged_is_lost_until_it_is_opened(rig: Rig) -> None:
    rig.oled.open()
    rig.unplug()
    with pytest.raises(HwLost):
        rig.oled.show(noise(rig.oled.size, 1))
    rig.plug()
    with pytest.raises(HwLost):
        rig.oled.show(noise(rig.oled.size, 1))


@pytest.mark.needs(Can.UNPLUG, Can.SEE)
def test_opened_again_it_is_right_again(rig: Rig) -> None:
    picture = noise(rig.oled.size, 3)
    rig.oled.open()
    rig.oled.show(picture)
    rig.unplug()
    with pytest.raises(HwLost):
        rig.oled.show(border(rig.oled.size))
    rig.plug()
    rig.oled.open()
    rig.oled.show(picture)
    assert same(rig.pixels(), picture)


@pytest.mark.needs(Can.UNPLUG, Can.SEE)
def test_opened_again_it_shows_what_was_wanted_last(rig: Rig) -> None:
    rig.oled.open()
    rig.oled.show(noise(rig.oled.size, 3))
    rig.unplug()
    for picture in (noise(rig.oled.size, 4), border(rig.oled.size)):
        with pytest.raises(HwLost):
            rig.oled.show(picture)
    rig.plug()
    rig.oled.open()
    assert same(rig.pixels(), border(rig.oled.size))


@pytest.mark.needs(Can.SEE)
def test_opened_after_closing_it_shows_nothing_old(rig: Rig) -> None:
    rig.oled.open()
    rig.oled.show(noise(rig.oled.size, 3))
    rig.oled.close()
    rig.oled.open()
    assert dark(rig)


@pytest.mark.needs(Can.SEE)
def test_it_may_be_opened_while_open(rig: Rig) -> None:
    rig.oled.open()
    rig.oled.open()
    rig.oled.show(border(rig.oled.size))
    assert same(rig.pixels(), border(rig.oled.size))


@pytest.mark.needs(Can.LOSE)
def test_a_display_that_is_not_open_says_so(rig: Rig) -> None:
    with pytest.raises(HwLost, match="not open"):
        rig.oled.show(noise(rig.oled.size, 1))


@pytest.mark.parametrize(("mode", "wider"), [("L", 0), ("RGB", 0), ("1", 8), ("1", -8)])
def test_an_unfit_picture_is_refused(rig: Rig, mode: str, wider: int) -> None:
    width, height = rig.oled.size
    rig.oled.open()
    with pytest.raises(ValueError, match="wanted"):
        rig.oled.show(Image.new(mode, (width + wider, height)))


@pytest.mark.needs(Can.SEE)
def test_a_refused_picture_leaves_no_trace(rig: Rig) -> None:
    rig.oled.open()
    with pytest.raises(ValueError, match="wanted"):
        rig.oled.show(Image.new("L", rig.oled.size, 255))
    assert dark(rig)


@pytest.mark.needs(Can.SEE)
def test_a_picture_changed_after_it_was_shown_changes_nothing(rig: Rig) -> None:
    picture = noise(rig.oled.size, 4)
    kept = picture.copy()
    rig.oled.open()
    rig.oled.show(picture)
    ImageDraw.Draw(picture).rectangle((0, 0, 127, 63), fill=1)
    assert same(rig.pixels(), kept)
    rig.oled.open()
    assert same(rig.pixels(), kept)
    rig.oled.show(picture)
    assert same(rig.pixels(), picture)


SIZES = [("ssd1306", size) for size in ((128, 64), (128, 32), (96, 16), (64, 48), (64, 32))]


@pytest.mark.parametrize("rotate", range(4))
@pytest.mark.parametrize(
    ("driver", "size"), [*SIZES, ("ssd1309", (128, 64)), ("sh1106", (128, 64))]
)
def test_every_size_and_turn_is_right_to_the_pixel(
    driver: str, size: tuple[int, int], rotate: int
) -> None:
    glass = Sh1106Glass(size) if driver == "sh1106" else Ssd1306Glass(size)
    rig = on_glass(driver, glass, rotate)
    picture = noise(rig.oled.size, 5)
    rig.oled.open()
    rig.oled.show(picture)
    assert same(rig.pixels(), picture.rotate(-90 * rotate, expand=True))


def test_the_wrong_controller_shows() -> None:
    """An SH1106 sold as an SSD1306: the tests above would see it."""
    rig = on_glass("ssd1306", Sh1106Glass(strict=False))
    rig.oled.open()
    rig.oled.show(border((128, 64)))
    assert not same(rig.pixels(), border((128, 64)))


def test_no_display_takes_everything() -> None:
    oled = NoOled((64, 48))
    oled.open()
    oled.show(Image.new("1", oled.size))
    oled.close()
    oled.close()
    assert oled.size == (64, 48)
