"""A small OLED through luma.oled, chosen by its controller's name. The only importer of luma."""

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any, Protocol

from PIL import Image

from hw.controllers import OFF, ON, Controller, Write, controller
from hw.frames import pages_of
from hw.ports import HwLost, HwMissing
from hw.specs import I2cBus, OledSpec, SpiBus, parse_bus

SerialInterface = Callable[[], Any]
"Opens the way to the controller: something with luma's `command`, `data` and `cleanup`."

_I2C_OVERHEAD = 2
"An address and a control byte begin every transfer on I2C; on SPI, nothing does."

_QUESTION = 2
"Bytes of a question for the status: an address there, a byte back."

_ASLEEP = 0x40
"""Bit 6 of the status that a read of one byte brings: the display is off (SSD1306 data sheet, table
9-2; SH1106, "Read Status")."""


class LumaOled:
    """A display that sends only pictures that differ, and that can be lost and found again."""

    def __init__(self, spec: OledSpec, serial_interface: SerialInterface | None = None) -> None:
        self._spec = spec
        self._connect = serial_interface or (lambda: _connect(spec))
        self._lock = threading.Lock()
        self._glass: Glass | None = None
        self._wire: Any = None
        self._sent: bytes | None = None
        self._latest: Image.Image | None = None
        self._level = 1.0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, after rotation."""
        return self._spec.seen_size

    def open(self) -> None:
        """Initialise, and show again what was wanted when it was lost. Raises `HwMissing`."""
        with self._lock, _missing(self._spec):
            self._drop()
            self._wire = self._connect()
            try:
                self._initialise()
            except BaseException:
                self._drop()
                raise

    def show(self, image: Image.Image) -> None:
        """Put a picture on the glass unless it is there. Raises `HwLost`; `ValueError` if unfit."""
        self._check(image)
        with self._lock:
            self._latest = image.copy()
            if self._glass is None:
                raise HwLost(f"OLED: {self._spec.driver} is not open")
            if image.tobytes() != self._sent:
                self._do(partial(self._glass.show, image))
                self._sent = image.tobytes()

    def dim(self, level: float) -> None:
        """Brightness from 0 to 1, kept when the display is opened anew. Raises `HwLost`.

        0 is as dim as the controller can, and not dark.
        """
        with self._lock:
            before, self._level = self._level, level
            if self._glass is None:
                raise HwLost(f"OLED: {self._spec.driver} is not open")
            if level != before:
                self._do(partial(self._glass.dim, level))

    def close(self) -> None:
        """Glass dark, bus given back. Twice does no harm."""
        with self._lock:
            if self._glass is not None:
                with contextlib.suppress(Exception):  # it may be gone, and then it is dark
                    self._glass.hide()
            self._drop()
            self._latest, self._level = None, 1.0

    def _initialise(self) -> None:
        glass, wanted = _glass(self._spec, self._wire), self._latest or Image.new("1", self.size)
        glass.begin(wanted, self._level)
        self._glass, self._sent = glass, wanted.tobytes()

    def _do(self, act: Callable[[], None]) -> None:
        from luma.core.error import Error

        try:
            act()
        # luma translates what fails in a command, but data fails as a plain OSError (luma.core#29).
        except (OSError, Error) as failure:
            self._drop()
            raise HwLost(f"OLED: {self._spec.driver} on {self._spec.bus}: {failure}") from failure

    def _drop(self) -> None:
        wire, self._wire, self._glass, self._sent = self._wire, None, None, None
        if wire is not None:
            with contextlib.suppress(Exception):  # nothing is owed to a bus that is gone
                wire.cleanup()

    def _check(self, image: Image.Image) -> None:
        # luma asserts this, which `python -O` takes out.
        if image.mode != "1" or image.size != self.size:
            raise ValueError(
                f'a picture of mode "1" and {self.size} is wanted, not "{image.mode}", {image.size}'
            )


class Glass(Protocol):
    """A module that answers, whatever is in it. Raises what the bus raises."""

    def begin(self, image: Image.Image, level: float) -> None:
        """Set up the controller, and light the glass with this picture."""

    def show(self, image: Image.Image) -> None:
        """Put another picture there."""

    def dim(self, level: float) -> None:
        """Brightness from 0 to 1."""

    def hide(self) -> None:
        """Dark."""


class _Changes:
    """A controller whose ways we know: sent what changed, and found out when it forgot."""

    def __init__(self, wire: Any, chip: Controller, rotate: int) -> None:
        self._wire, self._chip, self._rotate = wire, chip, rotate
        self._level = 1.0
        self._answers = False
        "Its status can be read, and means what the data sheet says."

    def begin(self, image: Image.Image, level: float) -> None:
        self._wire.command(*self._chip.wake)
        asleep = self._try_asking()
        if level != 1.0:
            self.dim(level)
        self._send(self._chip.begin(pages_of(image, self._rotate)))
        self._wire.command(ON)
        self._answers = asleep is True and self._try_asking() is False

    def show(self, image: Image.Image) -> None:
        writes = tuple(self._chip.change(pages_of(image, self._rotate)))
        if self._answers and self._may_ask(writes) and self._asleep():
            # The power was gone for a moment: the glass is dark, and the RAM is noise.
            self.begin(image, self._level)
        else:
            self._send(writes)

    def dim(self, level: float) -> None:
        self._wire.command(*self._chip.dimmed(level))
        self._level = level

    def hide(self) -> None:
        self._wire.command(OFF)

    def _send(self, writes: Iterable[Write]) -> None:
        for write in writes:
            if write.commands:
                self._wire.command(*write.commands)
            if write.data:
                self._wire.data(list(write.data))  # spidev wants a list

    def _may_ask(self, writes: tuple[Write, ...]) -> bool:
        """Not for nothing, nor where the answer would make a picture dearer than a whole one."""
        return bool(writes) and self._chip.price(writes) + _QUESTION <= self._chip.whole_price

    def _asleep(self) -> bool:
        return bool(self._wire.status() & _ASLEEP)

    def _try_asking(self) -> bool | None:
        """None where nobody answers: not every module can be read, and SPI has no way back."""
        for _ in range(2):  # once may be an accident
            with contextlib.suppress(OSError, AttributeError):
                return self._asleep()
        return None


class _Whole:
    """Any other display of luma's: it is sent every picture whole, by luma."""

    def __init__(self, wire: Any, spec: OledSpec) -> None:
        self._wire, self._spec = wire, spec
        self._device: Any = None

    def begin(self, image: Image.Image, level: float) -> None:
        self._wire.command(OFF)  # which it is in anyway; is anybody there?
        self._device = _device(self._spec, self._wire)
        if level != 1.0:
            self.dim(level)
        self.show(image)

    def show(self, image: Image.Image) -> None:
        mode = self._device.mode
        self._device.display(image if image.mode == mode else image.convert(mode))

    def dim(self, level: float) -> None:
        self._device.contrast(round(level * 0xFF))

    def hide(self) -> None:
        self._device.hide()


def i2c_on(bus: Any, address: int = 0x3C) -> SerialInterface:
    """The way to a controller on a bus that is already open, such as a mock."""
    return lambda: _i2c(bus=bus, address=address)


def spi_on(spi: Any, gpio: Any) -> SerialInterface:
    """The way over SPI and a data/command line that are already there, such as mocks."""

    def connect() -> Any:
        from luma.core.interface import serial

        return serial.spi(spi=spi, gpio=gpio)

    return connect


def _connect(spec: OledSpec) -> Any:
    from luma.core.interface import serial

    match parse_bus(spec.bus):
        case I2cBus(port=port, address=address):
            # With `port` luma opens the bus and sends 4 KiB at a time; with `bus`, 32 bytes.
            return _i2c(port=port, address=address)
        case SpiBus(port=port, device=device):
            return serial.spi(port=port, device=device)


def _i2c(**options: Any) -> Any:
    from luma.core.interface import serial

    class I2c(serial.i2c):  # type: ignore[misc]  # luma carries no types
        """luma's, which only writes, and a question."""

        def status(self) -> int:
            """The controller's status byte. Raises `OSError`."""
            return int(self._bus.read_byte(self._addr))

    return I2c(**options)


def _glass(spec: OledSpec, wire: Any) -> Glass:
    _options(spec)
    overhead = _I2C_OVERHEAD if isinstance(parse_bus(spec.bus), I2cBus) else 0
    chip = controller(spec.driver, spec.size, overhead, spec.column_offset)
    return _Changes(wire, chip, spec.rotate) if chip else _Whole(wire, spec)


def _device(spec: OledSpec, wire: Any) -> Any:
    import luma.core.device
    import luma.oled.device

    # Every device asks to be blanked at exit and is kept alive for it, so that each attempt to open
    # would cost memory; and we close ours ourselves, in order (luma.core#128, #242).
    luma.core.device.atexit = SimpleNamespace(register=lambda hook: hook)
    width, height = spec.size
    make = getattr(luma.oled.device, spec.driver)
    return make(wire, width=width, height=height, rotate=spec.rotate, **_options(spec))


def _options(spec: OledSpec) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if spec.column_offset is not None:
        if spec.driver != "sh1106" or spec.column_offset not in range(16):
            raise HwMissing("OLED: column_offset is for sh1106 only, 0 to 15")
        options["page_address_offset"] = spec.column_offset
    return options


@contextmanager
def _missing(spec: OledSpec) -> Iterator[None]:
    """Say in words for the person at the desk why there is no display."""
    where = f"OLED: {spec.driver} on {spec.bus}"
    try:
        yield
    except HwMissing:
        raise
    except ImportError as failure:
        needed = _SPI_NEEDS if isinstance(parse_bus(spec.bus), SpiBus) else _I2C_NEEDS
        raise HwMissing(f"{where}: {failure}; {needed}") from failure
    except PermissionError as failure:
        raise HwMissing(f"{where}: {failure}; {_PERMISSION}") from failure
    except OSError as failure:
        raise HwMissing(f"{where}: {failure}; {_ADVICE}") from failure
    except Exception as failure:
        raise HwMissing(f"{where}: {failure}; {_hint(failure)}") from failure


def _hint(failure: Exception) -> str:
    from luma.core import error

    match failure:
        case error.DevicePermissionError():
            return _PERMISSION
        case error.DeviceDisplayModeError():
            return "see oled.size and oled.driver"
        case error.DeviceNotFoundError():
            return _ADVICE
        case _:
            return "see oled.driver and oled.bus"


_I2C_NEEDS = "install it with `pip install deskpanel[pi]`"
# luma drives an SPI display's data/command line through RPi.GPIO, for which rpi-lgpio stands in.
_SPI_NEEDS = "an SPI display wants `pip install deskpanel[pi] rpi-lgpio spidev`; I2C wants less"
_PERMISSION = "the user wants to be in the groups i2c and spi"
_ADVICE = "is it wired and powered, and the bus switched on (raspi-config, Interface Options)?"
