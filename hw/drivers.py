"""From a driver's name to the driver, whose library is imported only when it is chosen."""

from dataclasses import replace
from importlib import import_module
from typing import cast

from hw.ports import Board, HwMissing, Oled
from hw.specs import (
    VALID_PINS,
    BoardSpec,
    Bus,
    I2cBus,
    OledSpec,
    SpiBus,
    parse_bus,
    pins_of_bus,
)

__all__ = [
    "BOARD_DRIVERS",
    "LUMA_DEVICES",
    "OLED_DRIVERS",
    "VALID_PINS",
    "BoardSpec",
    "Bus",
    "I2cBus",
    "OledSpec",
    "SpiBus",
    "board",
    "oled",
    "parse_bus",
    "pins_of_bus",
]

BOARD_DRIVERS = ("gpio", "serial", "busylight", "virtual", "none")

LUMA_DEVICES = (
    # Black and white.
    *("ssd1306", "sh1106", "ssd1309", "ssd1305", "ssd1315", "ssd1316", "sh1107", "ch1115"),
    # Grey or coloured, and shown in black and white.
    *("ssd1322", "ssd1322_nhd", "ssd1325", "ssd1327", "ssd1331", "ssd1351", "ssd1362", "ssd1363"),
)
"luma.oled's devices, without ws0010 and winstar_weh: those want a parallel bus."

OLED_DRIVERS = (*LUMA_DEVICES, "virtual", "none")


def board(driver: str, spec: BoardSpec) -> Board:
    """A board that is not yet opened. Raises `HwMissing` for a name nobody knows."""
    match driver:
        case "gpio":
            made = import_module("hw.gpio").GpioBoard(spec)
        case "serial":
            made = import_module("hw.serial_board").SerialBoard(spec)
        case "busylight":
            made = import_module("hw.busylight").BusylightBoard()
        case "virtual":
            made = import_module("hw.mocks.board").VirtualBoard(spec.buttons, spec.lamps or None)
        case "none":
            made = import_module("hw.none").NoBoard()
        case _:
            raise HwMissing(_unknown("board", driver, BOARD_DRIVERS))
    return cast(Board, made)


def oled(driver: str, spec: OledSpec) -> Oled:
    """A display that is not yet opened. Raises `HwMissing` for a name nobody knows."""
    match driver:
        case "virtual":
            made = import_module("hw.mocks.oled").VirtualOled(spec.seen_size)
        case "none":
            made = import_module("hw.none").NoOled(spec.seen_size)
        case name if name in LUMA_DEVICES:
            made = import_module("hw.oled").LumaOled(replace(spec, driver=name))
        case _:
            raise HwMissing(_unknown("oled", driver, OLED_DRIVERS))
    return cast(Oled, made)


def _unknown(what: str, driver: str, known: tuple[str, ...]) -> str:
    return f'{what}: no driver is called "{driver}"; there are {", ".join(known)}'
