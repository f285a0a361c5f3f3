"""Panels to look at: states built by hand, each one thing away from a quiet desk."""

from dataclasses import replace
from datetime import UTC, datetime

from device.core.mirror import Choice, Mirror, Refusal
from device.core.profile import Colleague, Grants, Profile, Switch, Target
from device.core.state import Clock, State, Word
from device.core.switches import Goal
from device.core.words import Hint, Link, Status

TARGETS = (Target("Reception", "101"), Target("Mobile", "+390612345678"))
GRANTS = Grants("100", Profile("generic"), targets=TARGETS)

TEAM = (Colleague("Reception", "101"), Colleague("Anna", "102"), Colleague("Bruno", "103"))
OFFICE = Grants(
    "100",
    Profile(
        "freepbx",
        {
            Status.DND: Switch("*78", "*79", "*76{user}", optional=True),
            Status.ABSENT: Switch("*80", "*81", "*80{user}", optional=True),
            Status.DIVERTED: Switch("*72{target}", "*73", "*74{user}", optional=True),
        },
        voicemail="*97",
    ),
    targets=(*TARGETS, Target("Anna", "102")),
    colleagues=TEAM,
)
"A user with colleagues, at a PBX that keeps statuses and tells of them."

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


def office(state: State = QUIET, **hints: Hint) -> State:
    """A desk among colleagues, of whom these hints spoke last: `h102`, or `h74102` for a status."""
    words = {_hint(name): Word(hint) for name, hint in hints.items()}
    mirror, choice = state.mirror, state.mirror.choice
    for status, switch in OFFICE.profile.switches.items():
        hint = Hint.BUSY if status is choice.status else Hint.FREE
        mirror = mirror.heard(OFFICE, switch.hint.format(user="100"), hint, "", NOW)
    if choice.status in OFFICE.profile.switches:
        goal = Goal(choice.status, on=True, target=choice.target)
        mirror = replace(mirror, switches=mirror.switches.carried_out(OFFICE, goal))
    return replace(state, grants=OFFICE, mirror=mirror, hints=words)


def _hint(name: str) -> str:
    number = name.removeprefix("h")
    return f"*{number}" if len(number) > 3 else number
