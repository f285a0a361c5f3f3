"""Panels to look at: states built by hand, each one thing away from a quiet desk."""

from dataclasses import replace
from datetime import UTC, datetime

from device.core.mirror import Choice, Mirror, Refusal
from device.core.profile import Grants, Profile, Target
from device.core.state import Clock, State
from device.core.words import Hint, Link, Status

TARGETS = (Target("Reception", "101"), Target("Mobile", "+390612345678"))
GRANTS = Grants("100", Profile("generic"), targets=TARGETS)

NOW = 1000.0
WALL = datetime(2026, 10, 14, 14, 30, tzinfo=UTC).timestamp()
"A Wednesday."

QUIET = State(
    GRANTS,
    now=NOW,
    clock=Clock(WALL - NOW),
    link=Link.ONLINE,
    mirror=Mirror(),
    line_hint=Hint.FREE,
)
"Registered, available, nothing new."


def chosen(status: Status, target: str = "", until: float | None = None) -> State:
    """The choice holds, as the PBX confirmed."""
    choice = Choice(status, target, until=until)
    return replace(QUIET, mirror=Mirror(choice, settled=choice))


def asked(status: Status, target: str = "") -> State:
    """The choice is still to be made true."""
    return replace(QUIET, mirror=Mirror(Choice(status, target), wish=True))


def refused(wanted: Status, reason: str, ago: float = 0.5) -> State:
    """A quiet desk after a wish that was not granted."""
    return replace(QUIET, mirror=Mirror(refusal=Refusal(wanted, reason, NOW - ago)))


def offline(state: State, link: Link = Link.OFFLINE, reason: str = "") -> State:
    """The same, half an hour after the link went."""
    return replace(state, link=link, link_reason=reason, link_since=NOW - 28 * 60)
