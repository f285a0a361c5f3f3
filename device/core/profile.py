"""What one family of PBX understands, and what this user may do there."""

import re
from dataclasses import dataclass, field

from device.core.manners import Manners
from device.core.room import Room
from device.core.schedule import Change
from device.core.words import Hint, Status

MOBILE = "mobile"
"The word for the user's own mobile, where a number is asked for."

NUMBER = re.compile(r"\+?\d{1,32}", re.ASCII)
"A telephone number, and nothing that a PBX could take for a feature code."


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published of a user: a presence document of one tuple (RFC 3863, RFC 4480)."""

    open: bool = True
    "The document's `basic`."
    activity: str = ""
    "An RPID activity (RFC 4480 section 3.2), such as `busy` or `away`; empty: none."
    note: str = ""


@dataclass(frozen=True, slots=True)
class Switch:
    """A status that the PBX keeps: what sets it, what clears it, and the hint that tells."""

    on: str = ""
    "Feature code; `{target}` stands for the divert target, `{user}` for the extension."
    off: str = ""
    "Feature code; not needed where setting another status ends this one."
    hint: str = ""
    "Watched extension that tells of the status; empty: it is not to be read back."
    note: str = ""
    "The note the hint has while the status is set; empty: it is busy then, and only then."
    optional: bool = False
    "Not every PBX of the family has the hint; where it is missing, the code's answer must do."
    published: Publication | None = None
    "Set by PUBLISH (RFC 3903) instead of a code."

    def told_by(self, hint: Hint, note: str) -> bool:
        """The status is set, says this word of the hint."""
        return note.casefold() == self.note.casefold() if self.note else hint is Hint.BUSY


@dataclass(frozen=True, slots=True)
class Profile:
    """One family's means. Statuses without a switch live in our own SIP answers only."""

    name: str
    switches: dict[Status, Switch] = field(default_factory=dict)
    """Where there is one for `available`, they are a selector: setting one ends the others. Else
    each is set and cleared by itself."""
    nearest: dict[Status, Status] = field(default_factory=dict)
    "A status that the PBX cannot keep, and the one it keeps instead, as the nearest it has."
    limits: dict[Status, str] = field(default_factory=dict)
    "What is not possible there, in a sentence."
    dnd_code: int = 486
    "Final answer to a call that reaches the panel in dnd (RFC 3261 section 21.4)."
    absent_code: int = 480
    line: str = "{user}"
    "Hint that tells what the user's own phone is doing; empty: there is none."
    line_in_dnd: bool = True
    "Whether that hint still tells of the phone in dnd; at some PBXs it is busy then anyway."
    own_phone: str = "{user}"
    "Number that rings the user's own phone, for calls made from the panel."
    voicemail: str = ""
    "Number to call to listen to voicemail."
    agents: tuple[str, ...] = ()
    "Words in Server or User-Agent headers by which the family is known; the first that fits wins."

    @property
    def selector(self) -> bool:
        """The PBX keeps one status at a time."""
        return Status.AVAILABLE in self.switches

    @property
    def publishes(self) -> bool:
        """Statuses are set by PUBLISH."""
        return any(s.published for s in self.switches.values())

    @property
    def tells_lines(self) -> str:
        """The hint that tells what somebody's phone does; else what they publish, if it must do."""
        available = self.switches.get(Status.AVAILABLE)
        return self.line or (available.hint if available and available.published else "")

    def kept_as(self, status: Status) -> Status:
        """What the PBX keeps for this status."""
        return self.nearest.get(status, status)


@dataclass(frozen=True, slots=True)
class Target:
    """A place calls may be diverted to."""

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """Another extension that is watched."""

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Grants:
    """What the PBX and the config grant this user. Read once, at start."""

    user: str
    profile: Profile
    divert_allowed: bool = True
    absent_at_logout: bool = False
    absent_at_shutdown: bool = False
    mobile: str = ""
    "The number that a target called `mobile` stands for."
    targets: tuple[Target, ...] = ()
    allowed: tuple[re.Pattern[str], ...] = ()
    "A divert target must match one of these, where there are any."
    forbidden: tuple[str, ...] = ()
    colleagues: tuple[Colleague, ...] = ()
    schedule: tuple[Change, ...] = ()
    strangers: tuple[tuple[str, str], ...] = ()
    "Words in a PBX's name, and the family that each speaks of, where that is not ours."
    manners: Manners = field(default_factory=Manners)
    room: Room = field(default_factory=Room)
    "What the glass holds of a text."

    def stranger(self, agent: str) -> str:
        """The other family that a PBX of this name is of; empty: none that we know of."""
        named = agent.casefold()
        if any(word.casefold() in named for word in self.profile.agents):
            return ""
        return next((f for word, f in self.strangers if word.casefold() in named), "")

    @property
    def line(self) -> str:
        """The watched extension that tells what the user's own phone does."""
        return self.profile.line.format(user=self.user)

    @property
    def own_phone(self) -> str:
        """The number that rings the user's own phone."""
        return self.profile.own_phone.format(user=self.user)

    @property
    def watched(self) -> frozenset[str]:
        """All hints that this panel lives by."""
        people = (self.user, *(c.number for c in self.colleagues))
        return frozenset(h for person in people for h in self.hints_of(person))

    def hints_of(self, number: str) -> frozenset[str]:
        """The hints that tell of one person: of the line, and of each status the PBX keeps."""
        hints = (self.profile.line, *(s.hint for s in self.profile.switches.values()))
        return frozenset(h.format(user=number) for h in hints if h)

    def colleague(self, wanted: str) -> Colleague | None:
        """The colleague called or numbered so."""
        named = (c for c in self.colleagues if wanted.lower() in (c.name.lower(), c.number))
        return next(named, None)

    def target(self, wanted: str) -> Target | None:
        """The target called or numbered so; the first one for an empty wish."""
        if not wanted:
            return self.targets[0] if self.targets else None
        named = [t for t in self.targets if wanted.lower() in (t.name.lower(), t.number)]
        if not named and wanted.lower() == MOBILE:
            return Target("Mobile", self.mobile)
        return named[0] if named else Target("", wanted)

    def refusal(self, target: Target | None) -> str:
        """Why calls may not be diverted there, in one sentence; empty: they may."""
        number = target.number if target else ""
        if not self.divert_allowed:
            return "Diverting is not allowed for this user"
        if not number:
            return "There is no number to divert to"
        if target not in self.targets and not self.allowed and not NUMBER.fullmatch(number):
            return f"There is no target called {number}"
        if number == self.user:
            return "A user cannot divert to their own number"
        if number in self.forbidden:
            return f"{number} may not be a divert target"
        if self.allowed and not any(p.search(number) for p in self.allowed):
            return f"{number} does not match divert.allowed"
        return ""
