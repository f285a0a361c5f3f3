"""docs/callers.md says what was measured, and nothing else."""

import pytest

from device.core.words import MirrorState, Status
from device.pbx.profiles import PROFILES
from tests.table.cell import DESK_PHONE, PANEL, PUT_THROUGH, TARGET, Cell
from tests.table.page import MEASURED, PAGE, dump, load, render
from tests.table.setups import SETUPS

BUSY, UNREACHABLE, FORBIDDEN = 486, 480, 403

MEANT = {
    Status.AVAILABLE: ((DESK_PHONE,), PUT_THROUGH, PUT_THROUGH),
    Status.DND: ((), BUSY, PUT_THROUGH),
    Status.ABSENT: ((), UNREACHABLE, FORBIDDEN),
    Status.DIVERTED: ((TARGET,), PUT_THROUGH, PUT_THROUGH),
    Status.LOGGED_OUT: ((DESK_PHONE,), PUT_THROUGH, PUT_THROUGH),
}
"Which phones ring, what the caller meets, and what calls of the desk phone meet."


def everything() -> list[tuple[str, str, Cell]]:
    return [(name, s, cell) for name, part in load().items() for s, cell in part.cells.items()]


def does_as_meant(status: str, cell: Cell) -> bool:
    rings, code, calls_out = MEANT[Status(status)]
    phones = tuple(name for name in cell.rings if name != PANEL)
    return (phones, cell.code) == (rings, code) and cell.calls_out in (calls_out, None)


def test_the_page_is_made_of_what_was_measured() -> None:
    assert PAGE.read_text() == render(load()), "`python -m tests.table page` makes it anew"
    assert MEASURED.read_text() == dump(load())


def test_every_status_was_measured_everywhere() -> None:
    measured = {name: list(part.cells) for name, part in load().items()}
    assert measured == {setup.profile: list(Status) for setup in SETUPS}


def test_every_profile_is_on_the_page() -> None:
    page = render(load())
    assert [name for name in PROFILES if f'"{name}"' not in page and f"`{name}`" not in page] == []


@pytest.mark.parametrize(
    ("name", "status", "cell"), [pytest.param(*c, id=f"{c[0]}-{c[1]}") for c in everything()]
)
def test_a_status_does_what_it_says_or_its_profile_says_what_not(
    name: str, status: str, cell: Cell
) -> None:
    assert cell.state == MirrorState.CONFIRMED
    assert does_as_meant(status, cell) or Status(status) in PROFILES[name].limits
