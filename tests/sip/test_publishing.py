"""Publications of a real phone, at a PBX that takes them or does not."""

from collections.abc import Callable, Iterator

import pytest

from device.core.events import HintHeard, HintLost, LinkChanged, Published
from device.core.profile import Publication
from device.core.words import Hint, Link
from device.pbx import presence
from device.sip import publication, registration
from device.sip.phone import Account, Presence
from tests.sip.handset import Handset
from tests.sip.presentity import Presentity

Open = Callable[..., Handset]

BUSY = Publication(activity="busy", note="Do not disturb")
AWAY = Publication(open=False, activity="away", note="Absent")


@pytest.fixture
def peer() -> Iterator[Presentity]:
    with Presentity() as peer:
        yield peer


def _publish(handset: Handset, wanted: Publication | None) -> None:
    handset.phone.be(Presence(True, published=wanted))


def _stands(peer: Presentity) -> list[tuple[Hint, str] | None]:
    return [presence.read(body) for body in peer.documents.values()]


def test_what_is_published_stands_at_the_pbx(peer: Presentity, open_phone: Open) -> None:
    handset = open_phone(peer)
    _publish(handset, BUSY)
    assert handset.hears(Published).ok
    assert _stands(peer) == [(Hint.BUSY, "Do not disturb")]
    first = peer.publish(1)
    assert (first.user, first["event"], first["sip-if-match"]) == ("100", "presence", "")
    assert first["content-type"] == "application/pidf+xml"


def test_a_change_replaces_what_stood(peer: Presentity, open_phone: Open) -> None:
    handset = open_phone(peer)
    _publish(handset, BUSY)
    handset.hears(Published, publication=BUSY)
    _publish(handset, AWAY)
    assert handset.hears(Published, publication=AWAY).ok
    assert peer.publish(2)["sip-if-match"] == "tag1"
    assert _stands(peer) == [(Hint.AWAY, "Absent")]


def test_a_password_is_proved_and_never_sent(peer: Presentity, open_phone: Open) -> None:
    peer.password = "secret"
    handset = open_phone(peer)
    _publish(handset, BUSY)
    assert handset.hears(Published).ok
    _publish(handset, AWAY)
    assert handset.hears(Published, publication=AWAY).ok
    assert "secret" not in str([request.fields for request in peer.requests])


def test_a_wrong_password_is_said_once_per_try(peer: Presentity, open_phone: Open) -> None:
    handset = open_phone(peer)
    handset.online()
    peer.password = "another"
    _publish(handset, BUSY)
    published = handset.hears(Published)
    assert (published.ok, published.reason) == (False, "401 Unauthorized")


def test_a_publication_is_refreshed_before_it_runs_out(
    peer: Presentity, open_phone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publication, "LEAST_SECONDS", 0.1)
    peer.granted = 1
    handset = open_phone(peer)
    _publish(handset, BUSY)
    refresh = peer.publish(3)
    assert (refresh.body, refresh["sip-if-match"]) == (peer.publish(1).body, "tag2")
    assert _stands(peer) == [(Hint.BUSY, "Do not disturb")]
    assert len(handset.heard(Published)) == 1


def test_a_pbx_that_has_forgotten_is_told_anew(peer: Presentity, open_phone: Open) -> None:
    handset = open_phone(peer)
    _publish(handset, BUSY)
    handset.hears(Published)
    peer.documents.clear()
    _publish(handset, AWAY)
    assert handset.hears(Published, publication=AWAY).ok
    tags = [request["sip-if-match"] for request in peer.publishes()]
    assert tags == ["", "tag1", ""]
    assert _stands(peer) == [(Hint.AWAY, "Absent")]


def test_a_pbx_that_has_forgotten_what_was_published_has_forgotten_who_watches(
    peer: Presentity, open_phone: Open
) -> None:
    peer.bodies["presence", "100"] = publication.document(Account("pbx", "100", ""), BUSY)
    handset = open_phone(peer)
    handset.phone.be(Presence(True, frozenset({"100"}), BUSY))
    handset.hears(Published)
    handset.hears(HintHeard, hint=Hint.BUSY)
    peer.documents.clear()
    peer.subscriptions.clear()
    peer.bodies["presence", "100"] = publication.document(Account("pbx", "100", ""), AWAY)
    handset.phone.be(Presence(True, frozenset({"100"}), AWAY))
    handset.hears(HintHeard, hint=Hint.AWAY)
    assert not handset.heard(HintLost)


def test_a_time_too_brief_is_made_longer(peer: Presentity, open_phone: Open) -> None:
    peer.least = 900
    handset = open_phone(peer)
    _publish(handset, BUSY)
    assert handset.hears(Published).ok
    assert [request["expires"] for request in peer.publishes()] == ["120", "900"]


def test_a_pbx_without_presence_is_asked_once(peer: Presentity, open_phone: Open) -> None:
    peer.publish_codes = [(489, "")]
    handset = open_phone(peer)
    _publish(handset, BUSY)
    assert handset.hears(Published).reason.startswith("489 ")
    _publish(handset, AWAY)
    assert not handset.hears(Published, publication=AWAY).ok
    assert len(peer.publishes()) == 1


def test_a_pbx_in_trouble_is_asked_again(
    peer: Presentity, open_phone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publication, "SOON_SECONDS", 0.1)
    peer.publish_codes = [(503, "Retry-After: 1"), (500, "")]
    handset = open_phone(peer)
    _publish(handset, BUSY)
    handset.hears(Published, ok=True)
    assert [event.ok for event in handset.heard(Published)] == [False, False, True]


def test_a_publication_comes_back_with_a_pbx_that_has_kept_nothing(
    peer: Presentity, open_phone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "PATIENCE_SECONDS", 1.0)
    monkeypatch.setattr(registration, "KEEPALIVE_SECONDS", 0.5)
    handset = open_phone(peer)
    _publish(handset, BUSY)
    handset.hears(Published)
    peer.deaf = True
    handset.hears(LinkChanged, link=Link.OFFLINE)
    peer.forget()
    peer.documents.clear()
    peer.deaf = False
    handset.online(2)
    assert handset.hears(Published, 2).ok
    assert _stands(peer) == [(Hint.BUSY, "Do not disturb")]


def test_logging_out_takes_back_what_was_published(peer: Presentity, open_phone: Open) -> None:
    peer.password = "secret"
    handset = open_phone(peer)
    _publish(handset, BUSY)
    handset.hears(Published)
    handset.phone.be(Presence(registered=False))
    peer.wait(lambda: not peer.documents)


def test_a_phone_that_is_closed_takes_back_what_was_published(
    peer: Presentity, open_phone: Open
) -> None:
    peer.password = "secret"
    handset = open_phone(peer)
    _publish(handset, BUSY)
    handset.hears(Published)
    handset.phone.close()
    assert not peer.documents
    assert peer.publishes()[-1]["expires"] == "0"


@pytest.mark.parametrize("transport", ["tcp"])
def test_publications_go_the_way_the_registration_goes(transport: str, open_phone: Open) -> None:
    with Presentity(transport) as peer:
        handset = open_phone(peer, transport=transport)
        _publish(handset, BUSY)
        assert handset.hears(Published).ok
        assert "/TCP " in peer.publish(1)["via"]
        handset.phone.close()
