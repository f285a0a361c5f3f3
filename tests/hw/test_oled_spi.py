"""The OLED on SPI: commands and data apart, and nobody to ask."""

import random
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw

from hw.mocks.glass import Glass, Sh1106Glass, Ssd1306Glass
from hw.mocks.spi import SpiLine
from hw.oled import LumaOled, spi_on
from hw.ports import HwLost, HwMissing
from hw.specs import OledSpec

GLASSES: dict[str, Callable[[], Glass]] = {"ssd1306": Ssd1306Glass, "sh1106": Sh1106Glass}


def noise(seed: int) -> Image.Image:
    return Image.frombytes("1", (128, 64), random.Random(seed).randbytes(1024))


def with_digit(picture: Image.Image) -> Image.Image:
    after = picture.copy()
    ImageDraw.Draw(after).rectangle((100, 0, 107, 15), fill=255)
    return after


def on_spi(glass: Glass, driver: str = "ssd1306") -> tuple[LumaOled, SpiLine]:
    line = SpiLine(glass)
    return LumaOled(OledSpec(driver, "spi:0:0"), spi_on(line, line)), line


@pytest.mark.parametrize("driver", sorted(GLASSES))
def test_what_was_shown_is_what_is_seen(driver: str) -> None:
    glass = GLASSES[driver]()
    oled, line = on_spi(glass, driver)
    oled.open()
    for picture in (noise(1), with_digit(noise(1)), noise(2)):
        oled.show(picture)
        assert glass.pixels().tobytes() == picture.tobytes()
    assert line.opened == [(0, 0)]


def test_a_digit_costs_its_bytes_and_a_window_and_nothing_of_the_bus() -> None:
    glass = Ssd1306Glass()
    oled, _ = on_spi(glass)
    oled.open()
    before = glass.on_bus
    oled.show(with_digit(Image.new("1", (128, 64))))
    assert glass.on_bus - before == 6 + 16


def test_where_a_new_window_costs_less_fewer_unchanged_bytes_are_sent_along() -> None:
    """Four dark columns between two changes: dearer than a window on SPI, cheaper on I2C."""
    glass = Ssd1306Glass()
    oled, _ = on_spi(glass)
    oled.open()
    before, picture = glass.on_bus, Image.new("1", (128, 64))
    for x in (10, 15):
        ImageDraw.Draw(picture).point((x, 0), fill=255)
    oled.show(picture)
    assert glass.on_bus - before == (6 + 1) + (3 + 1)


def test_a_module_that_is_gone_is_not_missed_and_opened_again_it_is_right() -> None:
    glass = Ssd1306Glass()
    oled, _ = on_spi(glass)
    oled.open()
    glass.unplug()
    oled.show(noise(1))
    glass.plug()
    oled.open()
    assert glass.pixels().tobytes() == noise(1).tobytes()


def test_a_bus_that_breaks_is_a_loss_and_the_next_opening_mends_it() -> None:
    glass = Sh1106Glass()
    oled, line = on_spi(glass, "sh1106")
    oled.open()
    line.broken = True
    with pytest.raises(HwLost, match=r"sh1106 on spi:0:0: .*No such device"):
        oled.show(noise(1))
    with pytest.raises(HwMissing):
        oled.open()
    line.broken = False
    oled.open()
    assert glass.pixels().tobytes() == noise(1).tobytes()


def test_luma_itself_speaks_so_to_a_module_that_only_it_knows() -> None:
    """An SSD1305's words are those of an SSD1306 here, and its picture is sent whole."""
    glass = Ssd1306Glass(external_supply=True)
    line = SpiLine(glass)
    oled = LumaOled(OledSpec("ssd1305", "spi:0:0"), spi_on(line, line))
    oled.open()
    for picture in (noise(1), with_digit(noise(1))):
        before = glass.on_bus
        oled.show(picture)
        assert glass.on_bus - before == 6 + 1024
        assert glass.pixels().tobytes() == picture.tobytes()
