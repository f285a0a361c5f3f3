"""The far side of gpiozero's mock pins: fingers on the buttons, eyes on the lamps.

gpiozero's own mock calls a handler in the thread that drives the pin and knows no bounce; here a
thread of the world's drives it, with bounces, as a contact and the kernel would.
"""

import threading
import time
from typing import Any

from hw import gpio


class MockPins:
    """All pins of a Raspberry Pi that is not there; for `GPIOZERO_PIN_FACTORY=mock`."""

    def __init__(self) -> None:
        self._factory = gpio.mock_factory()

    def press(self, pin: int, bounces: int = 0, spacing: float = 0.0005) -> None:
        """Connect a pin to ground, bouncing; returns when the contact rests."""
        self._drive(pin, False, bounces, spacing)

    def release(self, pin: int, bounces: int = 0, spacing: float = 0.0005) -> None:
        """Let a pin float up again, bouncing; returns when the contact rests."""
        self._drive(pin, True, bounces, spacing)

    def high(self, pin: int) -> bool:
        """Whether a pin is high now."""
        return bool(self._pin(pin).state)

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

    def close(self) -> None:
        """Forget every pin, so that the next test begins with a new Pi."""
        gpio.forget_factory()

    def _drive(self, pin: int, high: bool, bounces: int, spacing: float) -> None:
        levels = [high, not high] * bounces + [high]
        finger = threading.Thread(target=self._move, args=(self._pin(pin), levels, spacing))
        finger.start()
        finger.join()

    def _move(self, pin: Any, levels: list[bool], spacing: float) -> None:
        for level in levels:
            pin.drive_high() if level else pin.drive_low()
            time.sleep(spacing)

    def _pin(self, number: int) -> Any:
        return self._factory.pin(number)
