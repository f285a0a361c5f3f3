"""Where diverted calls go, who rings, and that one divert is the most there is."""

import pytest

from tests.interop.conftest import DeskMaker
from tests.kit.office import Office
from tests.kit.phones import (
    ABSENT,
    BUSY,
    DIVERT,
    DND,
    UNREACHABLE,
    connected,
    met,
    rang,
    taken,
)

pytestmark = pytest.mark.interop


def test_a_divert_rings_the_target_and_not_the_users_own_phones(desk: DeskMaker) -> None:
    phone, caller, target = desk("100"), desk("101"), desk("102")
    phone.dial_code(f"{DIVERT}102")
    headers = taken(caller, "100", by=target)
    assert "sip:100@" in headers["diversion"][0]
    assert "<sip:101@" in headers["from"][0]
    assert rang(phone) == 0


def test_a_divert_to_the_outside_is_called_there(desk: DeskMaker) -> None:
    phone, caller, outside = desk("101"), desk("100"), desk("800")
    phone.dial_code(f"{DIVERT}+39333")
    headers = taken(caller, "101", by=outside)
    assert headers["from"][0].startswith('"039333"')
    assert "sip:101@" in headers["diversion"][0]


def test_calls_from_outside_are_diverted(desk: DeskMaker) -> None:
    phone, outside, target = desk("100"), desk("800"), desk("102")
    phone.dial_code(f"{DIVERT}102")
    taken(outside, "100", by=target)


def test_a_target_who_diverts_refuses_and_the_end_of_ring_action_of_the_user_runs(
    pbx: Office, desk: DeskMaker
) -> None:
    pbx.grant("100", on_no_answer="extension:103", on_busy="hangup")
    pbx.grant("101", on_no_answer="hangup")
    caller, user, target, third, action = (desk(u) for u in ("104", "100", "101", "102", "103"))
    user.dial_code(f"{DIVERT}101")
    target.dial_code(f"{DIVERT}102")
    taken(caller, "100", by=action)
    assert [rang(phone) for phone in (user, target, third)] == [0, 0, 0]


def test_a_call_that_was_diverted_before_is_not_diverted_again(
    pbx: Office, desk: DeskMaker
) -> None:
    pbx.grant("100", on_no_answer="extension:103")
    phone, outside, target, action = desk("100"), desk("800"), desk("102"), desk("103")
    phone.dial_code(f"{DIVERT}102")
    taken(outside, "9100", by=action)
    assert rang(target) == 0


@pytest.mark.parametrize(
    ("code", "event", "met_there"),
    [(DND, "busy", BUSY), (ABSENT, "unreachable", UNREACHABLE)],
)
def test_a_target_who_cannot_be_reached_is_an_event_of_who_diverts(
    pbx: Office, desk: DeskMaker, code: str, event: str, met_there: int
) -> None:
    phone, caller, target, action = desk("100"), desk("101"), desk("102"), desk("103")
    target.dial_code(code)
    phone.dial_code(f"{DIVERT}102")
    assert met(caller, "100") == met_there
    pbx.grant("100", **{f"on_{event}": "extension:103"})
    taken(caller, "100", by=action)
    assert rang(target) == 0


def test_a_target_who_does_not_answer_is_the_end_of_ring(pbx: Office, desk: DeskMaker) -> None:
    pbx.grant("100", on_no_answer="extension:103", ring_seconds="1")
    phone, caller, target, action = desk("100"), desk("101"), desk("102"), desk("103")
    phone.dial_code(f"{DIVERT}102")
    call = caller.call("100")
    ringing = target.ringing()["call"]
    action.answer(action.ringing()["call"])
    connected(caller, call)
    assert target.ended(ringing) == 487


def test_a_permission_taken_back_ends_the_divert_it_allowed(pbx: Office, desk: DeskMaker) -> None:
    phone, caller, outside = desk("101"), desk("100"), desk("800")
    phone.dial_code(f"{DIVERT}0333")
    pbx.grant("101", may="dnd&diverted")
    assert met(caller, "101") == UNREACHABLE
    assert outside.rang == 0
