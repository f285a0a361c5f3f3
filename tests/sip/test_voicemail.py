"""Voicemail, by subscription and unasked."""

from collections.abc import Callable

import pytest

from device.core.events import Counts, VoicemailHeard, VoicemailLost
from device.sip import settings
from device.sip.phone import Presence
from device.sip.wire import Message
from tests.sip.handset import Handset
from tests.sip.peer import Peer

pytest.importorskip("pjsua2", reason="pjsua2 has no wheel here")
from device.sip.pjsua import voicemail

Open = Callable[..., Handset]
OURS = ("message-summary", "100")
TWO_NEW = "Messages-Waiting: yes\r\nMessage-Account: sip:100@pbx\r\nVoice-Message: 2/8 (1/2)\r\n"
NONE_NEW = "Messages-Waiting: no\r\nMessage-Account: sip:100@pbx\r\nVoice-Message: 0/8 (0/2)\r\n"


@pytest.fixture
def handset(peer: Peer, open_phone: Open) -> Handset:
    peer.bodies[OURS] = TWO_NEW
    return open_phone(peer)


def test_voicemail_is_heard_by_subscription(peer: Peer, handset: Handset) -> None:
    heard = handset.hears(VoicemailHeard)
    assert (heard.boxes, heard.waiting) == ((("100@pbx", Counts(2, 8, 1)),), True)
    peer.watched("100", "message-summary").notify(NONE_NEW)
    assert not handset.hears(VoicemailHeard, 2).waiting


def test_voicemail_is_heard_unasked_and_once(peer: Peer, open_phone: Open) -> None:
    handset = open_phone(peer)
    handset.online()
    for body in (TWO_NEW, TWO_NEW, NONE_NEW):
        peer.tell(body)
    assert not handset.hears(VoicemailHeard, 2).waiting
    assert len(handset.heard(VoicemailHeard)) == 2
    assert not handset.heard(VoicemailLost)


def test_a_summary_that_makes_no_sense_is_passed_over(peer: Peer, handset: Handset) -> None:
    handset.hears(VoicemailHeard)
    peer.watched("100", "message-summary").notify("\x00\udcff junk")
    peer.watched("100", "message-summary").notify("messages-waiting : NO\nvoice-message:0 / 0")
    assert handset.hears(VoicemailHeard, 2).boxes == (("", Counts()),)


def test_a_subscription_the_pbx_ends_is_unknown_and_asked_for_again(
    peer: Peer, handset: Handset
) -> None:
    handset.hears(VoicemailHeard)
    peer.watched("100", "message-summary").notify(NONE_NEW, "terminated;reason=noresource")
    handset.hears(VoicemailLost)
    handset.hears(VoicemailHeard, 2, waiting=True)


def test_losing_the_link_loses_voicemail_and_its_return_brings_it(
    peer: Peer, handset: Handset
) -> None:
    handset.hears(VoicemailHeard)
    handset.phone.be(Presence(registered=False))
    assert handset.hears(VoicemailLost).reason == "Logged out"
    peer.forget()
    handset.phone.be(Presence(registered=True))
    handset.hears(VoicemailHeard, 2)


def test_voicemail_comes_back_with_a_pbx_that_restarted_too_quickly_to_be_missed(
    peer: Peer, open_phone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SUBSCRIBED_SECONDS", 2)
    monkeypatch.setattr(voicemail, "BELIEVED_SECONDS", 2.5)
    peer.bodies[OURS] = TWO_NEW
    handset = open_phone(peer)
    handset.hears(VoicemailHeard)
    peer.forget()
    peer.bodies[OURS] = NONE_NEW
    assert not handset.hears(VoicemailHeard, 2).waiting


def test_a_pbx_that_has_no_boxes_to_subscribe_to_is_not_asked_with_every_registration(
    peer: Peer, open_phone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voicemail, "ANSWER_SECONDS", 0.5)
    peer.grant = 2
    handset = open_phone(peer, retry_refused=60)
    handset.online()
    peer.got("REGISTER", 4)
    assert len([r for r in peer.requests if r.method == "SUBSCRIBE"]) == 1


def test_a_body_is_found_after_folded_fields() -> None:
    raw = (
        "NOTIFY sip:x SIP/2.0\r\nEvent:\r\n message-summary\r\nX: a\r\n\t b\r\n\r\nbody\r\n\r\nmore"
    )
    message = Message.read(raw)
    assert message.body == "body\r\n\r\nmore"
    assert (message.first("event"), message.first("x")) == ("message-summary", "a b")
