"""Who knows the PIN. It stands before the core, which is told how many digits were typed, and
whether all of them were right, and never which: so no state, no journal and no log can hold any.
"""

import hmac

from device.core.events import (
    Edge,
    Event,
    Keyed,
    PinLeft,
    PinTried,
    PinTyped,
    Pressed,
    Tick,
    Turned,
)
from device.core.gestures import Chord, Gestures
from device.core.lock import asking, asks, waits
from device.core.pages import page
from device.core.state import State
from device.core.words import KEYS, STATUS_BUTTONS, Notice, Page

DIGITS: dict[str, str] = {button: str(n) for n, button in enumerate(STATUS_BUTTONS, 1)}
"The digits of the status buttons, where there is no keypad: 1 to 5, in their order."

BACK, LEAVE = "back", "leave"
OTHERS: dict[str, str] = {Notice.MISSED: BACK, Notice.MESSAGE: LEAVE, Notice.VOICEMAIL: LEAVE}
KEYPAD = {**{digit: digit for digit in KEYS if digit.isdigit()}, "*": BACK, "#": LEAVE}

STRAY_SECONDS = 1.0
"After a right PIN, in which a key is a digit too many and not the beginning of a number."

BY_HAND = (Edge, Pressed, Keyed, Turned)


class Doorkeeper:
    """Takes what hands do while the PIN is asked for, and tells what the core may know of it."""

    def __init__(self, pin: str = "") -> None:
        self._pin, self._typed = pin, ""
        self._hands = Gestures()
        self._asks = False
        self._opened = float("-inf")

    def take(self, state: State, event: Event) -> Event:
        """The event as it may be known; all but digits pass as they are."""
        before, self._asks = self._asks, self._guards(state)
        if self._asks and not before:
            # What was down before the page came is no digit, however late it comes up.
            self._hands = Gestures(deaf_since=state.view.since)
        strokes = self._strokes(event)
        if not self._asks:
            self._typed = ""
            return Tick(event.at) if self._stray(state, event) else event
        if not isinstance(event, BY_HAND):
            return event
        # The core heard of the wait up to the last event; this one may be after it.
        late = event.at - state.now
        told: Event = Tick(event.at)
        for stroke in strokes if waits(state) <= late else ():
            told = self._stroke(stroke, event.at)
            if not isinstance(told, PinTyped):
                break
        return told

    def _stray(self, state: State, event: Event) -> bool:
        """A key that may be a digit of the PIN: the page is not there yet, or no more."""
        late = event.at < self._opened + STRAY_SECONDS
        locked = asks(state) and state.view.page is not Page.NUMBER
        return isinstance(event, Keyed) and bool(self._pin) and (late or locked)

    def _guards(self, state: State) -> bool:
        return bool(self._pin) and asking(state) and page(state) is Page.PIN

    def _strokes(self, event: Event) -> tuple[str, ...]:
        """Digits, BACK and LEAVE. Edges are followed always, for bounces that are still to come."""
        match event:
            case Edge(button=button, down=down):
                self._hands, told = self._hands.edge(button, down, event.at)
                pressed = [g.button for g in told if not isinstance(g, Chord)]
            case Pressed(button=button):
                pressed = [button]
            case Keyed(key=key):
                return (KEYPAD[key],) if key in KEYPAD else ()
            case _:
                return ()
        known = DIGITS | OTHERS
        return tuple(known[button] for button in pressed if button in known)

    def _stroke(self, stroke: str, at: float) -> Event:
        if stroke == LEAVE or (stroke == BACK and not self._typed):
            return PinLeft(at)
        self._typed = self._typed[:-1] if stroke == BACK else self._typed + stroke
        if len(self._typed) < len(self._pin):
            return PinTyped(at, len(self._typed))
        typed, self._typed = self._typed, ""
        right = hmac.compare_digest(typed, self._pin)
        self._opened = at if right else self._opened
        return PinTried(at, right)
