"""The table as people read it, made of what was measured and of what profiles say they cannot."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from device.core.profile import Profile
from device.core.words import Status
from device.pbx.profiles import PROFILES
from tests.table.cell import DESK_PHONE, PANEL, PUT_THROUGH, TARGET, Cell
from tests.table.setups import SETUPS, Setup

DOCS = Path(__file__).parents[2] / "docs"
MEASURED = DOCS / "callers.json"
PAGE = DOCS / "callers.md"

INTRODUCTION = """\
# What callers meet

What a panel shows is worth what callers meet. So here is, for every kind of PBX and every status,
what became of calls: measured, not promised. `make table` sets each status with the real program,
waits until the panel has settled, makes the calls, and writes this page; the tests measure every
line again and compare.

In each case the user has two things registered: the panel, and a desk phone beside it. Somebody
calls the user. The user calls a colleague from the desk phone. A colleague watches the user's
number, as a key with a lamp on another phone does. Where the user diverts, it is to another
extension, the *target*.

**The panel knows by** tells what its steady lamp stands on:

| | |
|---|---|
| reading back | the PBX tells what it does now, and a change made on another phone is followed |
| publishing | the status is published and read back; what callers meet is the panel's own answer |
| the code | the PBX carried out a feature code; whether that still holds it does not tell |
| answers | nothing at the PBX: the panel answers calls by its status, other phones ring on |
"""

HEADS = (
    "status",
    "a caller",
    "the desk phone",
    "calls from it",
    "a colleague sees",
    "the panel knows by",
)
CODES = {
    PUT_THROUGH: "go through",
    403: "refused (403)",
    480: "unreachable (480)",
    486: "busy (486)",
}
MEANS = {"hint": "reading back", "publish": "publishing", "code": "the code", "answers": "answers"}
SEEN = {"": "nothing", "unknown": "nothing"}
NOT_MEASURED = "-"


@dataclass(frozen=True, slots=True)
class Measured:
    """One setup's part of the table."""

    pbx: str
    cells: dict[str, Cell]


Table = dict[str, Measured]


def load(path: Path = MEASURED) -> Table:
    """What was measured last, by profile."""
    read = json.loads(path.read_text())
    return {
        name: Measured(part["pbx"], {s: Cell.of(cell) for s, cell in part["cells"].items()})
        for name, part in read.items()
    }


def dump(table: Table) -> str:
    parts = {
        name: {"pbx": part.pbx, "cells": {s: cell.json() for s, cell in part.cells.items()}}
        for name, part in table.items()
    }
    return json.dumps(parts, indent=2) + "\n"


def render(table: Table, profiles: Mapping[str, Profile] = PROFILES) -> str:
    """The page, in Markdown."""
    blocks = [_block(s, table[s.profile], profiles[s.profile]) for s in SETUPS]
    measured = {setup.profile for setup in SETUPS}
    others = [profile for name, profile in profiles.items() if name not in measured]
    return "\n".join([INTRODUCTION, *blocks, _others(others)])


def _block(setup: Setup, measured: Measured, profile: Profile) -> str:
    rows = [HEADS, ("---",) * len(HEADS)]
    rows += [(_name(s), *_row(cell)) for s, cell in measured.cells.items()]
    where = "" if setup.simulated else f" Measured at {measured.pbx}."
    return "\n".join(
        [
            f"## {setup.title}",
            "",
            f'`profile = "{setup.profile}"`. {setup.about}{where}',
            "",
            *("| " + " | ".join(row) + " |" for row in rows),
            "",
            *_limits(profile),
        ]
    )


def _limits(profile: Profile) -> Iterator[str]:
    """What is not possible there, in the profile's own sentences."""
    if profile.limits:
        yield "Not possible here:"
        yield ""
        yield from (f"- {_name(s)}: {sentence}." for s, sentence in profile.limits.items())
        yield ""


def _others(profiles: list[Profile]) -> str:
    lines = ["## Not measured", "", "Profiles for PBXs that nobody has measured yet:", ""]
    for profile in profiles:
        lines += [f"- `{profile.name}`"]
        lines += [f"  - {_name(s)}: {sentence}." for s, sentence in profile.limits.items()]
    return "\n".join([*lines, ""])


def _name(status: str) -> str:
    return Status(status).replace("_", " ")


def _row(cell: Cell) -> tuple[str, ...]:
    return (
        caller(cell),
        "rings" if DESK_PHONE in cell.rings else "silent",
        NOT_MEASURED if cell.calls_out is None else CODES.get(cell.calls_out, str(cell.calls_out)),
        SEEN.get(cell.seen, cell.seen),
        knows(cell),
    )


def caller(cell: Cell) -> str:
    """What a caller meets."""
    phones = [name for name in cell.rings if name != PANEL]
    if not phones:
        return CODES.get(cell.code, str(cell.code))
    meets = "reaches the target" if phones == [TARGET] else f"rings the {' and the '.join(phones)}"
    if not cell.turned_away or TARGET in phones:
        return meets
    vain = "diverts in vain" if Status.DIVERTED in cell.turned_away else "turns the call away"
    return f"{meets}; only the panel {vain}"


def knows(cell: Cell) -> str:
    """What the panel's claim stands on, or that it makes none."""
    if cell.state == "confirmed":
        return MEANS[cell.means]
    return f"{cell.state}: {cell.reason}"
