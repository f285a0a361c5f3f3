"""OLED modules on a mock I2C bus, which decode the real bytes into what an eye would see.

After the SSD1306 data sheet (Solomon Systech, rev 1.1; "1306" below, with its section or table) and
the SH1106 data sheet (Sino Wealth, V2.3; "1106", with the command's name). Not modelled: scrolling,
fading and zooming, which are decoded and ignored, and all timing.
"""

import errno
import os
import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from PIL import Image

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


@dataclass(frozen=True, slots=True)
class Command:
    """One row of a command table."""

    codes: range
    parameters: int
    act: Act


def _row(code: int, parameters: int, act: Act, *, last: int | None = None) -> Command:
    return Command(range(code, (code if last is None else last) + 1), parameters, act)


def _ignored(registers: Registers, _code: int, _parameters: bytes) -> Registers:
    return registers


# 1306, table 9-1; 1106, the commands of the same name.
_SHARED = (
    _row(0x00, 0, lambda r, c, _: replace(r, column=r.column & 0xF0 | c & 0x0F), last=0x0F),
    _row(0x10, 0, lambda r, c, _: replace(r, column=r.column & 0x0F | (c & 0x0F) << 4), last=0x1F),
    _row(0x40, 0, lambda r, c, _: replace(r, start_line=c & 0x3F), last=0x7F),
    _row(0x81, 1, lambda r, _, p: replace(r, contrast=p[0])),
    _row(0xA0, 0, lambda r, c, _: replace(r, remapped=bool(c & 1)), last=0xA1),
    _row(0xA4, 0, lambda r, c, _: replace(r, all_on=bool(c & 1)), last=0xA5),
    _row(0xA6, 0, lambda r, c, _: replace(r, inverse=bool(c & 1)), last=0xA7),
    _row(0xA8, 1, lambda r, _, p: replace(r, multiplex=(p[0] & 0x3F) + 1)),
    _row(0xAE, 0, lambda r, c, _: replace(r, on=bool(c & 1)), last=0xAF),
    _row(0xB0, 0, lambda r, c, _: replace(r, page=c & 0x07), last=0xB7),
    _row(0xC0, 0, lambda r, c, _: replace(r, upwards=bool(c & 8)), last=0xCF),
    _row(0xD3, 1, lambda r, _, p: replace(r, offset=p[0] & 0x3F)),
    _row(0xD5, 1, _ignored),  # clock
    _row(0xD9, 1, _ignored),  # pre-charge
    _row(0xDA, 1, lambda r, _, p: replace(r, com_pins=p[0])),
    _row(0xDB, 1, _ignored),  # VCOMH
    _row(0xE3, 0, _ignored),  # no operation
)

_SSD1306 = (
    *_SHARED,
    _row(0x20, 1, lambda r, _, p: replace(r, mode=p[0] & 0x03)),
    _row(
        0x21,
        2,
        lambda r, _, p: replace(r, columns=(p[0] & 0x7F, p[1] & 0x7F), column=p[0] & 0x7F),
    ),
    _row(0x22, 2, lambda r, _, p: replace(r, pages=(p[0] & 7, p[1] & 7), page=p[0] & 7)),
    _row(0x23, 1, _ignored),  # fade and blink, from rev 1.2
    _row(0x26, 6, _ignored, last=0x27),  # horizontal scroll
    _row(0x29, 5, _ignored, last=0x2A),  # vertical and horizontal scroll
    _row(0x2E, 0, _ignored, last=0x2F),  # stop and start of it
    _row(0x8D, 1, lambda r, _, p: replace(r, supplied=bool(p[0] & 0x04))),  # section 8.10, rev 1.2
    _row(0xA3, 2, _ignored),  # vertical scroll area
    _row(0xD6, 1, _ignored),  # zoom, from rev 1.2
)

_SH1106 = (
    *_SHARED,
    _row(0x30, 0, _ignored, last=0x33),  # pump voltage
    _row(0xAD, 1, lambda r, _, p: replace(r, supplied=bool(p[0] & 1))),  # DC-DC: 8A off, 8B on
    _row(0xE0, 0, _ignored),  # read-modify-write, which is of no use over I2C
    _row(0xEE, 0, _ignored),  # its end
)


class Glass(ABC):
    """A module: the controller, the glass and how they are joined, on a bus that can fail.

    It is its own bus and offers what luma.oled uses of smbus2: `write_i2c_block_data`, `i2c_rdwr`
    and `close`. The modules on sale are mounted upside down, so that a picture is upright when both
    directions are reversed (A1, C8); and so is this one.
    """

    WIDTH: int
    "Columns of the controller's RAM."
    COMMANDS: Mapping[int, Command]
    RESET: Registers

    def __init__(
        self,
        size: tuple[int, int] = (128, 64),
        *,
        first_column: int | None = None,
        address: int = 0x3C,
        external_supply: bool = False,
    ) -> None:
        self.size = size
        self.address = address
        self._first = self._usual_first_column() if first_column is None else first_column
        "The RAM column of the leftmost pixel, upright."
        self.transfers = 0
        "How many transfers were begun since power-on."
        self.received = 0
        "How many bytes arrived since power-on, control bytes included."
        self.external_supply = external_supply
        self._wiring = self._usual_wiring()
        self._fails_at: int | None = None
        self._random = random.Random(1306)
        self.plug()

    # The bus, as smbus2.SMBus has it.

    def write_i2c_block_data(self, address: int, register: int, data: Iterable[int]) -> None:
        """One transfer of a first byte and up to 32 more. Raises `OSError` as Linux would."""
        self._transfer(address, bytes([register, *data]))

    def i2c_rdwr(self, *messages: Any) -> None:
        """One transfer a message; a message has `addr`, and yields its bytes when iterated."""
        for message in messages:
            self._transfer(message.addr, bytes(message))

    def close(self) -> None:  # noqa: B027 - nothing to do is what every bus of ours does here
        """The bus is given back; the module keeps its power."""

    # The world's side.

    @property
    def registers(self) -> Registers:
        """What the controller has been told."""
        return self._registers

    def plug(self) -> None:
        """Power comes on: registers as after a reset, noise in the RAM, nothing on the glass."""
        self._plugged = True
        self._registers = self.RESET
        self._pending = b""
        self._ram = [bytearray(self._random.randbytes(self.WIDTH)) for _ in range(PAGES)]
        self.transfers = self.received = 0

    def unplug(self) -> None:
        """Power goes; nobody answers."""
        self._plugged = False

    def fail_at(self, transfer: int) -> None:
        """Let the n-th transfer from now, 1 being the next, end in error 121, once."""
        self._fails_at = self.transfers + transfer

    def pixels(self) -> Image.Image:
        """What an eye would see: mode "1", white where the glass is lit."""
        picture = Image.new("1", self.size)
        if self._plugged and self._registers.on and self._supplied():
            self._draw(picture)
        return picture

    # What differs between controllers.

    @abstractmethod
    def _segment(self, column: int) -> int:
        """The segment that shows a column of the RAM's."""

    @abstractmethod
    def _after_write(self, registers: Registers) -> Registers:
        """Where the next byte of data goes."""

    @abstractmethod
    def _usual_first_column(self) -> int:
        """The first column on the glass, on modules of this size."""

    def _usual_wiring(self) -> int:
        # 1306, 10.1.18: flat modules take the lines in sequence, others from both sides in turn.
        width, height = self.size
        return 0x02 if width > 2 * height else 0x12

    def _supplied(self) -> bool:
        return self.external_supply or self._registers.supplied

    # How bytes become registers and RAM.

    def _transfer(self, address: int, payload: bytes) -> None:
        self.transfers += 1
        if self.transfers == self._fails_at or not self._plugged or address != self.address:
            raise OSError(errno.EREMOTEIO, os.strerror(errno.EREMOTEIO))
        self.received += len(payload)
        self._take(payload)

    def _take(self, payload: bytes) -> None:
        # 1306, 8.1.5.2: a control byte is Co, D/C# and zeros; without Co all that follows is alike.
        while payload:
            control, rest = payload[0], payload[1:]
            alike = rest[:1] if control & 0x80 else rest
            for byte in alike:
                self._write(byte) if control & 0x40 else self._command(byte)
            payload = rest[len(alike) :]

    def _command(self, byte: int) -> None:
        self._pending += bytes([byte])
        code = self._pending[0]
        command = self.COMMANDS.get(code)
        if command is None:
            self._pending = b""  # neither sheet says what a reserved code does; modules ignore it
        elif len(self._pending) > command.parameters:
            self._registers = command.act(self._registers, code, self._pending[1:])
            self._pending = b""

    def _write(self, byte: int) -> None:
        if self._registers.column < self.WIDTH:
            self._store(self._registers.page, self._registers.column, byte)
        self._registers = self._after_write(self._registers)

    def _store(self, page: int, column: int, byte: int) -> None:
        self._ram[page][column] = byte

    # How registers and RAM become light.

    def _draw(self, picture: Image.Image) -> None:
        light = picture.load()
        assert light is not None
        width, height = self.size
        for y in range(height):
            row = self._row_on_line(self._line_at(height - 1 - y))
            for x in range(width):
                light[x, y] = 255 if self._burns(row, self._column_at(x)) else 0

    def _burns(self, row: int | None, column: int) -> bool:
        if row is None:
            return False
        bit = bool(self._ram[row // 8][column] >> row % 8 & 1)
        return self._registers.all_on or bit != self._registers.inverse

    def _column_at(self, x: int) -> int:
        # Upside down: the leftmost pixel is on the last segment but those off the glass.
        segment = self.WIDTH - 1 - (self._first + x)
        return self._segment(segment)

    def _line_at(self, glass_line: int) -> int:
        """The COM line that drives this line of the glass, COM0's own being 0."""
        pad = _pad(self._wiring, glass_line)
        return next(line for line in range(LINES) if _pad(self._registers.com_pins, line) == pad)

    def _row_on_line(self, line: int) -> int | None:
        """The row of the RAM shown on a COM line, if any (1306, tables 10-1 and 10-2)."""
        r = self._registers
        shown = (line - r.offset if r.upwards else line + r.offset) % LINES
        if shown >= r.multiplex:
            return None
        return ((r.multiplex - 1 - shown if r.upwards else shown) + r.start_line) % LINES


def _pad(com_pins: int, line: int) -> int:
    """The pad of the chip on which a COM line comes out (1306, table 10-3)."""
    pad = line // 2 + 32 * (line % 2) if com_pins & 0x10 else line
    return pad ^ 32 if com_pins & 0x20 else pad


def _table(commands: tuple[Command, ...]) -> dict[int, Command]:
    return {code: command for command in commands for code in command.codes}


class Ssd1306Glass(Glass):
    """A module with an SSD1306: 128 columns, windows, a charge pump that is off at first."""

    WIDTH = 128
    COMMANDS = _table(_SSD1306)
    RESET = Registers()

    def _segment(self, column: int) -> int:
        return column

    def _store(self, page: int, column: int, byte: int) -> None:
        # 1306, 10.1.8: the remap concerns data written from then on, not what is in the RAM.
        super()._store(page, self.WIDTH - 1 - column if self._registers.remapped else column, byte)

    def _after_write(self, registers: Registers) -> Registers:
        # 1306, 10.1.3, figures 10-1 to 10-4.
        column, turned = _next_in(registers.columns, registers.column)
        page, over = _next_in(registers.pages, registers.page)
        match registers.mode:
            case 0:
                return replace(registers, column=column, page=page if turned else registers.page)
            case 1:
                return replace(registers, page=page, column=column if over else registers.column)
            case _:
                return replace(registers, column=column)

    def _usual_first_column(self) -> int:
        # The 64 columns of the small modules are in the middle.
        return 32 if self.size[0] == 64 else 0


class Sh1106Glass(Glass):
    """A module with an SH1106: 132 columns, two off the glass on either side, and no windows."""

    WIDTH = 132
    COMMANDS = _table(_SH1106)
    RESET = Registers(supplied=True)  # 1106, "DC-DC Control Mode Set": on after a reset

    def _segment(self, column: int) -> int:
        # 1106, "Set Segment Re-map": between RAM and drivers, so what is in the RAM turns too.
        return self.WIDTH - 1 - column if self._registers.remapped else column

    def _after_write(self, registers: Registers) -> Registers:
        # 1106, "Set Column Address": it counts up to 132 and no further; the page stays.
        return replace(registers, column=min(registers.column + 1, self.WIDTH))

    def _usual_first_column(self) -> int:
        return (self.WIDTH - self.size[0]) // 2

    def _usual_wiring(self) -> int:
        return 0x12


def _next_in(window: tuple[int, int], at: int) -> tuple[int, bool]:
    """The next address in a window, and whether it began anew."""
    first, last = window
    return (first, True) if at == last else ((at + 1) % 128, False)
