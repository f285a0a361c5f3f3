"""Everything that the glass can show, as values: equal screens look the same, to the pixel."""

from dataclasses import dataclass

from device.core.words import CallingStage, CallKind, Hint, Line, Link, MirrorState, Notice, Status
from device.views.outset import NoConfig, Starting

WORDS = {
    Status.AVAILABLE: "Available",
    Status.DND: "Do not disturb",
    Status.ABSENT: "Absent",
    Status.DIVERTED: "Diverted",
    Status.LOGGED_OUT: "Logged out",
}
"How people call the statuses."

WITHHELD = "Unknown caller"


@dataclass(frozen=True, slots=True)
class Bar:
    """The top of the page of rest."""

    clock: str
    extension: str
    link: Link
    line: Line
    muted: bool = False
    "Nothing is sounded."


@dataclass(frozen=True, slots=True)
class Badge:
    """A notice that waits."""

    notice: Notice
    count: int
    "0: nobody counted them."
    fresh: bool
    "Not seen yet."
    urgent: bool = False
    known: bool = True
    "The count is of now; else of before the PBX fell silent."


@dataclass(frozen=True, slots=True)
class Idle:
    """A desk at rest."""

    bar: Bar
    status: Status
    standing: MirrorState
    target: str = ""
    "Where calls go, while they are diverted."
    until: str = ""
    "When this ends, or what the schedule makes of it next."
    news: str = ""
    "What is wrong or under way, in a sentence."
    badges: tuple[Badge, ...] = ()

    @property
    def word(self) -> str:
        return WORDS[self.status]


@dataclass(frozen=True, slots=True)
class Trouble:
    """The PBX is not there, or not what it should be: nothing is claimed of what it does."""

    bar: Bar
    title: str
    since: str
    reason: str
    chosen: str
    "What the user wants of the PBX when it is back; empty: that is not known either."
    badges: tuple[Badge, ...] = ()
    address: str = ""
    "Where the panel itself is on the network."


@dataclass(frozen=True, slots=True)
class Ringing:
    """A call waits; the oldest where there are several."""

    number: str
    name: str
    via: str = ""
    "Who diverted it here."
    waiting: int = 0
    "How many more calls ring."
    meant: str = ""
    "Whom the caller called, where that is somebody else still."


@dataclass(frozen=True, slots=True)
class CallingPage:
    """A call that is made for the user, on their own phone."""

    number: str
    name: str
    stage: CallingStage
    reason: str = ""
    "Why it failed, in a sentence."


@dataclass(frozen=True, slots=True)
class CallsPage:
    """One line of the calls that did not reach the user."""

    number: str
    name: str
    kind: CallKind
    count: int
    when: str
    place: str
    "As `2/5`."


@dataclass(frozen=True, slots=True)
class TextPage:
    """One screenful of a text."""

    sender: str
    when: str
    lines: tuple[str, ...]
    place: str
    part: int = 0
    parts: int = 1
    sign: str = Notice.MESSAGE
    "The icon that stands for it where there is no room for more."


@dataclass(frozen=True, slots=True)
class VoicemailPage:
    """What is in one voicemail box."""

    account: str
    new: int | None
    "None: some, which nobody counted."
    old: int
    urgent: int
    place: str = ""
    "Empty where there is one box only."
    known: bool = True


@dataclass(frozen=True, slots=True)
class NothingPage:
    """A list with nothing in it, or nothing known of it."""

    notice: Notice
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a menu."""

    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """A choice to make with the button that opened it."""

    title: str
    rows: tuple[Row, ...]
    chosen: int
    place: str
    keys: str = "press: next   hold: set"
    "What the button does."


@dataclass(frozen=True, slots=True)
class About:
    """What the panel is and how it stands, line by line."""

    rows: tuple[Row, ...]
    top: int
    "The first line to show."
    place: str


@dataclass(frozen=True, slots=True)
class NumberPage:
    """A number, or a PIN, that is put together digit by digit."""

    title: str
    typed: str
    wheel: str = ""
    "What would be taken next; empty: there is no wheel to turn here."
    told: str = ""
    "Whose number that is, or what is wrong with it."
    keys: str = ""
    "What holding the button does that takes a digit."
    digits: int = 0
    "How many there will be; 0: nobody knows."


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the list of colleagues."""

    name: str
    doing: Hint
    diverts: bool = False
    waited_for: bool = False
    "The user will be told when they are free."


@dataclass(frozen=True, slots=True)
class People:
    """The colleagues, one of them chosen with their button."""

    rows: tuple[Person, ...]
    chosen: int
    place: str
    told: str
    "What the chosen one is doing, in words."
    keys: str
    "What their button does."


@dataclass(frozen=True, slots=True)
class BalloonUp:
    """News, for a few seconds."""

    notice: Notice | None
    "None: something went wrong."
    title: str
    text: str


Screen = (
    Idle
    | Trouble
    | NoConfig
    | Starting
    | Ringing
    | CallingPage
    | CallsPage
    | TextPage
    | VoicemailPage
    | NothingPage
    | Menu
    | People
    | About
    | NumberPage
    | BalloonUp
)
