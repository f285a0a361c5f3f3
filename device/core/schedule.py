"""The weekly schedule: which change was due last, and when the next one is.

All moments here are local seconds: Unix seconds plus the zone's offset, so that 18:00 is 18:00 on
either side of a daylight saving day. A moment that such a day leaves out is due as soon as the
clock has passed it, and one that comes twice is due once.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from device.core.words import Status

DAY_SECONDS = 24 * 3600
WEEK_DAYS = 7
EPOCH_DAY = 3
"1970-01-01 was a Thursday; days count from Monday, 0."


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the weekly schedule."""

    days: tuple[int, ...]
    "0 is Monday."
    minute: int
    "Minutes after local midnight, 0 to 1439."
    status: Status
    target: str = ""
    "Name or number to divert to."


@dataclass(frozen=True, slots=True)
class Due:
    """A change, and when it is or was due."""

    moment: float
    "Local seconds."
    change: Change


def last_due(schedule: Iterable[Change], local: float) -> Due | None:
    """The change that came last, at this very moment or before it."""
    found = (d for d in _around(schedule, local) if d.moment <= local)
    return max(found, key=_moment, default=None)


def next_due(schedule: Iterable[Change], local: float) -> Due | None:
    """The change that comes next."""
    found = (d for d in _around(schedule, local) if d.moment > local)
    return min(found, key=_moment, default=None)


def _moment(due: Due) -> float:
    return due.moment


def _around(schedule: Iterable[Change], local: float) -> Iterable[Due]:
    """Every change from a week ago to a week from now. The config has no two at once."""
    today = int(local // DAY_SECONDS)
    for change in schedule:
        for day in range(today - WEEK_DAYS, today + WEEK_DAYS + 1):
            if (day + EPOCH_DAY) % WEEK_DAYS in change.days:
                yield Due(day * DAY_SECONDS + change.minute * 60, change)
