"""Everything the panel knows, as one frozen value."""

from dataclasses import dataclass, field

from device.core.effects import Effect
from device.core.gestures import Gestures
from device.core.mirror import Mirror
from device.core.notices import CallList, Text, TextList, Voicemail
from device.core.profile import Grants
from device.core.words import CallingStage, Hint, Link, Notice, Page, Purpose, Status


@dataclass(frozen=True, slots=True)
class Clock:
    """How the clock on the wall relates to the monotonic one."""

    offset: float | None = None
    "Wall minus monotonic, in seconds; None: nobody knows what time it is."
    zone: int = 0
    "Seconds east of UTC."

    def wall(self, at: float) -> float | None:
        """Unix seconds at a monotonic moment."""
        return None if self.offset is None else at + self.offset

    def local(self, at: float) -> float | None:
        """Local seconds: what the clock on the wall shows, counted as Unix seconds are."""
        return None if self.offset is None else at + self.offset + self.zone

    def minute(self, at: float) -> int | None:
        """Local minutes after midnight, 0 to 1439."""
        local = self.local(at)
        return None if local is None else int(local // 60 % 1440)

    def next_minute(self, at: float) -> float | None:
        """The monotonic moment at which the clock on the idle page changes."""
        wall = self.wall(at)
        # A millisecond late, so that rounding never makes it the same minute again.
        return None if wall is None else at + 60 - wall % 60 + 0.001


@dataclass(frozen=True, slots=True)
class Incoming:
    """A call that rings here and waits."""

    call: int
    number: str
    name: str
    since: float
    hops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Calling:
    """A call that the panel makes for the user: their own phone first, then the number."""

    job: int
    number: str
    name: str
    until: float
    "When we wait no longer, or when its page closes."
    stage: CallingStage = CallingStage.LIFT
    rang: bool = False
    "The user's own phone was heard to ring."
    reason: str = ""
    "Why it failed, in a sentence."


@dataclass(frozen=True, slots=True)
class Word:
    """The last word of a hint."""

    hint: Hint = Hint.UNKNOWN
    note: str = ""
    missing: bool = False
    "The PBX has no such hint."


@dataclass(frozen=True, slots=True)
class Entry:
    """A number that is being put together."""

    purpose: Purpose
    typed: str = ""
    "So far; of a PIN, stars."
    wheel: int = 0
    "Which of the characters on the wheel would be taken next, where there is no keypad."


@dataclass(frozen=True, slots=True)
class View:
    """Where the user has gone with the buttons. Ringing and balloons cover it, and go again."""

    page: Page = Page.IDLE
    index: int = 0
    "Which entry, newest first, or which line of a menu."
    part: int = 0
    "Which screenful of a long text."
    status: Status | None = None
    "For a menu: the status that it is about, whose button leads through it."
    since: float = 0.0
    "When a button was last used here."
    entry: Entry | None = None
    "On the pages NUMBER and PIN."
    held: bool = False
    "On the page PIN: the press that waits for it was a hold."
    text: Text | None = None
    "On the page REPLY: what is answered, whatever comes in meanwhile."


@dataclass(frozen=True, slots=True)
class Balloon:
    """News that pops up over the page for a while; the newest of its kind is told."""

    notice: Notice | None
    "None: not a notice, but the answer to a wish."
    title: str
    text: str
    until: float


@dataclass(frozen=True, slots=True)
class Mute:
    """Nothing is sounded."""

    until: float | None = None
    "Monotonic seconds; None: until sound is wanted again, or while `ends` has no clock to it."
    ends: float | None = None
    "The same in Unix seconds, for the next run of the program."


@dataclass(frozen=True, slots=True)
class Lock:
    """How it went with the PIN."""

    wrong: int = 0
    "Wrong ones since the last right one."
    until: float = 0.0
    "Monotonic seconds before which none is taken."
    opened: float | None = None
    "When the right one was given, while absent has not been left yet."


@dataclass(frozen=True, slots=True)
class Sent:
    """A text of ours, and what became of it."""

    job: int
    to: str
    text: str
    ok: bool | None = None
    "None while it is under way."
    reason: str = ""


@dataclass(frozen=True, slots=True)
class State:
    grants: Grants
    now: float = 0.0
    "Monotonic seconds of the last event."
    clock: Clock = Clock()
    link: Link = Link.OFFLINE
    link_reason: str = ""
    link_since: float = 0.0
    mirror: Mirror = field(default_factory=Mirror)
    line_hint: Hint = Hint.UNKNOWN
    "What the hint of the user's own phone says."
    hints: dict[str, Word] = field(default_factory=dict)
    "The last word of every hint that can be seen; colleagues are told by them."
    tell_free: frozenset[str] = frozenset()
    "Numbers of colleagues of whom the user wants to know when they are free."
    calling: Calling | None = None
    scheduled: float | None = None
    "Local seconds of the schedule's last change that was looked at."
    agent: str = ""
    "What the PBX calls itself."
    address: str | None = None
    "Our own in the network; empty: there is none; None: nobody has looked."
    calls: tuple[Incoming, ...] = ()
    "Ringing here, oldest first."
    missed: CallList = field(default_factory=CallList)
    texts: TextList = field(default_factory=TextList)
    sent: tuple[Sent, ...] = ()
    "Newest first."
    voicemail: Voicemail = field(default_factory=Voicemail)
    view: View = View()
    balloons: tuple[Balloon, ...] = ()
    gestures: Gestures = field(default_factory=Gestures)
    woken: float = 0.0
    "When there was last something new to see."
    lost: dict[str, str] = field(default_factory=dict)
    "Parts that are missing, and why; and buttons that are stuck."
    touched: float = 0.0
    "Monotonic seconds of the last press, turn or key, by whatever hand."
    mute: Mute | None = None
    lock: Lock = Lock()
    jobs: int = 0
    "Ids given out so far."


Outcome = tuple[State, tuple[Effect, ...]]
"What something leads to: the state after it, and the pulses that the world is asked for."
