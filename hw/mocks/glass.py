"""OLED modules on a mock I2C bus, which decode the real bytes into what an eye would see.

"1306" and "1106" are the data sheets named in `hw.mocks.sheets`, whose tables are kept strictly:
what they do not have raises `NotInTheSheet`. Not modelled: scrolling, fading, zooming, all timing.
"""

import errno
import os
import random
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from PIL import Image

from hw.mocks.sheets import LINES, PAGES, SH1106, SSD1306, Command, Registers

STATUS_OFF = 0x40
"""Bit 6 of what is read: the display is off (1306, table 9-2; 1106, "Read Status"). The lower bits
tell makers apart, and no sheet says how."""


class NotInTheSheet(BaseException):
    """The controller was told what its data sheet does not have; a chip would do as it likes.

    It is a fault of the driver, and so nothing that a driver may catch as if the hardware failed.
    """


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
        strict: bool = True,
        readable: bool = True,
    ) -> None:
        """`strict`: refuse what the sheet does not have; else ignore it, as most chips do.

        `readable`: the status can be read, which needs a wire that some modules lack.
        """
        self.size = size
        self.address = address
        self._first = self._usual_first_column() if first_column is None else first_column
        "The RAM column of the leftmost pixel, upright."
        self.transfers = 0
        "How many transfers were begun since power-on."
        self.on_bus = 0
        "How many bytes went over the bus since then: addresses, control bytes, commands, data."
        self.external_supply = external_supply
        self.strict, self.readable = strict, readable
        self._wiring = self._usual_wiring()
        self._fails_at, self._fails_after = 0, 0
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

    def read_byte(self, address: int) -> int:
        """The status (1306, table 9-2). Raises `OSError` as Linux would."""
        self._address(address, b"?")
        if not self.readable:
            raise _no_answer()
        return 0x03 if self._registers.on else STATUS_OFF | 0x03

    def close(self) -> None:  # noqa: B027 - nothing to do is what every bus of ours does here
        """The bus is given back; the module keeps its power."""

    # The world's side.

    @property
    def registers(self) -> Registers:
        """What the controller has been told."""
        return self._registers

    @property
    def plugged(self) -> bool:
        """Whether it has power."""
        return self._plugged

    def plug(self) -> None:
        """Power comes on: registers as after a reset, noise in the RAM, nothing on the glass."""
        self._plugged = True
        self.reset()
        self._ram = [bytearray(self._random.randbytes(self.WIDTH)) for _ in range(PAGES)]
        self.transfers = self.on_bus = 0
        self._fails_at = 0

    def reset(self) -> None:
        """The reset line was pulled: registers as at power-on; the RAM stays (1306, 8.5)."""
        self._registers = self.RESET
        self._pending, self._torn = b"", False

    def unplug(self) -> None:
        """Power goes; nobody answers."""
        self._plugged = False

    def fail_at(self, transfer: int, after: int = 0) -> None:
        """Let the n-th transfer from now, 1 being the next, end in error 121, once.

        `after`: how many bytes of it, control byte included, get through before.
        """
        self._fails_at, self._fails_after = self.transfers + transfer, after

    def pixels(self) -> Image.Image:
        """What an eye would see: mode "1", white where the glass is lit."""
        lit = self._plugged and self._registers.on and self._supplied()
        return self._draw() if lit else Image.new("1", self.size)

    # What differs between controllers.

    @abstractmethod
    def _segment(self, column: int) -> int:
        """The segment that shows a column of the RAM's."""

    @abstractmethod
    def _after_write(self, column: int, page: int) -> tuple[int, int]:
        """Where the next byte of data goes: its column and page."""

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
        arrived = self._address(address, payload)
        self._take(arrived)
        if len(arrived) < len(payload):
            self._torn = bool(self._pending)
            raise _no_answer()

    def _address(self, address: int, payload: bytes) -> bytes:
        """Begin a transfer; returns what will get through of it."""
        self.transfers += 1
        self.on_bus += 1
        failing = self.transfers == self._fails_at
        arrived = payload[: self._fails_after] if failing else payload
        if not self._plugged or address != self.address or not arrived:
            raise _no_answer()
        self.on_bus += len(arrived)
        return arrived

    def _take(self, payload: bytes) -> None:
        # 1306, 8.1.5.2: a control byte is Co, D/C# and zeros; without Co all that follows is alike.
        while payload:
            control, rest = payload[0], payload[1:]
            self._demand(not control & 0x3F, f"control byte {control:#04x}")
            alike = rest[:1] if control & 0x80 else rest
            self.take(alike, data=bool(control & 0x40))
            payload = rest[len(alike) :]

    def take(self, alike: bytes, *, data: bool) -> None:
        """Commands or data, however they came."""
        if data:
            self._write(alike)
        else:
            for byte in alike:
                self._command(byte)

    def _command(self, byte: int) -> None:
        self._pending += bytes([byte])
        code, parameters = self._pending[0], self._pending[1:]
        command = self.COMMANDS.get(code)
        if command is None:
            self._pending = b""  # neither sheet says what a reserved code does; modules ignore it
            self._demand(False, f"command {code:#04x}")
        elif len(parameters) == command.parameters:
            self._pending, torn, self._torn = b"", self._torn, False
            # A chip waits for the parameters of a torn command, and takes what comes next for them.
            fine = torn or command.allowed(self._registers, parameters)
            self._demand(fine, f"{code:#04x} {parameters!r}")
            self._registers = command.act(self._registers, code, parameters)

    def _write(self, data: bytes) -> None:
        at = (self._registers.column, self._registers.page)
        for byte in data:
            self._demand(not self._pending, "data before the last parameter of a command")
            self._demand(at[0] < self.WIDTH, "data beyond the last column")
            if at[0] < self.WIDTH:
                self._store(at[1], at[0], byte)
            at = self._after_write(*at)
        self._registers = replace(self._registers, column=at[0], page=at[1])

    def _demand(self, fine: bool, what: str) -> None:
        if self.strict and not fine:
            raise NotInTheSheet(f"{type(self).__name__}: {what}, with {self._registers}")

    def _store(self, page: int, column: int, byte: int) -> None:
        self._ram[page][column] = byte

    # How registers and RAM become light.

    def _draw(self) -> Image.Image:
        width, height = self.size
        columns = [self._column_at(x) for x in range(width)]
        rows = (self._row_on_line(self._line_at(height - 1 - y)) for y in range(height))
        light = b"".join(bytes(self._light(row, columns)) for row in rows)
        return Image.frombytes("L", self.size, light).convert("1", dither=Image.Dither.NONE)

    def _light(self, row: int | None, columns: list[int]) -> Iterable[int]:
        """0 or 255 for each pixel of a row of the RAM."""
        if row is None or self._registers.all_on:
            return [0 if row is None else 255] * len(columns)
        page, bit = self._ram[row // 8], 1 << row % 8
        lit, unlit = (0, 255) if self._registers.inverse else (255, 0)
        return [lit if page[column] & bit else unlit for column in columns]

    def _column_at(self, x: int) -> int:
        # Upside down: the leftmost pixel is on the last segment but those off the glass.
        segment = self.WIDTH - 1 - (self._first + x)
        return self._segment(segment)

    def _line_at(self, glass_line: int) -> int:
        """The COM line that drives this line of the glass, COM0's own being 0."""
        return _line_on(_pad(self._wiring, glass_line), self._registers.com_pins)

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


def _no_answer() -> OSError:
    return OSError(errno.EREMOTEIO, os.strerror(errno.EREMOTEIO))


@cache
def _line_on(pad: int, com_pins: int) -> int:
    return next(line for line in range(LINES) if _pad(com_pins, line) == pad)


class Ssd1306Glass(Glass):
    """A module with an SSD1306: 128 columns, windows, a charge pump that is off at first."""

    WIDTH = 128
    COMMANDS = SSD1306
    RESET = Registers()

    def _segment(self, column: int) -> int:
        return column

    def _store(self, page: int, column: int, byte: int) -> None:
        # 1306, 10.1.8: the remap concerns data written from then on, not what is in the RAM.
        super()._store(page, self.WIDTH - 1 - column if self._registers.remapped else column, byte)

    def _after_write(self, column: int, page: int) -> tuple[int, int]:
        # 1306, 10.1.3, figures 10-1 to 10-4.
        right, turned = _next_in(self._registers.columns, column)
        down, over = _next_in(self._registers.pages, page)
        match self._registers.mode:
            case 0:
                return right, down if turned else page
            case 1:
                return right if over else column, down
            case _:
                return right, page

    def _usual_first_column(self) -> int:
        # The 64 columns of the small modules are in the middle.
        return 32 if self.size[0] == 64 else 0


class Sh1106Glass(Glass):
    """A module with an SH1106: 132 columns, two off the glass on either side, and no windows."""

    WIDTH = 132
    COMMANDS = SH1106
    RESET = Registers(supplied=True)  # 1106, "DC-DC Control Mode Set": on after a reset

    def _segment(self, column: int) -> int:
        # 1106, "Set Segment Re-map": between RAM and drivers, so what is in the RAM turns too.
        return self.WIDTH - 1 - column if self._registers.remapped else column

    def _after_write(self, column: int, page: int) -> tuple[int, int]:
        # 1106, "Set Column Address": it counts up to 132 and no further; the page stays.
        return min(column + 1, self.WIDTH), page

    def _usual_first_column(self) -> int:
        return (self.WIDTH - self.size[0]) // 2

    def _usual_wiring(self) -> int:
        return 0x12


def _next_in(window: tuple[int, int], at: int) -> tuple[int, bool]:
    """The next address in a window, and whether it began anew."""
    first, last = window
    return (first, True) if at == last else ((at + 1) % 128, False)
