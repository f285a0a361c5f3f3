"""The command tables of two OLED controllers, and what their data sheets do not allow.

"1306" is the SSD1306's sheet (Solomon Systech, rev 1.1), with its section or table; "1106" the
SH1106's (Sino Wealth, V2.3), with the command's name. Scrolling, fading and zooming are decoded and
ignored.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

PAGES = 8
LINES = 64
"COM lines of either controller, and rows of its RAM."

HORIZONTAL, VERTICAL, PAGE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Registers:
    """What a controller keeps beside its RAM; the defaults are those of a reset (1306, 8.5)."""

    on: bool = False
    supplied: bool = False
    "Whether the panel's high voltage is there, from the charge pump or from outside."
    contrast: int = 0x7F
    inverse: bool = False
    all_on: bool = False
    multiplex: int = LINES
    offset: int = 0
    start_line: int = 0
    remapped: bool = False
    "Columns run the other way."
    upwards: bool = False
    "COM lines are scanned from the last to the first."
    com_pins: int = 0x12
    mode: int = PAGE
    column: int = 0
    page: int = 0
    columns: tuple[int, int] = (0, 127)
    pages: tuple[int, int] = (0, PAGES - 1)


Act = Callable[[Registers, int, bytes], Registers]
"From the registers, the command's first byte and its parameters to the new registers."

Allowed = Callable[[Registers, bytes], bool]
"Whether the sheet has a command in this state, with these parameters."


@dataclass(frozen=True, slots=True)
class Command:
    """One row of a command table."""

    codes: range
    parameters: int
    act: Act
    allowed: Allowed


def _always(_registers: Registers, _parameters: bytes) -> bool:
    return True


def _row(
    code: int, parameters: int, act: Act, *, last: int | None = None, allowed: Allowed = _always
) -> Command:
    return Command(range(code, (code if last is None else last) + 1), parameters, act, allowed)


def _ignored(registers: Registers, _code: int, _parameters: bytes) -> Registers:
    return registers


def _in_page_mode(registers: Registers, _parameters: bytes) -> bool:
    # 1306, 10.1.1, 10.1.2 and 10.1.13: "only for page addressing mode".
    return registers.mode == PAGE


def _window(most: int) -> Allowed:
    """1306, 10.1.4 and 10.1.5: not in page mode; from a first to a last that is not before it."""
    return lambda registers, p: registers.mode != PAGE and p[0] <= p[1] <= most


def _low_column(registers: Registers, code: int, _parameters: bytes) -> Registers:
    return replace(registers, column=registers.column & 0xF0 | code & 0x0F)


def _high_column(registers: Registers, code: int, _parameters: bytes) -> Registers:
    return replace(registers, column=registers.column & 0x0F | (code & 0x0F) << 4)


# 1306, table 9-1; 1106, the commands of the same name.
_SHARED = (
    _row(0x00, 0, _low_column, last=0x0F, allowed=_in_page_mode),
    _row(0x10, 0, _high_column, last=0x1F, allowed=_in_page_mode),
    _row(0x40, 0, lambda r, c, _: replace(r, start_line=c & 0x3F), last=0x7F),
    _row(0x81, 1, lambda r, _, p: replace(r, contrast=p[0])),
    _row(0xA0, 0, lambda r, c, _: replace(r, remapped=bool(c & 1)), last=0xA1),
    _row(0xA4, 0, lambda r, c, _: replace(r, all_on=bool(c & 1)), last=0xA5),
    _row(0xA6, 0, lambda r, c, _: replace(r, inverse=bool(c & 1)), last=0xA7),
    _row(
        0xA8,
        1,
        lambda r, _, p: replace(r, multiplex=(p[0] & 0x3F) + 1),
        # 1306, 10.1.11: 16 lines at least, and bits 6 and 7 are none of it.
        allowed=lambda _, p: 15 <= p[0] < LINES,
    ),
    _row(0xAE, 0, lambda r, c, _: replace(r, on=bool(c & 1)), last=0xAF),
    _row(0xB0, 0, lambda r, c, _: replace(r, page=c & 0x07), last=0xB7, allowed=_in_page_mode),
    _row(0xC0, 0, lambda r, c, _: replace(r, upwards=bool(c & 8)), last=0xCF),
    _row(
        0xD3,
        1,
        lambda r, _, p: replace(r, offset=p[0] & 0x3F),
        allowed=lambda _, p: p[0] < LINES,
    ),
    _row(0xD5, 1, _ignored),  # clock
    _row(0xD9, 1, _ignored, allowed=lambda _, p: bool(p[0] & 0x0F and p[0] >> 4)),  # pre-charge
    _row(
        0xDA,
        1,
        lambda r, _, p: replace(r, com_pins=p[0]),
        allowed=lambda _, p: p[0] in (0x02, 0x12, 0x22, 0x32),
    ),
    _row(0xDB, 1, _ignored),  # VCOMH
    _row(0xE3, 0, _ignored),  # no operation
)

_SSD1306 = (
    *_SHARED,
    _row(0x20, 1, lambda r, _, p: replace(r, mode=p[0] & 0x03), allowed=lambda _, p: p[0] <= PAGE),
    _row(
        0x21,
        2,
        lambda r, _, p: replace(r, columns=(p[0] & 0x7F, p[1] & 0x7F), column=p[0] & 0x7F),
        allowed=_window(127),
    ),
    _row(
        0x22,
        2,
        lambda r, _, p: replace(r, pages=(p[0] & 7, p[1] & 7), page=p[0] & 7),
        allowed=_window(PAGES - 1),
    ),
    _row(0x23, 1, _ignored),  # fade and blink, from rev 1.2
    _row(0x26, 6, _ignored, last=0x27),  # horizontal scroll
    _row(0x29, 5, _ignored, last=0x2A),  # vertical and horizontal scroll
    _row(0x2E, 0, _ignored, last=0x2F),  # stop and start of it
    _row(
        0x8D,  # the application note, rev 1.2 section 2.1
        1,
        lambda r, _, p: replace(r, supplied=bool(p[0] & 0x04)),
        allowed=lambda _, p: p[0] in (0x10, 0x14),
    ),
    _row(0xA3, 2, _ignored),  # vertical scroll area
    _row(0xD6, 1, _ignored),  # zoom, from rev 1.2
)

_SH1106 = (
    *_SHARED,
    _row(0x30, 0, _ignored, last=0x33),  # pump voltage
    _row(
        0xAD,  # DC-DC: 8A off, 8B on; "must be" told while the display is off
        1,
        lambda r, _, p: replace(r, supplied=bool(p[0] & 1)),
        allowed=lambda r, p: p[0] in (0x8A, 0x8B) and not r.on,
    ),
    _row(0xE0, 0, _ignored),  # read-modify-write, which is of no use over I2C
    _row(0xEE, 0, _ignored),  # its end
)


def _table(commands: tuple[Command, ...]) -> Mapping[int, Command]:
    return {code: command for command in commands for code in command.codes}


SSD1306, SH1106 = _table(_SSD1306), _table(_SH1106)
