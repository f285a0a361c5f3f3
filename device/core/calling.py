"""Calls that the panel makes for the user. It is no phone: it rings the user's own phone first,
and when that is lifted, refers it to the number (RFC 3515).

    dial ──► LIFT ──lifted──► CONNECTING ──picked up──► CONNECTED
               └── not lifted, refused, silence ──► FAILED, and why
"""

from dataclasses import replace

from device.core.effects import Effect, EndDial, Refer, RingOwn
from device.core.events import DialEnded, OwnLifted, OwnRings, Referred
from device.core.notices import CallEntry, Text
from device.core.pages import refuse
from device.core.profile import MOBILE, NUMBER
from device.core.state import Calling, Outcome, State
from device.core.words import CallingStage, Link, Notice, Page, Status

LIFT_SECONDS = 25.0
"How long the user's own phone rings."

CONNECT_SECONDS = 60.0
"How long we wait to hear of the other end; a REFER's own life is its PBX's affair."

LAST_WORD_SECONDS = 3.0
"How long the last NOTIFY is waited for once our own part is over."

DONE_SECONDS = 4.0
"How long the outcome stays on the page."

LOCKED = (Status.ABSENT, Status.DIVERTED, Status.LOGGED_OUT)
"Statuses in which nobody is there to lift a phone."

BUSY_CODES = (486, 600)
"Busy Here and Busy Everywhere (RFC 3261 sections 21.4.24 and 21.6.1)."


def dial(state: State, number: str, name: str = "", *, from_outside: bool = False) -> Outcome:
    """Call a number; a refusal is one sentence. What came from outside is digits, or not called."""
    reason = refusal(state, number, from_outside=from_outside)
    if reason:
        return refuse(state, reason), ()
    job = state.jobs + 1
    calling = Calling(job, number, name or known_as(state, number), state.now + LIFT_SECONDS)
    seen = replace(state, missed=state.missed.called(number), texts=state.texts.called(number))
    after = replace(seen, jobs=job, calling=calling, balloons=())
    return after, (RingOwn(job, state.grants.own_phone),)


def refusal(state: State, number: str, *, from_outside: bool = False) -> str:
    """Why this number is not called, in one sentence; empty: it is."""
    if state.mirror.choice.status in LOCKED:
        return _locked(state)
    if not number:
        return "There is no number to call"
    known = not from_outside and number in _our_own(state)
    if not known and not NUMBER.fullmatch(number):
        return f"{number} is not a telephone number"
    if number == state.grants.user:
        return "That is your own number"
    if state.link is not Link.ONLINE:
        return "There is no PBX"
    if under_way(state):
        return "Another call is being made"
    return ""


def call_back(state: State, notice: Notice) -> Outcome:
    """Call whoever the notice is from: the entry that is shown, else the newest."""
    match notice:
        case Notice.VOICEMAIL:
            return dial(state, state.grants.profile.voicemail, "Voicemail")
        case Notice.MISSED:
            return _call(state, state.missed.entries, Page.MISSED)
        case Notice.MESSAGE:
            return _call(state, state.texts.entries, Page.MESSAGE)


def heed(state: State) -> Outcome:
    """Who goes away while their phone still rings is not to be called any more."""
    lifting = state.calling and state.calling.stage is CallingStage.LIFT
    away = state.mirror.choice.status in LOCKED
    return _fail(state, _locked(state)) if lifting and away else (state, ())


def stop(state: State) -> Outcome:
    """The user has thought better of it, or has read how it ended."""
    if state.calling is None:
        return state, ()
    effects = (EndDial(state.calling.job),) if under_way(state) else ()
    return replace(state, calling=None), effects


def under_way(state: State) -> bool:
    """A call is being made, and not over yet."""
    calling = state.calling
    return bool(calling) and _stage(state) in (CallingStage.LIFT, CallingStage.CONNECTING)


def deadline(state: State) -> float | None:
    """When time alone ends a call, or its page."""
    return state.calling.until if state.calling else None


def pass_time(state: State) -> Outcome:
    """Nobody lifted, nobody told; or the outcome has been read."""
    calling = state.calling
    if calling is None or state.now < calling.until:
        return state, ()
    if not under_way(state):
        return replace(state, calling=None), ()
    if calling.stage is CallingStage.LIFT:
        return _fail(state, "Your phone was not picked up")
    return _fail(state, f"Nobody knows what became of the call to {calling.number}")


def rings(state: State, event: OwnRings) -> State:
    """The user's own phone rings."""
    calling = _our_call(state, event.job)
    return replace(state, calling=replace(calling, rang=True)) if calling else state


def lifted(state: State, event: OwnLifted) -> Outcome:
    """On it goes to the number, if it was a person who lifted.

    What picks up without ringing is the user's voicemail, and is not to call anybody.
    """
    calling = _our_call(state, event.job)
    if calling is None or calling.stage is not CallingStage.LIFT:
        return state, ()
    if not calling.rang:
        return _fail(state, "Your phone did not ring")
    until = state.now + CONNECT_SECONDS
    on = replace(calling, stage=CallingStage.CONNECTING, until=until)
    return replace(state, calling=on), (Refer(calling.job, calling.number),)


def referred(state: State, event: Referred) -> Outcome:
    """The PBX tells how the other end answers."""
    calling = _our_call(state, event.job)
    if calling is None or calling.stage is not CallingStage.CONNECTING or event.code < 200:
        return state, ()
    if event.code < 300:
        return _done(state)
    if event.code in BUSY_CODES:
        return _fail(state, f"{calling.name or calling.number} is busy")
    why = f"{event.code} {event.reason}".strip()
    return _fail(state, f"{calling.name or calling.number} was not reached: {why}")


def ended(state: State, event: DialEnded) -> Outcome:
    """Our own part is over. After the referral the PBX has the call, and its last word may be late;
    or the user has put the phone down again."""
    calling = _our_call(state, event.job)
    if calling is None or not under_way(state):
        return state, ()
    if calling.stage is CallingStage.CONNECTING:
        until = state.now + LAST_WORD_SECONDS
        return replace(state, calling=replace(calling, until=until)), ()
    if event.reason.startswith(tuple(map(str, BUSY_CODES))):
        return _fail(state, "Your own phone is busy at the PBX")
    return _fail(state, f"Your own phone cannot be rung: {event.reason or 'it hung up'}")


def known_as(state: State, number: str) -> str:
    """The name of a colleague or a divert target."""
    colleague = state.grants.colleague(number)
    if colleague:
        return colleague.name
    return next((t.name for t in state.grants.targets if t.number == number), "")


def _call(state: State, entries: tuple[CallEntry, ...] | tuple[Text, ...], page: Page) -> Outcome:
    here = state.view.index if state.view.page is page else 0
    if not entries:
        return refuse(state, "There is nobody to call back"), ()
    return call(state, entries[min(here, len(entries) - 1)])


def call(state: State, entry: CallEntry | Text) -> Outcome:
    """Call whoever called or wrote."""
    if not entry.number:
        return refuse(state, "The caller's number is not known"), ()
    return dial(state, entry.number, entry.name, from_outside=True)


def _locked(state: State) -> str:
    status = state.mirror.choice.status
    return f"No calls from the panel while {status.replace('_', ' ')}"


def _our_own(state: State) -> frozenset[str]:
    """Numbers from config and profile, which may be codes: none of them came from outside."""
    grants = state.grants
    colleagues = (c.number for c in grants.colleagues)
    targets = (t.number for t in grants.targets if t.number != MOBILE)
    return frozenset((grants.profile.voicemail, grants.mobile, *colleagues, *targets)) - {""}


def _our_call(state: State, job: int) -> Calling | None:
    return state.calling if state.calling and state.calling.job == job else None


def _stage(state: State) -> CallingStage | None:
    return state.calling.stage if state.calling else None


def _done(state: State) -> Outcome:
    return _over(state, CallingStage.CONNECTED, "")


def _fail(state: State, reason: str) -> Outcome:
    return _over(state, CallingStage.FAILED, reason)


def _over(state: State, stage: CallingStage, reason: str) -> Outcome:
    if state.calling is None:
        return state, ()
    until = state.now + DONE_SECONDS
    over = replace(state.calling, stage=stage, reason=reason, until=until)
    effects: tuple[Effect, ...] = (EndDial(over.job),)
    return replace(state, calling=over), effects
