"""A Raspberry Pi Pico for MicroPython's unix port: runs the firmware's main.py on pins of air.

    micropython pico.py FD [PIN...]

Standard input and output are the board's USB. Over the file descriptor FD come lines of a pin and
its levels (`12 0 1 0`, a bounce), each answered once the pin has the last of them; and lines go out
for each output that changes: a lamp's pin and its duty of 65535 (`3 65535`), the buzzer's and its
level. The PINs are low from the beginning.

Pins, timers and dog move only when the dog is fed, which the main loop does each turn: the unix
port has no timers, and none of its threads could be told from a fault of ours.
"""

import select
import sys
from time import ticks_diff, ticks_ms  # type: ignore[attr-defined]  # MicroPython's


class World:
    """All pins, and the wire to whoever looks at them."""

    def __init__(self, descriptor: int, low: list[int]) -> None:
        self._in = open(descriptor, "rb", buffering=0)  # noqa: SIM115 - MicroPython's
        self._out = open(descriptor, "wb", buffering=0)  # noqa: SIM115 - likewise
        self._poll = select.poll()
        self._poll.register(self._in, select.POLLIN)
        self.levels = dict.fromkeys(low, 0)
        self.timers: list[Timer] = []

    def turn(self) -> None:
        """What is due of timers: one line a time, and a look at each level: none is missed."""
        for timer in self.timers:
            if timer.due:
                self._move(timer)

    def _move(self, timer: "Timer") -> None:
        line = self._in.readline() if self._poll.poll(0) else b""
        pin, *levels = [int(word) for word in line.split()] or [-1, 0]
        for level in levels:
            self.levels[pin] = level
            timer.run()
        if line:
            self.tell(pin, levels[-1])

    def tell(self, pin: int, level: int) -> None:
        """An output has changed."""
        self._out.write(f"{pin} {level}\n".encode())


class Pin:
    """An input that floats high, or an output."""

    IN, OUT, PULL_UP = 0, 1, 1

    def __init__(self, number: int, mode: int = -1, pull: int = -1, value: int | None = None):
        self.number = number
        if mode == Pin.IN and pull == Pin.PULL_UP:
            WORLD.levels.setdefault(number, 1)
        if value is not None:
            self.value(value)

    def value(self, level: int | None = None) -> int:
        """Its level, which is set first where one is given."""
        if level is not None:
            WORLD.levels[self.number] = int(level)
            WORLD.tell(self.number, int(level))
        return WORLD.levels[self.number]


class PWM:
    """A lamp."""

    def __init__(self, pin: Pin, freq: int, duty_u16: int) -> None:
        self._pin = pin
        assert freq
        self.duty_u16(duty_u16)

    def duty_u16(self, duty: int) -> None:
        """How much of the time it is on, of 65535."""
        assert 0 <= duty <= 65535
        WORLD.tell(self._pin.number, duty)


class Timer:
    """Calls back every so often."""

    PERIODIC = 1

    def __init__(self, period: int, mode: int, callback: object) -> None:
        assert mode == Timer.PERIODIC
        self._period, self._call, self._ran = period, callback, ticks_ms()
        WORLD.timers.append(self)

    @property
    def due(self) -> bool:
        """Whether its period is over."""
        return bool(ticks_diff(ticks_ms(), self._ran) >= self._period)

    def run(self) -> None:
        """Call back, once: a timer that was kept waiting does not catch up."""
        self._ran = ticks_ms()
        self._call(self)  # type: ignore[operator]


class WDT:
    """A dog that bites: the process ends when it was not fed in time."""

    def __init__(self, timeout: int) -> None:
        assert timeout <= 8_388  # the RP2040's longest
        self._timeout, self._fed = timeout, ticks_ms()

    def feed(self) -> None:
        """Called once in each turn of the main loop."""
        if ticks_diff(ticks_ms(), self._fed) > self._timeout:
            sys.exit("the watchdog has bitten")
        self._fed = ticks_ms()
        WORLD.turn()


class Machine:
    """The module `machine`, as far as the firmware uses it."""

    Pin, PWM, Timer, WDT = Pin, PWM, Timer, WDT


if __name__ == "__main__":
    WORLD = World(int(sys.argv[1]), [int(pin) for pin in sys.argv[2:]])
    sys.modules["machine"] = Machine  # type: ignore[assignment]
    import hw.firmware.main  # noqa: F401 - which does not come back
