"""Texts in and out."""

from collections.abc import Callable

import pytest

from device.core.events import LinkChanged, TextReceived, TextSent
from device.core.words import Link
from tests.sip.handset import Handset
from tests.sip.peer import Peer

Open = Callable[..., Handset]


@pytest.fixture
def handset(peer: Peer, open_phone: Open) -> Handset:
    handset = open_phone(peer)
    handset.online()
    return handset


def test_a_text_is_received_and_answered(peer: Peer, handset: Handset) -> None:
    text = "perché? \N{THUMBS UP SIGN}\r\n\r\nzwei"
    assert peer.text('"Anna" <sip:200@pbx>', text).code(200)
    heard = handset.hears(TextReceived)
    assert (heard.number, heard.name, heard.text) == ("200", "Anna", text)


def test_a_text_in_another_charset_is_read(peer: Peer, handset: Handset) -> None:
    peer.text("<sip:200@pbx>", "caf\udce9", "text/plain;charset=iso-8859-1")
    assert handset.hears(TextReceived).text == "café"


@pytest.mark.parametrize(
    "kind", ["text/plain", "text/plain;charset=no-such", "text/plain;charset=utf-8"]
)
def test_a_text_with_broken_bytes_is_readable_and_can_be_stored(
    peer: Peer, handset: Handset, kind: str
) -> None:
    peer.text("<sip:200@pbx>", "caf\udce9", kind)
    text = handset.hears(TextReceived).text
    assert text == "caf\N{REPLACEMENT CHARACTER}"
    assert text.encode()


def test_a_text_keeps_its_lines_and_can_do_nothing(peer: Peer, handset: Handset) -> None:
    peer.text('"An\x1bna" <sip:200@pbx>', "one\n\ttwo\x1b[2J\u202e\x07")
    heard = handset.hears(TextReceived)
    assert (heard.name, heard.text) == ("Anna", "one\n\ttwo[2J")


def test_what_cannot_be_read_is_told_of(peer: Peer, handset: Handset) -> None:
    assert peer.text("<sip:200@pbx>", "{}", "application/json; charset=utf-8").code(200)
    told = "(a message of type application/json, which cannot be shown)"
    assert handset.hears(TextReceived, number="200").text == told


def test_a_wrapped_text_is_unwrapped(peer: Peer, handset: Handset) -> None:
    part = "Content-Type: text/plain\r\n\r\none\r\n\r\ntwo"
    peer.text("<sip:200@pbx>", f"From: <im:200@pbx>\r\n\r\n{part}", "message/cpim")
    assert handset.hears(TextReceived).text == "one\r\n\r\ntwo"


def test_a_text_is_from_whom_the_pbx_vouches_for(peer: Peer, handset: Handset) -> None:
    peer.text("<sip:200@pbx>;tag=7\r\nP-Asserted-Identity: <sip:201@pbx>", "hello")
    assert handset.hears(TextReceived).number == "201"


def test_a_text_is_sent_with_its_own_bytes(peer: Peer, handset: Handset) -> None:
    peer.password = "secret"
    handset.phone.send_text(3, "20#", "perché?\nzwei")
    sent = handset.hears(TextSent)
    assert (sent.job, sent.ok, sent.reason) == (3, True, "")
    message = peer.got("MESSAGE", 2)
    assert (message.user, message.body) == ("20%23", "perché?\nzwei")
    assert message["content-type"].replace(" ", "").lower().startswith("text/plain")


def test_a_text_that_is_refused_says_why(peer: Peer, handset: Handset) -> None:
    peer.text_code = 404
    handset.phone.send_text(4, "999", "hello")
    sent = handset.hears(TextSent, job=4)
    assert (sent.ok, sent.reason) == (False, "404 Not Found")


def test_the_same_text_twice_is_two_jobs(handset: Handset) -> None:
    handset.phone.send_text(1, "200", "hello")
    handset.phone.send_text(2, "200", "hello")
    handset.hears(TextSent, 2)
    assert [event.job for event in handset.heard(TextSent)] == [1, 2]


def test_without_a_link_a_text_fails_at_once(peer: Peer, open_phone: Open) -> None:
    peer.register_code = 403
    handset = open_phone(peer)
    handset.phone.send_text(1, "200", "hello")
    assert handset.hears(TextSent).reason == "The PBX is offline"
    handset.hears(LinkChanged, link=Link.REFUSED)


def test_a_text_says_its_charset_where_it_needs_one(peer: Peer, handset: Handset) -> None:
    handset.phone.send_text(1, "200", "perché")
    handset.hears(TextSent)
    assert "charset=utf-8" in peer.got("MESSAGE")["content-type"].lower()
