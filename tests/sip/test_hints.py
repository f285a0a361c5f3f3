"""Watched extensions."""

from collections.abc import Callable, Iterator

import pytest

from device.core.events import HintHeard, HintLost
from device.core.words import Hint
from device.sip import registration, resubscribe, settings
from device.sip.phone import Presence
from tests.sip.handset import Handset
from tests.sip.peer import Act, Peer, Sip, reply

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
    peer.watched("*76100").notify("", "pending;expires=600")
    peer.watched("*76100").notify("<html/>")
    peer.watched("*76100").notify(_pidf("Ringing"))
    assert handset.hears(HintHeard, 2).hint is Hint.RINGING
    assert not handset.heard(HintLost)


def test_a_note_with_nothing_in_it_says_that_nothing_is_known(peer: Peer, handset: Handset) -> None:
    handset.hears(HintHeard)
    peer.watched("*76100").notify("")
    assert handset.hears(HintLost).reason == "Nothing is published"
    peer.watched("*76100").notify(" \r\n")
    peer.watched("*76100").notify(_pidf("Ringing"))
    assert handset.hears(HintHeard, 2).hint is Hint.RINGING
    assert len(handset.heard(HintLost)) == 1


class Choosy(Peer):
    """A PBX that turns some subscriptions down."""

    def __init__(self) -> None:
        self.refused: dict[str, tuple[int, str]] = {}
        "Code and a header field, by user."
        super().__init__()

    def asked(self, user: str) -> int:
        """How often somebody was to be watched; each subscription has a Call-ID."""
        asked = [r for r in self.requests if (r.method, r.user) == ("SUBSCRIBE", user)]
        return len({r["call-id"] for r in asked})

    def _acts(self) -> dict[str, Act]:
        return super()._acts() | {"SUBSCRIBE": self._choose}

    def _choose(self, request: Sip) -> None:
        if request.user in self.refused:
            code, extra = self.refused[request.user]
            reply(request, code, *([extra] if extra else []))
        else:
            self._subscribe(request)


@pytest.fixture
def choosy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Choosy]:
    """One that knows of 101, and with whom we have little patience."""
    monkeypatch.setattr(resubscribe, "SOON_SECONDS", 0.1)
    with Choosy() as peer:
        peer.bodies["presence", "101"] = _pidf("Ready")
        yield peer


def _asked_often(peer: Choosy, user: str) -> None:
    peer.wait(lambda: peer.asked(user) >= 4)


@pytest.mark.parametrize("code", [489, 501, 603])
def test_a_pbx_without_hints_is_asked_once_in_a_registration(
    code: int, choosy: Choosy, open_phone: Open
) -> None:
    choosy.refused["101"] = (code, "")
    handset = open_phone(choosy, "101", "404")
    assert handset.hears(HintLost, number="101").reason.startswith(f"{code} ")
    _asked_often(choosy, "404")
    assert choosy.asked("101") == 1
    handset.phone.be(Presence(False, frozenset({"101", "404"})))
    choosy.refused.clear()
    handset.phone.be(Presence(True, frozenset({"101", "404"})))
    assert handset.hears(HintHeard, number="101").hint is Hint.FREE


@pytest.mark.parametrize("reason", ["rejected", "invariant"])
def test_a_watch_that_is_ended_for_good_is_not_asked_for_again(
    reason: str, choosy: Choosy, open_phone: Open
) -> None:
    handset = open_phone(choosy, "101", "404")
    handset.hears(HintHeard)
    choosy.watched("101").notify(_pidf("Ready"), f"terminated;reason={reason};retry-after=0")
    assert handset.hears(HintLost, number="101").reason == reason
    _asked_often(choosy, "404")
    assert choosy.asked("101") == 1
    assert len(handset.heard(HintHeard)) == 1


@pytest.mark.parametrize("reason", ["deactivated", "timeout"])
def test_a_watch_that_is_to_be_renewed_is_at_once(
    reason: str, choosy: Choosy, open_phone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resubscribe, "SOON_SECONDS", 60)
    handset = open_phone(choosy, "101")
    handset.hears(HintHeard)
    choosy.watched("101").notify("", f"terminated;reason={reason}")
    assert handset.hears(HintLost).reason == reason
    handset.hears(HintHeard, 2)
    assert choosy.asked("101") == 2


@pytest.mark.parametrize("reason", ["probation", "giveup"])
def test_a_watch_is_asked_for_again_when_the_pbx_says(
    reason: str, choosy: Choosy, open_phone: Open
) -> None:
    handset = open_phone(choosy, "101")
    handset.hears(HintHeard)
    choosy.watched("101").notify("", f"terminated;reason={reason};retry-after=1")
    lost, heard = handset.hears(HintLost), handset.hears(HintHeard, 2)
    assert 1.0 <= heard.at - lost.at < 2.0


def test_a_refusal_with_a_time_is_heeded(choosy: Choosy, open_phone: Open) -> None:
    choosy.refused["101"] = (503, "Retry-After: 1")
    handset = open_phone(choosy, "101")
    lost = handset.hears(HintLost)
    choosy.refused.clear()
    assert 1.0 <= handset.hears(HintHeard).at - lost.at < 2.0


def test_a_watch_nobody_tells_anything_is_lost(
    choosy: Choosy, open_phone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SUBSCRIBED_SECONDS", 1)
    handset = open_phone(choosy, "101")
    handset.hears(HintHeard)
    choosy.refused["101"] = (403, "")
    assert handset.hears(HintLost).reason == "403 Forbidden"
    choosy.refused.clear()
    handset.hears(HintHeard, 2)
