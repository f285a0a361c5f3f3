"""What the config says of the hardware, frozen, and what it costs in pins."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from hw.keypad import KEYS

VALID_PINS = frozenset(range(28))
"BCM numbers that a 40-pin header carries; 0 and 1 belong to the HAT's EEPROM but are there."

LampPins = int | tuple[int, int, int]
"One pin, or red, green and blue of an RGB lamp."


@dataclass(frozen=True, slots=True)
class KnobPins:
    """A rotary encoder's contacts, each to ground."""

    a: int
    b: int
    push: int | None = None

    @property
    def pins(self) -> tuple[int, ...]:
        return (self.a, self.b) if self.push is None else (self.a, self.b, self.push)


@dataclass(frozen=True, slots=True)
class KeypadPins:
    """A keypad's rows and columns, from the top and from the left."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    keys: tuple[str, ...] = KEYS
    "A string for each row, a character for each column."

    @property
    def pins(self) -> tuple[int, ...]:
        return self.rows + self.columns


@dataclass(frozen=True, slots=True)
class BoardSpec:
    """Which button, lamp and buzzer is on which BCM pin."""

    buttons: Mapping[str, int] = field(default_factory=dict)
    lamps: Mapping[str, LampPins] = field(default_factory=dict)
    buzzer: int | None = None
    tones: bool = False
    "The buzzer is passive and can sing; else it has a tone of its own, and buzzes."
    dims: bool = True
    "Lamps are dimmed by PWM, where the pins can; else they are on or off."
    knob: KnobPins | None = None
    keypad: KeypadPins | None = None
    pull_up: bool = True
    "Buttons connect their pin to ground; False: to 3.3 V."
    pin_factory: str = "lgpio"
    "What gpiozero uses, unless GPIOZERO_PIN_FACTORY says otherwise."
    port: str = ""
    """Of a serial board: a device, best by its name in /dev/serial/by-id, `socket://HOST:PORT`, or
    `rfc2217://HOST:PORT`. Empty: the one that is plugged in."""
    baud: int = 115_200
    "Of a serial board's port; USB does not care."
    dtr: bool = True
    """Whether a serial board is told, by DTR and RTS, that somebody listens. A Pico needs it; False
    is for boards that it would hold in reset."""


@dataclass(frozen=True, slots=True)
class OledSpec:
    """Which display, where, and how it is mounted."""

    driver: str
    bus: str = "i2c:1:0x3c"
    "`i2c:PORT:ADDRESS` or `spi:PORT:DEVICE`."
    size: tuple[int, int] = (128, 64)
    "Width and height in pixels as the module is sold, before rotation."
    rotate: int = 0
    "Quarter turns clockwise, 0 to 3."
    column_offset: int | None = None
    "First column of the controller's RAM that is on the glass, where it can be chosen (SH1106)."

    def __post_init__(self) -> None:
        if self.rotate not in range(4):
            raise ValueError(f"rotate: 0 to 3 quarter turns, not {self.rotate}")
        parse_bus(self.bus)

    @property
    def seen_size(self) -> tuple[int, int]:
        """Width and height as the reader sees them, after rotation."""
        width, height = self.size
        return (height, width) if self.rotate % 2 else (width, height)


@dataclass(frozen=True, slots=True)
class I2cBus:
    """Linux's /dev/i2c-PORT, and the display's 7-bit address on it."""

    port: int
    address: int


@dataclass(frozen=True, slots=True)
class SpiBus:
    """Linux's /dev/spidevPORT.DEVICE."""

    port: int
    device: int


Bus = I2cBus | SpiBus

_I2C = re.compile(r"i2c:(\d+):(0x[0-9a-fA-F]{1,2}|\d{1,3})")
_SPI = re.compile(r"spi:(\d+):(\d+)")

# I2C 0 is the HAT EEPROM's. Buses above 1 are where their overlay was told, which we cannot know.
_I2C_PINS = {0: frozenset({0, 1}), 1: frozenset({2, 3})}

# The kernel's spi0 takes both chip selects (8, 7) beside MISO 9, MOSI 10 and SCLK 11; spi1 takes up
# to three (18, 17, 16) beside 19, 20 and 21 (BCM2835 ARM Peripherals, section 6.2, ALT0 and ALT4).
_SPI_PINS = {0: frozenset(range(7, 12)), 1: frozenset(range(16, 22))}

_DATA_COMMAND, _RESET = 24, 25  # luma's defaults for an SPI display


def parse_bus(text: str) -> Bus:
    """The bus that this text names. Raises `ValueError` with a sentence."""
    if i2c := _I2C.fullmatch(text):
        return _i2c(int(i2c[1]), int(i2c[2], 0))
    if spi := _SPI.fullmatch(text):
        return SpiBus(int(spi[1]), int(spi[2]))
    raise ValueError(f'bus: "i2c:1:0x3c" or "spi:0:0" is the form, not "{text}"')


def pins_of_bus(text: str) -> frozenset[int]:
    """BCM pins that a display on this bus needs for itself. Raises `ValueError`."""
    match parse_bus(text):
        case I2cBus(port=port):
            return _I2C_PINS.get(port, frozenset())
        case SpiBus(port=port):
            return _SPI_PINS.get(port, frozenset()) | {_DATA_COMMAND, _RESET}


def _i2c(port: int, address: int) -> I2cBus:
    # The other addresses of seven bits are reserved (I2C-bus specification UM10204, table 4).
    if not 0x08 <= address <= 0x77:
        raise ValueError(f"bus: an I2C address is 0x08 to 0x77, not {address:#04x}")
    return I2cBus(port, address)
