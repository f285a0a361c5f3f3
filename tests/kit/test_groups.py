"""A group rings all its members, and is busy or unreachable as they are."""

import pytest

from tests.interop.conftest import DeskMaker
from tests.kit.office import Office
from tests.kit.phones import (
    ABSENT,
    BUSY,
    DIVERT,
    DND,
    LOGGED_OUT,
    UNREACHABLE,
    connected,
    met,
    rang,
    taken,
)

pytestmark = pytest.mark.interop

GROUP, QUEUE = "600", "700"


def test_a_group_rings_all_members_until_one_answers(desk: DeskMaker) -> None:
    first, second, caller = desk("100"), desk("101"), desk("102")
    second.dial_code(LOGGED_OUT)
    call = caller.call(GROUP)
    ringing = first.ringing()["call"]
    second.answer(second.ringing()["call"])
    connected(caller, call)
    assert first.ended(ringing) == 487


def test_a_member_in_dnd_or_absent_does_not_ring_while_another_does(desk: DeskMaker) -> None:
    first, second, caller = desk("100"), desk("101"), desk("102")
    for code in (DND, ABSENT):
        first.dial_code(code)
        taken(caller, GROUP, by=second)
    assert rang(first) == 0


def test_a_group_all_in_dnd_is_busy_and_goes_to_the_queue(desk: DeskMaker) -> None:
    first, second, caller = desk("100"), desk("101"), desk("102")
    first.dial_code(DND)
    second.dial_code(DND)
    connected(caller, caller.call(GROUP))
    assert (rang(first), rang(second)) == (0, 0)


def test_a_group_all_absent_is_unreachable(pbx: Office, desk: DeskMaker) -> None:
    first, second, caller, action = desk("100"), desk("101"), desk("102"), desk("103")
    first.dial_code(ABSENT)
    second.dial_code(ABSENT)
    assert met(caller, GROUP) == UNREACHABLE
    pbx.grant(GROUP, on_unreachable="extension:103")
    taken(caller, GROUP, by=action)


def test_in_a_group_of_absent_and_dnd_the_absent_do_not_count(pbx: Office, desk: DeskMaker) -> None:
    pbx.grant(GROUP, on_busy="hangup")
    for code in (ABSENT, DND):
        desk("100").dial_code(code)
        desk("101").dial_code(ABSENT if code == DND else DND)
        assert met(desk("102"), GROUP) == BUSY


def test_a_group_that_does_not_answer_runs_its_end_of_ring_action(
    pbx: Office, desk: DeskMaker
) -> None:
    pbx.grant(GROUP, on_no_answer="extension:103", ring_seconds="1")
    pbx.grant("100", on_no_answer="extension:104")
    first, second, caller, action = desk("100"), desk("101"), desk("102"), desk("103")
    second.dial_code(DND)
    call = caller.call(GROUP)
    ringing = first.ringing()["call"]
    action.answer(action.ringing()["call"])
    connected(caller, call)
    assert first.ended(ringing) == 487


def test_the_target_of_a_diverted_member_rings_with_the_group(desk: DeskMaker) -> None:
    first, second, caller, target = desk("100"), desk("101"), desk("103"), desk("102")
    first.dial_code(f"{DIVERT}102")
    call = caller.call(GROUP)
    ringing = second.ringing()
    diverted = target.ringing()
    assert "diversion" not in ringing["headers"]
    assert "sip:100@" in diverted["headers"]["diversion"][0]
    target.answer(diverted["call"])
    connected(caller, call)
    assert second.ended(ringing["call"]) == 487
    assert rang(first) == 0


def test_a_member_diverted_to_another_does_not_ring_them_twice(desk: DeskMaker) -> None:
    first, second, caller = desk("100"), desk("101"), desk("102")
    first.dial_code(f"{DIVERT}101")
    taken(caller, GROUP, by=second)
    assert rang(second) == 1


def test_a_divert_refused_in_a_group_is_its_end_of_ring(pbx: Office, desk: DeskMaker) -> None:
    pbx.grant(GROUP, on_no_answer="extension:104", on_busy=f"extension:{QUEUE}")
    pbx.grant("100", on_no_answer="hangup")
    users = [desk(user) for user in ("100", "101", "102")]
    first, second, third = users
    first.dial_code(f"{DIVERT}102")
    third.dial_code(f"{DIVERT}103")
    second.dial_code(DND)
    taken(desk("103"), GROUP, by=desk("104"))
    assert [rang(phone) for phone in users] == [0, 0, 0]


def test_a_group_never_rings_twice_for_one_call(pbx: Office, desk: DeskMaker) -> None:
    pbx.grant(GROUP, on_busy="extension:600")
    for user in ("100", "101"):
        desk(user).dial_code(DND)
    assert met(desk("102"), GROUP) == BUSY
