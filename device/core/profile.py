"""What one family of PBX understands, and what this user may do there."""

import re
from dataclasses import dataclass, field

from device.core.words import Status

MOBILE = "mobile"
"The word for the user's own mobile, where a number is asked for."


NUMBER = re.compile(r"\+?\d{1,32}", re.ASCII)
"What may be diverted to where the config allows any number: no feature codes, no slips."


@dataclass(frozen=True, slots=True)
class Switch:
    """A status that the PBX keeps: a code that sets it, one that clears it, a hint that tells."""

    on: str
    "Feature code; `{target}` stands for the divert target, `{user}` for the extension."
    off: str
    hint: str = ""
    "Watched extension that is busy while the status is set; empty: not to be read back."
    optional: bool = False
    "Not every PBX of the family has the hint; where it is missing, the code's answer must do."


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
