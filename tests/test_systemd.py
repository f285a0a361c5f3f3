"""What the service manager is told, and who has to be alive for it."""

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from device import dawn, keeper, store, wiring
from device.config import Config, Web
from device.core.events import LinkChanged, PartLost
from device.core.kept import Kept
from device.core.words import Link
from device.keeper import Keeper
from device.life import Lives
from device.panel import Mailbox
from device.sip.phone import Account
from device.sip.scripted import ScriptedPhone
from device.store import Store
from device.systemd import Manager
from hw.mocks.oled import VirtualOled
from hw.ports import HwMissing
from hw.specs import OledSpec
from tests.core.play import GENERIC
from tests.manager import FakeManager
from tests.whole import until

LIMIT_SECONDS = 10.0
WATCHDOG_SECONDS = 0.1
SOON = 0.05
"For who has to turn in a test."


# The words


def test_the_manager_is_told_in_its_own_words(tmp_path: Path) -> None:
    with FakeManager.under(tmp_path) as fake:
        manager = Manager(fake.address)
        manager.ready("online: 100 at\npbx.example.com")
        manager.status("offline")
        manager.alive()
        manager.wait(1.5)
        manager.stopping()
        assert fake.hear() == [
            {"READY": "1", "STATUS": "online: 100 at pbx.example.com"},
            {"STATUS": "offline"},
            {"WATCHDOG": "1"},
            {"EXTEND_TIMEOUT_USEC": "1500000"},
            {"STOPPING": "1"},
        ]


def test_an_abstract_socket_is_one_too() -> None:
    with FakeManager(f"@deskpanel-test-{os.getpid()}") as fake:
        Manager(fake.address).alive()
        assert fake.hear() == [{"WATCHDOG": "1"}]


def test_where_nobody_listens_nothing_happens(tmp_path: Path) -> None:
    Manager().ready("")
    Manager(str(tmp_path / "nobody")).alive()
    assert Manager.of({}) == Manager("", None)


def test_a_manager_that_does_not_read_is_not_waited_for(tmp_path: Path) -> None:
    with FakeManager.under(tmp_path) as fake:
        for _ in range(10_000):  # more than any socket holds
            Manager(fake.address).status("x" * 1000)


def test_what_systemd_says_of_its_watchdog_is_for_one_process() -> None:
    given = {"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "30000000"}
    assert Manager.of(given) == Manager("/n", 30.0)
    assert Manager.of(given | {"WATCHDOG_PID": str(os.getpid())}).watchdog == 30.0
    assert Manager.of(given | {"WATCHDOG_PID": "1"}).watchdog is None
    assert Manager.of(given | {"WATCHDOG_USEC": "0"}).watchdog is None
    assert Manager.of(given | {"WATCHDOG_USEC": "soon"}).watchdog is None


# Who turns


def test_who_has_not_turned_within_their_time_hangs() -> None:
    now = [100.0]
    lives = Lives(lambda: now[0])
    turned, _ = lives.of("sip", 90), lives.of("oled", 60)
    now[0] = 160.0
    assert lives.hanging() == {}
    now[0] = 161.0
    assert lives.hanging() == {"oled": 61.0}
    now[0] = 191.0
    assert lives.hanging() == {"sip": 91.0, "oled": 91.0}
    turned()
    assert lives.hanging() == {"oled": 91.0}
    lives.of("oled", 60)
    assert lives.hanging() == {}


class Turns:
    """Counts them."""

    def __init__(self) -> None:
        self._changed, self.count = threading.Condition(), 0

    def __call__(self) -> None:
        with self._changed:
            self.count += 1
            self._changed.notify_all()

    def more(self, by: int) -> bool:
        with self._changed:
            wanted = self.count + by
            return self._changed.wait_for(lambda: self.count >= wanted, LIMIT_SECONDS)


class Nothing:
    """A device that is there, and does what it is told at once."""

    def open(self) -> None:
        """There."""

    def show(self, level: int) -> None:
        """Shown."""

    def close(self) -> None:
        """Gone."""


class Missing(Nothing):
    def open(self) -> None:
        raise HwMissing("not there")


@pytest.mark.parametrize("part", [Nothing(), Missing()])
def test_a_keeper_turns_though_it_has_nothing_to_do(
    part: Nothing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "TURN_SECONDS", 0.001)
    turns = Turns()
    kept = Keeper("part", part, lambda _: None, lambda _: None, turns, retry=0.001)
    kept.start()
    try:
        assert turns.more(3)
    finally:
        kept.close()


def test_a_store_turns_though_it_has_nothing_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "TURN_SECONDS", 0.001)
    turns = Turns()
    here = Store(tmp_path / "panel.sqlite", turned=turns)
    here.open()
    try:
        assert turns.more(3)
    finally:
        here.close()


def test_a_phone_turns_though_there_is_no_pbx() -> None:
    pytest.importorskip("pjsua2", reason="pjsua2 has no wheel for this Python")
    from device.sip.pjsua import PjsuaPhone

    turns = Turns()
    phone = PjsuaPhone(Account("127.0.0.1", "100", "", port=9), lambda _: None, turns)
    phone.open(lambda _: None)
    try:
        assert turns.more(3)
    finally:
        phone.close()


def test_a_knock_is_answered_behind_all_that_was_posted_and_is_no_event() -> None:
    async def story() -> None:
        mailbox = Mailbox()
        mailbox.post(PartLost(1.0, "oled", "gone"))
        await asyncio.sleep(0)
        knock = asyncio.create_task(mailbox.knock())
        assert await mailbox.next(None) == PartLost(1.0, "oled", "gone")
        await asyncio.sleep(0)
        assert not knock.done()  # that event is still being worked on
        waiting = asyncio.create_task(mailbox.next(None))
        await knock
        assert not waiting.done()
        mailbox.post(PartLost(2.0, "oled", ""))
        assert await waiting == PartLost(2.0, "oled", "")

    asyncio.run(story())


# The whole panel


class Desk:
    def __init__(self, fake: FakeManager, phone: ScriptedPhone, lives: Lives) -> None:
        self.fake, self.phone, self.lives = fake, phone, lives

    async def hear(self, fits: Callable[[dict[str, str]], bool]) -> None:
        """Until something is told that was not told before."""
        known = len(self.fake.hear())
        await until(lambda: any(map(fits, self.fake.hear()[known:])))

    async def fed(self) -> None:
        await self.hear(lambda told: "WATCHDOG" in told)


@asynccontextmanager
async def desk(folder: Path) -> AsyncIterator[Desk]:
    """A panel with a manager, and a phone that a test plays."""
    account = Account("pbx.example.com", GENERIC.user, "hush-hush")
    place, none = folder / "panel.sqlite", OledSpec("virtual")
    config = Config(account, GENERIC, (), none, Web(""), place)
    phone, lives = ScriptedPhone(), Lives()
    with FakeManager.under(folder) as fake:
        extras = wiring.Extras(manager=Manager(fake.address, WATCHDOG_SECONDS), lives=lives)
        running = asyncio.create_task(wiring.run(config, extras, lambda *_: phone))
        try:
            yield Desk(fake, phone, lives)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has to turn has little time for it."""
    for module in (keeper, store):
        monkeypatch.setattr(module, "TURN_SECONDS", SOON / 10)
    monkeypatch.setattr(wiring, "STORE_SECONDS", SOON)
    monkeypatch.setattr(dawn, "DEVICE_SECONDS", SOON)


def test_a_panel_says_that_it_is_ready_and_how_it_stands(tmp_path: Path) -> None:
    async def story() -> None:
        async with desk(tmp_path) as here:
            await here.hear(lambda told: told == {"READY": "1", "STATUS": "offline: " + WHOSE})
            here.phone.say(LinkChanged(time.monotonic(), Link.ONLINE))
            await here.hear(
                lambda told: told.get("STATUS", "").startswith(f"online: {WHOSE}, available")
            )
            here.phone.say(LinkChanged(time.monotonic(), Link.REFUSED, "wrong password"))
            await here.hear(
                lambda told: told.get("STATUS", "") == f"refused: {WHOSE}: wrong password"
            )
            assert "hush-hush" not in str(here.fake.told)

    asyncio.run(story())


WHOSE = f"{GENERIC.user} at pbx.example.com"


def test_a_working_panel_feeds_the_watchdog_again_and_again(tmp_path: Path) -> None:
    async def story() -> None:
        async with desk(tmp_path) as here:
            for _ in range(3):
                await here.fed()

    asyncio.run(story())


@pytest.mark.usefixtures("_in_a_hurry")
def test_the_watchdog_is_not_fed_while_a_display_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    usual = VirtualOled.show

    def hanging(self: VirtualOled, *told: Any) -> None:
        begun.set()
        go_on.wait(LIMIT_SECONDS)
        usual(self, *told)

    async def story() -> None:
        async with desk(tmp_path) as here:
            await here.fed()
            monkeypatch.setattr(VirtualOled, "show", hanging)
            here.phone.say(LinkChanged(time.monotonic(), Link.ONLINE))
            await until(begun.is_set)
            await hungry(here, caplog, "oled hangs")
            go_on.set()
            await here.fed()

    asyncio.run(story())


@pytest.mark.usefixtures("_in_a_hurry")
def test_the_watchdog_is_not_fed_while_the_card_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    usual = Store._write

    def hanging(self: Store, kept: Kept) -> str:
        begun.set()
        go_on.wait(LIMIT_SECONDS)
        return usual(self, kept)

    async def story() -> None:
        monkeypatch.setattr(Store, "_write", hanging)
        async with desk(tmp_path) as here:
            await until(begun.is_set)
            await hungry(here, caplog, "store hangs")
            go_on.set()
            await here.fed()

    asyncio.run(story())


async def hungry(here: Desk, caplog: pytest.LogCaptureFixture, why: str) -> None:
    """Nothing is fed from the moment on in which it is said who hangs."""
    await until(lambda: why in caplog.text)
    before = len(here.fake.hear())
    await asyncio.sleep(3 * WATCHDOG_SECONDS)  # in which it would be fed six times
    assert not any("WATCHDOG" in told for told in here.fake.hear()[before:])


def test_the_watchdog_is_not_fed_when_events_are_not_taken_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        never = asyncio.get_running_loop().create_future()

        async def stuck(*_: object) -> None:
            await never

        async with desk(tmp_path) as here:
            await here.fed()
            monkeypatch.setattr(Mailbox, "next", stuck)
            here.phone.say(LinkChanged(time.monotonic(), Link.ONLINE))
            await asyncio.sleep(WATCHDOG_SECONDS)
            before = len(here.fake.hear())
            await asyncio.sleep(3 * WATCHDOG_SECONDS)
            assert not any("WATCHDOG" in told for told in here.fake.hear()[before:])

    asyncio.run(story())
