"""Calls made for the user: their own phone rings, and is referred to the number."""

import time
from collections.abc import Callable, Iterator

import pytest

from device.core.events import (
    CallOffered,
    CallTurnedAway,
    CodeAnswered,
    DialEnded,
    LinkChanged,
    OwnLifted,
    OwnRings,
    PbxSeen,
    Referred,
)
from device.core.words import Link
from device.sip import registration
from device.sip.phone import Transport
from tests.sip.exchange import Dialled, Exchange
from tests.sip.handset import Handset
from tests.sip.peer import RINGING_SDP

Open = Callable[..., Handset]
OWN = "*55"


@pytest.fixture
def peer() -> Iterator[Exchange]:
    with Exchange() as exchange:
        yield exchange


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time is given to the PBX."""
    pytest.importorskip("pjsua2", reason="pjsua2 has no wheel here")
    from device.sip.pjsua import calling

    monkeypatch.setattr(calling, "SETTLE_SECONDS", 0.0)


@pytest.fixture
def handset(peer: Exchange, open_phone: Open, quick: None) -> Handset:  # noqa: ARG001 - its effect
    handset = open_phone(peer)
    handset.online()
    return handset


def ring(peer: Exchange, handset: Handset, job: int = 1) -> Dialled:
    handset.phone.ring_own(job, OWN)
    return peer.rung()


def lift(peer: Exchange, handset: Handset, job: int = 1) -> Dialled:
    handset.phone.ring_own(job, OWN)
    call = peer.lifted()
    handset.hears(OwnLifted, job=job)
    return call


def refer(peer: Exchange, handset: Handset, job: int = 1) -> Dialled:
    call = lift(peer, handset, job)
    handset.phone.refer(job, "102")
    peer.wait(lambda: [r for r in peer.requests if r.method == "REFER"][job - 1 :])
    return call


def told(handset: Handset) -> list[tuple[int, int, str]]:
    return [(event.job, event.code, event.reason) for event in handset.heard(Referred)]


# The user's own phone


def test_the_phone_rings_is_lifted_and_hung_up(peer: Exchange, handset: Handset) -> None:
    call = ring(peer, handset, job=7)
    for code in (180, 183, 180):
        call.answer(code)
    handset.hears(OwnRings, job=7)
    call.answer(200)
    handset.hears(OwnLifted, job=7)
    handset.phone.hang_up(7)
    peer.got("BYE")
    assert handset.hears(DialEnded, job=7).reason == ""
    kinds = [type(event) for event in handset.events[-3:]]
    assert kinds == [OwnRings, OwnLifted, DialEnded]


def test_trying_is_not_ringing(peer: Exchange, handset: Handset) -> None:
    call = ring(peer, handset)
    call.answer(486)
    assert handset.hears(DialEnded, job=1).reason == "486 No"
    assert not handset.heard(OwnRings)


def test_what_picks_up_without_ringing_is_told_so(peer: Exchange, handset: Handset) -> None:
    lift(peer, handset)
    assert not handset.heard(OwnRings)


def test_a_call_that_leads_elsewhere_is_not_followed(peer: Exchange, handset: Handset) -> None:
    ring(peer, handset).answer(302)
    assert handset.hears(DialEnded).reason == "302 No"
    assert len([r for r in peer.requests if r.method == "INVITE"]) == 1


def test_the_far_end_hangs_up(peer: Exchange, handset: Handset) -> None:
    lift(peer, handset).ask("BYE")
    assert handset.hears(DialEnded, job=1).reason == ""


def test_a_call_is_given_up_while_it_rings(peer: Exchange, handset: Handset) -> None:
    ring(peer, handset).answer(180)
    handset.hears(OwnRings)
    handset.phone.hang_up(1)
    peer.got("CANCEL")
    assert handset.hears(DialEnded, job=1).reason == "487 Request Terminated"


def test_a_call_is_given_up_before_it_rings(peer: Exchange, handset: Handset) -> None:
    ring(peer, handset)
    handset.phone.hang_up(1)
    peer.got("CANCEL")
    handset.hears(DialEnded, job=1)


def test_hanging_up_what_is_over_or_never_was_does_no_harm(
    peer: Exchange, handset: Handset
) -> None:
    ring(peer, handset).answer(404)
    handset.hears(DialEnded, job=1)
    for job in (1, 99):
        handset.phone.hang_up(job)
        handset.phone.refer(job, "102")
    ring(peer, handset, job=2).answer(404)
    handset.hears(DialEnded, job=2)
    assert len(handset.heard(DialEnded)) == 2
    assert not handset.heard(Referred)


def test_both_ends_hang_up_at_once(peer: Exchange, handset: Handset) -> None:
    call = lift(peer, handset)
    call.ask("BYE")
    handset.phone.hang_up(1)
    handset.hears(DialEnded, job=1)
    ring(peer, handset, job=2)
    assert len(handset.heard(DialEnded)) == 1


def test_without_a_link_nothing_is_called(peer: Exchange, open_phone: Open) -> None:
    peer.register_code = 403
    handset = open_phone(peer)
    handset.phone.ring_own(1, OWN)
    assert handset.hears(DialEnded, job=1).reason == "The PBX is offline"


@pytest.mark.parametrize("begin", [ring, lift, refer])
def test_a_pbx_that_dies_takes_the_call_with_it(
    peer: Exchange,
    open_phone: Open,
    monkeypatch: pytest.MonkeyPatch,
    begin: Callable[[Exchange, Handset], Dialled],
) -> None:
    monkeypatch.setattr(registration, "PATIENCE_SECONDS", 1.0)
    monkeypatch.setattr(registration, "KEEPALIVE_SECONDS", 0.5)
    handset = open_phone(peer)
    handset.online()
    begin(peer, handset)
    peer.deaf = True
    assert handset.hears(DialEnded, job=1).reason == "The PBX is offline"


def test_a_call_that_ends_without_a_word_is_found_out(
    peer: Exchange, handset: Handset, monkeypatch: pytest.MonkeyPatch
) -> None:
    from device.sip.pjsua.outgoing import Outgoing

    call = lift(peer, handset)
    monkeypatch.setattr(Outgoing, "onCallState", lambda *_: None)
    call.ask("BYE")
    assert handset.hears(DialEnded, job=1).reason == ""


def test_a_pbx_that_wants_encrypted_sound_is_offered_it(peer: Exchange, handset: Handset) -> None:
    peer.media, peer.codes[OWN] = "RTP/SAVP ", 200
    handset.phone.ring_own(1, OWN)
    handset.hears(OwnLifted, job=1)
    sent = [request for request in peer.requests if request.method == "INVITE"]
    assert ["a=crypto" in request.body for request in sent] == [False, True]
    assert len({request["session-id"] for request in sent}) == 1
    assert not handset.heard(DialEnded)


# Referred on


def test_the_phone_is_referred_to_the_number(peer: Exchange, handset: Handset) -> None:
    refer(peer, handset)
    asked = peer.got("REFER")
    assert asked["refer-to"] == f"<sip:102@127.0.0.1:{peer.port}>"
    assert asked["referred-by"] == f"<sip:100@127.0.0.1:{peer.port}>"
    assert asked["call-id"] == peer.got("INVITE")["call-id"]


def test_the_pbx_is_given_time_to_connect_the_phone(
    peer: Exchange, handset: Handset, monkeypatch: pytest.MonkeyPatch
) -> None:
    from device.sip.pjsua import calling

    monkeypatch.setattr(calling, "SETTLE_SECONDS", 0.3)
    refer(peer, handset)
    assert time.monotonic() >= handset.hears(OwnLifted).at + 0.3


def test_a_phone_that_is_hung_up_at_once_is_not_referred(peer: Exchange, handset: Handset) -> None:
    lift(peer, handset)
    handset.phone.refer(1, "102")
    handset.phone.hang_up(1)
    handset.hears(DialEnded, job=1)
    assert not handset.heard(Referred)


def test_a_number_is_escaped(peer: Exchange, handset: Handset) -> None:
    lift(peer, handset)
    handset.phone.refer(1, "*97#")
    assert "<sip:*97%23@" in peer.got("REFER")["refer-to"]


def test_how_the_other_end_answers_is_told(peer: Exchange, handset: Handset) -> None:
    call = refer(peer, handset)
    call.notify("SIP/2.0 100 Trying\r\n")
    call.notify("SIP/2.0 180 Ringing\r\nContact: <sip:102@pbx>\r\n")
    call.notify("SIP/2.0 200 OK", "terminated;reason=noresource")
    handset.hears(Referred, 3)
    assert told(handset) == [(1, 100, "Trying"), (1, 180, "Ringing"), (1, 200, "OK")]
    assert not handset.heard(DialEnded)
    call.ask("BYE")
    assert handset.hears(DialEnded, job=1).reason == ""


def test_that_the_other_end_is_busy_is_told(peer: Exchange, handset: Handset) -> None:
    call = refer(peer, handset)
    call.notify("SIP/2.0 486 Busy Here", "terminated;reason=noresource")
    handset.hears(Referred, code=486, reason="Busy Here")


@pytest.mark.parametrize("code", [403, 404, 503, 603])
def test_a_refer_that_is_turned_down_is_told(peer: Exchange, handset: Handset, code: int) -> None:
    peer.refer = [code]
    refer(peer, handset)
    handset.hears(Referred, job=1, code=code)
    handset.phone.hang_up(1)
    handset.hears(DialEnded, job=1)
    assert len(told(handset)) == 1


def test_a_refer_that_is_challenged_is_not_turned_down(peer: Exchange, handset: Handset) -> None:
    peer.password = "secret"
    handset.phone.ring_own(1, OWN)
    call = peer.lifted()
    handset.hears(OwnLifted)
    handset.phone.refer(1, "102")
    peer.got("REFER", 2)
    call.notify("SIP/2.0 180 Ringing")
    handset.hears(Referred)
    assert told(handset) == [(1, 180, "Ringing")]


@pytest.mark.parametrize("password", ["", "secret"])
def test_an_answer_to_refer_is_told_once(open_phone: Open, quick: None, password: str) -> None:  # noqa: ARG001 - its effect
    # Over TCP a transaction ends at once, over UDP 5 s after its answer (RFC 3261, timer K).
    with Exchange("tcp") as peer:
        handset = open_phone(peer, transport=Transport.TCP)
        handset.online()
        call = lift(peer, handset)
        peer.refer, peer.password = [404], password
        handset.phone.refer(1, "102")
        handset.hears(Referred)
        call.notify("SIP/2.0 180 Ringing")
        handset.hears(Referred, code=180)
        assert told(handset) == [(1, 404, "Not Found"), (1, 180, "Ringing")]
        handset.phone.close()


def test_a_pbx_that_will_tell_nothing_has_accepted(peer: Exchange, handset: Handset) -> None:
    peer.refer_fields = ("Refer-Sub: false",)
    refer(peer, handset)
    handset.hears(Referred, job=1, code=200)


@pytest.mark.parametrize("body", ["", "Contact: <sip:102@pbx>", "SIP/2.0 999 No", "\0\udcff"])
def test_a_notify_that_tells_nothing_is_passed_over(
    peer: Exchange, handset: Handset, body: str
) -> None:
    call = refer(peer, handset)
    call.notify(body.encode("utf-8", "replace").decode())
    call.notify("SIP/2.0 180 Ringing", event="presence")
    call.notify("SIP/2.0 200 OK")
    handset.hears(Referred, code=200)
    assert told(handset) == [(1, 200, "OK")]


def test_a_notify_that_comes_too_late_is_not_anothers(peer: Exchange, handset: Handset) -> None:
    first = refer(peer, handset)
    first.ask("BYE")
    handset.hears(DialEnded, job=1)
    # Four calls, and the library has used the first one's place again.
    for job in (2, 3, 4):
        ring(peer, handset, job).answer(404)
        handset.hears(DialEnded, job=job)
    second = refer_again(peer, handset, 5)
    first.notify("SIP/2.0 486 Busy Here", "terminated;reason=noresource")
    peer.wait(lambda: len(first.answers) > 1)
    second.notify("SIP/2.0 200 OK", "terminated;reason=noresource")
    handset.hears(Referred)
    assert told(handset) == [(5, 200, "OK")]


def refer_again(peer: Exchange, handset: Handset, job: int) -> Dialled:
    call = lift(peer, handset, job)
    handset.phone.refer(job, "102")
    peer.got("REFER", 2)
    return call


def test_a_phone_that_was_not_lifted_is_not_referred(peer: Exchange, handset: Handset) -> None:
    call = ring(peer, handset)
    call.answer(180)
    handset.hears(OwnRings)
    handset.phone.refer(1, "102")
    handset.phone.ring_own(2, "*99")
    peer.rung()
    call.answer(200)
    handset.hears(OwnLifted)
    handset.phone.hang_up(1)
    handset.hears(DialEnded)
    assert not [r for r in peer.requests if r.method == "REFER"]


# Nobody gets us to do what a phone does


def test_we_are_referred_nowhere(peer: Exchange, handset: Handset) -> None:
    call = lift(peer, handset)
    call.ask("REFER", "Refer-To: <sip:0900@pbx>")
    call.code(603)
    ring(peer, handset, job=2)
    users = [request.user for request in peer.requests if request.method == "INVITE"]
    assert users == [OWN, OWN]


def test_a_caller_refers_us_nowhere(peer: Exchange, handset: Handset) -> None:
    call = peer.call("<sip:200@pbx>")
    handset.phone.answer(handset.hears(CallOffered).call, 180)
    ringing = call.code(180)
    other = Dialled(peer, {"Call-ID": ""}, call.uri, call.send)
    other.lines = call.lines | {"CSeq": "2 REFER", "To": ringing["to"]}
    other.lines["Via"] += "x"
    other._send("REFER", ("Refer-To: <sip:0900@pbx>",))
    call.code(603)
    handset.phone.ring_own(1, OWN)
    peer.rung()
    assert [r.user for r in peer.requests if r.method == "INVITE"] == [OWN]


def test_nobody_takes_the_place_of_our_call(peer: Exchange, handset: Handset) -> None:
    lift(peer, handset)
    sent = peer.got("INVITE")
    mine = sent["from"].partition(";tag=")[2]
    other = peer.call("<sip:200@pbx>", f"Replaces: {sent['call-id']};to-tag={mine};from-tag=peer")
    other.code(603)
    assert not handset.heard(DialEnded)
    assert not handset.heard(CallOffered)


def test_no_sound_is_wanted_whatever_is_offered_later(peer: Exchange, handset: Handset) -> None:
    call = lift(peer, handset)
    here = call.peer.lines("", "", 0)["Contact"]
    kind = "Content-Type: application/sdp"
    call.ask("INVITE", f"Contact: {here}", kind, body=RINGING_SDP)
    assert "a=inactive" in call.code(200).body


# Our own call, sent back to us


def refused(peer: Exchange, handset: Handset, caller: str, *extra: str) -> None:
    peer.call(caller, *extra).code(480)
    assert not handset.heard(CallOffered)
    assert not handset.heard(CallTurnedAway)


def test_our_own_call_does_not_ring_here(peer: Exchange, handset: Handset) -> None:
    ring(peer, handset)
    refused(peer, handset, '"Anna" <sip:100@pbx>')


def test_our_own_call_is_known_under_any_number(peer: Exchange, handset: Handset) -> None:
    ring(peer, handset)
    session = peer.got("INVITE")["session-id"].partition(";")[0]
    refused(peer, handset, "<sip:+39061234@pbx>", f"Session-ID: {session.upper()};remote={session}")


def test_another_call_rings_meanwhile(peer: Exchange, handset: Handset) -> None:
    ring(peer, handset)
    peer.call("<sip:200@pbx>", f"Session-ID: {'1' * 32}")
    assert handset.hears(CallOffered).number == "200"


def test_our_own_call_that_comes_back_late_does_not_ring(peer: Exchange, handset: Handset) -> None:
    ring(peer, handset)
    handset.phone.hang_up(1)
    handset.hears(DialEnded)
    refused(peer, handset, '"Anna" <sip:100@pbx>')


def test_a_call_from_the_own_number_rings_at_any_other_time(
    peer: Exchange, handset: Handset, monkeypatch: pytest.MonkeyPatch
) -> None:
    from device.sip.pjsua import echoes

    monkeypatch.setattr(echoes, "LATE_SECONDS", 0.0)
    ring(peer, handset).answer(404)
    handset.hears(DialEnded)
    peer.call("<sip:100@pbx>")
    assert handset.hears(CallOffered).number == "100"


# Four calls, and no more


def offer(peer: Exchange, handset: Handset, count: int) -> None:
    for n in range(count):
        peer.call(f"<sip:20{n}@pbx>")
    handset.hears(CallOffered, count)


def test_while_we_call_two_may_ring_and_a_code_is_dialled(peer: Exchange, handset: Handset) -> None:
    lift(peer, handset)
    offer(peer, handset, 2)
    peer.call("<sip:207@pbx>").code(486)
    handset.hears(CallTurnedAway, number="207")
    peer.codes["*78"] = 200
    handset.phone.dial(9, "*78")
    handset.hears(CodeAnswered, job=9)


def test_while_three_ring_nobody_is_called(peer: Exchange, handset: Handset) -> None:
    offer(peer, handset, 3)
    handset.phone.ring_own(1, OWN)
    assert handset.hears(DialEnded, job=1).reason == "Too many calls ring already"
    assert "INVITE" not in [request.method for request in peer.requests]


def test_our_own_call_is_not_missed_where_there_is_no_room_for_it(
    peer: Exchange, handset: Handset
) -> None:
    ring(peer, handset)
    offer(peer, handset, 2)
    peer.codes["*78"] = 200
    handset.phone.dial(9, "*78")
    handset.hears(CodeAnswered, job=9)
    peer.call("<sip:100@pbx>").code(486)
    peer.call("<sip:207@pbx>").code(486)
    handset.hears(CallTurnedAway)
    assert [event.number for event in handset.heard(CallTurnedAway)] == ["207"]


# What the PBX is


def test_what_the_pbx_calls_itself_is_told_once_for_each_time_the_link_is_up(
    peer: Exchange, open_phone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "KEEPALIVE_SECONDS", 0.1)
    peer.agent = "Asterisk\x1b PBX 22"
    handset = open_phone(peer)
    handset.online()
    peer.got("REGISTER", 4)
    assert [event.agent for event in handset.heard(PbxSeen)] == ["Asterisk PBX 22"]
    peer.register_code = 403
    handset.hears(LinkChanged, link=Link.REFUSED)
    handset.hears(PbxSeen, 2)
    peer.register_code = 200
    handset.online(2)
    peer.got("REGISTER", 12)
    assert len(handset.heard(PbxSeen)) == 2


def test_a_pbx_without_a_name_is_not_told_of(handset: Handset) -> None:
    assert not handset.heard(PbxSeen)
