"""Watched extensions."""

from collections.abc import Callable

import pytest

from device.core.events import HintHeard, HintLost
from device.core.words import Hint
from device.sip import registration, settings
from device.sip.phone import Presence
from tests.sip.handset import Handset
from tests.sip.peer import Peer

Open = Callable[..., Handset]
DND = ("presence", "*76100")


def _pidf(note: str, basic: str = "open") -> str:
    return (
        '<?xml version="1.0"?>'
        '<presence entity="sip:*76100@pbx" xmlns="urn:ietf:params:xml:ns:pidf">'
        f"<note>{note}</note>"
        f'<tuple id="1"><status><basic>{basic}</basic></status></tuple></presence>'
    )


@pytest.fixture
def handset(peer: Peer, open_phone: Open) -> Handset:
    peer.bodies[DND] = _pidf("Ready")
    return open_phone(peer, "*76100")


def test_a_hint_is_heard_when_watched_and_when_it_changes(peer: Peer, handset: Handset) -> None:
    heard = handset.hears(HintHeard)
    assert (heard.number, heard.hint, heard.note) == ("*76100", Hint.FREE, "Ready")
    peer.watched("*76100").notify(_pidf("On the phone"))
    assert handset.hears(HintHeard, 2).hint is Hint.BUSY
    peer.watched("*76100").notify(_pidf("Unavailable", "closed"))
    assert handset.hears(HintHeard, 3).hint is Hint.AWAY


def test_a_hint_that_does_not_exist_is_lost_once(peer: Peer, open_phone: Open) -> None:
    handset = open_phone(peer, "999", retry_refused=1)
    assert handset.hears(HintLost).reason == "404 Not Found"

    def asked_again() -> bool:
        return len([r for r in peer.requests if r.user == "999"]) >= 2

    peer.wait(asked_again)
    peer.bodies["presence", "999"] = _pidf("Ready")
    handset.hears(HintHeard, number="999")
    assert len(handset.heard(HintLost)) == 1


def test_what_is_watched_can_be_changed(peer: Peer, handset: Handset) -> None:
    handset.hears(HintHeard)
    peer.bodies["presence", "101"] = _pidf("Ringing")
    handset.phone.be(Presence(True, frozenset({"101"})))
    assert handset.hears(HintHeard, number="101").hint is Hint.RINGING
    peer.wait(lambda: not [s for s in peer.subscriptions if s.asked.user == "*76100"])


def test_a_subscription_the_pbx_ends_is_lost_and_made_again(peer: Peer, handset: Handset) -> None:
    handset.hears(HintHeard)
    peer.watched("*76100").notify("", "terminated;reason=deactivated")
    assert handset.hears(HintLost).reason == "deactivated"
    handset.hears(HintHeard, 2)


def test_the_last_note_is_no_news_and_the_next_one_comes_soon(peer: Peer, open_phone: Open) -> None:
    peer.bodies[DND] = _pidf("Ready")
    handset = open_phone(peer, "*76100", retry=120, retry_refused=120)
    handset.hears(HintHeard)
    peer.watched("*76100").notify(_pidf("On the phone"))
    handset.hears(HintHeard, hint=Hint.BUSY)
    peer.bodies[DND] = _pidf("On the phone")
    # What Asterisk sends while it reads its dialplan anew.
    peer.watched("*76100").notify(_pidf("Unavailable"), "terminated;reason=noresource")
    assert handset.hears(HintLost).reason == "noresource"
    handset.hears(HintHeard, 2, hint=Hint.BUSY)
    assert [event.hint for event in handset.heard(HintHeard)] == [Hint.FREE, Hint.BUSY, Hint.BUSY]


def test_logging_out_loses_every_hint(handset: Handset) -> None:
    handset.hears(HintHeard)
    handset.phone.be(Presence(False, frozenset({"*76100"})))
    assert handset.hears(HintLost).reason == "Logged out"
    handset.phone.be(Presence(True, frozenset({"*76100"})))
    handset.hears(HintHeard, 2)


def test_hints_come_back_with_a_pbx_that_was_away_and_has_kept_nothing(
    peer: Peer, open_phone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "PATIENCE_SECONDS", 1.0)
    monkeypatch.setattr(registration, "KEEPALIVE_SECONDS", 0.5)
    peer.bodies[DND] = _pidf("Ready")
    handset = open_phone(peer, "*76100")
    handset.hears(HintHeard)
    peer.deaf = True
    handset.hears(HintLost, reason="The PBX at 127.0.0.1 does not answer")
    peer.forget()
    peer.deaf = False
    handset.online(2)
    assert peer.watched("*76100")


def test_hints_come_back_with_a_pbx_that_restarted_too_quickly_to_be_missed(
    peer: Peer, open_phone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SUBSCRIBED_SECONDS", 1)
    peer.bodies[DND] = _pidf("Ready")
    handset = open_phone(peer, "*76100")
    handset.hears(HintHeard)
    peer.forget()
    peer.bodies[DND] = _pidf("On the phone")
    handset.hears(HintHeard, hint=Hint.BUSY)
    assert not handset.heard(HintLost)


def test_a_note_that_is_no_presence_document_is_passed_over(peer: Peer, handset: Handset) -> None:
    handset.hears(HintHeard)
    peer.watched("*76100").notify("")
    peer.watched("*76100").notify("<html/>")
    peer.watched("*76100").notify(_pidf("Ringing"))
    assert handset.hears(HintHeard, 2).hint is Hint.RINGING
