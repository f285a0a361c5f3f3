"""A whole panel but for SIP: real loop, real threads, real bytes to the glass."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from device.core.events import Event
from device.core.kept import initial
from device.core.profile import Grants
from device.core.words import BUTTONS
from device.glass import OledPart, Seen
from device.journal import Journal
from device.keeper import Keeper
from device.panel import Mailbox, Panel
from device.sip.scripted import ScriptedPhone
from device.store import Store
from device.world import BoardOn, BoardPart, RealWorld, as_event, sight
from hw.mocks.board import VirtualBoard
from hw.mocks.glass import Ssd1306Glass
from hw.oled import LumaOled, i2c_on
from hw.specs import OledSpec
from tests.core.play import GENERIC

LIMIT_SECONDS = 10.0
RETRY_SECONDS = 0.02


PRESS_SECONDS = 0.1
"How long a finger stays down."


@dataclass
class Fingers:
    """The time of edges. It stands still while a busy machine does something else, as no hand is
    slower for that."""

    at: float = 0.0

    def __call__(self) -> float:
        self.at += 0.0005
        return self.at


@dataclass
class Whole:
    panel: Panel
    phone: ScriptedPhone
    board: VirtualBoard
    glass: Ssd1306Glass
    fingers: Fingers

    @property
    def status(self) -> str:
        return self.panel.state.mirror.choice.status

    def say(self, kind: Callable[..., Event], *told: object, **named: object) -> None:
        """Let the PBX do something now."""
        self.phone.say(kind(time.monotonic(), *told, **named))

    def click(self, *buttons: str) -> None:
        """Fingers down and up again, each contact bouncing from its own thread."""
        self.fingers.at = time.monotonic()
        for button in buttons:
            self.board.press(button)
        self.board.settle()
        self.fingers.at += PRESS_SECONDS
        for button in buttons:
            self.board.release(button)
        self.board.settle()

    @property
    def wanted(self) -> Image.Image:
        """What the glass should show now."""
        return sight(self.panel.state).look(self.glass.size, "en").picture

    def glass_is_right(self) -> bool:
        return self.glass.pixels().tobytes() == self.wanted.tobytes()


@asynccontextmanager
async def whole(folder: Path, grants: Grants = GENERIC) -> AsyncIterator[Whole]:
    """A panel that runs until the block ends. A bug in any thread fails the test."""
    bugs: list[BaseException] = []
    store = Store(folder / "panel.sqlite")
    kept = store.open()
    mailbox, phone = Mailbox(), ScriptedPhone()
    fingers, glass = Fingers(), Ssd1306Glass()
    board = VirtualBoard(BUTTONS, BUTTONS, bounces=3, clock=fingers)
    tell = as_event("board", mailbox.post)
    part = BoardPart(board, mailbox.post)
    keep = Keeper("board", part, tell, bugs.append, retry=RETRY_SECONDS)
    oled = LumaOled(OledSpec("ssd1306"), i2c_on(glass))
    tell = as_event("oled", mailbox.post)
    lit: Keeper[Seen] = Keeper("oled", OledPart(oled), tell, bugs.append, retry=RETRY_SECONDS)
    lit.start()
    world = RealWorld(phone, store, (BoardOn(board, keep),), lit)
    panel = Panel(initial(grants, kept, time.monotonic()), world, mailbox, Journal())
    world.open(panel.post)
    running = asyncio.create_task(panel.run())
    try:
        await until(lambda: board.is_open)
        yield Whole(panel, phone, board, glass, fingers)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await asyncio.to_thread(world.close)
        store.close()
    assert not bugs, bugs


async def until(so: Callable[[], bool]) -> None:
    """Return as soon as it holds; fail if it never does."""
    end = time.monotonic() + LIMIT_SECONDS
    while not so():
        assert time.monotonic() < end, "it never became so"
        await asyncio.sleep(0.002)
