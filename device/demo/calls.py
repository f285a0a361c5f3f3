"""Calls to the one user: what rings, and what the caller meets."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import count

from device.core.words import Status
from device.demo.call import Call, Caller, CallerView, Meets, Route, Showing
from device.demo.chores import Chores
from device.demo.dialogs import Dialog, DialogId
from device.demo.forks import ELSEWHERE, GIVEN_UP, Forks
from device.demo.messages import Header, Told, line
from device.demo.people import Being
from device.demo.transactions import Transactions

KEPT = 20
"Calls that are over stay visible until so many newer ones have come."

KEPT_AWAY = (Status.DND, Status.ABSENT, Status.DIVERTED)
"Statuses in which calls do not reach the user's phones."

OBSTACLES = {
    Being.BUSY: (Meets.BUSY, "busy: {} is on the phone"),
    Being.RINGING: (Meets.BUSY, "busy: {} is being called"),
    Being.AWAY: (Meets.UNREACHABLE, "unreachable: {} is away"),
    Being.DIVERTED: (Meets.UNREACHABLE, "unreachable: {} diverts as well, and once is enough"),
}
"What a diverted caller meets at a colleague who is not free: 486 or 480."


class Calls:
    """All calls since the start, the latest last."""

    def __init__(
        self,
        transactions: Transactions,
        chores: Chores,
        being: Callable[[str], Being],
        changed: Callable[[], None],
    ) -> None:
        """`being` tells how somebody stands to whom a call is diverted."""
        self._forks = Forks(transactions, chores, self._picked_up, self._turned_down)
        self._chores = chores
        self._being = being
        self.changed = changed
        "Tell everybody that something may be other now."
        self._ids = count(1)
        self._known: dict[int, Call] = {}

    @property
    def views(self) -> tuple[CallerView, ...]:
        """Of those who called from outside."""
        return tuple(call.view for call in self._known.values() if not call.own)

    @property
    def own(self) -> CallerView | None:
        """The latest call that a panel made to the user's own phone."""
        found = [call.view for call in self._known.values() if call.own]
        return found[-1] if found else None

    @property
    def ringing(self) -> bool:
        """A phone of the user rings."""
        return any(call.rings for call in self._open())

    @property
    def talking(self) -> bool:
        """The user has somebody on the line, or has at least lifted the phone."""
        return any(call.state is Meets.TALKING for call in self._open())

    def diverted_to(self, number: str) -> bool:
        """A caller is with this colleague, or the user is."""
        return any(call.target == number for call in self._open())

    def place(
        self,
        caller: Caller,
        route: Route,
        patience: float,
        follow: Callable[[Call], None] | None = None,
    ) -> Call:
        """Somebody calls the user, and waits so many seconds.

        With `follow` it is the user's own call.
        """
        plain = replace(caller, number=line(caller.number), name=line(caller.name))
        call = Call(next(self._ids), plain, follow or (lambda _: None), own=follow is not None)
        self._known[call.id] = call
        self._tidy()
        self._route(call, route)
        if call.open:
            self._chores.later(patience, lambda: self._lose_patience(call))
        self.changed()
        return call

    def hang_up(self, name: int) -> None:
        """The caller has waited, or talked, long enough."""
        self._hang_up(self._call(name))

    def answer(self, name: int) -> None:
        """The user picks up the desk phone, if it rings."""
        call = self._call(name)
        if call.desk:
            call.target = ""
            self._forks.silence(call, ELSEWHERE)
            detail = "lifted" if call.own else "talking to the desk phone"
            call.becomes(Meets.TALKING, detail)
            self.changed()

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
            call.desk, call.talk, call.follow = False, None, lambda _: None
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
        elif route.status is Status.DND:
            call.becomes(Meets.BUSY, "busy: do not disturb")
        elif route.status is Status.ABSENT:
            call.becomes(Meets.UNREACHABLE, "unreachable: absent")
        elif route.status is Status.DIVERTED:
            self._divert(call, route.forward)
        elif route.desk_phone or route.bindings:
            call.desk = route.desk_phone
            self._forks.ring(call, route.bindings)
        else:
            call.becomes(Meets.UNREACHABLE, "unreachable: no phone is registered")
        if route.showing and not route.away and route.status in KEPT_AWAY:
            self._show(call, route, route.showing)

    def _show(self, call: Call, route: Route, showing: Showing) -> None:
        """Whatever a panel says to it, the caller has met what there was to meet."""
        caller = call.caller
        if route.status is Status.DIVERTED and call.state is not Meets.DIVERTED:
            # To a panel a call that was diverted before is one that goes no further.
            caller = replace(caller, diverted_by=caller.diverted_by or showing.user)
        self._forks.show(caller, route.bindings, showing.seconds)

    def _turned_down(self, call: Call, told: Told | None) -> None:
        """A panel does not take the call. Others go on ringing (RFC 3261 section 16.7)."""
        if told and told.code // 100 == 3 and told.contacts and not call.own:
            self._divert(call, told.contacts[0].uri.user or "")
        else:
            said = f"{told.code} {told.phrase}" if told else "nothing"
            call.busy |= told is not None and told.code in (486, 600, 603)
            self._go_on(call, f"the panel said {said}")
        self.changed()

    def _go_on(self, call: Call, why: str) -> None:
        """One phone fewer rings."""
        if call.rings:
            call.detail = f"ringing at {call.rings_at}; {why}"
        elif call.state is Meets.RINGING:
            state = Meets.BUSY if call.busy else Meets.UNREACHABLE
            call.becomes(state, f"{state}: {why}")

    def _go_on_without_desk_phone(self, call: Call) -> None:
        call.desk = False
        if call.state is Meets.DIVERTED:
            self._divert(call, call.target)
        elif call.panels:
            call.detail = "ringing"
        else:
            self._go_on(call, "the desk phone was unplugged")

    def _picked_up(self, call: Call, dialog: Dialog) -> None:
        """A panel took the call, which ours never does; too late, and it is hung up again."""
        if call.own or call.state not in (Meets.RINGING, Meets.DIVERTED):
            self._forks.hang_up(dialog)
            return
        call.talk = dialog
        call.becomes(Meets.TALKING, "talking to the panel")
        self._forks.silence(call, ELSEWHERE)
        self.changed()

    def _divert(self, call: Call, target: str) -> None:
        """One level only; what rings already rings on."""
        obstacle = _obstacle(call, target, self._being(target))
        if not obstacle:
            also = "; the desk phone rings too" if call.desk else ""
            call.target = target
            call.becomes(Meets.DIVERTED, f"diverted to {target}{also}")
        elif call.rings:
            call.detail = f"ringing at {call.rings_at}; {obstacle[1]}"
        else:
            call.becomes(*obstacle)

    def _close(self, call: Call, over: Meets, reason: Iterable[Header]) -> None:
        if not call.open:
            return
        self._forks.silence(call, reason)
        if call.talk:
            self._forks.hang_up(call.talk)
        call.talk = None
        call.becomes(over, over)
        self.changed()

    def _open(self) -> list[Call]:
        return [call for call in self._known.values() if call.open]

    def _call(self, name: int) -> Call:
        if name not in self._known:
            raise LookupError(f"there is no call {name}")
        return self._known[name]

    def _tidy(self) -> None:
        over = [call.id for call in self._known.values() if not call.open]
        for name in over[:-KEPT]:
            del self._known[name]


def _obstacle(call: Call, target: str, being: Being) -> tuple[Meets, str] | None:
    """Why this call does not get there; None: it does."""
    if by := call.caller.diverted_by:
        return Meets.UNREACHABLE, f"unreachable: {by} has diverted already, and once is enough"
    state, detail = OBSTACLES.get(being, (None, ""))
    return (state, detail.format(target)) if state else None
