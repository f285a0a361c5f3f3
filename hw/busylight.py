"""Busy lights on USB, as the one lamp "status". The only importer of the busylight project's core.

Its lights can keep themselves lit by timers of their own. We do not let them: such a thread would
write between our writes, and end without a word when the light is pulled out.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from hw.patterns import next_change, seen
from hw.ports import DARK, Colour, EdgeHandler, Glow, HwLost, HwMissing
from hw.ticker import Ticker

LAMP = "status"
"The name of the only lamp."

REFRESH_SECONDS = 2.0
"""Between two writes of what does not change. A Kuando goes dark after some 14 s without one
(busylight#389), and by its failure we learn that a light was pulled out."""

COLOURS: dict[Colour, tuple[int, int, int]] = {
    Colour.OFF: (0, 0, 0),
    Colour.GREEN: (0, 255, 0),
    Colour.AMBER: (255, 120, 0),  # an equal share of green looks yellow on these
    Colour.WHITE: (255, 255, 255),
    Colour.BLUE: (0, 0, 255),
    Colour.RED: (255, 0, 0),
}
"Red, green and blue, 0 to 255."


class BusylightBoard:
    """Every busy light that is plugged in, all showing the same; no buttons and no buzzer."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, refresh: float = REFRESH_SECONDS
    ) -> None:
        self._clock, self._refresh = clock, refresh
        self.on_lost: Callable[[], None] | None = None
        "Called from the light's thread when a light is lost, within `refresh` of its unplugging."
        self._lock = threading.Lock()
        self._lights: list[_Light] = []
        self._ticker: Ticker | None = None
        self._glow = DARK
        self._due = 0.0
        self._lost = "it is not open"

    @property
    def names(self) -> tuple[str, ...]:
        """What is plugged in and taken, as their makers call them."""
        return tuple(light.name for light in self._lights)

    def open(self, on_edge: EdgeHandler) -> None:  # noqa: ARG002 - there are no buttons
        """Take every light there is, dark. Raises `HwMissing`."""
        self.close()
        lights = _take_all()
        with self._lock:
            self._lights, self._lost, self._glow = lights, "", DARK
            self._due = self._clock() + self._refresh
        self._ticker = Ticker(self._turn, "busylight", self._clock)
        self._ticker.start()

    def show(self, lamps: Mapping[str, Glow]) -> None:
        """Make the lights look like `status`, dark where it is not named. Raises `HwLost`."""
        with self._lock:
            self._glow = lamps.get(LAMP, DARK)
            self._write(self._clock())
            if self._lost:
                raise HwLost(f"busy light: {self._lost}")
        if ticker := self._ticker:
            ticker.nudge()

    def beep(self, tune: str) -> None:
        """Nothing to sound: few of them can, and the panel has its buzzer."""

    def ring(self, on: bool) -> None:
        """Nothing to sound."""

    def close(self) -> None:
        """Lights dark, given back, thread ended. Twice does no harm."""
        ticker, self._ticker = self._ticker, None
        if ticker:
            ticker.stop()
        with self._lock:
            lights, self._lights = self._lights, []
            self._lost = self._lost or "it is not open"
        for light in lights:
            light.close()

    def _turn(self, now: float) -> float | None:
        """In the light's thread: write what is due, and say when there is more."""
        with self._lock:
            lost_before = self._lost
            if now >= self._due:
                self._write(now)
            lost_now, due = self._lost, self._due
        if not lost_now:
            return due
        if not lost_before and self.on_lost:
            self.on_lost()
        return None

    def _write(self, now: float) -> None:
        """Always, also what the lights show already: it keeps them lit, and finds out the loss."""
        if self._lost:
            return
        try:
            for light in self._lights:
                light.show(seen(self._glow, now), self._glow.level)
        except HwLost as lost:
            self._lost = str(lost)
        turn, refresh = next_change(self._glow, now), now + self._refresh
        self._due = refresh if turn is None else min(turn, refresh)


class _Light:
    """One of the library's lights, which we hold alone."""

    def __init__(self, kind: Any, hardware: Any) -> None:
        hardware.handle = _Frank(hardware.handle)
        try:
            self._light = kind(hardware, reset=False)
            self._light.add_task = _no_task
            self._light.reset()
        except BaseException:
            with contextlib.suppress(Exception):
                hardware.release()
            raise
        self.name = _name(kind, hardware)

    def show(self, colour: Colour, level: float) -> None:
        """Light up in this colour, `level` of its brightness, or go dark. Raises `HwLost`."""
        red, green, blue = (round(part * level) for part in COLOURS[colour])
        try:
            if colour is Colour.OFF:
                self._light.off()
            else:
                self._light.on((red, green, blue))
            if keep := getattr(self._light, "keepalive", None):
                keep()
        # What a driver of the library raises is its own affair; most raise LightUnavailableError.
        except Exception as failure:
            raise HwLost(f"{self.name} does not answer{_cause(failure)}") from failure

    def close(self) -> None:
        """Dark, and given back; it may be gone, and then it is dark."""
        with contextlib.suppress(Exception):
            self._light.off()
        with contextlib.suppress(Exception):
            self._light.release()


class _Frank:
    """A handle that says so when a report was not sent; hidapi only returns -1."""

    def __init__(self, handle: Any) -> None:
        self._handle = handle

    def __getattr__(self, name: str) -> Any:
        return getattr(self._handle, name)

    def write(self, report: bytes) -> int:
        return _sent(self._handle.write(report))

    def send_feature_report(self, report: bytes) -> int:
        return _sent(self._handle.send_feature_report(report))


def use_hidapi(stand_in: Any) -> Any:
    """Have the library look for lights there, for `hw.mocks.lights`; gives back what was there."""
    _library()
    from busylight_core import hid  # type: ignore[import-untyped, unused-ignore]

    before, hid.hid = hid.hid, stand_in
    return before


def _take_all() -> list[_Light]:
    """Every light, opened. Raises `HwMissing` where not one can be."""
    taken: list[_Light] = []
    refused: list[str] = []
    for kind, hardware in _found():
        try:
            taken.append(_Light(kind, hardware))
        except Exception as failure:  # noqa: BLE001 - as in _Light.show
            refused.append(f"{_name(kind, hardware)}: {failure}{_cause(failure)}")
    if not taken:
        raise HwMissing(f"busy light: {'; '.join(refused) or _NONE}; {_ADVICE}")
    return taken


def _found() -> list[tuple[Any, Any]]:
    """Each light that the library knows: its class there, and its hardware. Raises `HwMissing`."""
    light = _library().Light
    try:
        found = light.available_hardware()
    except Exception as failure:
        raise HwMissing(f"busy light: USB cannot be searched: {failure}") from failure
    return [(kind, hardware) for kind, devices in found.items() for hardware in devices]


def _library() -> Any:
    """It is imported when a light is first wanted, for it takes a fifth of a second."""
    try:
        import busylight_core  # type: ignore[import-untyped, unused-ignore]
    except ImportError as failure:
        raise HwMissing(f"busy light: {failure}; {_INSTALL}") from failure
    return busylight_core


def _no_task(*_: object, **__: object) -> None:
    """Instead of the library's timers."""


def _sent(count: int | None) -> int:
    if count is not None and count < 0:
        raise OSError("the report was not sent")
    return count or 0


def _name(kind: Any, hardware: Any) -> str:
    return f"{kind.vendor()} {kind.supported_device_ids[hardware.device_id]}"


def _cause(failure: BaseException) -> str:
    """The reason that the library hides behind its own error."""
    return f" ({failure.__context__})" if failure.__context__ else ""


_INSTALL = "install it with `pip install deskpanel[busylight]`"
_NONE = "none is plugged in, or this user may not see it"
_ADVICE = "docs/busylight.md tells how to give the right"
