"""From raw, bouncing, timestamped edges to what the user meant.

A contact is believed at its first edge and then not listened to for `BOUNCE_SECONDS`; what the
contact says at the end of that window counts. A press is told when the button comes up, a hold
while it is still down, and two notice buttons down together, with nothing else, are a chord. The
second of two quick presses is told as a double where that means something; the first has acted by
then, for no press waits to see whether there will be another. A button that stays down for longer
than any finger is stuck, and stands in nobody's way.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from device.core.words import EVERY_BUTTON, FIRST_BOARD, NOTICE_BUTTONS, Status

BOUNCE_SECONDS = 0.03
"Common tactile switches settle within 5 to 10 ms; worn ones want a little more."

HOLD_SECONDS = 0.8

DOUBLE_SECONDS = 0.4
"From the end of one press to the end of the next."

STUCK_SECONDS = 20.0

DOUBLES: tuple[str, ...] = (Status.AVAILABLE, Status.DIVERTED)
"Buttons of which two quick presses are more than two presses."


@dataclass(frozen=True, slots=True)
class Press:
    """A button went down and came up again, or was kept down."""

    button: str
    held: bool = False


@dataclass(frozen=True, slots=True)
class Chord:
    """Two notice buttons, and no others, were down together."""

    buttons: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Double:
    """A button of `DOUBLES` was pressed again at once; told in place of the second press."""

    button: str


Gesture = Press | Chord | Double


@dataclass(frozen=True, slots=True)
class Contact:
    """One button."""

    raw: bool = False
    "What the last edge said."
    down: bool = False
    "What we believe."
    since: float = 0.0
    "Monotonic seconds since when we believe it."
    spent: bool = False
    "This press has been told already; coming up says nothing more."
    stuck: bool = False
    board: str = FIRST_BOARD
    "Whose it was when it last moved."
    pressed: float = float("-inf")
    "When it was last told to be pressed, if that was not a double."


@dataclass(frozen=True, slots=True)
class Gestures:
    """All buttons, and the two steps: an edge came, or time went by."""

    contacts: dict[str, Contact] = field(default_factory=dict)
    deaf_since: float = float("-inf")
    "Edges of before are not known; those right after it may be bounces of them."

    def edge(
        self, button: str, down: bool, at: float, board: str = FIRST_BOARD
    ) -> tuple["Gestures", tuple[Gesture, ...]]:
        """Take an edge. Buttons nobody knows are nobody's."""
        if button not in EVERY_BUTTON:
            return self, ()
        late, told = self.pass_time(at)
        contact = replace(late.contacts.get(button, self._up), raw=down, board=board)
        after, more = late._with(button, contact).pass_time(at)
        return after, told + more

    def pass_time(self, at: float) -> tuple["Gestures", tuple[Gesture, ...]]:
        """Let bounces settle and holds come true."""
        after, told = self, tuple[Gesture, ...]()
        for button in self.contacts:
            after, settled = after._settle(button, at)
            after, held = after._hold(button, at)
            after = after._stick(button, at)
            told += settled + held
        return after, told

    def without(self, board: str) -> "Gestures":
        """That board is gone: nobody hears that its buttons come up."""
        left = {b: c for b, c in self.contacts.items() if c.board != board}
        return replace(self, contacts=left)

    def deadline(self) -> float | None:
        """When time alone changes something."""
        return min((d for c in self.contacts.values() for d in _deadlines(c)), default=None)

    @property
    def down(self) -> tuple[str, ...]:
        """Those that a finger keeps down."""
        return tuple(b for b, c in self.contacts.items() if c.down and not c.stuck)

    @property
    def stuck(self) -> tuple[str, ...]:
        return tuple(b for b, c in self.contacts.items() if c.stuck)

    @property
    def _up(self) -> Contact:
        return Contact(since=self.deaf_since)

    def _settle(self, button: str, at: float) -> tuple["Gestures", tuple[Gesture, ...]]:
        contact = self.contacts[button]
        if contact.raw == contact.down or at < contact.since + BOUNCE_SECONDS:
            return self, ()
        changed = replace(contact, down=contact.raw, since=at)
        return self._go_down(button, changed) if changed.down else self._come_up(button, changed)

    def _go_down(self, button: str, contact: Contact) -> tuple["Gestures", tuple[Gesture, ...]]:
        after = self._with(button, replace(contact, spent=False))
        first, *others = after.down
        if len(others) != 1 or not {first, *others} <= set(NOTICE_BUTTONS):
            return after, ()
        if any(after.contacts[b].spent for b in after.down):
            return after, ()
        return after._spend(after.down), (Chord((first, others[0])),)

    def _come_up(self, button: str, contact: Contact) -> tuple["Gestures", tuple[Gesture, ...]]:
        up = replace(contact, stuck=False, pressed=float("-inf"))
        if contact.spent:
            return self._with(button, up), ()
        again = button in DOUBLES and contact.since <= contact.pressed + DOUBLE_SECONDS
        if again:
            return self._with(button, up), (Double(button),)
        return self._with(button, replace(up, pressed=contact.since)), (Press(button),)

    def _hold(self, button: str, at: float) -> tuple["Gestures", tuple[Gesture, ...]]:
        contact = self.contacts[button]
        if not contact.down or contact.spent or at < contact.since + HOLD_SECONDS:
            return self, ()
        return self._spend((button,)), (Press(button, held=True),)

    def _stick(self, button: str, at: float) -> "Gestures":
        contact = self.contacts[button]
        if not contact.down or contact.stuck or at < contact.since + STUCK_SECONDS:
            return self
        return self._with(button, replace(contact, stuck=True))

    def _spend(self, buttons: Iterable[str]) -> "Gestures":
        spent = {b: replace(self.contacts[b], spent=True) for b in buttons}
        return replace(self, contacts=self.contacts | spent)

    def _with(self, button: str, contact: Contact) -> "Gestures":
        return replace(self, contacts=self.contacts | {button: contact})


def _deadlines(contact: Contact) -> Iterable[float]:
    if contact.raw != contact.down:
        yield contact.since + BOUNCE_SECONDS
    if contact.down and not contact.spent:
        yield contact.since + HOLD_SECONDS
    if contact.down and not contact.stuck:
        yield contact.since + STUCK_SECONDS
