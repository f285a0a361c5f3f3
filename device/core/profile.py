"""What one family of PBX understands, and what this user may do there."""

import re
from dataclasses import dataclass, field

from device.core.words import Status

MOBILE = "mobile"
"The word for the user's own mobile, where a number is asked for."


@dataclass(frozen=True, slots=True)
class Switch:
    """A status that the PBX keeps: a code that sets it, one that clears it, a hint that tells."""

    on: str
    "Feature code; `{target}` stands for the divert target, `{user}` for the extension."
    off: str
    hint: str = ""
    "Watched extension that is busy while the status is set; empty: not to be read back."


@dataclass(frozen=True, slots=True)
class Profile:
    """One family's means. Statuses without a switch live in our own SIP answers only."""

    name: str
    switches: dict[Status, Switch] = field(default_factory=dict)
    dnd_code: int = 486
    absent_code: int = 480
    line: str = "{user}"
    "Hint that tells what the user's own phone is doing; empty: there is none."
    voicemail: str = ""
    "Number to call to listen to voicemail."


@dataclass(frozen=True, slots=True)
class Target:
    """A place calls may be diverted to."""

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Grants:
    """What the PBX and the config grant this user. Read once, at start."""

    user: str
    profile: Profile
    divert_allowed: bool = True
    absent_at_logout: bool = False
    mobile: str = ""
    "The number that a target called `mobile` stands for."
    targets: tuple[Target, ...] = ()
    allowed: tuple[re.Pattern[str], ...] = ()
    "A divert target must match one of these, where there are any."
    forbidden: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The watched extension that tells what the user's own phone does."""
        return self.profile.line.format(user=self.user)

    @property
    def watched(self) -> frozenset[str]:
        """All hints that this panel lives by."""
        hints = (w.hint.format(user=self.user) for w in self.profile.switches.values())
        return frozenset(h for h in (self.line, *hints) if h)

    def target(self, wanted: str) -> Target | None:
        """The target called or numbered so; the first one for an empty wish."""
        if not wanted:
            return self.targets[0] if self.targets else None
        named = [t for t in self.targets if wanted.lower() in (t.name.lower(), t.number)]
        if not named and wanted.lower() == MOBILE:
            return Target("Mobile", self.mobile)
        return named[0] if named else Target("", wanted)

    def refusal(self, number: str) -> str:
        """Why calls may not be diverted there, in one sentence; empty: they may."""
        if not self.divert_allowed:
            return "Diverting is not allowed for this user"
        if not number:
            return "There is no number to divert to"
        if number == self.user:
            return "A user cannot divert to their own number"
        if number in self.forbidden:
            return f"{number} may not be a divert target"
        if self.allowed and not any(p.search(number) for p in self.allowed):
            return f"{number} does not match divert.allowed"
        return ""
