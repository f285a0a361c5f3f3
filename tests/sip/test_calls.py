"""Calls that come in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from device.core.events import CallEnded, CallOffered, CallTurnedAway, CodeAnswered, LinkChanged
from device.core.words import CallEnd, Link
from device.sip import registration
from device.sip.phone import Presence
from tests.sip.handset import Handset
from tests.sip.peer import Peer

Open = Callable[..., Handset]
ANNA = '"Anna \\"A\\" Rossi" <sip:200%23@pbx>'


@pytest.fixture
def handset(peer: Peer, open_phone: Open) -> Handset:
    handset = open_phone(peer)
    handset.online()
    return handset


def _offer(peer: Peer, handset: Handset, *extra: str, caller: str = ANNA) -> CallOffered:
    before = len(handset.heard(CallOffered))
    peer.call(caller, *extra)
    return handset.hears(CallOffered, before + 1)


def test_a_call_tells_who_calls(peer: Peer, handset: Handset) -> None:
    offered = _offer(peer, handset)
    assert (offered.number, offered.name, offered.hops) == ("200#", 'Anna "A" Rossi', ())


@pytest.mark.parametrize(
    "caller", ['"Anonymous" <sip:anonymous@anonymous.invalid>', "<sip:anonymous@pbx>"]
)
def test_a_withheld_caller_has_no_number(peer: Peer, handset: Handset, caller: str) -> None:
    offered = _offer(peer, handset, caller=caller)
    assert (offered.number, offered.name) == ("", "")


def test_a_call_tells_whom_the_pbx_vouches_for(peer: Peer, handset: Handset) -> None:
    offered = _offer(peer, handset, 'P-Asserted-Identity: "Bruno" <sip:201@pbx>')
    assert (offered.number, offered.name) == ("201", "Bruno")
    hidden = _offer(
        peer,
        handset,
        "P-Asserted-Identity: <sip:201@pbx>",
        "Privacy: id",
        caller="<sip:anonymous@anonymous.invalid>",
    )
    assert (hidden.number, hidden.name) == ("", "")


def test_a_call_tells_who_diverted_it(peer: Peer, handset: Handset) -> None:
    by_diversion = _offer(peer, handset, "Diversion: <sip:300@pbx>;reason=no-answer")
    assert by_diversion.hops == ("300",)
    history = "History-Info: <sip:400@pbx?Reason=SIP%3Bcause%3D302>;index=1"
    by_history = _offer(peer, handset, history, "History-Info: <sip:100@pbx>;index=1.1")
    assert by_history.hops == ("400",)


def test_a_name_that_is_no_utf_8_is_readable_anyway(peer: Peer, handset: Handset) -> None:
    assert (
        _offer(peer, handset, caller='"Jos\udce9" <sip:200@pbx>').name
        == "Jos\N{REPLACEMENT CHARACTER}"
    )


def test_an_id_is_never_used_again(peer: Peer, handset: Handset) -> None:
    ids: list[int] = []
    for _ in range(6):
        call = peer.call(ANNA)
        ids.append(handset.hears(CallOffered, len(ids) + 1).call)
        handset.phone.answer(ids[-1], 486)
        call.code(486)
    assert len(set(ids)) == 6


def test_ringing_waits_until_the_caller_gives_up(peer: Peer, handset: Handset) -> None:
    call = peer.call(ANNA)
    offered = handset.hears(CallOffered)
    handset.phone.answer(offered.call, 180)
    call.code(180)
    call.cancel("Q.850;cause=127")
    call.code(487)
    assert handset.hears(CallEnded, call=offered.call).end is CallEnd.GIVEN_UP


@pytest.mark.parametrize(
    "reasons",
    [
        ('SIP;cause=200;text="Call completed elsewhere"', "Q.850;cause=26"),
        ("Q.850;cause=127", "SIP ;cause=200"),
        ('Q.850;cause=16;text="a, b", Q.850;cause=26',),
    ],
)
def test_a_call_answered_elsewhere_is_told_apart(
    peer: Peer, handset: Handset, reasons: tuple[str, ...]
) -> None:
    call = peer.call(ANNA)
    offered = handset.hears(CallOffered)
    handset.phone.answer(offered.call, 180)
    call.code(180)
    call.cancel(*reasons)
    ended = handset.hears(CallEnded, call=offered.call)
    assert ended.end is CallEnd.ANSWERED_ELSEWHERE


@pytest.mark.parametrize("code", [480, 486, 603])
def test_our_own_answer_closes_the_call(peer: Peer, handset: Handset, code: int) -> None:
    call = peer.call(ANNA)
    offered = handset.hears(CallOffered)
    handset.phone.answer(offered.call, code)
    call.code(code)
    assert handset.hears(CallEnded, call=offered.call).end is CallEnd.CLOSED


def test_a_302_names_the_target(peer: Peer, handset: Handset) -> None:
    call = peer.call(ANNA)
    handset.phone.answer(handset.hears(CallOffered).call, 302, "+39#5")
    assert call.code(302).all("contact") == [f"<sip:+39%235@127.0.0.1:{peer.port}>"]


def test_an_answer_to_a_call_that_is_over_is_passed_over(peer: Peer, handset: Handset) -> None:
    call = peer.call(ANNA)
    offered = handset.hears(CallOffered)
    handset.phone.answer(offered.call, 180)
    call.code(180)
    call.cancel()
    handset.hears(CallEnded)
    for code in (180, 486, 302):
        handset.phone.answer(offered.call, code, "101")
    handset.phone.answer(12345, 486)
    assert _offer(peer, handset).number == "200#"


def test_calls_beyond_three_are_turned_away_and_told_of(peer: Peer, handset: Handset) -> None:
    calls = [peer.call(f'"Nr {n}" <sip:20{n}@pbx>') for n in range(6)]
    for call in calls[3:]:
        call.code(486)
    handset.hears(CallTurnedAway, 3)
    assert len(handset.heard(CallOffered)) == 3
    away = [(event.number, event.name) for event in handset.heard(CallTurnedAway)]
    assert away == [("203", "Nr 3"), ("204", "Nr 4"), ("205", "Nr 5")]


def test_with_all_lines_ringing_a_code_can_be_dialled(peer: Peer, handset: Handset) -> None:
    calls = [peer.call(f"<sip:20{n}@pbx>") for n in range(5)]
    calls[4].code(486)
    peer.codes["*78"] = 200
    handset.phone.dial(1, "*78")
    handset.hears(CodeAnswered, job=1)
    peer.call("<sip:206@pbx>").code(486)
    handset.hears(CallTurnedAway, number="206")


def test_logging_out_ends_what_rings(peer: Peer, handset: Handset) -> None:
    call = peer.call(ANNA)
    offered = handset.hears(CallOffered)
    handset.phone.answer(offered.call, 180)
    handset.phone.be(Presence(registered=False))
    call.code(480)
    assert handset.hears(CallEnded, call=offered.call).end is CallEnd.CLOSED


def test_nothing_rings_while_logged_out(peer: Peer, handset: Handset) -> None:
    contact = peer.contact
    handset.phone.be(Presence(registered=False))
    handset.hears(LinkChanged, link=Link.OFFLINE)
    peer.wait(lambda: not peer.contact)
    peer.contact = contact
    peer.call(ANNA).code(480)
    assert not handset.heard(CallOffered)
    assert not handset.heard(CallEnded)


def test_a_call_rings_even_if_the_link_is_thought_to_be_down(
    peer: Peer, open_phone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "PATIENCE_SECONDS", 1.0)
    monkeypatch.setattr(registration, "KEEPALIVE_SECONDS", 0.5)
    handset = open_phone(peer)
    handset.online()
    peer.mute = True
    handset.hears(LinkChanged, link=Link.OFFLINE)
    assert _offer(peer, handset).number == "200#"


def test_a_pbx_that_dies_takes_its_ringing_with_it(
    peer: Peer, open_phone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "PATIENCE_SECONDS", 1.0)
    monkeypatch.setattr(registration, "KEEPALIVE_SECONDS", 0.5)
    handset = open_phone(peer)
    handset.online()
    offered = _offer(peer, handset)
    handset.phone.answer(offered.call, 180)
    peer.deaf = True
    assert handset.hears(CallEnded, call=offered.call).end is CallEnd.CLOSED


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are listed nowhere here")
def test_ringing_opens_no_socket_and_no_sound(peer: Peer, handset: Handset) -> None:
    before = _open_files()
    call = peer.call(ANNA)
    handset.phone.answer(handset.hears(CallOffered).call, 180)
    call.code(180)
    assert _open_files() == before
    assert not [name for name in before if "snd" in name]


def _open_files() -> list[str]:
    return sorted(str(path.readlink()) for path in Path("/proc/self/fd").iterdir() if path.exists())
