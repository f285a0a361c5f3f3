"""What to say to an SSD1306 or an SH1106 to make it show a picture. Bytes only; no bus.

A controller here is what its chip is believed to hold. That is true only while every byte arrived:
after a failure or a power cut, begin with a new one.

Sources: "1306" is the SSD1306's data sheet (Solomon Systech, rev 1.1, and its application note for
8D); "1106" the SH1106's (Sino Wealth, V2.3), chapter "Commands". The settings that the sheets leave
to the module's maker (clock, contrast, pre-charge, VCOMH) are those of luma.oled.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hw.frames import Pages, Part, Plan, Prices, differing, inverted, plan, whole

OFF, ON = 0xAE, 0xAF

_NOTHING = (0xE3, 0xE3)
"For the parameters that a command may still wait for that was torn: no operation, else."

_NORMAL, _INVERSE = 0xA6, 0xA7
_CONTRAST = 0x81


@dataclass(frozen=True, slots=True)
class Write:
    """Commands, then data: a transfer each, and none for what is empty."""

    commands: bytes = b""
    data: bytes = b""


class Controller(ABC):
    """A chip: what its RAM is believed to hold, and where its pointers are believed to be."""

    BRIGHTEST: int
    "Contrast, 0 to 255, at which the module is at its full brightness."

    def __init__(self, wake: bytes, prices: Prices, overhead: int) -> None:
        """`overhead`: the bytes of a transfer beside those it carries."""
        self.wake = wake
        "Commands for a chip of unknown history; they leave the glass dark, and noise in the RAM."
        self._prices, self._overhead = prices, overhead
        self._ram: Pages = ()
        self._inverse = False

    @property
    def whole_price(self) -> int:
        """Bytes on the bus of a whole picture, told from scratch, as luma.oled does every time."""
        parts = -(-len(self._ram) // self._prices.tallest)
        return parts * self._prices.first + sum(map(len, self._ram))

    def price(self, writes: Iterable[Write]) -> int:
        """Bytes on the bus."""
        transfers = [carried for w in writes for carried in (w.commands, w.data) if carried]
        return sum(self._overhead + len(carried) for carried in transfers)

    def dimmed(self, level: float) -> bytes:
        """Commands for a brightness of 0 to 1, as far as the current follows the contrast."""
        return bytes([_CONTRAST, round(level * self.BRIGHTEST)])

    def begin(self, picture: Pages) -> Iterator[Write]:
        """All of a picture, for a chip that was just woken."""
        self._ram, self._inverse = picture, False
        self._lose_place()
        return self._written(b"", [whole(picture)])

    def change(self, picture: Pages) -> Iterator[Write]:
        """What differs from the last picture; nothing where nothing does."""
        same, turned = picture, inverted(picture)
        if self._inverse:
            same, turned = turned, same
        stay, turn = plan(self._ram, same, self._prices), self._plan_turned(same, turned)
        if turn is None or turn.price + self._overhead + 1 >= stay.price:
            self._ram = same
            return self._written(b"", stay.parts)
        self._ram, self._inverse = turned, not self._inverse
        return self._written(bytes([_INVERSE if self._inverse else _NORMAL]), turn.parts)

    def _plan_turned(self, same: Pages, turned: Pages) -> Plan | None:
        """How to change the other bytes instead; none where that cannot pay."""
        often = 2 * differing(self._ram, same) > sum(map(len, same))
        return plan(self._ram, turned, self._prices) if often else None

    def _written(self, commands: bytes, parts: Iterable[Part]) -> Iterator[Write]:
        for part in parts:
            for address, piece in self._addressed(part):
                yield Write(commands + address, piece.of(self._ram))
                commands = b""
        if commands:
            yield Write(commands)

    @abstractmethod
    def _lose_place(self) -> None:
        """Nobody knows where the pointers are."""

    @abstractmethod
    def _addressed(self, part: Part) -> Iterator[tuple[bytes, Part]]:
        """The pieces in which a part is sent, each with the commands that lead there."""


class Ssd1306(Controller):
    """Written through windows of columns and pages, in horizontal mode (1306, 10.1.3 to 10.1.5).

    Full to its last byte a window begins anew by itself, and each of its axes stays while the other
    is set. So the clock's last digit, every minute in the same window, needs no command.
    """

    BRIGHTEST = 0xCF

    def __init__(self, size: tuple[int, int], overhead: int) -> None:
        """Raises `KeyError` for a size that is not sold."""
        clock, com_pins, self._left = _WINDOWED_SIZES[size]
        prices = Prices(first=2 * overhead + 6, following=2 * overhead + 3, tallest=8)
        super().__init__(_wake_1306(size[1], clock, com_pins), prices, overhead)
        self._lose_place()

    def _lose_place(self) -> None:
        self._columns = self._pages = (-1, -1)

    def _addressed(self, part: Part) -> Iterator[tuple[bytes, Part]]:
        columns = (self._left + part.left, self._left + part.right)
        pages = (part.top, part.bottom)
        address = b""
        if columns != self._columns:
            address += bytes([0x21, *columns])
        if pages != self._pages:
            address += bytes([0x22, *pages])
        self._columns, self._pages = columns, pages
        yield address, part


_WINDOWED_SIZES = {
    (128, 64): (0x80, 0x12, 0),
    (128, 32): (0x80, 0x02, 0),
    (96, 16): (0x60, 0x02, 0),
    (64, 48): (0x80, 0x12, 32),
    (64, 32): (0x80, 0x12, 32),
}
"Width and height to clock, COM pins (1306, 10.1.18), and the first column that is on the glass."


def _wake_1306(height: int, clock: int, com_pins: int) -> bytes:
    return bytes(
        (
            *_NOTHING,
            OFF,
            *(0xD5, clock),
            *(0xA8, height - 1),  # multiplex ratio
            *(0xD3, 0x00),  # no offset
            0x40,  # the first line is the RAM's first
            *(0x8D, 0x14),  # charge pump; a chip without one ignores it
            *(0x20, 0x00),  # horizontal mode
            *(0xA1, 0xC8),  # the modules on sale are mounted upside down
            *(0xDA, com_pins),
            *(_CONTRAST, Ssd1306.BRIGHTEST),
            *(0xD9, 0xF1),  # pre-charge
            *(0xDB, 0x40),  # VCOMH
            0x2E,  # no scrolling, whoever began it
            *(0xA4, _NORMAL),
        )
    )


class Sh1106(Controller):
    """Written page by page, from a column on (1106, "Set Page Address", "Set Column Address").

    Both halves of the column are always told, as the sheet asks, though one of them is often known.
    """

    BRIGHTEST = 0x7F
    SIZE = (128, 64)

    def __init__(self, overhead: int, column: int = 2) -> None:
        """`column`: the first of the RAM's 132 that is on the glass."""
        prices = Prices(first=2 * overhead + 3, following=2 * overhead + 2, tallest=1)
        super().__init__(_WAKE_1106, prices, overhead)
        self._left = column
        self._lose_place()

    def _lose_place(self) -> None:
        self._page = -1

    def _addressed(self, part: Part) -> Iterator[tuple[bytes, Part]]:
        for page in range(part.top, part.bottom + 1):
            column = self._left + part.left
            turn = b"" if page == self._page else bytes([0xB0 | page])
            self._page = page
            yield turn + bytes([column & 0x0F, 0x10 | column >> 4]), part.on(page)


_WAKE_1106 = bytes(
    (
        *_NOTHING,
        OFF,
        *(0xD5, 0xF0),  # clock
        *(0xA8, 0x3F),  # multiplex ratio
        *(0xD3, 0x00),  # no offset
        0x40,  # the first line is the RAM's first
        *(0xAD, 0x8B),  # DC-DC converter on, which is told while the display is off
        *(0xA1, 0xC8),  # the modules on sale are mounted upside down
        *(0xDA, 0x12),  # COM pins
        *(_CONTRAST, Sh1106.BRIGHTEST),
        *(0xD9, 0x22),  # pre-charge
        *(0xDB, 0x20),  # VCOM
        *(0xA4, _NORMAL),
    )
)


def controller(
    driver: str, size: tuple[int, int], overhead: int, column: int | None = None
) -> Controller | None:
    """The controller in a module of this kind, or none that is known here."""
    if driver in _WINDOWED and size in _WINDOWED_SIZES and column is None:
        return Ssd1306(size, overhead)
    if driver == "sh1106" and size == Sh1106.SIZE:
        return Sh1106(overhead, 2 if column is None else column)
    return None


_WINDOWED = frozenset({"ssd1306", "ssd1309", "ssd1315", "ssd1316"})
"An SSD1306, and what luma tells from one by its name only."
