"""What a program outside is told of the panel: plain values, ready for JSON."""

from datetime import UTC, datetime, timedelta, timezone

from device.core.colleagues import doing, has_set, warning
from device.core.events import Counts
from device.core.lock import asks, waits
from device.core.notices import CallEntry, Stamp, Text
from device.core.pages import page
from device.core.profile import Colleague
from device.core.quiet import hushed, in_quiet_hours, muted
from device.core.schedule import next_due
from device.core.state import Calling, Entry, Incoming, State
from device.core.words import Hint, Line, Link, MirrorState, Notice, Status
from device.views.lamps import lamps
from device.views.people import word
from hw.ports import Glow

Json = dict[str, object]

LINES = {Hint.FREE: Line.FREE, Hint.RINGING: Line.RINGING, Hint.BUSY: Line.BUSY}
"AWAY and UNKNOWN tell nothing of the line."


def public(state: State, now: float | None = None) -> Json:
    """Everything shown. `now` is the moment it is asked for, in monotonic seconds."""
    choice = state.mirror.choice
    return {
        "status": choice.status,
        "line": line(state),
        "link": state.link,
        "link_reason": state.link_reason,
        "mirror": mirror(state),
        "divert": divert(state),
        "until": _local(state, None if choice.until is None else state.clock.wall(choice.until)),
        "remaining": _remaining(choice.until, state.now if now is None else now),
        "notices": notices(state),
        "ringing": [_caller(call) for call in state.calls],
        "calling": _calling(state.calling),
        "lamps": {name: _glow(glow) for name, glow in lamps(state).items()},
        "page": page(state),
        "entry": entry(state.view.entry),
        "sound": sound(state, state.now if now is None else now),
        "replies": list(state.grants.manners.replies),
        "lock": lock(state),
        "colleagues": colleagues(state),
        "schedule": schedule(state),
        "time_known": state.clock.offset is not None,
        "hardware": dict(state.lost),
        "user": state.grants.user,
        "profile": state.grants.profile.name,
        "agent": state.agent,
    }


def line(state: State) -> Line:
    """What the user's phone is doing, as well as the panel can know it."""
    if state.link is not Link.ONLINE:
        return Line.UNKNOWN
    if state.calls:
        return Line.RINGING
    profile, busy = state.grants.profile, state.line_hint is Hint.BUSY
    if busy and not profile.line_in_dnd and state.mirror.keeps(state.grants) is Status.DND:
        return Line.UNKNOWN  # busy for dnd alone, for all we know
    return LINES.get(state.line_hint, Line.UNKNOWN)


def mirror(state: State) -> Json:
    """What the PBX says of the status, who set it, and why it is not confirmed."""
    verdict = state.mirror.verdict(state.grants, state.link)
    choice = state.mirror.choice
    means = state.mirror.means(state.grants)
    limit = state.grants.profile.limits.get(choice.status, "")
    about = {"by": choice.by, "means": means, "limit": limit, "misfit": state.mirror.misfit}
    return {"state": verdict, "reason": reason(state), **about}


def reason(state: State) -> str:
    """Why the status is not as it should be, in a sentence; empty: nothing to explain."""
    if state.mirror.verdict(state.grants, state.link) is MirrorState.CONFIRMED:
        return ""
    mirror = state.mirror.reason(state.grants, state.link, state.now)
    return mirror if state.mirror.refusal else state.link_reason or mirror


def divert(state: State) -> Json:
    """Where calls go; nulls while they are not diverted. And why they may come to nothing there."""
    choice = state.mirror.choice
    if choice.status is not Status.DIVERTED or not choice.target:
        return {"target": None, "name": None, "warning": ""}
    return {**_target(state, choice.target), "warning": warning(state, choice.target)}


def entry(entry: Entry | None) -> Json | None:
    """The number that is being entered at the panel; of a PIN, stars."""
    return {"purpose": entry.purpose, "typed": entry.typed} if entry else None


def sound(state: State, now: float) -> Json:
    """Whether the panel may be heard, and who or what keeps it quiet."""
    until = state.mute.until if state.mute else None
    return {
        "on": not hushed(state),
        "muted": muted(state),
        "until": _local(state, None if until is None else state.clock.wall(until)),
        "remaining": _remaining(until, now),
        "quiet_hours": in_quiet_hours(state),
    }


def lock(state: State) -> Json:
    """Whether the buttons ask for the PIN, how many wrong ones there were, and seconds to wait."""
    wait = -int(-waits(state) // 1)
    return {"asks": asks(state), "wrong": state.lock.wrong, "wait": wait}


def colleagues(state: State) -> list[Json]:
    """What each colleague is doing, in the order of the config, which is that of the buttons."""
    return [person(state, colleague) for colleague in state.grants.colleagues]


def person(state: State, colleague: Colleague) -> Json:
    """One colleague. A status is true where the PBX is heard to keep it for them."""
    kept = (Status.DIVERTED, Status.DND, Status.ABSENT)
    return {
        "number": colleague.number,
        "name": colleague.name,
        "state": doing(state, colleague),
        "word": word(state, colleague),
        **{status: has_set(state, colleague, status) for status in kept},
        "tell_when_free": colleague.number in state.tell_free,
    }


def schedule(state: State) -> Json | None:
    """What the schedule changes next; null where it has nothing, or nobody knows the time."""
    local = state.clock.local(state.now)
    due = None if local is None else next_due(state.grants.schedule, local)
    if due is None:
        return None
    diverted = due.change.status is Status.DIVERTED
    where = _target(state, due.change.target) if diverted else {"target": None, "name": None}
    # By the clock on the wall, without an offset: the zone may have another one by then.
    at = datetime.fromtimestamp(due.moment, UTC).replace(tzinfo=None)
    return {"at": at.isoformat(timespec="seconds"), "status": due.change.status, **where}


def _target(state: State, wanted: str) -> Json:
    target = state.grants.target(wanted)
    return {"target": target.number, "name": target.name} if target else {"target": "", "name": ""}


def _calling(calling: Calling | None) -> Json | None:
    """The call that is made for the user, until its outcome has been read."""
    if calling is None:
        return None
    whom = {"job": calling.job, "number": calling.number, "name": calling.name}
    return {**whom, "stage": calling.stage, "reason": calling.reason}


def notices(state: State) -> Json:
    """How much waits for the user."""
    box = state.voicemail
    counts = {"new": box.new, "old": box.old, "urgent": box.urgent}
    return {
        Notice.MISSED: {"unseen": state.missed.unseen, "total": state.missed.total},
        Notice.MESSAGE: {"unseen": state.texts.unseen, "total": state.texts.total},
        Notice.VOICEMAIL: {
            **counts,
            "known": box.known,
            "unseen": box.unseen,
            "number": state.grants.profile.voicemail,
        },
    }


def calls(state: State) -> list[Json]:
    """The calls that did not reach the user, newest first."""
    return [_call(state, entry) for entry in state.missed.entries]


def messages(state: State) -> list[Json]:
    """The texts that came in, newest first."""
    return [_text(state, text) for text in state.texts.entries]


def voicemail(state: State) -> Json:
    """What the PBX says is in each box; `known` is false while it has not said or cannot."""
    box = state.voicemail
    boxes = [_box(account, counts) for account, counts in box.boxes]
    known = {"known": box.known, "waiting": box.waiting, "unseen": box.unseen}
    return {**known, "new": box.new, "old": box.old, "urgent": box.urgent, "boxes": boxes}


def _call(state: State, entry: CallEntry) -> Json:
    return {
        "number": entry.number,
        "name": entry.name,
        "kind": entry.kind,
        "count": entry.count,
        "unseen": entry.unseen,
        "at": _stamp(state, entry.last),
    }


def _text(state: State, text: Text) -> Json:
    came = _stamp(state, text.came)
    who = {"number": text.number, "name": text.name}
    return {**who, "text": text.text, "at": came, "seen": text.seen}


def _box(account: str, counts: Counts) -> Json:
    return {
        "account": account,
        "new": counts.new,
        "old": counts.old,
        "urgent": counts.urgent,
    }


def _caller(call: Incoming) -> Json:
    return {"number": call.number, "name": call.name}


def _glow(glow: Glow) -> Json:
    colours = {"colour": glow.colour, "overlay": glow.overlay}
    return {**colours, "pattern": glow.pattern, "level": glow.level}


def _remaining(until: float | None, now: float) -> int | None:
    """Whole seconds, rounded up, so that it is nought only when the time has come."""
    return None if until is None else max(0, -int(-(until - now) // 1))


def _stamp(state: State, stamp: Stamp) -> str | None:
    offset = state.clock.offset
    return _local(state, stamp.wall if offset is None else stamp.dated(offset).wall)


def _local(state: State, wall: float | None) -> str | None:
    """Unix seconds as ISO 8601 in the user's zone, to the second."""
    if wall is None:
        return None
    zone = timezone(timedelta(seconds=state.clock.zone)) if state.clock.zone else UTC
    return datetime.fromtimestamp(wall, zone).isoformat(timespec="seconds")


def sent(state: State) -> list[Json]:
    """The last texts of ours, newest first; `ok` is null while one is under way."""
    return [
        {"job": s.job, "to": s.to, "text": s.text, "ok": s.ok, "reason": s.reason}
        for s in state.sent
    ]
