"""Calls that are offered to the panel: how each is answered, and what is kept of it.

The panel never answers with a 2xx; it is no phone. It waits with 180 while the user's phones
ring, or turns the call away as the status asks.
"""

from dataclasses import replace

from device.core.calling import under_way
from device.core.effects import Answer, Beep, Effect
from device.core.events import CallEnded, CallOffered, CallTurnedAway
from device.core.notices import CallEntry, Stamp
from device.core.pages import WITHHELD, keep_place, pop_up
from device.core.quiet import hushed
from device.core.state import Incoming, Outcome, State
from device.core.words import CallEnd, CallKind, Notice, Page, Status

RINGING_CODE = 180
MOVED_CODE = 302
"Moved Temporarily, RFC 3261 section 21.3.3."
NOWHERE_CODE = 480
"Temporarily Unavailable, RFC 3261 section 21.4.18: what a call meets that was diverted before."

TITLES = {
    CallKind.MISSED: "Missed call",
    CallKind.DND: "Turned away",
    CallKind.ABSENT: "Called while absent",
    CallKind.DIVERTED: "Diverted",
}


def offered(state: State, event: CallOffered) -> Outcome:
    """A call comes in; the chosen status says what it meets."""
    call = Incoming(event.call, event.number, event.name, event.at, event.hops)
    if under_way(state) and event.number == state.grants.user:
        return state, (Answer(call.call, NOWHERE_CODE),)  # our own call, forked back to us
    match state.mirror.choice.status:
        case Status.AVAILABLE:
            return _ring(state, call)
        case Status.DND:
            return turn_away(state, call)
        case Status.DIVERTED if call.number == state.mirror.choice.target:
            return _ring(state, call)  # sent on, it would come back to the caller's own phone
        case Status.DIVERTED:
            return divert(state, call, state.mirror.choice.target)
        case Status.ABSENT | Status.LOGGED_OUT:
            return _end(state, call, state.grants.profile.absent_code, CallKind.ABSENT)


def ended(state: State, event: CallEnded) -> Outcome:
    """A call stops ringing. One we do not have says nothing."""
    call = next((c for c in state.calls if c.call == event.call), None)
    if call is None:
        return state, ()
    left = _without(state, call)
    if event.end is CallEnd.ANSWERED_ELSEWHERE:
        return left, ()
    return listed(left, call.number, call.name, CallKind.MISSED)


def turned_away(state: State, event: CallTurnedAway) -> Outcome:
    """More calls at once than the SIP library holds: turned away by it, seen all the same."""
    kind = CallKind.DND if state.mirror.choice.status is Status.DND else CallKind.MISSED
    return listed(state, event.number, event.name, kind)


def turn_away(state: State, call: Incoming) -> Outcome:
    """Busy, says the panel."""
    return _end(state, call, state.grants.profile.dnd_code, CallKind.DND)


def divert(state: State, call: Incoming, target: str) -> Outcome:
    """Send a call on, once: one that was diverted on its way here goes no further."""
    if call.hops or not target:
        return _end(state, call, NOWHERE_CODE, CallKind.MISSED)
    after, effects = listed(_without(state, call), call.number, call.name, CallKind.DIVERTED)
    return after, (Answer(call.call, MOVED_CODE, target), *effects)


def listed(state: State, number: str, name: str, kind: CallKind) -> Outcome:
    """Keep a call that did not reach the user, and tell of it unless it was sent on as wished."""
    stamp = Stamp(state.now, state.clock.wall(state.now))
    news = kind is not CallKind.DIVERTED
    entry = CallEntry(number, name, kind, stamp, unseen=int(news))
    after = keep_place(state, replace(state, missed=state.missed.add(entry)), Page.MISSED)
    if not news:
        return after, ()
    return pop_up(after, Notice.MISSED, TITLES[kind], name or number or WITHHELD), sound(
        state, Notice.MISSED
    )


def sound(state: State, notice: Notice) -> tuple[Effect, ...]:
    """The tune of a notice, unless the user wants to hear nothing."""
    return () if hushed(state) else (Beep(notice),)


def _ring(state: State, call: Incoming) -> Outcome:
    return replace(state, calls=(*state.calls, call)), (Answer(call.call, RINGING_CODE),)


def _end(state: State, call: Incoming, code: int, kind: CallKind) -> Outcome:
    after, effects = listed(_without(state, call), call.number, call.name, kind)
    return after, (Answer(call.call, code), *effects)


def _without(state: State, call: Incoming) -> State:
    return replace(state, calls=tuple(c for c in state.calls if c.call != call.call))
