"""What the OLED is to say: the state, as one of the screens."""

from dataclasses import dataclass
from math import ceil

from device.core import turns
from device.core.calling import known_as
from device.core.colleagues import warning
from device.core.notices import CallEntry, Text
from device.core.pages import BALLOON_SECONDS, CALL_BACK, NOT_POSSIBLE
from device.core.quiet import muted
from device.core.room import parts
from device.core.schedule import next_due
from device.core.state import Balloon, Calling, Incoming, State
from device.core.words import Link, MirrorState, Notice, Page, Status
from device.views import when
from device.views.complaints import complaints
from device.views.menus import (
    about,
    clamp,
    mute,
    number,
    people,
    pin,
    place_of,
    reply,
    targets,
    times,
)
from device.views.public import line
from device.views.screens import (
    WITHHELD,
    WORDS,
    Badge,
    BalloonUp,
    Bar,
    CallingPage,
    CallsPage,
    Idle,
    NothingPage,
    Ringing,
    Screen,
    TextPage,
    Trouble,
    VoicemailPage,
)

__all__ = ["NOTHING", "Screen", "screen"]

TROUBLE = {
    Link.OFFLINE: "No PBX",
    Link.CONNECTING: "Connecting",
    Link.REFUSED: "PBX refused",
}

NOTHING = {
    Notice.MISSED: "No missed calls",
    Notice.MESSAGE: "No messages",
    Notice.VOICEMAIL: "No voicemail",
}


def screen(state: State) -> Screen:
    """What the glass shows: a call covers news, and news cover the page."""
    balloon = state.balloons[0] if state.balloons else None
    if state.calls and not (balloon and _answers(balloon, state.calls[0])):
        return _ringing(state)
    if balloon:
        return BalloonUp(balloon.notice, balloon.title, balloon.text)
    return _calling(state.calling) if state.calling else _page(state)


def _answers(balloon: Balloon, call: Incoming) -> bool:
    """The user wanted something of this very call, and is told why not."""
    after = balloon.until >= call.since + BALLOON_SECONDS
    return balloon.title == NOT_POSSIBLE and after


def _ringing(state: State) -> Ringing:
    call = state.calls[0]
    whose = [_named(state, number) for number in call.hops]
    via, meant = (whose[0], whose[-1]) if len(whose) > 1 else ("".join(whose), "")
    return Ringing(call.number, call.name, via, len(state.calls) - 1, meant)


def _named(state: State, number: str) -> str:
    return known_as(state, number) or number


def _calling(calling: Calling) -> CallingPage:
    return CallingPage(calling.number, calling.name, calling.stage, calling.reason)


def _page(state: State) -> Screen:
    match state.view.page:
        case Page.MISSED:
            return _calls_page(state)
        case Page.MESSAGE:
            return _text_page(state)
        case Page.VOICEMAIL:
            return _voicemail_page(state)
        case Page.TARGETS:
            return targets(state)
        case Page.TIMES:
            return times(state)
        case Page.MUTE:
            return mute(state)
        case Page.NUMBER:
            return number(state)
        case Page.PIN:
            return pin(state)
        case Page.COLLEAGUES:
            return people(state)
        case Page.REPLY:
            return reply(state, (CALL_BACK, *state.grants.manners.replies))
        case Page.ABOUT:
            return about(state)
        case _:
            return _rest(state)


# The page of rest


def _rest(state: State) -> Screen:
    """In turn with what has no line on it."""
    page, turn = _desk(state), turns.turn(state)
    if turn is None:
        return page
    pages = (page, *complaints(_each_lost(state), state.grants.room))
    return pages[turn % len(pages)]


def _desk(state: State) -> Idle | Trouble:
    if state.mirror.misfit and state.link is Link.ONLINE:
        return _misfit(state)
    out = state.mirror.choice.status is Status.LOGGED_OUT and not state.mirror.wish
    return _idle(state) if state.link is Link.ONLINE or out else _trouble(state)


def _idle(state: State) -> Idle:
    news = _news(state)
    return Idle(
        _bar(state),
        state.mirror.choice.status,
        state.mirror.standing(state.grants, state.link),
        target=_target(state),
        until=_until(state, news),
        news=news,
        badges=_badges(state),
    )


def _trouble(state: State) -> Trouble:
    hour, target = when.hour(state, state.link_since), _target(state)
    since = f"since {hour}" if hour and state.link is Link.OFFLINE else ""
    chosen = f"→ {target}" if target else WORDS[state.mirror.choice.status]
    # The large title says PBX already, and the glass is small.
    reason = state.link_reason.removeprefix("The PBX at ")
    cut = state.address == "" and state.link is Link.OFFLINE
    title, why = ("No network", "") if cut else (TROUBLE[state.link], reason)
    address = state.address or ""
    return Trouble(_bar(state), title, since, why, chosen, _badges(state), address=address)


def _misfit(state: State) -> Trouble:
    """No status is claimed, for what the codes do here is not what they are for."""
    reason = state.mirror.misfit.replace(" does not fit this PBX", "").removeprefix("The profile ")
    return Trouble(_bar(state), "Wrong profile", "", reason, "", _badges(state))


def _bar(state: State) -> Bar:
    return Bar(when.clock(state), state.grants.user, state.link, line(state), muted(state))


def _target(state: State) -> str:
    choice = state.mirror.choice
    if choice.status is not Status.DIVERTED or not choice.target:
        return ""
    target = state.grants.target(choice.target)
    return (target and target.name) or choice.target


def _until(state: State, news: str) -> str:
    """When the status ends: by its limit, or by the schedule where that comes first."""
    change = _next_change(state)
    until = state.mirror.choice.until
    if until is None:
        return change.told if change and not news else ""
    if change and change.at < until:
        return change.told
    hour = when.hour(state, until)
    return f"until {hour}" if hour else f"{ceil(max(until - state.now, 0) / 60)} min left"


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the schedule does next."""

    at: float
    "Monotonic seconds."
    told: str


def _next_change(state: State) -> Ahead | None:
    """None as well where all would stay as it is."""
    local, choice = state.clock.local(state.now), state.mirror.choice
    due = None if local is None else next_due(state.grants.schedule, local)
    if due is None or local is None or (due.change.status is choice.status and not choice.limited):
        return None
    at = state.now + due.moment - local
    return Ahead(at, f"{WORDS[due.change.status]} {when.ahead(state, at)}")


def _news(state: State) -> str:
    mirror = state.mirror
    match mirror.verdict(state.grants, state.link):
        case MirrorState.REFUSED:
            return mirror.refusal.reason if mirror.refusal else ""
        case MirrorState.PENDING:
            return "Logging out…" if mirror.choice.status is Status.LOGGED_OUT else "Setting…"
        case MirrorState.UNKNOWN:
            return mirror.reason(state.grants, state.link, state.now) or "Asking the PBX…"
        case MirrorState.CONFIRMED:
            out = mirror.choice.status is Status.LOGGED_OUT
            return _lost(state) or _warning(state) or ("No calls arrive here" if out else "")


def _warning(state: State) -> str:
    """Why calls may come to nothing where they go; whom it is about stands above it already."""
    target = state.mirror.choice.target
    told = warning(state, target) if target else ""
    return told.removeprefix(f"{_target(state)} ")


def _lost(state: State) -> str:
    return "; ".join(_each_lost(state))


def _each_lost(state: State) -> list[str]:
    return [why or f"No {part}" for part, why in state.lost.items()]


def _badges(state: State) -> tuple[Badge, ...]:
    missed, texts, box = state.missed.unseen, state.texts.unseen, state.voicemail
    found = (
        Badge(Notice.MISSED, missed, fresh=True) if missed else None,
        Badge(Notice.MESSAGE, texts, fresh=True) if texts else None,
        Badge(Notice.VOICEMAIL, box.new, box.known and box.unseen, box.urgent > 0, box.known)
        if box.lit
        else None,
    )
    return tuple(badge for badge in found if badge)


# Lists


def _calls_page(state: State) -> CallsPage | NothingPage:
    entries = state.missed.entries
    if not entries:
        return NothingPage(Notice.MISSED, NOTHING[Notice.MISSED])
    index = clamp(state.view.index, len(entries))
    return _call(state, entries[index], place_of(index, len(entries)))


def _call(state: State, call: CallEntry, place: str) -> CallsPage:
    told = when.told(state, call.last) or when.UNKNOWN_TIME
    return CallsPage(call.number, call.name, call.kind, call.count, told, place)


def _text_page(state: State) -> TextPage | NothingPage:
    entries = state.texts.entries
    if not entries:
        return NothingPage(Notice.MESSAGE, NOTHING[Notice.MESSAGE])
    index = clamp(state.view.index, len(entries))
    return _text(state, entries[index], place_of(index, len(entries)))


def _text(state: State, text: Text, place: str) -> TextPage:
    screenfuls = parts(text.text, state.grants.room)
    part = clamp(state.view.part, len(screenfuls))
    return TextPage(
        text.name or text.number or WITHHELD,
        when.briefly(state, text.came) or when.UNKNOWN_CLOCK,
        screenfuls[part],
        place,
        part,
        len(screenfuls),
    )


def _voicemail_page(state: State) -> VoicemailPage | NothingPage:
    box = state.voicemail
    if not box.boxes and not box.waiting:
        text = NOTHING[Notice.VOICEMAIL] if box.known else "Voicemail unknown"
        return NothingPage(Notice.VOICEMAIL, text)
    if not box.boxes:
        return VoicemailPage("", None, 0, 0, known=box.known)
    index = clamp(state.view.index, len(box.boxes))
    account, counts = box.boxes[index]
    place = place_of(index, len(box.boxes)) if len(box.boxes) > 1 else ""
    new = counts.new if box.new or not box.waiting else None
    return VoicemailPage(account, new, counts.old, counts.urgent, place, box.known)
