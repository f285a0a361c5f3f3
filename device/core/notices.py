"""What waits for the user: missed calls, texts, voicemail, each seen or unseen."""

from dataclasses import dataclass, replace

from device.core.events import Counts
from device.core.words import CallKind

LONGEST_LIST = 30
"Entries kept of calls and of texts, as desk phones do; the oldest goes first."

LONGEST_TEXT = 2000
"Characters kept of one text, above the 1,300 bytes that RFC 3428 section 8 allows."

LONGEST_SENT = 1000
"""Bytes of UTF-8 that a text of ours may have: a whole MESSAGE is to stay below 1,300 (RFC 3428
section 8), and Asterisk 22 sends on an empty one where it is much longer."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something came in, as well as it can be told."""

    at: float | None
    "Monotonic seconds; None for what an earlier run of the program saw."
    wall: float | None
    "Unix seconds; None while nobody knows."

    def dated(self, offset: float) -> "Stamp":
        """With the wall time set right, where this run of the program can tell it."""
        return self if self.at is None else replace(self, wall=self.at + offset)


@dataclass(frozen=True, slots=True)
class CallEntry:
    """Calls of one number that met the same fate, folded into one line."""

    number: str
    name: str
    kind: CallKind
    last: Stamp
    count: int = 1
    unseen: int = 1
    "How many of `count` the user has not seen."

    def folds(self, other: "CallEntry") -> bool:
        """Withheld numbers may be many people, so those never fold."""
        return bool(self.number) and (self.number, self.kind) == (other.number, other.kind)

    def over(self, older: "CallEntry") -> "CallEntry":
        """This call, told together with the earlier ones."""
        return replace(
            self,
            name=self.name or older.name,
            count=self.count + older.count,
            unseen=self.unseen + older.unseen,
        )


@dataclass(frozen=True, slots=True)
class CallList:
    """The calls that did not reach the user, newest first."""

    entries: tuple[CallEntry, ...] = ()

    @property
    def unseen(self) -> int:
        return sum(e.unseen for e in self.entries)

    @property
    def total(self) -> int:
        """Missed calls; a diverted one is listed and was not missed."""
        return sum(e.count for e in self.entries if e.kind is not CallKind.DIVERTED)

    def add(self, entry: CallEntry) -> "CallList":
        same = [e for e in self.entries if entry.folds(e)]
        rest = tuple(e for e in self.entries if e not in same)
        for older in same:
            entry = entry.over(older)
        return CallList((entry, *rest)[:LONGEST_LIST])

    def seen(self) -> "CallList":
        return CallList(tuple(replace(e, unseen=0) for e in self.entries))

    def called(self, number: str) -> "CallList":
        """The user has called this number back, and so has seen that it called."""
        done = (replace(e, unseen=0) if e.number == number else e for e in self.entries)
        return CallList(tuple(done))

    def dated(self, offset: float) -> "CallList":
        return CallList(tuple(replace(e, last=e.last.dated(offset)) for e in self.entries))


@dataclass(frozen=True, slots=True)
class Text:
    """One MESSAGE that came in."""

    number: str
    name: str
    text: str
    came: Stamp
    seen: bool = False


@dataclass(frozen=True, slots=True)
class TextList:
    """The texts that came in, newest first."""

    entries: tuple[Text, ...] = ()

    @property
    def unseen(self) -> int:
        return sum(not t.seen for t in self.entries)

    @property
    def total(self) -> int:
        return len(self.entries)

    def add(self, text: Text) -> "TextList":
        return TextList((text, *self.entries)[:LONGEST_LIST])

    def seen(self) -> "TextList":
        return TextList(tuple(replace(t, seen=True) for t in self.entries))

    def called(self, number: str) -> "TextList":
        """The user has called back whoever wrote, and so has seen that they did."""
        done = (replace(t, seen=t.seen or t.number == number) for t in self.entries)
        return TextList(tuple(done))

    def dated(self, offset: float) -> "TextList":
        return TextList(tuple(replace(t, came=t.came.dated(offset)) for t in self.entries))


@dataclass(frozen=True, slots=True)
class Voicemail:
    """What the PBX says is in the box. The PBX keeps it; we only keep what was seen of it."""

    boxes: tuple[tuple[str, Counts], ...] = ()
    waiting: bool = False
    known: bool = False
    seen: int = 0
    "New messages that were there when the user last looked."

    @property
    def new(self) -> int:
        return sum(c.new for _, c in self.boxes)

    @property
    def old(self) -> int:
        return sum(c.old for _, c in self.boxes)

    @property
    def urgent(self) -> int:
        return sum(c.urgent for _, c in self.boxes)

    @property
    def lit(self) -> bool:
        """Somebody waits to be heard."""
        return self.waiting or self.new > 0

    @property
    def unseen(self) -> bool:
        """Something came that the user has not looked at."""
        return self.lit and max(self.new, 1) > self.seen

    def look(self) -> "Voicemail":
        """The user has looked."""
        return replace(self, seen=max(self.new, int(self.lit)))

    def heard(self, boxes: tuple[tuple[str, Counts], ...], waiting: bool) -> "Voicemail":
        """The PBX told anew; what was listened to elsewhere is not held against the next one."""
        fresh = Voicemail(boxes, waiting, known=True)
        return replace(fresh, seen=min(self.seen, max(fresh.new, int(fresh.lit))))
