"""Every line of docs/callers.md, measured again."""

import pytest

from device.core.words import Status
from tests.table.page import load
from tests.table.setups import SETUPS
from tests.table.stage import Stage

STAGES = [
    pytest.param(s.profile, marks=() if s.simulated else pytest.mark.interop, id=s.profile)
    for s in SETUPS
]


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("stage", STAGES, indirect=True)
def test_callers_meet_what_the_table_says(stage: Stage, status: Status) -> None:
    written = load()[stage.profile].cells[status]
    assert stage.measure(status, written.seen) == written
