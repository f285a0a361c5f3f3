"""Buttons, lamps and buzzer on the pins of a Raspberry Pi. The only importer of gpiozero."""

import logging
import os
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from hw.buzzer import Score
from hw.inputs import KNOB, LEFT, RIGHT
from hw.keypad import Keys, Matrix
from hw.knob import Quadrature
from hw.patterns import lit, next_change, seen
from hw.ports import DARK, Colour, EdgeHandler, Glow, HwLost, HwMissing
from hw.specs import BoardSpec, KeypadPins, KnobPins, LampPins
from hw.ticker import Ticker
from hw.tunes import TUNES

FACTORY = "GPIOZERO_PIN_FACTORY"
"The variable by which gpiozero is told its pin factory; a user's own value is respected."

Tell = Callable[[bool, float], None]
"Told whether a contact closed, and when."

_log = logging.getLogger(__name__)

_A, _B, _COLUMN = "knob a", "knob b", "column "
"Inputs that are no buttons."

# Amber has less green than red, or it looks like a lime, as it does of pins that cannot dim.
_RGB = {
    Colour.OFF: (0.0, 0.0, 0.0),
    Colour.GREEN: (0.0, 1.0, 0.0),
    Colour.AMBER: (1.0, 0.4, 0.0),
    Colour.WHITE: (1.0, 1.0, 1.0),
    Colour.BLUE: (0.0, 0.0, 1.0),
    Colour.RED: (1.0, 0.0, 0.0),
}

DIM_HERTZ = 200
"""Of the PWM that dims a lamp: too fast to be seen, and slow enough for lgpio, which does it in
software. It runs only while something is dim; a steady lamp costs nothing."""

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
        self._score = Score()
        self._lost: str = "the board is not open"

    def open(self, on_edge: EdgeHandler) -> None:
        """Claim every pin, lamps dark, and tell of edges from now. Raises `HwMissing`."""
        self.close()
        with _translated(HwMissing):
            use_factory(self._spec.pin_factory)
            pins = _Pins(self._spec)
        with self._lock:
            self._pins, self._lost, self._glows, self._score = pins, "", {}, Score()
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
            self._score.play(TUNES[tune], self._clock())
        self._nudge()

    def ring(self, on: bool) -> None:
        """Sound 1 s in every 5 s, or stop. Raises `HwLost`."""
        if self._spec.buzzer is None:
            return
        with self._lock:
            self._insist()
            self._score.ring(on, self._clock())
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

    @property
    def readings(self) -> int:
        """How often the keypad has been read since `open`."""
        return self._pins.readings if self._pins else 0

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
                self._pins.sound(*self._score.sound(now))
        except HwLost as lost:
            self._lost = str(lost)

    def _insist(self) -> None:
        if self._lost:
            raise HwLost(f"GPIO: {self._lost}")

    def _next_change(self, now: float) -> float | None:
        changes = [next_change(glow, now) for glow in self._glows.values()]
        changes.append(self._score.next_change(now))
        return min((change for change in changes if change is not None), default=None)

    def _nudge(self) -> None:
        if ticker := self._ticker:
            ticker.nudge()


class _Output:
    """One output: off, on, or so much of the time where its pin can do PWM."""

    def __init__(self, pin: int, modulates: bool) -> None:
        from gpiozero import OutputDevice

        self._device = OutputDevice(pin)
        self._modulates = modulates
        self._hertz = 0.0

    def be(self, share: float, hertz: float = DIM_HERTZ) -> None:
        """On for this share of the time. Written every time: so a lost pin is found out."""
        self._run_at(hertz if self._modulates and 0 < share < 1 else 0.0)
        self._device.pin.state = share if self._hertz else share > 0

    def close(self) -> None:
        """Low, then given back; an input alone might float, and glow."""
        with _suppressed():
            self.be(0.0)
        with _suppressed():
            self._device.close()

    def _run_at(self, hertz: float) -> None:
        from gpiozero import PinPWMUnsupported

        if hertz == self._hertz:
            return
        try:
            self._device.pin.frequency = hertz or None
            self._hertz = hertz
        except PinPWMUnsupported:
            self._modulates = False


class _Lamp:
    """One LED, or three in one housing."""

    def __init__(self, pins: LampPins, dims: bool) -> None:
        self._coloured = isinstance(pins, tuple)
        self._leds = _outputs(pins if isinstance(pins, tuple) else (pins,), dims)

    def show(self, glow: Glow, now: float) -> None:
        burning = _RGB[seen(glow, now)] if self._coloured else (float(lit(glow, now) > 0),)
        for led, share in zip(self._leds, burning, strict=True):
            led.be(glow.level * share)

    def close(self) -> None:
        _close_all(self._leds)


class _Buzzer:
    """A transducer that sings where its pin can, or a thing that buzzes while it has power."""

    def __init__(self, pin: int, tones: bool) -> None:
        self._output = _Output(pin, tones)

    def sound(self, hertz: float, level: float) -> None:
        # A square wave is loudest when it is up for half of the time.
        self._output.be(level / 2 if hertz else 0.0, hertz)

    def close(self) -> None:
        self._output.close()


class _Row:
    """A row of the keypad."""

    def __init__(self, pin: int) -> None:
        from gpiozero import InputDevice

        self._device = InputDevice(pin, pull_up=None, active_state=True)

    def drive(self) -> None:
        self._device.pin.output_with_state(0)

    def let_go(self) -> None:
        self._device.pin.function = "input"

    def close(self) -> None:
        with _suppressed():
            self.let_go()
        self._device.close()


class _Pins:
    """All gpiozero devices of one board; made entirely or not at all."""

    def __init__(self, spec: BoardSpec) -> None:
        self._spec = spec
        self._lamps: dict[str, _Lamp] = {}
        self._inputs: dict[str, Any] = {}
        self._rows: list[_Row] = []
        self._buzzer: _Buzzer | None = None
        self._matrix: Matrix | None = None
        self._handlers: list[Callable[[Any, Any], None]] = []
        try:
            self._claim(spec)
        except BaseException:
            self.close()
            raise

    def listen(self, on_edge: EdgeHandler, clock: Callable[[], float]) -> None:
        """Begin to tell of edges, every one, as the chip saw them; and of what is down already."""
        for name in self._buttons():
            tell = partial(on_edge, name)
            self._on_change(self._inputs[name], name, tell, self._spec.pull_up, clock)
            if self._inputs[name].is_active:
                tell(True, clock())
        if self._spec.knob:
            self._listen_to_knob(on_edge, clock)
        if self._matrix:
            self._listen_to_keys(self._matrix, on_edge, clock)

    def show(self, glows: Mapping[str, Glow], now: float) -> None:
        for name, lamp in self._lamps.items():
            lamp.show(glows.get(name, DARK), now)

    def sound(self, hertz: float, level: float) -> None:
        if self._buzzer:
            self._buzzer.sound(hertz, level)

    @property
    def readings(self) -> int:
        return self._matrix.turns if self._matrix else 0

    def close(self) -> None:
        """Dark and quiet, and every pin an input again, whatever fails on the way."""
        for device in self._inputs.values():
            with _suppressed():
                device.pin.when_changed = None
        if self._matrix:
            self._matrix.close()
        _close_all([*self._lamps.values(), *self._rows, *self._inputs.values()])
        if self._buzzer:
            self._buzzer.close()

    def _claim(self, spec: BoardSpec) -> None:
        for name, pins in spec.lamps.items():
            with _named(f"lamp {name}", pins):
                self._lamps[name] = _Lamp(pins, spec.dims)
        for name, pin in spec.buttons.items():
            self._claim_input(f"button {name}", name, pin, spec.pull_up)
        if spec.buzzer is not None:
            with _named("buzzer", spec.buzzer):
                self._buzzer = _Buzzer(spec.buzzer, spec.tones)
        if spec.knob:
            self._claim_knob(spec.knob, spec.pull_up)
        if spec.keypad:
            self._claim_keypad(spec.keypad)

    def _claim_input(self, what: str, name: str, pin: int, pull_up: bool) -> None:
        from gpiozero import InputDevice

        with _named(what, pin):
            self._inputs[name] = InputDevice(pin, pull_up=pull_up)

    def _claim_knob(self, knob: KnobPins, pull_up: bool) -> None:
        self._claim_input("knob a", _A, knob.a, pull_up)
        self._claim_input("knob b", _B, knob.b, pull_up)
        if knob.push is not None:
            self._claim_input("knob push", KNOB, knob.push, pull_up)

    def _claim_keypad(self, keypad: KeypadPins) -> None:
        for n, pin in enumerate(keypad.rows):
            with _named(f"keypad row {n + 1}", pin):
                self._rows.append(_Row(pin))
        for n, pin in enumerate(keypad.columns):
            self._claim_input(f"keypad column {n + 1}", f"{_COLUMN}{n}", pin, pull_up=True)
        columns = [partial(_closed, column) for column in self._columns()]
        self._matrix = Matrix(Keys(keypad.keys), self._rows, columns)

    def _buttons(self) -> list[str]:
        pushed = [KNOB] if KNOB in self._inputs else []
        return [*self._spec.buttons, *pushed]

    def _columns(self) -> list[Any]:
        return [device for name, device in self._inputs.items() if name.startswith(_COLUMN)]

    def _listen_to_knob(self, on_edge: EdgeHandler, clock: Callable[[], float]) -> None:
        a, b = self._inputs[_A], self._inputs[_B]
        turning = Quadrature(a.is_active, b.is_active)

        def turned(contact: Callable[[bool], int], closed: bool, at: float) -> None:
            if way := contact(closed):
                on_edge(RIGHT if way > 0 else LEFT, True, at)

        self._on_change(a, KNOB, partial(turned, turning.a), self._spec.pull_up, clock)
        self._on_change(b, KNOB, partial(turned, turning.b), self._spec.pull_up, clock)

    def _listen_to_keys(
        self, matrix: Matrix, on_edge: EdgeHandler, clock: Callable[[], float]
    ) -> None:
        def tell(key: str, down: bool, at: float) -> None:
            with _guarded(key):
                on_edge(key, down, at)

        for column in self._columns():
            moved: Tell = lambda _down, _at: matrix.column_moved()  # noqa: E731
            self._on_change(column, "keypad", moved, True, clock)
        matrix.listen(tell)

    def _on_change(
        self, device: Any, name: str, tell: Tell, pull_up: bool, clock: Callable[[], float]
    ) -> None:
        handler = _edge_handler(name, pull_up, tell, clock)
        self._handlers.append(handler)  # gpiozero keeps a weak reference only
        device.pin.bounce = None
        device.pin.edges = "both"
        device.pin.when_changed = handler


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


def mock_factory(modulates: bool = False) -> Any:
    """gpiozero's mock pins, for `hw.mocks.pins`; with PWM, as on a Pi, or without.

    Raises `HwMissing` where real ones are in use.
    """
    from gpiozero.pins.mock import MockFactory, MockPin, MockPWMPin

    use_factory("mock")
    from gpiozero import Device

    if not isinstance(Device.pin_factory, MockFactory):
        raise HwMissing(f"GPIO: {FACTORY} is {os.environ[FACTORY]}, not mock")
    Device.pin_factory.pin_class = MockPWMPin if modulates else MockPin
    return Device.pin_factory


def forget_factory() -> None:
    """Close gpiozero's pin factory, so that the next board begins with a new one."""
    from gpiozero import Device

    if Device.pin_factory is not None:
        Device.pin_factory.close()
        Device.pin_factory.pins.clear()
    Device.pin_factory = None


def _outputs(pins: tuple[int, ...], modulate: bool) -> list[_Output]:
    made: list[_Output] = []
    try:
        made.extend(_Output(pin, modulate) for pin in pins)
    except BaseException:
        _close_all(made)
        raise
    return made


def _closed(column: Any) -> bool:
    return bool(column.is_active)


def _edge_handler(
    name: str, pull_up: bool, tell: Tell, clock: Callable[[], float]
) -> Callable[[Any, Any], None]:
    def handler(ticks: Any, state: Any) -> None:
        with _guarded(name):
            tell(bool(state) != pull_up, _stamp(ticks, clock()))

    return handler


@contextmanager
def _guarded(name: str) -> Iterator[None]:
    """lgpio has one unguarded thread for all pins: what left here would end every button."""
    try:
        yield
    except BaseException:  # noqa: BLE001
        _log.exception("an edge of button %s was lost", name)


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


def _close_all(devices: Sequence[Any]) -> None:
    for device in devices:
        with _suppressed():
            device.close()
