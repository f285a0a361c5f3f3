"""Presence at a real Kamailio: published, read back, refreshed, forgotten, taken back."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import pytest

from device.core.profile import Publication
from tests.interop.asterisk import CHROOT
from tests.interop.desk import Desk
from tests.interop.far import Far
from tests.interop.kamailio import NO_PIDF, NO_PRESENCE, Kamailio
from tests.interop.until import until

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(
        not (CHROOT / "usr/sbin/kamailio").exists(), reason="no Kamailio here: `make pbx` adds it"
    ),
]

FREE = Publication(note="Available")
DND = Publication(activity="busy", note="Do not disturb")
ABSENT = Publication(open=False, activity="away", note="Absent")

ONE, OTHER = "4b1c5a52-0d0e-4d51-a5f9-0d4f27a5b4a1", "00000000-0d0e-4d51-a5f9-0d4f27a5b4a1"


@pytest.fixture
def kamailio(tmp_path: Path) -> Iterator[Kamailio]:
    """Up, with nobody registered and nothing published. A new one takes a tenth of a second."""
    server = Kamailio(tmp_path / "kamailio")
    server.start()
    yield server
    server.kill()


class FarMaker(Protocol):
    def __call__(self, user: str = "100", at: Kamailio | None = None, **account: Any) -> Far:
        """A panel's phone, which has been told nothing yet."""


@pytest.fixture
def far(kamailio: Kamailio) -> Iterator[FarMaker]:
    with ExitStack() as phones:

        def make(user: str = "100", at: Kamailio | None = None, **account: Any) -> Far:
            server = at or kamailio
            login = {"password": server.password} | account
            return phones.enter_context(Far(server.server, user, **login))

        yield make


def test_whoever_watches_sees_every_status(far: FarMaker) -> None:
    panel, watcher = far(), far("101")
    panel.be(FREE).hears("Published", ok=True)
    watcher.be(None, "100").sees("100", "free", "Available")
    panel.be(DND)
    watcher.sees("100", "busy", "Do not disturb")
    panel.be(ABSENT)
    watcher.sees("100", "away", "Absent")
    panel.be(FREE)
    watcher.sees("100", "free", "Available")


def test_a_panel_reads_its_own_status_back(far: FarMaker) -> None:
    panel = far().be(DND, "100")
    panel.hears("Published", ok=True)
    panel.sees("100", "busy", "Do not disturb")
    panel.be(ABSENT, "100").sees("100", "away", "Absent")


def test_status_goes_over_tcp_as_well(far: FarMaker) -> None:
    panel = far(transport="tcp").be(DND, "100")
    panel.hears("Published", ok=True)
    panel.sees("100", "busy", "Do not disturb")


def test_a_wrong_password_publishes_nothing(kamailio: Kamailio, far: FarMaker) -> None:
    panel = far(password="wrong").be(DND)
    assert panel.hears("LinkChanged", link="refused")["reason"].endswith("wrong password")
    assert not _publishes(kamailio)


def test_a_kamailio_that_lost_its_tables_is_told_anew(kamailio: Kamailio, far: FarMaker) -> None:
    panel = far().be(FREE)
    panel.hears("Published", ok=True)
    kamailio.kill()
    kamailio.forget()
    kamailio.start()
    panel.be(DND)
    assert panel.hears("Published", publication=asdict(DND))["ok"]
    far("101").be(None, "100").sees("100", "busy", "Do not disturb")
    assert [bool(tag) for _, tag in _publishes(kamailio)] == [False, True, False]


def test_a_status_is_refreshed_before_it_runs_out(kamailio: Kamailio, far: FarMaker) -> None:
    far(expires=3).be(DND)
    watcher = far("101").be(None, "100")
    watcher.sees("100", "busy", "Do not disturb")
    until(lambda: len(_publishes(kamailio)) >= 4, 15, kamailio.log)
    assert {news["hint"] for news in watcher.news if news["event"] == "HintHeard"} <= {"busy"}
    far("102").be(None, "100").sees("100", "busy", "Do not disturb")


def test_a_refresh_heals_what_was_forgotten(kamailio: Kamailio, far: FarMaker) -> None:
    panel = far(expires=6).be(DND)
    panel.hears("Published", ok=True)
    kamailio.kill()
    kamailio.forget()
    kamailio.start()
    until(lambda: len(_publishes(kamailio)) == 3, 10, kamailio.log)
    assert [bool(tag) for _, tag in _publishes(kamailio)] == [False, True, False]
    far("101").be(None, "100").sees("100", "busy", "Do not disturb")


def test_the_status_of_a_panel_that_died_runs_out(far: FarMaker) -> None:
    panel, watcher = far(expires=3), far("101")
    panel.be(DND).hears("Published", ok=True)
    watcher.be(None, "100").sees("100", "busy", "Do not disturb")
    panel.kill()
    watcher.hears("HintLost", number="100", reason="Nothing is published")


def test_of_two_panels_that_of_the_one_that_died_runs_out(far: FarMaker) -> None:
    one, other, watcher = far(instance=ONE, expires=3), far(instance=OTHER), far("101")
    one.be(DND).hears("Published", ok=True)
    other.be(FREE).hears("Published", ok=True)
    watcher.be(None, "100").sees("100", "busy", "Do not disturb")
    one.kill()
    watcher.sees("100", "free", "Available")


def test_nothing_is_known_of_whom_nothing_is_published(far: FarMaker) -> None:
    watcher = far("101").be(None, "102")
    watcher.hears("HintLost", number="102", reason="Nothing is published")


def test_a_panel_that_is_closed_takes_its_status_back(far: FarMaker) -> None:
    panel, watcher = far(), far("101")
    panel.be(DND).hears("Published", ok=True)
    watcher.be(None, "100").sees("100", "busy", "Do not disturb")
    panel.close()
    assert watcher.hears("HintHeard", number="100")["hint"] == "away"


def test_logging_out_takes_the_status_back(far: FarMaker) -> None:
    panel, watcher = far(), far("101")
    panel.be(DND).hears("Published", ok=True)
    watcher.be(None, "100").sees("100", "busy", "Do not disturb")
    panel.be(None, registered=False)
    assert watcher.hears("HintHeard", number="100")["hint"] == "away"


def test_two_panels_of_one_user_are_both_seen(far: FarMaker) -> None:
    one, other, watcher = far(instance=ONE), far(instance=OTHER), far("101")
    one.be(FREE).hears("Published", ok=True)
    other.be(DND, "100").hears("Published", ok=True)
    watcher.be(None, "100").sees("100", "busy", "Do not disturb")
    one.be(ABSENT).hears("Published", ok=True)
    one.be(FREE).hears("Published", ok=True)
    other.be(FREE)
    watcher.sees("100", "free", "Available")
    one.be(ABSENT)
    watcher.sees("100", "away", "Absent")
    one.close()
    watcher.sees("100", "free", "Available")


def test_a_panel_that_was_killed_and_came_back_does_not_contradict_itself_for_long(
    far: FarMaker,
) -> None:
    panel, watcher = far(instance=ONE, expires=4), far("101")
    panel.be(DND).hears("Published", ok=True)
    panel.kill()
    far(instance=ONE).be(FREE).hears("Published", ok=True)
    watcher.be(None, "100").sees("100", "free", "Available")


@pytest.mark.parametrize(
    ("switches", "reason"), [(NO_PIDF, "489 Bad Event"), (NO_PRESENCE, "404 Not here")]
)
def test_a_kamailio_without_presence_is_asked_once(
    switches: tuple[str, ...], reason: str, tmp_path: Path, far: FarMaker
) -> None:
    without = Kamailio(tmp_path / "without", *switches)
    without.start()
    try:
        panel = far(at=without).be(DND, "100")
        assert panel.hears("HintLost")["reason"] == reason
        assert panel.hears("Published", ok=False)["reason"] == reason
        panel.be(FREE, "100")
        assert panel.hears("Published", publication=asdict(FREE))["reason"] == reason
        assert len(_publishes(without)) == 1
        panel.close()
    finally:
        without.kill()


def test_a_call_rings_every_phone_and_its_end_reaches_the_caller(kamailio: Kamailio) -> None:
    with ExitStack() as phones:
        one, two, caller = [
            phones.enter_context(closing(_desk(kamailio, user))) for user in ("100", "100", "101")
        ]
        call = caller.call("100")
        one.answer(one.ringing()["call"], code=486)
        two.answer(two.ringing()["call"], code=603)
        assert caller.ended(call) == 603


def _publishes(kamailio: Kamailio) -> list[tuple[str, str]]:
    """Expires and SIP-If-Match of each PUBLISH that has proved who sent it."""
    found = re.findall(r"PUBLISH .*: presence (\d+) (\S+)", kamailio.log())
    return [(expires, "" if tag == "<null>" else tag) for expires, tag in found]


def _desk(kamailio: Kamailio, user: str) -> Desk:
    phone = Desk(kamailio.server, user, kamailio.password)
    phone.expect(event="registered", code=200)
    return phone
