"""What callers of a user meet, by the user's status and by what is set for each event."""

import re

import pytest

from device.sip.digest import Login
from tests.interop.conftest import DeskMaker
from tests.interop.until import until
from tests.kit.office import Office
from tests.kit.phones import (
    ABSENT,
    BUSY,
    DND,
    LOGGED_OUT,
    NOT_FOUND,
    UNREACHABLE,
    connected,
    met,
    rang,
    taken,
)
from tests.kit.stranger import register

pytestmark = pytest.mark.interop


def test_an_available_user_rings_on_all_terminals(desk: DeskMaker) -> None:
    phones, caller = [desk("101"), desk("101"), desk("101-dect")], desk("100")
    call = caller.call("101")
    ringing = [phone.ringing()["call"] for phone in phones]
    phones[2].answer(ringing[2])
    connected(caller, call)
    assert [phones[i].ended(ringing[i]) for i in (0, 1)] == [487, 487]


def test_a_user_in_dnd_is_busy_and_no_phone_rings(desk: DeskMaker) -> None:
    phone, caller = desk("100"), desk("101")
    phone.dial_code(DND)
    assert met(caller, "100") == BUSY
    assert rang(phone) == 0


def test_an_absent_user_is_unreachable_and_no_phone_rings(desk: DeskMaker) -> None:
    phone, caller = desk("100"), desk("101")
    phone.dial_code(ABSENT)
    assert met(caller, "100") == UNREACHABLE
    assert rang(phone) == 0


def test_a_user_without_a_phone_is_unreachable(desk: DeskMaker) -> None:
    assert met(desk("101"), "100") == UNREACHABLE


def test_a_logged_out_user_rings_where_phones_are(desk: DeskMaker) -> None:
    phone, caller = desk("100"), desk("101")
    phone.dial_code(LOGGED_OUT)
    taken(caller, "100", by=phone)


@pytest.mark.parametrize("code", [BUSY, 600, 603])
def test_a_user_whose_only_phone_turns_the_call_away_is_busy(desk: DeskMaker, code: int) -> None:
    phone, caller = desk("100"), desk("101")
    call = caller.call("100")
    phone.answer(phone.ringing()["call"], code=code)
    assert caller.ended(call) == BUSY


def test_a_phone_that_turns_calls_away_with_480_is_the_end_of_ring(
    pbx: Office, desk: DeskMaker
) -> None:
    pbx.grant("100", on_no_answer="extension:102")
    phone, caller, colleague = desk("100"), desk("101"), desk("102")
    call = caller.call("100")
    phone.answer(phone.ringing()["call"], code=480)
    colleague.answer(colleague.ringing()["call"])
    connected(caller, call)


def test_a_number_of_nobody_is_not_found(desk: DeskMaker) -> None:
    caller = desk("101")
    assert [met(caller, number) for number in ("199", "user", "general")] == [NOT_FOUND] * 3


SLIPPED = ["sip:x&PJSIP/800/y@127.0.0.1:9", "sip:x,1,G(0333)@127.0.0.1:9"]
"Addresses in which Dial would read what is its own."


@pytest.mark.parametrize("status", ["available", "dnd"])
def test_nothing_is_slipped_in_with_an_address(pbx: Office, desk: DeskMaker, status: str) -> None:
    phone, caller = desk("102"), desk("101")
    login = Login("102", pbx.password)
    told = [register(pbx.server, login, contact, "deskpanel/0.1") for contact in SLIPPED]
    assert told == [200, 200]
    before = len(dialled(pbx))
    if status == "dnd":
        phone.dial_code(DND)
        assert met(caller, "102") == BUSY
        assert dialled(pbx)[before:] == []
    else:
        taken(caller, "102", by=phone)
        (legs, seconds, _) = dialled(pbx)[-1].split(",")
        assert all(leg.startswith("PJSIP/102/sip:") for leg in legs.split("&"))
        assert seconds == "25"


def dialled(pbx: Office) -> list[str]:
    """What Dial was told, call by call."""
    return re.findall(r'Executing .* Dial\("[^"]*", "([^"]*)"\)', pbx.log())


def test_calls_from_outside_meet_the_same(desk: DeskMaker) -> None:
    phone, outside = desk("100"), desk("800")
    phone.dial_code(DND)
    assert met(outside, "100") == BUSY


EVENTS = [
    pytest.param("busy", DND, id="busy"),
    pytest.param("unreachable", ABSENT, id="unreachable"),
    pytest.param("no_answer", LOGGED_OUT, id="end of ring"),
]
"With what a user dials to bring it about: who is logged out rings, and does not answer here."

each_event = pytest.mark.parametrize(("event", "code"), EVENTS)


@each_event
def test_an_event_hangs_up(pbx: Office, desk: DeskMaker, event: str, code: str) -> None:
    pbx.grant("100", ring_seconds="1", **{f"on_{event}": "hangup"})
    phone, caller = desk("100"), desk("101")
    phone.dial_code(code)
    assert met(caller, "100") == (BUSY if event == "busy" else UNREACHABLE)


@each_event
def test_an_event_leads_to_an_extension(
    pbx: Office, desk: DeskMaker, event: str, code: str
) -> None:
    pbx.grant("100", ring_seconds="1", **{f"on_{event}": "extension:102"})
    phone, caller, colleague = desk("100"), desk("101"), desk("102")
    phone.dial_code(code)
    taken(caller, "100", by=colleague)


@each_event
def test_an_event_leads_to_voicemail(pbx: Office, desk: DeskMaker, event: str, code: str) -> None:
    pbx.grant("100", ring_seconds="1", **{f"on_{event}": "voicemail"})
    phone, caller = desk("100"), desk("101")
    phone.dial_code(code)
    greeting = "b" if event == "busy" else "u"
    left = pbx.log().count(f'"100@default,{greeting}"')
    call = caller.call("100")
    caller.expect(event="call", call=call, state="confirmed")
    until(lambda: pbx.log().count(f'"100@default,{greeting}"') == left + 1, 5, pbx.log)


@each_event
def test_an_event_never_leads_outside(pbx: Office, desk: DeskMaker, event: str, code: str) -> None:
    pbx.grant("100", ring_seconds="1", **{f"on_{event}": "extension:0333"})
    phone, caller, outside = desk("100"), desk("101"), desk("800")
    phone.dial_code(code)
    assert met(caller, "100") == (BUSY if event == "busy" else UNREACHABLE)
    assert outside.rang == 0


def test_two_users_who_send_their_calls_to_each_other_end_after_one_round(
    pbx: Office, desk: DeskMaker
) -> None:
    pbx.grant("100", on_busy="extension:101")
    pbx.grant("101", on_busy="extension:100")
    for user in ("100", "101"):
        desk(user).dial_code(DND)
    assert met(desk("102"), "100") == BUSY
