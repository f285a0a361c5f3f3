"""One call to the user, from the first ring to its end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from device.core.words import Status
from device.demo.dialogs import Dialog
from device.demo.registrar import Binding
from device.demo.transactions import Errand


class Meets(StrEnum):
    """What an outside caller meets."""

    RINGING = "ringing"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    DIVERTED = "diverted"
    TALKING = "talking"
    GIVEN_UP = "given up"
    ENDED = "ended"


OPEN = (Meets.RINGING, Meets.DIVERTED, Meets.TALKING)
"""Something can still happen to such a call."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls."""

    number: str
    "Empty: withheld."
    name: str = ""
    diverted_by: str = ""
    "A colleague who was called, and whose calls go to the user (RFC 5806)."
    session: str = ""
    "Session-ID (RFC 7989), where the PBX passes it on."


@dataclass(frozen=True, slots=True)
class CallerView:
    """A call as its caller sees it."""

    id: int
    number: str
    "Empty: withheld."
    name: str
    state: Meets
    detail: str
    "In words, for instance `diverted to 101`."
    answerable: bool
    "The desk phone rings for it."


@dataclass(frozen=True, slots=True)
class Showing:
    """Panels are shown what a status keeps from their user, as the kit for Asterisk does it."""

    user: str
    seconds: float
    "How long a panel may take that says nothing of use."


@dataclass(frozen=True, slots=True)
class Route:
    """How the user stands at the moment of a call."""

    away: bool
    "The whole PBX."
    status: Status
    "As the PBX keeps it."
    forward: str
    "Where calls go while that is diverted."
    desk_phone: bool
    bindings: tuple[Binding, ...]
    showing: Showing | None = None
    "Nothing is shown by most PBXs: what they turn away, no phone hears of."


@dataclass(slots=True, eq=False)
class Call:
    id: int
    caller: Caller
    follow: Callable[["Call"], None] = lambda _: None
    "Told of every turn it takes."
    own: bool = False
    "The user's own, made by a panel; nobody else is at its far end yet."
    state: Meets = Meets.RINGING
    detail: str = "ringing"
    target: str = ""
    "Where it was diverted, or referred, to."
    desk: bool = False
    "The desk phone rings."
    panels: list[Errand] = field(default_factory=list)
    "INVITEs without a final answer."
    talk: Dialog | None = None
    "With a panel that picked up; ours never does."
    busy: bool = False
    "One of those asked was."

    @property
    def view(self) -> CallerView:
        shown = (self.caller.number, self.caller.name, self.state, self.detail)
        return CallerView(self.id, *shown, answerable=self.desk)

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def rings_at(self) -> str:
        """Where it still does."""
        places = ["the desk phone"] * self.desk + ["another panel"] * bool(self.panels)
        return " and ".join(places)

    @property
    def rings(self) -> bool:
        return self.desk or bool(self.panels)

    def becomes(self, state: Meets, detail: str) -> None:
        self.state, self.detail = state, detail
        self.follow(self)
