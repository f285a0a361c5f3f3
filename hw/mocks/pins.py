"""The far side of gpiozero's mock pins: fingers on the buttons, eyes on the lamps.

gpiozero's own mock calls a handler in the thread that drives the pin, lets its faults out there,
knows no bounce, and pulls up a pin that a finger holds down. Here a finger moves the contact,
bounces and all, and one thread tells of it, as lgpio's does: in order, with the time of the edge,
for all pins, and without a guard. A fault that leaves a handler ends it, and no pin is ever heard
of again.
"""

import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from hw import gpio

LIMIT_SECONDS = 10.0
"After which a handler that does not come back is waited for no longer."


class MockPins:
    """All pins of a Raspberry Pi that is not there; for `GPIOZERO_PIN_FACTORY=mock`."""

    def __init__(self, modulates: bool = True) -> None:
        """`modulates`: the pins can do PWM, as on a Pi."""
        self._factory = gpio.mock_factory(modulates)
        self._factory.pin_class = _kind(self._factory.pin_class, self)
        self._notify = Notify()
        self._stuck: set[int] = set()
        self._grounded: set[int] = set()
        self._joined: set[tuple[int, int]] = set()

    def press(self, pin: int, bounces: int = 0, spacing: float = 0.0005) -> None:
        """Connect a pin to ground, bouncing; returns when the contact rests and all was told."""
        self._drive(pin, False, bounces, spacing)

    def release(self, pin: int, bounces: int = 0, spacing: float = 0.0005) -> None:
        """Let a pin float up again, bouncing; returns when the contact rests and all was told."""
        self._drive(pin, True, bounces, spacing)

    def stick(self, pin: int) -> None:
        """Leave a pin as it is, whatever the finger does."""
        self._stuck.add(pin)

    def free(self, pin: int) -> None:
        """Let the finger move it again."""
        self._stuck.discard(pin)

    def turn(self, a: int, b: int, detents: int, bounces: int = 0) -> None:
        """Turn a rotary encoder, clockwise, or the other way for less than none."""
        first, second = (a, b) if detents > 0 else (b, a)
        for _ in range(abs(detents)):
            for pin, high in ((first, False), (second, False), (first, True), (second, True)):
                self._drive(pin, high, bounces, 0.0)

    def key(self, row: int, column: int, down: bool) -> None:
        """Press a key of a keypad, or let it go: its row and its column are joined by it."""
        (self._joined.add if down else self._joined.discard)((row, column))
        self._run(lambda: self._settle_column(column))

    def high(self, pin: int) -> bool:
        """Whether a pin is high now, or some of the time."""
        return bool(self._pin(pin).state)

    def share(self, pin: int) -> float:
        """For how much of the time a pin is high, 0 to 1."""
        return float(self._pin(pin).state)

    def hertz(self, pin: int) -> float:
        """Of its PWM; 0: it has none."""
        return float(self._pin(pin).frequency or 0)

    def function(self, pin: int) -> str:
        """What a pin is claimed for: "input" or "output"."""
        return str(self._pin(pin).function)

    def history(self, pin: int) -> list[bool]:
        """Every state that a pin has had, oldest first."""
        return [bool(state.state) for state in self._pin(pin).states]

    def take_away(self, *pins: int) -> None:
        """Turn outputs into inputs behind the driver's back, as another process may."""
        for pin in pins:
            self._pin(pin).function = "input"

    @property
    def deaf(self) -> bool:
        """A fault of a handler has ended the thread that tells of edges."""
        return self._notify.ended

    def close(self) -> None:
        """Forget every pin, so that the next test begins with a new Pi."""
        self._notify.close()
        gpio.forget_factory()

    # What the pins themselves ask

    def tell(self, pin: Any, ticks: float, level: bool) -> None:
        """An edge, from whatever thread: it is told in its turn."""
        self._notify.put(lambda: _call(pin, ticks, level))

    def settle(self, number: int) -> None:
        """A pin moved. Where keys join it to columns, those are as low as a row of theirs is."""
        for column in {c for r, c in self._joined if r == number}:
            self._settle_column(column)

    def pull(self, pin: Any) -> None:
        """A pull is weaker than a finger."""
        if pin._number in self._grounded:
            pin.drive_low()

    def _settle_column(self, column: int) -> None:
        low = any(self._is_low(r) for r, c in self._joined if c == column)
        pin = self._pin(column)
        pin.drive_low() if low else pin.drive_high()

    def _is_low(self, row: int) -> bool:
        pin = self._pin(row)
        return pin.function == "output" and not pin.state

    def _drive(self, pin: int, high: bool, bounces: int, spacing: float) -> None:
        levels = [high, not high] * bounces + [high]
        if pin not in self._stuck:
            (self._grounded.discard if high else self._grounded.add)(pin)
            self._run(lambda: _move(self._pin(pin), levels, spacing))

    def _run(self, deed: Callable[[], None]) -> None:
        """In the world's own thread; then wait until it was told."""
        finger = threading.Thread(target=deed, name="finger")
        finger.start()
        finger.join()
        self._notify.rest()

    def _pin(self, number: int) -> Any:
        return self._factory.pin(number)


class Notify:
    """lgpio's one thread for the edges of all pins."""

    def __init__(self) -> None:
        self._edges: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="mock-notify", daemon=True)
        self.ended = False
        self._thread.start()

    def put(self, tell: Callable[[], None]) -> None:
        self._edges.put(tell)

    def rest(self) -> None:
        """Return when all that was put has been told, or nothing is told any more."""
        rested = threading.Event()
        self.put(rested.set)
        end = time.monotonic() + LIMIT_SECONDS
        while self._thread.is_alive() and time.monotonic() < end and not rested.wait(0.02):
            pass

    def close(self) -> None:
        self._edges.put(None)
        if self._thread is not threading.current_thread():
            self._thread.join(LIMIT_SECONDS)

    def _run(self) -> None:
        try:
            while tell := self._edges.get():
                tell()
        # As in lgpio, where `cb.func(...)` stands in the loop as it is. The traceback that Python
        # prints there is left out, for a test run takes it for its own.
        except BaseException:  # noqa: BLE001
            self.ended = True


def _kind(base: Any, pins: MockPins) -> Any:
    """gpiozero's mock pin, whose edges are told by our thread, and which may be on a keypad."""

    def call_when_changed(self: Any) -> None:
        pins.tell(self, self._last_change, self._state)

    def change_state(self: Any, value: Any) -> bool:
        changed = bool(base._change_state(self, value))
        if changed and self.function == "output":
            pins.settle(self._number)
        return changed

    def set_function(self: Any, value: Any) -> None:
        base._set_function(self, value)
        pins.settle(self._number)

    def set_pull(self: Any, value: str) -> None:
        base._set_pull(self, value)
        pins.pull(self)

    def set_state(self: Any, value: float) -> None:
        if value not in (0, 1) and self.frequency is None:
            raise ValueError(f"pin {self}: {value} is for a pin that does PWM")
        base._set_state(self, value)

    own = {
        "_set_state": set_state,
        "_set_pull": set_pull,
        "_call_when_changed": call_when_changed,
        "_change_state": change_state,
        "_set_function": set_function,
    }
    return type("WorldlyPin", (base,), own)


def _call(pin: Any, ticks: float, level: bool) -> None:
    """As gpiozero does: handlers are held weakly, and may have gone."""
    handler = pin.when_changed
    if handler is not None:
        handler(ticks, level)


def _move(pin: Any, levels: list[bool], spacing: float) -> None:
    for level in levels:
        pin.drive_high() if level else pin.drive_low()
        if spacing:
            time.sleep(spacing)
