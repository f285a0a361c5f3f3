"""Several boards at once: buttons here, and a busy light across the room that tells the same."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

# Imported here, since importing leaves hidapi's socket to udev behind for good.
import busylight_core  # type: ignore[import-untyped, unused-ignore] # noqa: F401

from device import config as configs
from device.core.events import CallEnded, CallOffered, Chosen, Event, LinkChanged
from device.core.kept import initial
from device.core.words import BUTTONS, By, CallEnd, Link, Status
from device.glass import OledPart, Seen
from device.journal import Journal
from device.keeper import Keeper
from device.panel import Mailbox, Panel
from device.sip.scripted import ScriptedPhone
from device.store import Store
from device.world import BoardOn, BoardPart, RealWorld, as_event
from hw.busylight import COLOURS, BusylightBoard
from hw.mocks.board import VirtualBoard
from hw.mocks.lights import BLACK, Flag, UsbPort
from hw.none import NoOled
from hw.ports import Board, Colour, Pattern
from tests.control.fakes import in_loop
from tests.core.play import GENERIC
from tests.whole import PRESS_SECONDS, RETRY_SECONDS, Fingers, until

AMBER, GREEN, RED = (COLOURS[colour] for colour in (Colour.AMBER, Colour.GREEN, Colour.RED))


@dataclass
class Desk:
    """A panel with buttons on the desk and a light across the room."""

    panel: Panel
    phone: ScriptedPhone
    board: VirtualBoard
    light: Flag
    fingers: Fingers

    def say(self, kind: Callable[..., Event], *told: object) -> None:
        """Let the PBX do something now."""
        self.phone.say(kind(time.monotonic(), *told))

    def click(self, button: str) -> None:
        self.fingers.at = time.monotonic()
        self.board.press(button)
        self.board.settle()
        self.fingers.at += PRESS_SECONDS
        self.board.release(button)
        self.board.settle()

    def pattern(self, lamp: str) -> Pattern:
        return self.board.glows[lamp].pattern

    @property
    def lost(self) -> dict[str, str]:
        return dict(self.panel.state.lost)


@asynccontextmanager
async def desk(folder: Path, *, light: bool = True) -> AsyncIterator[Desk]:
    """A desk with buttons where the link is up. A bug in any thread fails the test."""
    bugs: list[BaseException] = []
    store, flag, fingers = Store(folder / "panel.sqlite"), Flag(), Fingers()
    kept, mailbox, phone = store.open(), Mailbox(), ScriptedPhone()
    flag.plugged = light
    board = VirtualBoard(BUTTONS, BUTTONS, bounces=3, clock=fingers)

    def on(name: str, board: Board) -> BoardOn:
        part = BoardPart(board, mailbox.post, name)
        tell = as_event(name, mailbox.post)
        return BoardOn(board, Keeper(name, part, tell, bugs.append, retry=RETRY_SECONDS))

    boards = (on("board", board), on("board 2", BusylightBoard()))
    tell = as_event("oled", mailbox.post)
    oled: Keeper[Seen] = Keeper("oled", OledPart(NoOled()), tell, bugs.append)
    oled.start()
    world = RealWorld(phone, store, boards, oled)
    panel = Panel(initial(GENERIC, kept, time.monotonic()), world, mailbox, Journal())
    with UsbPort(flag).in_place():
        world.open(panel.post)
        running = asyncio.create_task(panel.run())
        try:
            here = Desk(panel, phone, board, flag, fingers)
            here.say(LinkChanged, Link.ONLINE)
            await until(lambda: here.pattern("available") is Pattern.STEADY)
            yield here
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await asyncio.to_thread(world.close)
            store.close()
    assert flag.colour == BLACK
    assert not bugs, bugs


@in_loop
async def test_a_button_here_changes_the_light_there(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await until(lambda: here.light.colour == GREEN)
        here.click("dnd")
        await until(lambda: here.light.colour == AMBER)
        await until(lambda: here.pattern("dnd") is Pattern.STEADY)


@in_loop
async def test_a_missed_call_winks_over_the_status(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await until(lambda: here.light.colour == GREEN)
        here.say(CallOffered, 1, "201", "Anna")
        here.say(CallEnded, 1, CallEnd.GIVEN_UP)
        await until(lambda: here.pattern("missed") is Pattern.SLOW)
        await until(lambda: here.light.history[-3:] == [GREEN, RED, GREEN])


@in_loop
async def test_a_light_pulled_out_leaves_the_buttons_at_work_and_comes_back_right(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as here:
        await until(lambda: here.light.colour == GREEN)
        here.light.unplug()
        here.click("dnd")
        await until(lambda: here.pattern("dnd") is Pattern.STEADY)
        await until(lambda: "board 2" in here.lost)
        assert here.lost.keys() == {"board 2"}
        here.light.plug()
        await until(lambda: here.light.colour == AMBER)
        await until(lambda: not here.lost)


@in_loop
async def test_a_light_that_comes_late_shows_what_is_so(tmp_path: Path) -> None:
    async with desk(tmp_path, light=False) as here:
        await until(lambda: "none is plugged in" in here.lost.get("board 2", ""))
        here.click("dnd")
        await until(lambda: here.pattern("dnd") is Pattern.STEADY)
        here.light.plug()
        await until(lambda: here.light.colour == AMBER and not here.lost)


@in_loop
async def test_buttons_that_are_lost_leave_the_light_at_work(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await until(lambda: here.light.colour == GREEN)
        here.board.unplug()
        here.say(Chosen, Status.DND, By.WEB)
        await until(lambda: here.light.colour == AMBER)
        await until(lambda: here.lost.keys() == {"board"})


def test_the_config_names_them_in_a_list(tmp_path: Path) -> None:
    path = tmp_path / "deskpanel.toml"
    path.write_text(
        '[pbx]\nserver = "pbx.example.com"\nuser = "100"\n'
        '[board]\ndriver = ["gpio", "busylight"]\n[board.buttons]\ndnd = 6\n',
        encoding="utf-8",
    )
    config = configs.load(path, tmp_path)
    assert [board.driver for board in config.boards] == ["gpio", "busylight"]
