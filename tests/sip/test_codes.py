"""Feature codes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from device.core.events import CodeAnswered, CodeEnded
from tests.sip.handset import Handset
from tests.sip.peer import Peer

Open = Callable[..., Handset]


@pytest.fixture
def handset(peer: Peer, open_phone: Open) -> Handset:
    handset = open_phone(peer)
    handset.online()
    return handset


def test_a_code_is_dialled_answered_and_hung_up(peer: Peer, handset: Handset) -> None:
    peer.codes["*78"] = 200
    handset.phone.dial(7, "*78")
    handset.hears(CodeAnswered, job=7)
    handset.phone.hang_up(7)
    peer.got("BYE")
    ended = handset.hears(CodeEnded, job=7)
    assert (ended.done, ended.reason) == (True, "")


def test_a_code_that_does_not_exist_says_so(handset: Handset) -> None:
    handset.phone.dial(8, "*99")
    ended = handset.hears(CodeEnded, job=8)
    assert (ended.done, ended.reason) == (False, "404 Not Found")
    assert not handset.heard(CodeAnswered)


def test_stars_go_as_they_are_and_hashes_escaped(peer: Peer, handset: Handset) -> None:
    handset.phone.dial(1, "*21*0612#")
    handset.hears(CodeEnded)
    assert peer.got("INVITE").user == "*21*0612%23"


def test_a_challenge_is_answered(peer: Peer, handset: Handset) -> None:
    peer.password, peer.codes["*78"] = "secret", 200
    handset.phone.dial(1, "*78")
    handset.hears(CodeAnswered)
    assert len([r for r in peer.requests if r.method == "INVITE"]) == 2


def test_a_code_nobody_answers_can_be_given_up(peer: Peer, handset: Handset) -> None:
    peer.codes["*78"] = 180
    handset.phone.dial(1, "*78")
    peer.got("INVITE")
    handset.phone.hang_up(1)
    ended = handset.hears(CodeEnded, job=1)
    assert (ended.done, ended.reason) == (False, "487 Request Terminated")


def test_hanging_up_what_is_over_or_never_was_does_no_harm(handset: Handset) -> None:
    handset.phone.dial(1, "*99")
    handset.hears(CodeEnded)
    handset.phone.hang_up(1)
    handset.phone.hang_up(99)
    handset.phone.dial(2, "*99")
    handset.hears(CodeEnded, job=2)
    assert len(handset.heard(CodeEnded)) == 2


def test_without_a_link_a_code_fails_at_once(peer: Peer, open_phone: Open) -> None:
    peer.register_code = 403
    handset = open_phone(peer)
    handset.phone.dial(1, "*78")
    assert handset.hears(CodeEnded).reason == "The PBX is offline"


def test_the_offer_asks_for_no_sound(peer: Peer, handset: Handset) -> None:
    handset.phone.dial(1, "*78")
    offer = peer.got("INVITE").body
    assert "a=inactive" in offer
    assert "a=sendrecv" not in offer
    assert "m=video" not in offer
    assert "m=text" not in offer


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are listed nowhere here")
def test_a_code_opens_no_socket_for_sound(peer: Peer, handset: Handset) -> None:
    def sockets() -> int:
        names = [str(path.readlink()) for path in Path("/proc/self/fd").iterdir() if path.exists()]
        return len([name for name in names if name.startswith("socket:")])

    before = sockets()
    peer.codes["*78"] = 200
    handset.phone.dial(1, "*78")
    handset.hears(CodeAnswered)
    during = sockets()
    handset.phone.hang_up(1)
    handset.hears(CodeEnded)
    assert (during, sockets()) == (before, before)


@pytest.mark.parametrize(("media", "asked"), [("", 2), ("RTP/SAVP ", 4)])
def test_a_request_fits_into_one_packet(
    peer: Peer, handset: Handset, media: str, asked: int
) -> None:
    # Beyond 1300 bytes a request has to leave UDP (RFC 3261 section 18.1.1).
    peer.password, peer.media = "secret", media
    handset.phone.dial(1, "*72" + "0" * 20)
    handset.hears(CodeEnded)
    invite = peer.got("INVITE", asked)
    size = len(invite.body) + sum(len(k) + len(v) + 4 for k, v in invite.fields)
    assert size < 1300


def test_a_pbx_that_wants_encrypted_sound_is_offered_it(peer: Peer, handset: Handset) -> None:
    peer.codes["*78"], peer.media = 200, "RTP/SAVP "
    for job in (1, 2):
        handset.phone.dial(job, "*78")
        handset.hears(CodeAnswered, job=job)
        handset.phone.hang_up(job)
        assert handset.hears(CodeEnded, job=job).done
    offers = [request.body for request in peer.requests if request.method == "INVITE"]
    assert ["a=crypto" in offer for offer in offers] == [False, True, True]


def test_a_pbx_that_no_longer_wants_encrypted_sound_is_heard(peer: Peer, handset: Handset) -> None:
    peer.codes["*78"] = 200
    for job, media in enumerate(("RTP/SAVP ", "RTP/AVP ")):
        peer.media = media
        handset.phone.dial(job, "*78")
        handset.hears(CodeAnswered, job=job)
        handset.phone.hang_up(job)
        assert handset.hears(CodeEnded, job=job).done


def test_a_pbx_that_wants_what_cannot_be_had_is_said_to(peer: Peer, handset: Handset) -> None:
    peer.codes["*78"], peer.media = 200, "opus"
    handset.phone.dial(1, "*78")
    ended = handset.hears(CodeEnded, job=1)
    assert not ended.done
    assert ended.reason.startswith("488 Not Acceptable Here: the PBX insists on a codec")
    assert len(handset.heard(CodeEnded)) == 1
    assert len([request for request in peer.requests if request.method == "INVITE"]) == 2


def test_a_code_hung_up_between_two_offers_ends_once(peer: Peer, handset: Handset) -> None:
    peer.media = "opus"
    handset.phone.dial(1, "*78")
    peer.got("INVITE")
    handset.phone.hang_up(1)
    handset.hears(CodeEnded, job=1)
    handset.phone.dial(2, "*99")
    handset.hears(CodeEnded, job=2)
    assert len(handset.heard(CodeEnded, job=1)) == 1


def test_another_offer_asks_the_pbx_for_nothing_else(peer: Peer, handset: Handset) -> None:
    peer.codes["*78"], peer.media = 200, "RTP/SAVP "
    handset.phone.dial(1, "*78")
    handset.hears(CodeAnswered)
    handset.phone.hang_up(1)
    handset.hears(CodeEnded)
    assert len([request for request in peer.requests if request.method == "REGISTER"]) == 1


@pytest.mark.parametrize("codec", [" 0", " 8", " 9", " 3"])
def test_the_offer_has_what_a_pbx_may_insist_on(peer: Peer, handset: Handset, codec: str) -> None:
    handset.phone.dial(1, "*78")
    handset.hears(CodeEnded)
    line = next(line for line in peer.got("INVITE").body.splitlines() if line.startswith("m="))
    assert codec in line
