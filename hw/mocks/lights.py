"""Busy lights on a USB port that is not there, which decode the real reports into what is seen.

The port stands in for hidapi, so that the whole of the busylight library is in play. As with the
real one, a report to a light that was pulled out raises nothing: the count written is -1.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hw import busylight

LIFE_SECONDS = 14.0
"A Kuando that is told a colour and nothing more goes dark after so long (busylight#389)."

Rgb = tuple[int, int, int]
"Red, green and blue, 0 to 255."

BLACK: Rgb = (0, 0, 0)


class UsbLight(ABC):
    """One light and its plug."""

    vendor_id: int
    product_id: int
    product: str

    def __init__(self) -> None:
        self.plugged = True
        self.locked = False
        "May not be opened, as where there is no udev rule."
        self.failing = 0
        "So many of the next reports are not taken."
        self.reports = 0
        "Taken so far."
        self.history: list[Rgb] = []
        "Every colour it was told, oldest first; the same twice in a row is one."
        self.plugs = 0
        "How often it was pulled out."
        self.holder: object = None
        "The handle that has it for itself."

    @property
    @abstractmethod
    def colour(self) -> Rgb:
        """What an eye sees now."""

    @abstractmethod
    def take(self, report: bytes) -> None:
        """Obey a report."""

    def unplug(self) -> None:
        """Pull it out: dark, and every handle on it is of no use for good."""
        self.plugged = False
        self.plugs += 1
        self.holder = None
        self.forget()

    def plug(self) -> None:
        """Put it back, dark; it must be opened anew."""
        self.plugged = True

    @abstractmethod
    def forget(self) -> None:
        """Lose the power."""

    def write(self, report: bytes) -> int:
        """As hidapi's: the length, or -1."""
        if not self.plugged or self.failing:
            self.failing = max(0, self.failing - 1)
            return -1
        self.reports += 1
        self.take(bytes(report))
        return len(report)

    def _told(self, colour: Rgb) -> None:
        if self.history[-1:] != [colour]:
            self.history.append(colour)


class Flag(UsbLight):
    """A Luxafor Flag: a report is a command, which LEDs, red, green, blue."""

    vendor_id, product_id, product = 0x04D8, 0xF372, "LUXAFOR FLAG"

    def __init__(self) -> None:
        super().__init__()
        self._colour = BLACK

    @property
    def colour(self) -> Rgb:
        return self._colour

    def take(self, report: bytes) -> None:
        command, _leds, red, green, blue = report[:5]
        assert command == 1, f"not a plain colour: {report.hex(' ')}"
        self._colour = (red, green, blue)
        self._told(self._colour)

    def forget(self) -> None:
        self._colour = BLACK


class Kuando(UsbLight):
    """A Kuando Busylight Alpha: eight words of eight bytes, the last with a sum over all.

    It goes dark by itself unless it is told to stay alive, for at most 15 s at a time.
    """

    vendor_id, product_id, product = 0x27BB, 0x3BCA, "BUSYLIGHT"

    JUMP, KEEP_ALIVE = 0x1, 0x8

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._colour = BLACK
        self._until = 0.0
        self.kept_alive = 0
        "How often."

    @property
    def colour(self) -> Rgb:
        return self._colour if self._clock() < self._until else BLACK

    def take(self, report: bytes) -> None:
        if len(report) != 64 or sum(report[:-2]) != int.from_bytes(report[-2:], "big"):
            return  # as the real one: no sum, no light
        match report[0] >> 4:
            case self.JUMP:
                self._until = self._clock() + LIFE_SECONDS
                self._colour = _of_percent(report[2], report[3], report[4])
                self._told(self._colour)
            case self.KEEP_ALIVE:
                self.kept_alive += 1
                self._until = self._clock() + (report[0] & 0x0F)

    def forget(self) -> None:
        self._colour = BLACK


class UsbPort:
    """Where the lights are plugged in; offers what the library uses of hidapi."""

    def __init__(self, *lights: UsbLight) -> None:
        self.lights = lights
        self.broken = False
        "USB as a whole does not answer."

    def enumerate(self) -> list[dict[str, Any]]:
        """As hidapi's."""
        if self.broken:
            raise OSError("no USB here")
        return [_described(n, light) for n, light in enumerate(self.lights) if light.plugged]

    def device(self) -> "_Handle":
        """As hidapi's: a handle that is not yet opened."""
        return _Handle(self.lights)

    @contextmanager
    def in_place(self) -> Iterator["UsbPort"]:
        """While this lasts, the library finds these lights and no others."""
        before = busylight.use_hidapi(self)
        try:
            yield self
        finally:
            busylight.use_hidapi(before)


class _Handle:
    """As hidapi's `device`."""

    def __init__(self, lights: tuple[UsbLight, ...]) -> None:
        self._lights = lights
        self._light: UsbLight | None = None
        self._plugs = 0

    def open_path(self, path: bytes) -> None:
        light = self._lights[int(path)]
        if not light.plugged or light.locked or light.holder:
            raise OSError("open failed")
        self._light, self._plugs, light.holder = light, light.plugs, self

    def write(self, report: bytes) -> int:
        if self._light is None:
            raise ValueError("not open")
        return self._light.write(report) if self._plugs == self._light.plugs else -1

    def close(self) -> None:
        if self._light and self._light.holder is self:
            self._light.holder = None
        self._light = None


def _described(n: int, light: UsbLight) -> dict[str, Any]:
    return {
        "path": str(n).encode(),
        "vendor_id": light.vendor_id,
        "product_id": light.product_id,
        "serial_number": "",
        "release_number": 0x100,
        "manufacturer_string": "",
        "product_string": light.product,
        "usage_page": 0xFF00,
        "usage": 1,
        "interface_number": 0,
        "bus_type": 1,
    }


def _of_percent(*parts: int) -> Rgb:
    red, green, blue = (round(part / 100 * 255) for part in parts)
    return red, green, blue
