"""Names of drivers, and what the config may ask of pins and buses."""

import subprocess
import sys

import pytest

from hw.drivers import (
    BOARD_DRIVERS,
    LUMA_DEVICES,
    OLED_DRIVERS,
    VALID_PINS,
    BoardSpec,
    I2cBus,
    OledSpec,
    SpiBus,
    board,
    oled,
    parse_bus,
    pins_of_bus,
)
from hw.ports import HwMissing

PARALLEL_ONLY = {"ws0010", "winstar_weh"}


def test_every_serial_device_of_luma_is_offered_by_its_name() -> None:
    import luma.oled.device

    assert set(LUMA_DEVICES) == set(luma.oled.device.__all__) - PARALLEL_ONLY
    assert all(hasattr(luma.oled.device, name) for name in LUMA_DEVICES)


@pytest.mark.parametrize("name", BOARD_DRIVERS)
def test_every_board_driver_can_be_made_without_hardware(name: str) -> None:
    board(name, BoardSpec({"dnd": 6})).close()


@pytest.mark.parametrize("name", OLED_DRIVERS)
def test_every_oled_driver_can_be_made_without_hardware(name: str) -> None:
    made = oled(name, OledSpec(name, size=(128, 64), rotate=1))
    assert made.size == (64, 128)
    made.close()


def test_an_unknown_name_is_missing_and_the_known_are_told() -> None:
    with pytest.raises(HwMissing, match='no driver is called "gpoi"; there are gpio, '):
        board("gpoi", BoardSpec())
    with pytest.raises(HwMissing, match='no driver is called "ssd1360"; there are ssd1306, sh1106'):
        oled("ssd1360", OledSpec("ssd1360"))


def test_no_library_is_imported_before_a_driver_is_chosen() -> None:
    script = (
        "import sys, hw.drivers as d;"
        "d.board('virtual', d.BoardSpec()); d.board('none', d.BoardSpec());"
        "d.oled('virtual', d.OledSpec('virtual')); d.oled('none', d.OledSpec('none'));"
        "print([m for m in ('gpiozero', 'lgpio', 'luma', 'smbus2') if m in sys.modules], end='')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]"


def test_the_virtual_board_without_named_lamps_shows_all() -> None:
    from hw.mocks.board import VirtualBoard
    from hw.ports import DARK

    made = board("virtual", BoardSpec({"dnd": 6}))
    assert isinstance(made, VirtualBoard)
    made.open(lambda _name, _down, _at: None)
    made.show({"dnd": DARK})
    assert set(made.glows) == {"dnd"}
    made.close()


def test_a_header_has_pins_0_to_27() -> None:
    assert (min(VALID_PINS), max(VALID_PINS), len(VALID_PINS)) == (0, 27, 28)


@pytest.mark.parametrize(
    ("text", "bus", "pins"),
    [
        ("i2c:1:0x3c", I2cBus(1, 0x3C), {2, 3}),
        ("i2c:0:61", I2cBus(0, 0x3D), {0, 1}),
        ("i2c:4:0x3C", I2cBus(4, 0x3C), set()),
        ("spi:0:0", SpiBus(0, 0), {7, 8, 9, 10, 11, 24, 25}),
        ("spi:1:2", SpiBus(1, 2), {16, 17, 18, 19, 20, 21, 24, 25}),
    ],
)
def test_a_bus_has_its_pins(text: str, bus: I2cBus | SpiBus, pins: set[int]) -> None:
    assert parse_bus(text) == bus
    assert pins_of_bus(text) == pins


@pytest.mark.parametrize("text", ["", "i2c", "i2c:1", "i2c:1:0x78", "i2c:1:300", "spi:0", "uart:0"])
def test_a_text_that_is_no_bus_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="bus: "):
        parse_bus(text)


def test_a_display_cannot_be_turned_by_half_a_quarter() -> None:
    with pytest.raises(ValueError, match="quarter turns"):
        OledSpec("ssd1306", rotate=45)
