"""The user and the colleagues, and what the hints of a family tell of each."""

from dataclasses import dataclass
from enum import StrEnum

from device.core.profile import Colleague, Profile, Switch
from device.core.words import Status
from device.demo.bodies import (
    BY_NOTE,
    ON_THE_PHONE,
    READY,
    RINGING,
    UNAVAILABLE,
    Document,
)

COLLEAGUES = (
    Colleague("Reception", "101"),
    Colleague("Anna", "102"),
    Colleague("Bruno", "103"),
)

QUIET = (READY, UNAVAILABLE)
"Lines on which nobody talks, and nothing rings."

UNAVAILABLE_ONCE_CLEARED = {("freepbx", Status.DND)}
"FreePBX turns the hint of DND off to UNAVAILABLE, that of a forward to NOT_INUSE."


class Being(StrEnum):
    """How a colleague stands."""

    FREE = "free"
    RINGING = "ringing"
    BUSY = "busy"
    AWAY = "away"
    DIVERTED = "diverted"


LINES = {Being.RINGING: RINGING, Being.BUSY: ON_THE_PHONE, Being.AWAY: UNAVAILABLE}
"Who diverts looks free."
STATUSES = {Being.AWAY: Status.ABSENT, Being.DIVERTED: Status.DIVERTED}


@dataclass(frozen=True, slots=True)
class Person:
    """All that hints can tell of somebody."""

    number: str
    line: Document
    statuses: frozenset[Status] = frozenset()
    cleared: frozenset[Status] = frozenset()
    published: Document | None = None


def colleague(number: str, being: Being) -> Person:
    statuses = frozenset({STATUSES[being]} if being in STATUSES else ())
    return Person(number, LINES.get(being, READY), statuses)


def told(profile: Profile, person: Person, hint: str, *, lie: bool = False) -> Document | None:
    """What the extension `hint` tells of this person; None where it is not theirs.

    A lie is the opposite of what the PBX does.
    """
    switches = {s: w for s, w in profile.switches.items() if _is(w.hint, person, hint)}
    line = hint == person.number or _is(profile.line, person, hint)
    if not switches:
        return _with_line(person.published, person.line) if line else None
    status = person.published or _status(profile, switches, person, lie=lie)
    return _with_line(status, person.line) if line else status


def _is(pattern: str, person: Person, hint: str) -> bool:
    return pattern.format(user=person.number) == hint


def _with_line(status: Document | None, line: Document) -> Document:
    """One document of both: the phone's, where the person has nothing to say."""
    if status is None or status == READY:
        return line
    return status if line in QUIET else status.on_the_phone()


def _status(
    profile: Profile, switches: dict[Status, Switch], person: Person, *, lie: bool
) -> Document:
    stands = next((s for s in switches if s in person.statuses), Status.AVAILABLE)
    if lie:
        settable = (s for s in switches if s is not Status.AVAILABLE)
        stands = next(settable) if stands is Status.AVAILABLE else Status.AVAILABLE
    if stands in switches:
        return _set(switches[stands])
    odd = any(
        s in person.cleared and (profile.name, s) in UNAVAILABLE_ONCE_CLEARED for s in switches
    )
    return UNAVAILABLE if odd else READY


def _set(switch: Switch) -> Document:
    """The document of a status while it is set."""
    if switch.published:
        return Document.of(switch.published, switch.note)
    return BY_NOTE.get(switch.note, Document(switch.note)) if switch.note else ON_THE_PHONE
