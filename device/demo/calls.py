"""Calls from outside to the one user: what rings, and what the caller meets."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count

from sipmessage import URI, Address, Request

from device.demo.chores import Chores
from device.demo.dialogs import Dialog, DialogId, contact, first
from device.demo.messages import Header, Told, line
from device.demo.registrar import Binding
from device.demo.sdp import SDP, offer
from device.demo.transactions import Errand, Transactions

GIVEN_UP: tuple[Header, ...] = (("Reason", "Q.850;cause=127"),)
ELSEWHERE: tuple[Header, ...] = (
    ("Reason", 'SIP;cause=200;text="Call completed elsewhere"'),
    ("Reason", "Q.850;cause=26"),
)
"""What Asterisk 22 writes into a CANCEL (RFC 3326)."""

KEPT = 20
"Calls that are over stay visible until so many newer ones have come."


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
class Route:
    """How the user stands at the moment of a call."""

    away: bool
    "The whole PBX."
    dnd: bool
    forward: str
    desk_phone: bool
    bindings: tuple[Binding, ...]


@dataclass(slots=True, eq=False)
class Call:
    id: int
    number: str
    name: str
    state: Meets = Meets.RINGING
    detail: str = "ringing"
    target: str = ""
    "Where it was diverted to."
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
        shown = (self.number, self.name, self.state, self.detail)
        return CallerView(self.id, *shown, answerable=self.desk)

    @property
    def rings_at(self) -> str:
        """Where it still does."""
        places = ["the desk phone"] * self.desk + ["another panel"] * bool(self.panels)
        return " and ".join(places)

    def becomes(self, state: Meets, detail: str) -> None:
        self.state, self.detail = state, detail


class Calls:
    """All calls since the start, the latest last."""

    def __init__(
        self, transactions: Transactions, chores: Chores, changed: Callable[[], None]
    ) -> None:
        self._transactions = transactions
        self._chores = chores
        self._changed = changed
        self._ids = count(1)
        self._known: dict[int, Call] = {}

    @property
    def views(self) -> tuple[CallerView, ...]:
        return tuple(call.view for call in self._known.values())

    @property
    def ringing(self) -> bool:
        """A phone of the user rings."""
        return any(call.desk or call.panels for call in self._open())

    @property
    def talking(self) -> bool:
        """The user has a caller on the line."""
        return any(call.state is Meets.TALKING for call in self._open())

    def diverted_to(self, number: str) -> bool:
        """A caller is with this colleague."""
        return any(call.target == number for call in self._open())

    def place(self, number: str, name: str, route: Route, patience: float) -> int:
        """Somebody calls the user, and waits so many seconds. Returns the id of the call."""
        call = Call(next(self._ids), line(number), line(name))
        self._known[call.id] = call
        self._tidy()
        self._route(call, route)
        if call.state in OPEN:
            self._chores.later(patience, lambda: self._lose_patience(call))
        self._changed()
        return call.id

    def hang_up(self, name: int) -> None:
        """The caller has waited, or talked, long enough."""
        self._hang_up(self._call(name))

    def answer(self, name: int) -> None:
        """The user picks up the desk phone, if it rings."""
        call = self._call(name)
        if call.desk:
            call.target = ""
            call.becomes(Meets.TALKING, "talking to the desk phone")
            self._silence(call, ELSEWHERE)
            self._changed()

    def hung_up(self, name: DialogId) -> bool:
        """By a panel that had picked up; False if the call is not ours."""
        for call in self._open():
            if call.talk and call.talk.id == name:
                call.talk = None
                self._close(call, Meets.ENDED, ())
                return True
        return False

    def unplug(self) -> None:
        """The desk phone is cut off: it does not ring any more, and its talks are over."""
        for call in self._open():
            if call.state is Meets.TALKING and not call.talk:
                call.becomes(Meets.ENDED, "the desk phone was unplugged")
            elif call.desk:
                self._go_on_without_desk_phone(call)

    def forget(self) -> None:
        """The PBX is gone, and no panel is told."""
        for call in self._open():
            call.panels.clear()
            call.desk, call.talk = False, None
            call.becomes(Meets.ENDED, "the PBX went away")

    def _lose_patience(self, call: Call) -> None:
        """Talks with the user are ended by one of them, not by the clock."""
        if call.state is not Meets.TALKING:
            self._hang_up(call)

    def _hang_up(self, call: Call) -> None:
        over = Meets.GIVEN_UP if call.state is Meets.RINGING else Meets.ENDED
        self._close(call, over, GIVEN_UP)

    def _route(self, call: Call, route: Route) -> None:
        if route.away:
            call.becomes(Meets.UNREACHABLE, "the PBX is away")
        elif route.dnd:
            call.becomes(Meets.BUSY, "busy: do not disturb")
        elif route.forward:
            self._divert(call, route.forward)
        elif route.desk_phone or route.bindings:
            self._ring(call, route)
        else:
            call.becomes(Meets.UNREACHABLE, "unreachable: no phone is registered")

    def _ring(self, call: Call, route: Route) -> None:
        call.desk = route.desk_phone
        for binding in route.bindings:
            errand = self._transactions.errand(binding.flow, _invite(call, binding))
            call.panels.append(errand)
            self._chores.start(self._await(call, errand))

    async def _await(self, call: Call, errand: Errand) -> None:
        told = await self._transactions.run(errand)
        if told and told.well:
            await self._picked_up(call, Dialog.opened(errand, told))
        if errand in call.panels:
            call.panels.remove(errand)
            self._turned_down(call, told)
            self._changed()

    def _turned_down(self, call: Call, told: Told | None) -> None:
        """A panel does not take the call. Others go on ringing (RFC 3261 section 16.7)."""
        said = f"{told.code} {told.phrase}" if told else "nothing"
        if told and told.code // 100 == 3 and told.contacts:
            return self._divert(call, told.contacts[0].uri.user or "")
        call.busy |= told is not None and told.code in (486, 600, 603)
        if call.desk or call.panels:
            call.detail = f"ringing at {call.rings_at}; the panel said {said}"
        elif call.state is Meets.RINGING:
            state = Meets.BUSY if call.busy else Meets.UNREACHABLE
            call.becomes(state, f"{state}: the panel said {said}")
        return None

    def _go_on_without_desk_phone(self, call: Call) -> None:
        call.desk = False
        if call.state is Meets.DIVERTED:
            self._divert(call, call.target)
        elif call.panels:
            call.detail = "ringing"
        else:
            state = Meets.BUSY if call.busy else Meets.UNREACHABLE
            call.becomes(state, f"{state}: the desk phone was unplugged")

    async def _picked_up(self, call: Call, dialog: Dialog) -> None:
        """A panel took the call, which ours never does; too late, and it is hung up again."""
        if call.state not in (Meets.RINGING, Meets.DIVERTED):
            await self._bye(dialog)
            return
        call.talk = dialog
        call.becomes(Meets.TALKING, "talking to the panel")
        self._silence(call, ELSEWHERE)
        self._changed()

    def _divert(self, call: Call, target: str) -> None:
        also = "; the desk phone rings too" if call.desk else ""
        call.target = target
        call.becomes(Meets.DIVERTED, f"diverted to {target}{also}")

    def _close(self, call: Call, over: Meets, reason: Iterable[Header]) -> None:
        if call.state not in OPEN:
            return
        self._silence(call, reason)
        if call.talk:
            self._chores.start(self._bye(call.talk))
        call.talk = None
        call.becomes(over, over)
        self._changed()

    def _silence(self, call: Call, reason: Iterable[Header]) -> None:
        call.desk = False
        for errand in call.panels:
            self._chores.start(self._transactions.cancel(errand, reason))
        call.panels.clear()

    async def _bye(self, dialog: Dialog) -> None:
        await self._transactions.ask(dialog.flow, dialog.request("BYE"))

    def _open(self) -> list[Call]:
        return [call for call in self._known.values() if call.state in OPEN]

    def _call(self, name: int) -> Call:
        if name not in self._known:
            raise LookupError(f"there is no call {name}")
        return self._known[name]

    def _tidy(self) -> None:
        over = [call.id for call in self._known.values() if call.state not in OPEN]
        for name in over[:-KEPT]:
            del self._known[name]


def caller(number: str, name: str, host: str) -> Address:
    """Who calls or writes; without a number, nobody in particular (RFC 3323 section 4.1.1.3)."""
    if not number:
        return Address(URI("sip", "anonymous.invalid", "anonymous"), "Anonymous")
    return Address(URI("sip", host, line(number)), line(name))


def _invite(call: Call, binding: Binding) -> Request:
    host = binding.flow.local[0]
    headers = [contact(binding.flow), ("Content-Type", SDP)]
    who = caller(call.number, call.name, host)
    return first("INVITE", who, binding.uri, binding.flow, headers, offer(host))
