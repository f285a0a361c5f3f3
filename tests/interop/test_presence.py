"""The panel as the real program, where statuses are published: at a real Kamailio."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Protocol

import pytest

from device.core.profile import Publication
from tests.interop.asterisk import CHROOT
from tests.interop.conftest import tells_no_secret
from tests.interop.desk import Desk
from tests.interop.far import Far
from tests.interop.kamailio import NO_PIDF, NO_PRESENCE, Kamailio
from tests.interop.panel import Panel

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(
        not (CHROOT / "usr/sbin/kamailio").exists(), reason="no Kamailio here: `make pbx` adds it"
    ),
]

PEOPLE = """
[divert]
targets = [{ name = "Carla", number = "102" }]

[[colleague]]
name = "Anna"
number = "101"
"""


@pytest.fixture
def kamailio(tmp_path: Path) -> Iterator[Kamailio]:
    server = Kamailio(tmp_path / "kamailio")
    server.start()
    yield server
    server.kill()


class PanelMaker(Protocol):
    def __call__(self, pbx: Kamailio) -> Panel:
        """A panel of user 100 there, which has been started."""


@pytest.fixture
def panel(tmp_path: Path) -> Iterator[PanelMaker]:
    with ExitStack() as panels:

        def make(pbx: Kamailio) -> Panel:
            login: dict[str, str | int] = {"server": pbx.server, "transport": "udp", "user": "100"}
            login |= {"password": pbx.password, "profile": "presence"}
            made = Panel(tmp_path / "panel", login, PEOPLE)
            panels.callback(lambda: tells_no_secret(made, pbx.password))
            panels.callback(made.stop)
            made.start()
            return made

        yield make


@pytest.fixture
def watcher(kamailio: Kamailio) -> Iterator[Far]:
    """Somebody who watches 100."""
    with Far(kamailio.server, "101", kamailio.password) as far:
        far.be(None, "100")
        yield far


def test_every_status_is_published_and_read_back(
    kamailio: Kamailio, panel: PanelMaker, watcher: Far
) -> None:
    program = panel(kamailio).online()
    watcher.sees("100", "free", "Available")
    program.choose("dnd")
    shown = program.settled("dnd")
    assert shown["lamps"]["dnd"]["pattern"] == "steady"
    watcher.sees("100", "busy", "Do not disturb")
    program.choose("absent")
    program.settled("absent")
    watcher.sees("100", "away", "Absent")
    program.choose("diverted", target="Carla")
    program.settled("diverted")
    watcher.sees("100", "free", "Reachable")
    program.choose("available")
    program.settled("available")
    watcher.sees("100", "free", "Available")


def test_logging_out_takes_the_status_back(
    kamailio: Kamailio, panel: PanelMaker, watcher: Far
) -> None:
    program = panel(kamailio).online()
    watcher.sees("100", "free", "Available")
    program.choose("logged_out")
    watcher.sees("100", "away", "")


def test_stopping_the_program_takes_the_status_back(
    kamailio: Kamailio, panel: PanelMaker, watcher: Far
) -> None:
    program = panel(kamailio).online()
    watcher.sees("100", "free", "Available")
    program.stop()
    watcher.sees("100", "away", "")


def test_a_status_survives_a_kamailio_that_lost_its_tables(
    kamailio: Kamailio, panel: PanelMaker
) -> None:
    program = panel(kamailio).online()
    program.choose("dnd")
    program.settled("dnd")
    kamailio.kill()
    kamailio.forget()
    kamailio.start()
    program.choose("absent")
    program.settled("absent")
    with Far(kamailio.server, "101", kamailio.password) as late:
        late.be(None, "100").sees("100", "away", "Absent")


def test_what_a_colleague_publishes_is_shown(kamailio: Kamailio, panel: PanelMaker) -> None:
    program = panel(kamailio).online()

    def seen(hint: str) -> None:
        program.until(lambda shown: shown["colleagues"][0]["state"] == hint)

    seen("unknown")
    with Far(kamailio.server, "101", kamailio.password) as anna:
        anna.be(Publication(activity="busy", note="Do not disturb"))
        seen("busy")
        anna.be(Publication(note="Available"))
        seen("free")
    seen("away")


@pytest.mark.parametrize("switches", [NO_PIDF, NO_PRESENCE])
def test_without_presence_the_panel_says_that_only_its_own_answers_are_left(
    switches: tuple[str, ...], tmp_path: Path, panel: PanelMaker
) -> None:
    without = Kamailio(tmp_path / "without", *switches)
    without.start()
    try:
        program = panel(without)
        program.until(lambda shown: shown["mirror"]["means"] == "answers")
        program.choose("dnd")
        assert program.settled("dnd")["mirror"]["means"] == "answers"
        program.stop()
    finally:
        without.kill()


def test_a_call_in_dnd_is_turned_away_by_the_panel_and_rings_the_other_phone(
    kamailio: Kamailio, panel: PanelMaker
) -> None:
    program = panel(kamailio).online()
    program.choose("dnd")
    program.settled("dnd")
    with closing(_desk(kamailio, "101")) as caller, closing(_desk(kamailio, "100")) as phone:
        call = caller.call("100")
        ringing = phone.ringing()
        program.until(lambda shown: shown["notices"]["missed"]["total"] == 1)
        phone.answer(ringing["call"], code=480)
        assert caller.ended(call) in (480, 486)


def _desk(kamailio: Kamailio, user: str) -> Desk:
    phone = Desk(kamailio.server, user, kamailio.password)
    phone.expect(event="registered", code=200)
    return phone
