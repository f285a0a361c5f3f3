"""The only module that constructs things and joins them."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
import tempfile
import time
import uuid
import webbrowser
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from device import card
from device.config import REPLIES, Config, Web
from device.config import Board as BoardConfig
from device.control.web import WebServer
from device.core.events import AddressFound, ClockSet, Event, PartLost
from device.core.kept import initial
from device.core.manners import Manners
from device.core.profile import Colleague, Grants, Profile, Target
from device.core.words import BUTTONS, COLLEAGUE_BUTTONS
from device.dawn import Fitted, Glass
from device.doorkeeper import Doorkeeper
from device.journal import Journal
from device.keeper import Keeper
from device.life import DEVICE_SECONDS, SIP_SECONDS, STORE_SECONDS, Lives, Turned
from device.network import own_address
from device.panel import Mailbox, Panel
from device.pbx.profiles import PROFILES
from device.sip.phone import Account, Phone
from device.store import Store
from device.systemd import Manager
from device.views.summary import summary
from device.world import BoardOn, BoardPart, RealWorld, as_event
from hw import drivers
from hw.mocks.board import VirtualBoard
from hw.ports import Board, HwMissing, Watchful

if TYPE_CHECKING:
    from aiohttp import web

log = logging.getLogger("deskpanel")

LOOK_SECONDS = 5.0
"Between looks at the wall clock and the network: how late a change is seen."

CLOCK_SLACK = 0.5
"Seconds by which wall and monotonic time may drift apart unnoticed."

BUILT = datetime(2026, 11, 1).astimezone().timestamp()
"No wall clock that is right shows an earlier time than this program's."

DEMO_USER, DEMO_PASSWORD = "100", "only-for-the-demo"

Post = Callable[[Event], None]
OnBug = Callable[[BaseException], None]
MakePhone = Callable[[Account, OnBug, Turned], Phone]


def real_phone(account: Account, on_fault: OnBug, turned: Turned) -> Phone:
    """The phone on pjsua2. Raises `SipMissing` where there is none."""
    from device.sip.pjsua import PjsuaPhone

    return PjsuaPhone(account, on_fault, turned)


@dataclass
class Extras:
    """What is not in the config: who started the panel, and what the demo adds to it."""

    routes: Iterable["web.RouteDef"] = ()
    demo: bool = False
    ready: Callable[[str], None] = lambda _: None
    "Told the page's address, once it can be opened."
    manager: Manager = field(default_factory=Manager)
    "Who started us, and wants to know how we are."
    lives: Lives = field(default_factory=Lives)
    "Who has to turn, for the manager to be told that we are alive."
    glass: Glass | None = None
    "The display, where it is lit already."


@dataclass
class Death:
    """The first fault of a foreign thread; the process ends with it."""

    _fault: "asyncio.Future[None]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def __post_init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def of(self, fault: BaseException) -> None:
        """Report a bug, from any thread."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._die, fault)

    async def wait(self) -> None:
        """Raises the fault, when there is one."""
        await self._fault

    def _die(self, fault: BaseException) -> None:
        if not self._fault.done():
            self._fault.set_exception(fault)


class _StoppedError(Exception):
    """The end that was asked for; it ends the task group as a fault would."""


async def run(
    config: Config, extras: Extras | None = None, make_phone: MakePhone = real_phone
) -> None:
    """The whole panel, until SIGTERM or SIGINT.

    Raises `StoreError`, `SipMissing`, and `OSError` in a sentence where the web address is taken.
    """
    live_by(config.zone)
    extras, death = extras or Extras(), Death()
    for remark in config.remarks:
        log.warning("config: %s", remark)
    mailbox, journal = Mailbox(), Journal()
    turned = extras.lives.of("store", STORE_SECONDS)
    store = Store(config.store, as_event("store", mailbox.post), death.of, turned)
    kept = store.open()
    try:
        turned = extras.lives.of("sip", SIP_SECONDS)
        phone = make_phone(_with_instance(config), death.of, turned)
        glass = _glass(config, extras, mailbox.post, death.of)
        world = _world(config, phone, store, glass, mailbox.post, death.of, extras.lives)
        begun = initial(config.grants, kept, time.monotonic())
        panel = Panel(begun, world, mailbox, journal, Doorkeeper(config.pin))
        await _serve(config, extras, panel, world, death)
    finally:
        store.close()


async def _serve(
    config: Config, extras: Extras, panel: Panel, world: RealWorld, death: Death
) -> None:
    web = _web(config, extras, panel, world)
    try:
        if web:
            await web.start()
            log.info("the panel is at %s", web.url)
            extras.ready(web.url)
        world.open(panel.post)
        with _journal_of_a_fault(config, panel.journal):
            await _work(config, extras, panel, death)
    finally:
        await _close(world, web)


async def _work(config: Config, extras: Extras, panel: Panel, death: Death) -> None:
    """Every task there is. None ends by itself where it has work; the first fault ends all."""
    try:
        async with asyncio.TaskGroup() as tasks:
            for task in (
                panel.run(),
                _look(panel.post),
                _look_at_card(panel.post),
                _feed(panel, extras),
                _report(panel, extras.manager, config.account.server),
                death.wait(),
                _until_told(panel, extras.manager),
            ):
                tasks.create_task(task)
    except* _StoppedError:
        log.info("stopped as asked")


async def _until_told(panel: Panel, manager: Manager) -> None:
    """End everything on SIGTERM or SIGINT."""
    told, loop = asyncio.Event(), asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError):  # on Windows, where Ctrl-C ends it all the same
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, told.set)
    await told.wait()
    manager.stopping()
    if panel.state.grants.absent_at_shutdown:
        with contextlib.suppress(TimeoutError):
            await panel.leave()
    raise _StoppedError


async def _report(panel: Panel, manager: Manager, server: str) -> None:
    """Tell the manager how the panel stands, from the moment on in which the loop runs."""
    async with panel.changes() as changes:
        await panel.mailbox.knock()
        told = summary(panel.state, server)
        manager.ready(told)
        while True:
            if (now := summary((await changes.next()), server)) != told:
                manager.status(now)
                told = now


async def _feed(panel: Panel, extras: Extras) -> None:
    """Tell the manager that we live: something went through the loop, and all turn who have to.

    Who hangs gets us killed and started anew; the journal then says who it was.
    """
    said: set[str] = set()
    while extras.manager.watchdog is not None:
        await panel.mailbox.knock()
        hanging = extras.lives.hanging()
        for name in hanging.keys() - said:
            log.error("%s hangs: it has not turned for %.0f s", name, hanging[name])
        said = set(hanging)
        if not hanging:
            extras.manager.alive()
        await asyncio.sleep(extras.manager.watchdog / 2)


async def _close(world: RealWorld, web: WebServer | None) -> None:
    """Dark first, then unregistered, while the web says goodbye; the two seconds are shared."""
    dark = asyncio.to_thread(world.close)
    await asyncio.gather(dark, *([web.stop()] if web else []))


def _with_instance(config: Config) -> Account:
    """The account, with the name this panel keeps for life (RFC 5626 section 4.1)."""
    path = config.store.with_name("instance")
    try:
        instance = str(uuid.UUID(path.read_text(encoding="ascii").strip()))
    except (OSError, ValueError):  # the first run, or the power went while it was written
        instance = str(uuid.uuid4())
        path.write_text(f"{instance}\n", encoding="ascii")
    return replace(config.account, instance=instance)


def _world(
    config: Config,
    phone: Phone,
    store: Store,
    glass: Glass,
    post: Post,
    on_bug: OnBug,
    lives: Lives,
) -> RealWorld:
    boards = []
    for n, board in enumerate(config.boards):
        name = "board" if n == 0 else f"board {n + 1}"
        part = BoardPart(_board(board, len(config.grants.colleagues), name, post), post, name)
        turned = lives.of(name, DEVICE_SECONDS)
        keeper = Keeper(name, part, as_event(name, post), on_bug, turned)
        if isinstance(part.board, Watchful):
            part.board.on_lost = keeper.look
        boards.append(BoardOn(part.board, keeper))
    return RealWorld(phone, store, tuple(boards), glass.keeper)


def _glass(config: Config, extras: Extras, post: Post, on_bug: OnBug) -> Glass:
    """The display that is lit already, else the one of the config."""
    glass = extras.glass or Glass(Fitted(config.oled, config.language), extras.lives)
    glass.trouble.hear(as_event("oled", post))
    glass.bug.hear(on_bug)
    return glass


def _board(config: BoardConfig, people: int, name: str, post: Callable[[Event], None]) -> Board:
    """The board, or none: a library that is missing does not come back by waiting."""
    spec = config.spec
    if config.driver == "virtual":
        buttons = (*BUTTONS, *COLLEAGUE_BUTTONS[:people])
        every = {button: n for n, button in enumerate(buttons)}
        spec = replace(spec, buttons=every, lamps=every)
    try:
        return drivers.board(config.driver, spec)
    except HwMissing as error:
        post(PartLost(time.monotonic(), name, str(error)))
        return drivers.board("none", spec)


def _web(config: Config, extras: Extras, panel: Panel, world: RealWorld) -> WebServer | None:
    if not config.web.listen:
        return None
    return WebServer(
        panel,
        config.web.listen,
        config.web.token,
        on_edge=_virtual_edges(world),
        extra_routes=extras.routes,
        demo=extras.demo,
        names=config.web.names,
        size=config.oled.seen_size,
        language=config.language,
    )


def _virtual_edges(world: RealWorld) -> Callable[[str, bool], None] | None:
    """Where the board is virtual, the page's buttons are its contacts."""
    virtual = [b.board for b in world.boards if isinstance(b.board, VirtualBoard)]
    if not virtual:
        return None
    return lambda button, down: (virtual[0].press if down else virtual[0].release)(button)


@contextlib.contextmanager
def _journal_of_a_fault(config: Config, journal: Journal) -> Iterator[None]:
    """Leave what led to a fault beside the store."""
    path = config.store.with_name("crash.journal")
    try:
        yield
    except Exception:
        with contextlib.suppress(OSError):  # the fault itself is what must be told
            journal.save(path)
            log.info("what led to the fault is in %s", path)
        raise


async def _look(post: Callable[[Event], None]) -> None:
    """Tell the core of the wall clock, and of our own address, whenever they change."""
    told: ClockSet | None = None
    address: str | None = None
    while True:
        now, here = read_clock(), own_address()
        if told is None or _differ(told, now):
            post(now)
            told = now
        if here != address:
            post(AddressFound(now.at, here))
            address = here
        await asyncio.sleep(LOOK_SECONDS)


async def _look_at_card(post: Post) -> None:
    """Say what was wrong with what is on the card, for as long as it is."""
    tell, told = as_event("card", post), ""
    while True:
        if (why := "; ".join(card.troubles())) != told:
            tell(why)
            told = why
        await asyncio.sleep(LOOK_SECONDS)


def live_by(zone: str) -> None:
    """Let local time be that of this zone, in the whole process; empty: as it is."""
    if zone:
        os.environ["TZ"] = zone
        time.tzset()


def read_clock() -> ClockSet:
    """Both clocks at this moment, and the offset of local time."""
    at, wall = time.monotonic(), time.time()
    return ClockSet(at, wall if _time_known(wall) else None, ahead_of_utc(wall))


def ahead_of_utc(wall: float) -> int:
    """Seconds by which local time is, at a moment in Unix seconds; asked anew at each look, for
    summer time comes and goes."""
    return time.localtime(wall).tm_gmtoff


def _differ(told: ClockSet, now: ClockSet) -> bool:
    if told.wall is None or now.wall is None:
        return told.wall is not now.wall
    drift = (now.wall - now.at) - (told.wall - told.at)
    return abs(drift) > CLOCK_SLACK or now.zone != told.zone


def _time_known(wall: float) -> bool:
    """A Pi has no clock battery: before NTP its time is that of its last shutdown, or worse.

    systemd-timesyncd makes its file `synchronized` when it has set the clock (systemd-timesyncd
    manual, "Files"); a machine with a clock of its own, or without timesyncd, is believed.
    """
    timesync = Path("/run/systemd/timesync")
    waits = timesync.is_dir() and not (timesync / "synchronized").exists()
    return wall > BUILT and not (waits and not Path("/dev/rtc0").exists())


# The demo


async def demo(
    listen: str, *, browser: bool, say: Callable[[str], None], profile: str = "freepbx"
) -> None:
    """A panel, a PBX and a world to try it with, all on this machine and in this process."""
    from device.demo.pbx import DemoPbx
    from device.demo.people import COLLEAGUES
    from device.demo.world import world_routes

    pbx = DemoPbx(DEMO_USER, DEMO_PASSWORD, profile=PROFILES[profile])
    await pbx.start()
    with tempfile.TemporaryDirectory(prefix="deskpanel-demo-") as folder:
        grants = _demo_grants(PROFILES[profile], COLLEAGUES)
        config = _demo_config(pbx.port, grants, listen, Path(folder))
        extras = Extras(world_routes(pbx), demo=True, ready=lambda url: _ready(url, browser, say))
        try:
            await run(config, extras)
        finally:
            await pbx.stop()


def _demo_grants(profile: Profile, colleagues: tuple[Colleague, ...]) -> Grants:
    targets = (Target("Reception", "101"), Target("Mobile", "+390612345678"))
    manners = Manners(replies=tuple(REPLIES["en"]))
    return Grants(DEMO_USER, profile, targets=targets, colleagues=colleagues, manners=manners)


def _demo_config(port: int, grants: Grants, listen: str, folder: Path) -> Config:
    board = BoardConfig("virtual", drivers.BoardSpec())
    account = Account("127.0.0.1", DEMO_USER, DEMO_PASSWORD, port=port, expires=6, retry=2)
    oled = drivers.OledSpec("virtual")
    return Config(account, grants, (board,), oled, Web(listen), folder / "panel.sqlite")


def _ready(url: str, browser: bool, say: Callable[[str], None]) -> None:
    say(f"The panel is at {url} - Ctrl-C ends it")
    if browser and _has_screen():
        webbrowser.open(url)


def _has_screen() -> bool:
    """A browser in this terminal would take it over."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
