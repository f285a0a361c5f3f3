"""When nothing is to be heard, and when the lamps are to be dim."""

from collections.abc import Iterable
from dataclasses import replace

from device.core.manners import Span
from device.core.state import Mute, State
from device.core.words import Status

QUIET_STATUSES = (Status.DND, Status.ABSENT, Status.LOGGED_OUT)
"In which the user wants to hear nothing, or is not there to hear it."


def hushed(state: State) -> bool:
    """Nothing is sounded, by the user's wish, by the hour, or by the status."""
    quiet = state.mirror.choice.status in QUIET_STATUSES
    return quiet or muted(state) or in_quiet_hours(state)


def muted(state: State) -> bool:
    """The user has muted the panel, for a while or until they want to hear it again."""
    return state.mute is not None


def in_quiet_hours(state: State) -> bool:
    return _within(state, state.grants.manners.quiet)


def at_night(state: State) -> bool:
    """The lamps are to be dim."""
    return _within(state, state.grants.manners.night)


def mute(state: State, seconds: float | None) -> State:
    """Sound nothing for so long; None: until sound is wanted again; not above 0: sound again."""
    if seconds is None:
        return replace(state, mute=Mute())
    until = state.now + seconds
    lasting = Mute(until, state.clock.wall(until)) if seconds > 0 else None
    return replace(state, mute=lasting)


def deadline(state: State) -> float | None:
    """When time alone ends it. Hours of the day begin with a minute, at which the clock ticks."""
    return state.mute.until if state.mute else None


def pass_time(state: State) -> State:
    until = deadline(state)
    return replace(state, mute=None) if until is not None and until <= state.now else state


def clock_set(state: State) -> State:
    """A mute from before a restart ends at its hour; one of this run is only noted down anew."""
    wall, kept = state.clock.wall(state.now), state.mute
    if wall is None or kept is None:
        return state
    if kept.until is None and kept.ends is None:
        return state
    until = kept.until if kept.until is not None else state.now + (kept.ends or wall) - wall
    return pass_time(replace(state, mute=Mute(until, state.clock.wall(until))))


def lasting(kept: Mute | None) -> Mute | None:
    """What the next run of the program can know of it: nothing of a span that no clock dates."""
    if kept is None or (kept.until is not None and kept.ends is None):
        return None
    return replace(kept, until=None)


def _within(state: State, spans: Iterable[Span]) -> bool:
    minute = state.clock.minute(state.now)
    return minute is not None and any(span.holds(minute) for span in spans)
