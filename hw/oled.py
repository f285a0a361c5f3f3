"""A small OLED through luma.oled, chosen by its controller's name. The only importer of luma."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from PIL import Image

from hw.ports import HwLost, HwMissing
from hw.specs import I2cBus, OledSpec, SpiBus, parse_bus

SerialInterface = Callable[[], Any]
"Opens the way to the controller: something with luma's `command`, `data` and `cleanup`."

# Display off, which a waking controller is in anyway: a question that costs two bytes.
_PROBE = 0xAE


class LumaOled:
    """A display that sends only pictures that differ, and that can be lost and found again."""

    def __init__(self, spec: OledSpec, serial_interface: SerialInterface | None = None) -> None:
        self._spec = spec
        self._connect = serial_interface or (lambda: _connect(spec))
        self._lock = threading.Lock()
        self._device: Any = None
        self._wire: Any = None
        self._sent: bytes | None = None
        self._latest: Image.Image | None = None

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
            if self._device is None:
                raise HwLost(f"OLED: {self._spec.driver} is not open")
            if image.tobytes() != self._sent:
                self._send(image)

    def close(self) -> None:
        """Glass dark, bus given back. Twice does no harm."""
        with self._lock:
            if self._device is not None:
                with contextlib.suppress(Exception):  # it may be gone, and then it is dark
                    self._device.hide()
            self._drop()
            self._latest = None

    def _initialise(self) -> None:
        self._wire.command(_PROBE)
        self._device = _device(self._spec, self._wire)
        if self._latest is not None:
            self._put(self._latest)

    def _send(self, image: Image.Image) -> None:
        from luma.core.error import Error

        try:
            self._put(image)
        # luma translates what fails in a command, but data fails as a plain OSError (luma.core#29).
        except (OSError, Error) as failure:
            self._drop()
            raise HwLost(f"OLED: {self._spec.driver} on {self._spec.bus}: {failure}") from failure

    def _put(self, image: Image.Image) -> None:
        mode = self._device.mode
        self._device.display(image if image.mode == mode else image.convert(mode))
        self._sent = image.tobytes()

    def _drop(self) -> None:
        wire, self._wire, self._device, self._sent = self._wire, None, None, None
        if wire is not None:
            with contextlib.suppress(Exception):  # nothing is owed to a bus that is gone
                wire.cleanup()

    def _check(self, image: Image.Image) -> None:
        # luma asserts this, which `python -O` takes out.
        if image.mode != "1" or image.size != self.size:
            raise ValueError(
                f'a picture of mode "1" and {self.size} is wanted, not "{image.mode}", {image.size}'
            )


def i2c_on(bus: Any, address: int = 0x3C) -> SerialInterface:
    """The way to a controller on a bus that is already open, such as a mock."""

    def connect() -> Any:
        from luma.core.interface.serial import i2c

        return i2c(bus=bus, address=address)

    return connect


def _connect(spec: OledSpec) -> Any:
    from luma.core.interface import serial

    match parse_bus(spec.bus):
        case I2cBus(port=port, address=address):
            # With `port` luma opens the bus and sends 4 KiB at a time; with `bus`, 32 bytes.
            return serial.i2c(port=port, address=address)
        case SpiBus(port=port, device=device):
            return serial.spi(port=port, device=device)


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
