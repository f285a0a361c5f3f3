"""The code that rings a user's own phones, for a panel that calls somebody for them."""

import pytest

from device.core.events import CallOffered, CallTurnedAway, DialEnded, OwnLifted, OwnRings, Referred
from tests.interop.conftest import DeskMaker, PanelMaker
from tests.interop.own import lift, talk, told
from tests.interop.test_calls import listed
from tests.interop.until import until
from tests.kit.office import Office
from tests.kit.phones import (
    ABSENT,
    AVAILABLE,
    BUSY,
    DIVERT,
    DND,
    FORBIDDEN,
    LOGGED_OUT,
    connected,
    met,
    rang,
)
from tests.sip.handset import Handset

pytestmark = pytest.mark.interop

OWN = "*55"


# Who rings


@pytest.mark.parametrize("code", [AVAILABLE, DND])
def test_a_users_own_phones_ring_though_others_may_not_call(desk: DeskMaker, code: str) -> None:
    phone, other = desk("101"), desk("101-dect")
    phone.dial_code(code)
    call = phone.call(OWN)
    other.answer(other.ringing()["call"])
    connected(phone, call)


@pytest.mark.parametrize("code", [ABSENT, f"{DIVERT}102", LOGGED_OUT])
def test_where_the_panel_may_not_call_nothing_rings(desk: DeskMaker, code: str) -> None:
    phone, other, target = desk("101"), desk("101-dect"), desk("102")
    phone.dial_code(code)
    assert met(phone, OWN) == FORBIDDEN
    assert (rang(other), rang(target)) == (0, 0)


def test_a_phone_of_nobody_has_no_phones_of_its_own(pbx: Office, desk: DeskMaker) -> None:
    pbx.grant("104", type="phone")
    assert met(desk("104"), OWN) == FORBIDDEN


def test_nobody_rings_anothers_phones_by_a_transfer(desk: DeskMaker) -> None:
    phone = desk("100")
    met(phone, f"09{OWN}")
    assert rang(phone) == 0


def test_the_panel_knows_its_own_call(handset: Handset, desk: DeskMaker) -> None:
    lift(handset, desk("100"), OWN)
    handset.phone.hang_up(1)
    handset.hears(DialEnded, job=1)
    assert not handset.heard(CallOffered)
    assert not handset.heard(CallTurnedAway)


# Nobody lifts


@pytest.mark.parametrize("code", [BUSY, 603])
def test_a_phone_that_turns_it_away_is_busy_and_nothing_else_happens(
    pbx: Office, handset: Handset, desk: DeskMaker, code: int
) -> None:
    pbx.grant("100", on_busy="extension:102", on_no_answer="voicemail", on_unreachable="voicemail")
    phone, colleague = desk("100"), desk("102")
    handset.phone.ring_own(1, OWN)
    phone.answer(phone.ringing()["call"], code)
    assert handset.hears(DialEnded, job=1).reason == "486 Busy Here"
    assert rang(colleague) == 0


def test_it_rings_as_long_as_is_set_for_it(pbx: Office, handset: Handset, desk: DeskMaker) -> None:
    pbx.grant("100", own_ring_seconds="1", ring_seconds="60", on_no_answer="voicemail")
    phone = desk("100")
    handset.phone.ring_own(1, OWN)
    handset.hears(OwnRings, job=1)
    assert handset.hears(DialEnded, job=1).reason == "480 Temporarily Unavailable"
    assert phone.ended(phone.ringing()["call"]) == 487


def test_without_a_phone_there_is_nothing_to_ring(handset: Handset) -> None:
    handset.phone.ring_own(1, OWN)
    assert handset.hears(DialEnded, job=1).reason == "480 Temporarily Unavailable"
    assert not handset.heard(OwnRings)


# Where it is sent on to


def test_who_lifts_in_dnd_is_sent_on_and_shown_as_themself(
    pbx: Office, handset: Handset, desk: DeskMaker
) -> None:
    phone, other = desk("100"), desk("102")
    phone.dial_code(DND)
    lift(handset, phone, OWN)
    handset.phone.refer(1, "102")
    ringing = other.ringing()
    assert ringing["headers"]["from"][0].startswith('"Anna" <sip:100@')
    other.answer(ringing["call"])
    handset.hears(Referred, code=200)
    handset.phone.hang_up(1)
    until(lambda: talk(pbx) == ["PJSIP/100", "PJSIP/102"], 5, lambda: talk(pbx))


def test_it_calls_outside_as_the_user_may(handset: Handset, desk: DeskMaker) -> None:
    phone, outside = desk("100"), desk("800")
    lift(handset, phone, OWN)
    handset.phone.refer(1, "0333")
    assert "<sip:100@" in outside.ringing()["headers"]["from"][0]


def test_it_hears_the_users_own_voicemail(pbx: Office, handset: Handset, desk: DeskMaker) -> None:
    before = pbx.log().count('"100@default,s"')
    lift(handset, desk("100"), OWN)
    handset.phone.refer(1, "*97")
    until(lambda: pbx.log().count('"100@default,s"') == before + 1, 5)


@pytest.mark.parametrize("number", [DND, OWN, "*520"])
def test_it_is_sent_to_no_code(pbx: Office, handset: Handset, desk: DeskMaker, number: str) -> None:
    phone = desk("100")
    lift(handset, phone, OWN)
    handset.phone.refer(1, number)
    until(lambda: [c for c in told(handset) if c >= 300], 5, lambda: told(handset))
    assert 200 not in told(handset)
    assert pbx.status("100") == ""
    assert rang(phone) == 1


@pytest.mark.parametrize(("code", "answer"), [(DND, 486), (ABSENT, 503), (f"{DIVERT}0333", 180)])
def test_what_the_other_user_chose_is_told(
    handset: Handset, desk: DeskMaker, code: str, answer: int
) -> None:
    phone, other, outside = desk("100"), desk("102"), desk("800")
    other.dial_code(code)
    lift(handset, phone, OWN)
    handset.phone.refer(1, "102")
    handset.hears(Referred, code=answer)
    assert rang(other) == 0
    assert outside.rang == (answer == 180)


# What nobody gains by it


@pytest.fixture
def lifted(handset: Handset, desk: DeskMaker) -> Handset:
    """A phone of 100 was lifted, and 100 is absent from then on."""
    phone, other = desk("100"), desk("100")
    handset.phone.ring_own(1, OWN)
    call = phone.ringing()["call"]
    phone.answer(call)
    handset.hears(OwnRings)
    other.dial_code(ABSENT)
    return handset


@pytest.mark.parametrize("number", ["102", "0333", "600", "700", "*97", AVAILABLE])
def test_an_absent_users_phone_is_not_unlocked_by_being_sent_on(
    pbx: Office, lifted: Handset, desk: DeskMaker, number: str
) -> None:
    colleague, outside = desk("102"), desk("800")
    lifted.phone.refer(1, number)
    until(lambda: [c for c in told(lifted) if c >= 300], 5, lambda: told(lifted))
    assert (rang(colleague), outside.rang, pbx.status("100")) == (0, 0, "absent")


def test_nor_is_it_where_the_panels_own_context_has_no_lock(wide: Handset, desk: DeskMaker) -> None:
    phone, other, outside = desk("100"), desk("100"), desk("800")
    wide.phone.ring_own(1, OWN)
    phone.answer(phone.ringing()["call"])
    wide.hears(OwnLifted)
    other.dial_code(ABSENT)
    wide.phone.refer(1, "0333")
    until(lambda: [c for c in told(wide) if c >= 300], 5, lambda: told(wide))
    assert outside.rang == 0


def test_an_absent_users_phone_can_be_sent_to_help(pbx: Office, lifted: Handset) -> None:
    lifted.phone.refer(1, "112")
    until(lambda: "Executing [112@deskpanel-onward:1] Answer" in pbx.log(), 5)


def test_a_terminal_that_is_no_phone_of_the_kit_goes_by_its_users_rules(
    pbx: Office, handset: Handset, desk: DeskMaker
) -> None:
    pbx.grant("100", terminals="PJSIP/800")
    terminal, phone, colleague = desk("800"), desk("100"), desk("102")
    lift(handset, terminal, OWN)
    phone.dial_code(ABSENT)
    handset.phone.refer(1, "102")
    until(lambda: [c for c in told(handset) if c >= 300], 5, lambda: told(handset))
    assert rang(colleague) == 0


def test_the_whole_panel_calls_in_dnd_and_lists_nothing(panel: PanelMaker, desk: DeskMaker) -> None:
    program, phone, other = panel(profile="deskpanel").online(), desk("100"), desk("102")
    program.choose("dnd")
    program.settled("dnd")
    program.post("/api/dial", number="102")
    phone.answer(phone.ringing()["call"])
    other.answer(other.ringing()["call"])
    other.expect(event="call", state="confirmed")
    assert listed(program) == []
