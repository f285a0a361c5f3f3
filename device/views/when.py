"""Moments as the glass tells them: short, and honest where nobody knows the time."""

from datetime import UTC, datetime, timedelta

from device.core.notices import Stamp
from device.core.state import State

UNKNOWN_CLOCK = "--:--"
UNKNOWN_TIME = "time unknown"

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def clock(state: State) -> str:
    """The time of day, as `14:30`."""
    return hour(state, state.now) or UNKNOWN_CLOCK


def hour(state: State, at: float) -> str:
    """The time of day at a monotonic moment; empty where nobody knows."""
    moment = _local(state, state.clock.wall(at))
    return f"{moment:%H:%M}" if moment else ""


def ahead(state: State, at: float) -> str:
    """A moment to come: `at 18:00`, with its day where that is not today."""
    moment, today = _local(state, state.clock.wall(at)), _local(state, state.clock.wall(state.now))
    if moment is None or today is None:
        return ""
    same = moment.date() == today.date()
    return f"at {moment:%H:%M}" if same else f"{DAYS[moment.weekday()]} {moment:%H:%M}"


def told(state: State, stamp: Stamp) -> str:
    """Day and time of an entry, the day left out where it is today."""
    moment = _local(state, _wall(state, stamp))
    return " ".join(filter(None, (_day(state, moment), f"{moment:%H:%M}"))) if moment else ""


def briefly(state: State, stamp: Stamp) -> str:
    """The time of an entry of today, else the day."""
    moment = _local(state, _wall(state, stamp))
    return (_day(state, moment) or f"{moment:%H:%M}") if moment else ""


def _day(state: State, moment: datetime) -> str:
    today = _local(state, state.clock.wall(state.now))
    days = (today.date() - moment.date()).days if today else -1
    if days == 0:
        return ""
    # Month names by hand: strftime would follow the machine's language, and the rest is English.
    return DAYS[moment.weekday()] if 0 < days < 7 else f"{moment.day} {MONTHS[moment.month - 1]}"


DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _wall(state: State, stamp: Stamp) -> float | None:
    offset = state.clock.offset
    return stamp.wall if offset is None else stamp.dated(offset).wall


def _local(state: State, wall: float | None) -> datetime | None:
    if wall is None:
        return None
    try:
        return EPOCH + timedelta(seconds=wall + state.clock.zone)
    except (OverflowError, ValueError):  # a clock that is off by millennia is not known
        return None
