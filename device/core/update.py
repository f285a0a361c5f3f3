"""What the panel does about everything that happens. Begin reading here.

`update` takes the state and an event, and returns the next state and the effects it asks of the
world: pulses, done once each. Lamps, screen and ringer are no effects but views of the state. It is
total: any event, in any order, at any time, has an answer and raises nothing. `deadline` says when
time alone would change something; a `Tick` is owed by then.
"""

from collections.abc import Callable
from dataclasses import replace

from device.core import (
    calling,
    calls,
    colleagues,
    hands,
    inbox,
    lock,
    pages,
    quiet,
    rest,
    status,
    turns,
)
from device.core.effects import Effect
from device.core.events import (
    AddressFound,
    CallEnded,
    CallOffered,
    CallTurnedAway,
    Chosen,
    Cleared,
    ClockSet,
    CodeAnswered,
    CodeEnded,
    DialCancelled,
    DialEnded,
    DialWanted,
    Edge,
    Event,
    HintHeard,
    HintLost,
    Keyed,
    Leaving,
    LinkChanged,
    Muted,
    OwnLifted,
    OwnRings,
    PartFound,
    PartLost,
    PbxSeen,
    PinLeft,
    PinTried,
    PinTyped,
    Pressed,
    Published,
    Referred,
    TellWhenFree,
    TextReceived,
    TextSent,
    TextWanted,
    Tick,
    Turned,
    VoicemailHeard,
    VoicemailLost,
)
from device.core.mirror import NOT_FOUND
from device.core.state import Clock, Outcome, State, Word
from device.core.words import (
    Hint,
    Link,
)

Stage = Callable[[State], Outcome]

NEVER = 1e11
"Unix seconds, in the year 5138: a clock that shows more shows nonsense."

SLACK_SECONDS = 300.0
"A clock that is set back by less was a little fast, and not wrong."


def update(state: State, event: Event) -> Outcome:
    """Let time pass up to the event, act on it, and see what the PBX still owes us.

    Time passes once more after the event, for what it made due at once: a limit of no seconds.
    """
    state = replace(state, now=max(state.now, event.at))
    ways = (_pass_time, lambda s: _take(s, event), _pass_time, status.advance, _settle)
    after, effects = _chain(state, *ways)
    return rest.wake(state, after), effects


def deadline(state: State) -> float | None:
    """When the core next wants a Tick, if ever. Monotonic seconds."""
    times = (
        state.gestures.deadline(),
        pages.deadline(state),
        status.deadline(state),
        calling.deadline(state),
        quiet.deadline(state),
        lock.deadline(state),
        state.clock.next_minute(state.now),
        rest.deadline(state),
        turns.deadline(state),
    )
    return min((t for t in times if t is not None), default=None)


def _take(state: State, event: Event) -> Outcome:
    match event:
        case Tick():
            return state, ()
        case ClockSet():
            return _set_clock(state, event), ()
        case AddressFound(address=address):
            return replace(state, address=address), ()
        case Edge() | Pressed() | Turned() | Keyed() | PinTyped() | PinTried() | PinLeft():
            return hands.take(state, event)
        case PartLost(part=part, why=why):
            return replace(hands.hands_off(state, part), lost=state.lost | {part: why}), ()
        case PartFound(part=part):
            return replace(state, lost={p: w for p, w in state.lost.items() if p != part}), ()
        case _:
            return _take_wish(state, event)


def _take_wish(state: State, event: Event) -> Outcome:
    match event:
        case Chosen():
            return pages.home(status.choose(state, event)), ()
        case Cleared(notice=notice):
            return inbox.clear(state, notice), ()
        case TextWanted():
            return inbox.send(state, event)
        case TextSent():
            return inbox.sent(state, event), ()
        case DialWanted(number=number, name=name):
            return calling.dial(state, number, name)
        case DialCancelled():
            return calling.stop(state)
        case TellWhenFree():
            return _tell_when_free(state, event), ()
        case Muted(wanted=wanted, seconds=seconds):
            return quiet.mute(state, seconds if wanted else 0.0), ()
        case Leaving():
            return status.leave(state), ()
        case _:
            return _take_from_pbx(state, event)


def _take_from_pbx(state: State, event: Event) -> Outcome:
    match event:
        case LinkChanged():
            return _link(state, event), ()
        case CallOffered():
            return calls.offered(state, event)
        case CallEnded():
            return calls.ended(state, event)
        case CallTurnedAway():
            return calls.turned_away(state, event)
        case HintHeard():
            return _hint(state, event), ()
        case HintLost():
            return _no_hint(state, event), ()
        case VoicemailHeard():
            return inbox.voicemail(state, event)
        case VoicemailLost():
            return replace(state, voicemail=replace(state.voicemail, known=False)), ()
        case TextReceived():
            return inbox.text(state, event)
        case PbxSeen(agent=agent):
            mirror = state.mirror.meet(state.grants, agent)
            return replace(state, agent=agent, mirror=mirror), ()
        case _:
            return _take_of_our_calls(state, event)


def _take_of_our_calls(state: State, event: Event) -> Outcome:
    """How it goes with what we asked of the PBX: codes, publications, calls for the user."""
    match event:
        case CodeAnswered(job=job):
            return status.answered(state, job), ()
        case CodeEnded(job=job, done=done, reason=reason):
            return status.ended(state, job, done, reason), ()
        case Published():
            return status.published(state, event), ()
        case OwnRings():
            return calling.rings(state, event), ()
        case OwnLifted():
            return calling.lifted(state, event)
        case Referred():
            return calling.referred(state, event)
        case DialEnded():
            return calling.ended(state, event)
        case _:
            return state, ()


def _tell_when_free(state: State, event: TellWhenFree) -> State:
    colleague = state.grants.colleague(event.number)
    return colleagues.tell(state, colleague, wanted=event.wanted) if colleague else state


# The PBX and the clock


def _link(state: State, event: LinkChanged) -> State:
    same = event.link is state.link
    since = state.link_since if same else state.now
    after = replace(state, link=event.link, link_reason=event.reason, link_since=since)
    if event.link is Link.ONLINE:
        anew = state.mirror.online(state.grants, state.now).meet(state.grants, state.agent)
        mirror = state.mirror if same else anew
        return replace(after, mirror=mirror)
    unheard = replace(state.voicemail, known=False)
    blind = replace(after, line_hint=Hint.UNKNOWN, hints={}, voicemail=unheard)
    return replace(blind, mirror=state.mirror.offline())


def _hint(state: State, event: HintHeard) -> State:
    mirror = state.mirror.heard(state.grants, event.number, event.hint, event.note, state.now)
    own = event.number == state.grants.line
    hints = state.hints | {event.number: Word(event.hint, event.note)}
    line = event.hint if own else state.line_hint
    return colleagues.told(replace(state, mirror=mirror, hints=hints, line_hint=line))


def _no_hint(state: State, event: HintLost) -> State:
    mirror = state.mirror.lost(state.grants, event.number, event.reason)
    own = event.number == state.grants.line
    word = Word(missing=event.reason.startswith(NOT_FOUND))
    hints = state.hints | {event.number: word}
    line = Hint.UNKNOWN if own else state.line_hint
    return replace(state, mirror=mirror, hints=hints, line_hint=line)


def _set_clock(state: State, event: ClockSet) -> State:
    if event.wall is None or not 0 <= event.wall < NEVER:
        return replace(state, clock=Clock(None, event.zone))
    offset = event.wall - event.at
    dated = replace(state, missed=state.missed.dated(offset), texts=state.texts.dated(offset))
    after = status.clock_set(quiet.clock_set(replace(dated, clock=Clock(offset, event.zone))))
    before = state.clock.wall(event.at)
    back = 0.0 if before is None else before - event.wall
    return status.clock_was_wrong(after) if back > SLACK_SECONDS else after


# Time


def _pass_time(state: State) -> Outcome:
    gestures, told = state.gestures.pass_time(state.now)
    state = quiet.pass_time(pages.pass_time(replace(state, gestures=gestures)))
    return _chain(state, lambda s: hands.told(s, told), calling.pass_time, status.pass_time)


def _settle(state: State) -> Outcome:
    """What follows from all the rest."""
    return calling.heed(lock.settle(hands.tell_stuck(state)))


def _chain(state: State, *stages: Stage) -> Outcome:
    effects: tuple[Effect, ...] = ()
    for stage in stages:
        state, more = stage(state)
        effects += more
    return state, effects
