"""Buttons, lamps and buzzer on the pins of a Raspberry Pi. The only importer of gpiozero."""

import logging
import os
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hw.patterns import RINGING, TUNES, Beat, lit, next_change, seen
from hw.ports import DARK, Colour, EdgeHandler, Glow, HwLost, HwMissing
from hw.specs import BoardSpec, LampPins
from hw.ticker import Ticker

FACTORY = "GPIOZERO_PIN_FACTORY"
"The variable by which gpiozero is told its pin factory; a user's own value is respected."

_log = logging.getLogger(__name__)

_RGB = {
    Colour.OFF: (False, False, False),
    Colour.GREEN: (False, True, False),
    Colour.AMBER: (True, True, False),
    Colour.WHITE: (True, True, True),
    Colour.BLUE: (False, False, True),
    Colour.RED: (True, False, False),
}

# How far back a kernel's time stamp may lie and still be taken for monotonic time.
_STALE_SECONDS = 5.0


class GpioBoard:
    """A board on GPIO pins; debouncing is not done here, the edges are told raw."""

    def __init__(self, spec: BoardSpec, clock: Callable[[], float] = time.monotonic) -> None:
        self._spec = spec
        self._clock = clock
        self._lock = threading.Lock()
        self._pins: _Pins | None = None
        self._ticker: Ticker | None = None
        self._glows: Mapping[str, Glow] = {}
        self._buzzer = _Buzzer()
        self._lost: str = "the board is not open"

    def open(self, on_edge: EdgeHandler) -> None:
        """Claim every pin, lamps dark, and tell of edges from now. Raises `HwMissing`."""
        self.close()
        with _translated(HwMissing):
            use_factory(self._spec.pin_factory)
            pins = _Pins(self._spec)
        with self._lock:
            self._pins, self._lost, self._glows, self._buzzer = pins, "", {}, _Buzzer()
        self._ticker = Ticker(self._turn, "gpio-lamps", self._clock)
        self._ticker.start()
        with _translated(HwMissing, undo=self.close):
            pins.listen(on_edge, self._clock)

    def show(self, lamps: Mapping[str, Glow]) -> None:
        """Make the lamps look like this, those not named being dark. Raises `HwLost`."""
        with self._lock:
            self._glows = dict(lamps)
            self._write(self._clock())
            self._insist()
        self._nudge()

    def beep(self, tune: str) -> None:
        """Play one of `TUNES`, once; nothing where no buzzer is fitted. Raises `HwLost`."""
        if self._spec.buzzer is None:
            return
        with self._lock:
            self._insist()
            self._buzzer.play(TUNES[tune], self._clock())
        self._nudge()

    def ring(self, on: bool) -> None:
        """Sound 1 s in every 5 s, or stop. Raises `HwLost`."""
        if self._spec.buzzer is None:
            return
        with self._lock:
            self._insist()
            self._buzzer.ring(on, self._clock())
        self._nudge()

    def close(self) -> None:
        """Lamps dark, pins given back, thread ended. Twice does no harm."""
        ticker, self._ticker = self._ticker, None
        if ticker:
            ticker.stop()
        with self._lock:
            pins, self._pins = self._pins, None
            self._lost = self._lost or "the board is not open"
        if pins:
            pins.close()

    @property
    def turns(self) -> int:
        """How often the lamp thread has woken since `open`."""
        return self._ticker.turns if self._ticker else 0

    def _turn(self, now: float) -> float | None:
        with self._lock:
            self._write(now)
            return None if self._lost else self._next_change(now)

    def _write(self, now: float) -> None:
        if self._lost or not self._pins:
            return
        try:
            with _translated(HwLost):
                self._pins.show(self._glows, now)
                self._pins.sound(self._buzzer.sounds(now))
        except HwLost as lost:
            self._lost = str(lost)

    def _insist(self) -> None:
        if self._lost:
            raise HwLost(f"GPIO: {self._lost}")

    def _next_change(self, now: float) -> float | None:
        changes = [next_change(glow, now) for glow in self._glows.values()]
        changes.append(self._buzzer.next_change(now))
        return min((change for change in changes if change is not None), default=None)

    def _nudge(self) -> None:
        if ticker := self._ticker:
            ticker.nudge()


class _Buzzer:
    """When the buzzer sounds: a tune that was begun, or the ringing cadence."""

    def __init__(self) -> None:
        self._beats: dict[str, tuple[Beat, float]] = {}

    def play(self, tune: Beat, now: float) -> None:
        self._beats["tune"] = (tune, now)

    def ring(self, on: bool, now: float) -> None:
        if on:
            self._beats.setdefault("ring", (RINGING, now))
        else:
            self._beats.pop("ring", None)

    def sounds(self, now: float) -> bool:
        return any(beat.up(now - began) for beat, began in self._beats.values())

    def next_change(self, now: float) -> float | None:
        turns = [
            began + turn
            for beat, began in self._beats.values()
            if (turn := beat.next_turn(now - began)) is not None
        ]
        return min(turns, default=None)


class _Lamp:
    """One LED, or three in one housing.

    Every turn writes every pin, also those that stay: an ioctl each, and a lost pin is found out.
    """

    def __init__(self, pins: LampPins) -> None:
        self._coloured = isinstance(pins, tuple)
        self._leds = _outputs(pins if isinstance(pins, tuple) else (pins,))

    def show(self, glow: Glow, now: float) -> None:
        wanted = _RGB[seen(glow, now)] if self._coloured else (lit(glow, now) > 0,)
        for led, on in zip(self._leds, wanted, strict=True):
            led.value = on

    def close(self) -> None:
        _put_out(self._leds)


class _Pins:
    """All gpiozero devices of one board; made entirely or not at all."""

    def __init__(self, spec: BoardSpec) -> None:
        self._pull_up = spec.pull_up
        self._lamps: dict[str, _Lamp] = {}
        self._buttons: dict[str, Any] = {}
        self._buzzer: Any = None
        self._handlers: list[Callable[[Any, Any], None]] = []
        try:
            self._claim(spec)
        except BaseException:
            self.close()
            raise

    def listen(self, on_edge: EdgeHandler, clock: Callable[[], float]) -> None:
        """Begin to tell of edges, every one, as the chip saw them."""
        for name, button in self._buttons.items():
            handler = _edge_handler(name, self._pull_up, on_edge, clock)
            self._handlers.append(handler)  # gpiozero keeps a weak reference only
            button.pin.bounce = None
            button.pin.edges = "both"
            button.pin.when_changed = handler

    def show(self, glows: Mapping[str, Glow], now: float) -> None:
        for name, lamp in self._lamps.items():
            lamp.show(glows.get(name, DARK), now)

    def sound(self, on: bool) -> None:
        if self._buzzer:
            self._buzzer.value = on

    def close(self) -> None:
        """Dark and quiet, and every pin an input again, whatever fails on the way."""
        for button in self._buttons.values():
            with _suppressed():
                button.pin.when_changed = None
        _close_all([*self._lamps.values(), *self._buttons.values()])
        if self._buzzer:
            _put_out([self._buzzer])

    def _claim(self, spec: BoardSpec) -> None:
        from gpiozero import InputDevice

        for name, pins in spec.lamps.items():
            with _named(f"lamp {name}", pins):
                self._lamps[name] = _Lamp(pins)
        for name, pin in spec.buttons.items():
            with _named(f"button {name}", pin):
                self._buttons[name] = InputDevice(pin, pull_up=spec.pull_up)
        if spec.buzzer is not None:
            with _named("buzzer", spec.buzzer):
                (self._buzzer,) = _outputs((spec.buzzer,))


def use_factory(name: str) -> None:
    """Have gpiozero work with this pin factory and no other. Raises `HwMissing`.

    GPIOZERO_PIN_FACTORY, where the user has set it, is stronger than `name`.
    """
    # Left to itself gpiozero warns and tries the next, which on a Pi 5 ends in a riddle (#1172).
    name = os.environ.get(FACTORY) or name
    os.environ[FACTORY] = name
    with _translated(HwMissing), _explained(name):
        import gpiozero

        warnings.filterwarnings("error", category=gpiozero.PinFactoryFallback)
        if gpiozero.Device.pin_factory is None:
            with _lgpio_at_home(name):
                gpiozero.Device.ensure_pin_factory()


def mock_factory() -> Any:
    """gpiozero's mock pins, for `hw.mocks.pins`. Raises `HwMissing` where real ones are in use."""
    from gpiozero.pins.mock import MockFactory

    use_factory("mock")
    from gpiozero import Device

    if not isinstance(Device.pin_factory, MockFactory):
        raise HwMissing(f"GPIO: {FACTORY} is {os.environ[FACTORY]}, not mock")
    return Device.pin_factory


def forget_factory() -> None:
    """Close gpiozero's pin factory, so that the next board begins with a new one."""
    from gpiozero import Device

    if Device.pin_factory is not None:
        Device.pin_factory.close()
        Device.pin_factory.pins.clear()
    Device.pin_factory = None


def _outputs(pins: tuple[int, ...]) -> list[Any]:
    from gpiozero import OutputDevice

    made: list[Any] = []
    try:
        made.extend(OutputDevice(pin) for pin in pins)
    except BaseException:
        _close_all(made)
        raise
    return made


def _edge_handler(
    name: str, pull_up: bool, on_edge: EdgeHandler, clock: Callable[[], float]
) -> Callable[[Any, Any], None]:
    def handler(ticks: Any, state: Any) -> None:
        try:
            on_edge(name, bool(state) != pull_up, _stamp(ticks, clock()))
        # lgpio has one unguarded thread for all pins: what leaves here would end every button.
        except BaseException:  # noqa: BLE001
            _log.exception("an edge of button %s was lost", name)

    return handler


def _stamp(ticks: Any, now: float) -> float:
    """The chip's own time of an edge, if its clock is ours, else this moment."""
    # Since 5.7 the kernel stamps line events by the monotonic clock, before that by the wall clock.
    return float(ticks) if now - _STALE_SECONDS <= ticks <= now else now


@contextmanager
def _lgpio_at_home(name: str) -> Iterator[None]:
    """Give lgpio a directory for the FIFO that it makes when it is imported.

    It would take the working directory, which may be read-only for a service (gpiozero#1106). Where
    LG_WD names another, lgpio moves the whole process there; we move back. Both ends of the FIFO
    stay open, so its name may go.
    """
    if name != "lgpio":
        yield
        return
    before, own = Path.cwd(), "LG_WD" not in os.environ
    with tempfile.TemporaryDirectory(prefix="deskpanel-") as home:
        os.environ.setdefault("LG_WD", home)
        try:
            yield
        finally:
            os.chdir(before)
            if own:
                del os.environ["LG_WD"]


@contextmanager
def _translated(
    kind: type[HwMissing] | type[HwLost], undo: Callable[[], None] = lambda: None
) -> Iterator[None]:
    try:
        yield
    except (HwMissing, HwLost):
        undo()
        raise
    # lgpio.error is a plain Exception, and gpiozero lets it through.
    except Exception as failure:
        undo()
        raise kind(f"GPIO: {failure}") from failure


@contextmanager
def _named(what: str, pins: LampPins) -> Iterator[None]:
    try:
        yield
    except Exception as failure:
        raise HwMissing(f"GPIO: {what}, pin {pins}: {failure}") from failure


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Say what to do about a pin factory that does not start."""
    try:
        yield
    except ModuleNotFoundError as failure:
        raise HwMissing(f"GPIO: {failure}; {_INSTALL}") from failure
    except Exception as failure:
        raise HwMissing(f'GPIO: pin factory "{name}": {failure}; {_ADVICE}') from failure


_INSTALL = (
    "install it with `pip install deskpanel[pi]`, or with `apt install python3-gpiozero"
    " python3-lgpio` and a venv made with --system-site-packages"
)
_ADVICE = (
    "is this a Raspberry Pi, and is the user in the group gpio?"
    f' Set {FACTORY} for another factory, or board.driver = "none"'
)


@contextmanager
def _suppressed() -> Iterator[None]:
    """Go on giving back the rest when one pin is gone."""
    try:
        yield
    except Exception as failure:  # noqa: BLE001 - see _translated
        _log.debug("a pin could not be given back: %s", failure)


def _close_all(devices: list[Any]) -> None:
    for device in devices:
        with _suppressed():
            device.close()


def _put_out(leds: list[Any]) -> None:
    """Low, then given back; an input alone might float, and glow."""
    for led in leds:
        with _suppressed():
            led.off()
    _close_all(leds)
