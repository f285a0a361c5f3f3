"""Everything that can happen to a panel. Each event says when, so that the core needs no clock."""

from dataclasses import dataclass

from device.core.profile import Publication
from device.core.words import FIRST_BOARD, By, CallEnd, Hint, Link, Notice, Status


@dataclass(frozen=True, slots=True)
class Event:
    at: float
    "Monotonic seconds."


# Time


@dataclass(frozen=True, slots=True)
class Tick(Event):
    """The moment that `deadline(state)` named has come."""


@dataclass(frozen=True, slots=True)
class ClockSet(Event):
    """The clock on the wall was set, or found to be unknown."""

    wall: float | None
    "Unix seconds at this moment; None while nobody knows."
    zone: int = 0
    "Seconds east of UTC."


@dataclass(frozen=True, slots=True)
class AddressFound(Event):
    """This machine's own address in the network, perhaps another than before."""

    address: str
    "Empty: there is no network."


# The board and the glass


@dataclass(frozen=True, slots=True)
class Edge(Event):
    """A contact of a button closed or opened, bounces and all."""

    button: str
    down: bool
    board: str = FIRST_BOARD
    "Which board's, where there are several: it may be unplugged while others are not."


@dataclass(frozen=True, slots=True)
class Turned(Event):
    """The knob was turned."""

    steps: int
    "Detents, clockwise; less than none: the other way."


@dataclass(frozen=True, slots=True)
class Keyed(Event):
    """A key of the keypad went down, one of `KEYS`."""

    key: str


@dataclass(frozen=True, slots=True)
class PinTyped(Event):
    """So many digits of a PIN stand there now. Which, is not for the core to know."""

    digits: int


@dataclass(frozen=True, slots=True)
class PinTried(Event):
    """A whole PIN was given."""

    right: bool


@dataclass(frozen=True, slots=True)
class PinLeft(Event):
    """Whoever was asked for the PIN has thought better of it."""


@dataclass(frozen=True, slots=True)
class PartLost(Event):
    """A board or the OLED is missing or was unplugged."""

    part: str
    why: str


@dataclass(frozen=True, slots=True)
class PartFound(Event):
    """A board or the OLED works, perhaps again."""

    part: str


# Wishes, from whatever surface


@dataclass(frozen=True, slots=True)
class Pressed(Event):
    """A whole gesture made elsewhere than on the board: in the page, by a command."""

    button: str
    held: bool = False
    by: By = By.WEB


@dataclass(frozen=True, slots=True)
class For:
    """A time limit that runs for so long."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Until:
    """A time limit that ends the next time the clock on the wall shows this."""

    minute: int
    "Minutes after local midnight, 0 to 1439."


@dataclass(frozen=True, slots=True)
class Chosen(Event):
    """Somebody wants a status."""

    status: Status
    by: By
    target: str = ""
    "Name or number of a divert target; empty: the first one there is."
    limit: For | Until | None = None


@dataclass(frozen=True, slots=True)
class Cleared(Event):
    """Somebody is done with all that a notice tells of."""

    notice: Notice


@dataclass(frozen=True, slots=True)
class TextWanted(Event):
    """Somebody wants a text sent (RFC 3428)."""

    to: str
    text: str


@dataclass(frozen=True, slots=True)
class DialWanted(Event):
    """Somebody wants to talk to a number, on the user's own phone."""

    number: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class DialCancelled(Event):
    """Somebody has thought better of it."""


@dataclass(frozen=True, slots=True)
class Muted(Event):
    """Somebody wants nothing sounded for a while, or sound again."""

    wanted: bool = True
    seconds: float | None = None
    "None: until sound is wanted again."


@dataclass(frozen=True, slots=True)
class TellWhenFree(Event):
    """Somebody wants to be told, once, when a colleague is free; or no longer wants to."""

    number: str
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Leaving(Event):
    """The program is about to end."""


# From the PBX


@dataclass(frozen=True, slots=True)
class LinkChanged(Event):
    """The registration was won, lost, or turned down."""

    link: Link
    reason: str = ""
    "In words; empty where there is nothing to explain."


@dataclass(frozen=True, slots=True)
class CallOffered(Event):
    """An INVITE came in and waits for an answer."""

    call: int
    "Our own id, never used twice in one run of the program."
    number: str
    "The caller's user part; empty where withheld."
    name: str = ""
    hops: tuple[str, ...] = ()
    "Who diverted the call before, latest first (RFC 5806 Diversion, RFC 7044 History-Info)."


@dataclass(frozen=True, slots=True)
class CallEnded(Event):
    """An offered call rings no more."""

    call: int
    end: CallEnd


@dataclass(frozen=True, slots=True)
class CallTurnedAway(Event):
    """The SIP library had no room for this call, or no way with its media, and turned it away."""

    number: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """Message counts of one box (RFC 3842 section 5.2): of them `urgent` are among the new."""

    new: int = 0
    old: int = 0
    urgent: int = 0


@dataclass(frozen=True, slots=True)
class VoicemailHeard(Event):
    """The PBX told what is in the voicemail box or boxes."""

    boxes: tuple[tuple[str, Counts], ...]
    "Account (empty where not said) and its counts."
    waiting: bool = False
    "Messages-Waiting said yes; the lamp follows it even where no counts came."


@dataclass(frozen=True, slots=True)
class VoicemailLost(Event):
    """The subscription ended: what is in the box is unknown from now on, not nothing."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class TextReceived(Event):
    """A MESSAGE came in (RFC 3428)."""

    number: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class TextSent(Event):
    """A MESSAGE of ours got its final answer."""

    job: int
    ok: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CodeAnswered(Event):
    """The PBX picked up a feature code and is at work on it."""

    job: int


@dataclass(frozen=True, slots=True)
class CodeEnded(Event):
    """A feature code's call is over."""

    job: int
    done: bool
    "It was answered (2xx) before it ended."
    reason: str = ""
    "For example `404 Not Found`."


@dataclass(frozen=True, slots=True)
class OwnRings(Event):
    """The user's own phone rings (a provisional answer above 100 to `RingOwn`)."""

    job: int


@dataclass(frozen=True, slots=True)
class OwnLifted(Event):
    """The user's own phone was lifted, or something picked up in its place."""

    job: int


@dataclass(frozen=True, slots=True)
class Referred(Event):
    """A NOTIFY told how the other end answers (message/sipfrag, RFC 3515 section 2.4.5).

    A REFER that the PBX turns down is told the same way, with the code of its answer.
    """

    job: int
    code: int
    "SIP status code: 1xx so far, 2xx picked up, else not reached."
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DialEnded(Event):
    """The call to the user's own phone is over, for whatever cause."""

    job: int
    reason: str = ""
    "For example `486 Busy Here`; empty where it was answered before."


@dataclass(frozen=True, slots=True)
class Published(Event):
    """A PUBLISH got its final answer (RFC 3903)."""

    publication: Publication
    ok: bool
    reason: str = ""
    "For example `489 Bad Event`."


@dataclass(frozen=True, slots=True)
class PbxSeen(Event):
    """What the PBX calls itself: its Server or User-Agent header (RFC 3261 section 20.35)."""

    agent: str


@dataclass(frozen=True, slots=True)
class HintHeard(Event):
    """A NOTIFY told what a watched extension is doing."""

    number: str
    hint: Hint
    note: str = ""


@dataclass(frozen=True, slots=True)
class HintLost(Event):
    """A watched extension can be seen no longer, or never could."""

    number: str
    reason: str = ""
