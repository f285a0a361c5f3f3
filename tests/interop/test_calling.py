"""Calls that the panel makes for its user: the desk phone rings, and is sent on when lifted."""

import pytest

from device.core.events import (
    CallOffered,
    CallTurnedAway,
    DialEnded,
    OwnLifted,
    OwnRings,
    PbxSeen,
    Referred,
)
from tests.interop.asterisk import Asterisk
from tests.interop.conftest import DeskMaker, PanelMaker
from tests.interop.own import channels, lift, talk, told
from tests.interop.test_calls import listed
from tests.interop.until import until
from tests.sip.handset import Handset

pytestmark = pytest.mark.interop

OWN = "100"


def test_the_desk_phone_is_lifted_and_talks_to_the_number(
    pbx: Asterisk, handset: Handset, desk: DeskMaker
) -> None:
    phone, other = desk("100"), desk("102")
    call = lift(handset, phone, OWN)
    handset.phone.refer(1, "102")
    ringing = other.ringing()
    assert ringing["headers"]["from"][0].startswith('"Anna" <sip:100@')
    handset.hears(Referred, code=180)
    other.answer(ringing["call"])
    handset.hears(Referred, code=200)
    handset.phone.hang_up(1)
    assert handset.hears(DialEnded, job=1).reason == ""
    until(lambda: talk(pbx) == ["PJSIP/100", "PJSIP/102"], 5, lambda: talk(pbx))
    other.hang_up(ringing["call"])
    assert phone.ended(call) == 200


def test_a_number_that_turns_the_call_away_is_told(handset: Handset, desk: DeskMaker) -> None:
    phone, other = desk("100"), desk("102")
    call = lift(handset, phone, OWN)
    handset.phone.refer(1, "102")
    other.answer(other.ringing()["call"], 486)
    # Asterisk itself does not tell busy from anything else here; the kit does.
    handset.hears(Referred, code=503)
    assert 200 not in told(handset)
    phone.ended(call)


def test_a_number_that_does_not_exist_is_refused_and_the_phone_stays(
    handset: Handset, desk: DeskMaker
) -> None:
    phone = desk("100")
    call = lift(handset, phone, OWN)
    handset.phone.refer(1, "999")
    handset.hears(Referred, code=404)
    handset.phone.hang_up(1)
    handset.hears(DialEnded, job=1)
    assert phone.ended(call) == 200


def test_a_phone_nobody_lifts_stops_ringing_when_the_panel_hangs_up(
    handset: Handset, desk: DeskMaker
) -> None:
    phone = desk("100")
    handset.phone.ring_own(1, OWN)
    call = phone.ringing()["call"]
    handset.hears(OwnRings, job=1)
    handset.phone.hang_up(1)
    assert phone.ended(call) == 487
    assert handset.hears(DialEnded, job=1).reason == "487 Request Terminated"


def test_a_phone_that_turns_the_call_away_ends_it(
    pbx: Asterisk, handset: Handset, desk: DeskMaker
) -> None:
    phone = desk("100")
    handset.phone.ring_own(1, OWN)
    call = phone.ringing()["call"]
    # The panel is rung as well, and answers 480: of two phones' answers the PBX picks one.
    until(lambda: len(channels(pbx)) == 2, 5, lambda: channels(pbx))
    phone.answer(call, 486)
    assert handset.hears(DialEnded, job=1).reason == "486 Busy Here"
    assert not handset.heard(OwnLifted)


def test_without_a_desk_phone_nothing_rings(handset: Handset) -> None:
    handset.phone.ring_own(1, OWN)
    assert handset.hears(DialEnded, job=1).reason == "480 Temporarily Unavailable"
    assert not handset.heard(OwnRings)


def test_what_picks_up_by_itself_did_not_ring(handset: Handset) -> None:
    handset.phone.ring_own(1, "*97")
    handset.hears(OwnLifted, job=1)
    assert not handset.heard(OwnRings)


def test_the_panel_neither_rings_nor_misses_its_own_call(handset: Handset, desk: DeskMaker) -> None:
    phone = desk("100")
    lift(handset, phone, OWN)
    handset.phone.hang_up(1)
    handset.hears(DialEnded, job=1)
    assert not handset.heard(CallOffered)
    assert not handset.heard(CallTurnedAway)


def test_the_pbx_is_seen(handset: Handset) -> None:
    assert handset.hears(PbxSeen).agent == "Asterisk"


def test_the_whole_panel_calls_back_and_lists_nothing(panel: PanelMaker, desk: DeskMaker) -> None:
    program, phone, other = panel().online(), desk("100"), desk("102")
    program.post("/api/dial", number="102")
    phone.answer(phone.ringing()["call"])
    ringing = other.ringing()
    assert ringing["headers"]["from"][0].startswith('"Anna" <sip:100@')
    other.answer(ringing["call"])
    other.expect(event="call", call=ringing["call"], state="confirmed")
    assert listed(program) == []
    assert program.shown()["ringing"] == []
