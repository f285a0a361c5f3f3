"""The WebSocket: tells what is shown as it changes, and hears the buttons of a virtual board."""

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import suppress

from aiohttp import WSCloseCode, WSMsgType, web

from device.control.glass import Glass
from device.control.seam import Changes, Panel
from device.control.wishes import Wish, WishError
from device.core.state import State
from device.core.words import BUTTONS
from device.views.public import Json, public

HEARTBEAT_SECONDS = 20.0
"A page that is gone without a word is noticed after one and a half of these."

BEAT_SECONDS = 10.0
"A page hears something this often, if only `{}`, so that it can tell silence from a dead wire."

CLOSE_SECONDS = 0.5
"How long a page may take to say goodbye; the panel must be down within two seconds."

LONGEST_MESSAGE = 4096

OnEdge = Callable[[str, bool], None]
"""Called with the button's name and True for down."""

log = logging.getLogger(__name__)


class Live:
    """All pages that look on right now."""

    def __init__(
        self,
        panel: Panel,
        glass: Glass,
        on_edge: OnEdge | None,
        demo: bool,
        now: Callable[[], float],
    ) -> None:
        self._panel = panel
        self._glass = glass
        self._on_edge = on_edge
        self._about: Json = {"edges": on_edge is not None, "demo": demo}
        self._now = now
        self._pages: dict[web.WebSocketResponse, asyncio.Transport | None] = {}

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one page until it leaves."""
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT_SECONDS,
            timeout=CLOSE_SECONDS / 2,
            max_msg_size=LONGEST_MESSAGE,
            compress=False,
        )
        await socket.prepare(request)
        self._pages[socket] = request.transport
        try:
            await self._converse(socket)
        except Exception:
            # The upgrade is long done: there is no way left to answer with a 500.
            log.exception("A page's connection ended in a bug of ours")
            await socket.close(code=WSCloseCode.INTERNAL_ERROR)
        finally:
            del self._pages[socket]
        return socket

    async def close(self) -> None:
        """Say goodbye to every page. Twice does no harm."""
        pages = dict(self._pages)
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await asyncio.gather(*(s.close(code=WSCloseCode.GOING_AWAY) for s in pages))
        for transport in filter(None, pages.values()):
            transport.abort()  # a page that reads nothing has not heard the goodbye either

    async def _converse(self, socket: web.WebSocketResponse) -> None:
        hand = Hand(self._on_edge)
        try:
            async with asyncio.TaskGroup() as tasks:
                telling = tasks.create_task(self._tell(socket))
                await self._listen(socket, hand)
                telling.cancel()
        finally:
            hand.let_go()

    async def _tell(self, socket: web.WebSocketResponse) -> None:
        """Send what differs from what was sent last. A slow page waits for itself alone."""
        with suppress(ConnectionError):
            async with self._panel.changes() as changes:
                told = self._shown(self._panel.state)
                await socket.send_json(self._about | told)
                while True:
                    changed = await _changed(changes)
                    shown = self._shown(self._panel.state)
                    if (news := _news(told, shown)) or not changed:
                        await socket.send_json(news)
                    told = shown

    def _shown(self, state: State) -> Json:
        panel = public(state, self._now())
        return {"panel": panel, "pixels": self._glass.pixels(state), "size": self._glass.size}

    async def _listen(self, socket: web.WebSocketResponse, hand: "Hand") -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                hand.move(message.data.encode())
            except (WishError, UnicodeEncodeError) as fault:
                await self._complain(socket, str(fault))

    async def _complain(self, socket: web.WebSocketResponse, sentence: str) -> None:
        with suppress(ConnectionError):
            await socket.send_json({"error": sentence})


class Hand:
    """The fingers of one page. When it is gone, so are they."""

    def __init__(self, on_edge: OnEdge | None) -> None:
        self._on_edge = on_edge
        self._down: set[str] = set()

    def move(self, message: bytes) -> None:
        """Take `{"edge": {"button": "dnd", "down": true}}`. Raises `WishError`."""
        edge = Wish.parse(message, ("edge",)).within("edge", ("button", "down"))
        button, down = edge.one_of("button", BUTTONS), edge.flag("down")
        if self._on_edge is None:
            raise WishError("The buttons of this panel are real; see POST /api/press")
        (self._down.add if down else self._down.discard)(button)
        self._on_edge(button, down)

    def let_go(self) -> None:
        while self._down and self._on_edge:
            self._on_edge(self._down.pop(), False)


async def _changed(changes: Changes) -> bool:
    """Wait for a change, or for the next beat without one."""
    try:
        async with asyncio.timeout(BEAT_SECONDS):
            await changes.next()
    except TimeoutError:
        return False
    return True


def _news(told: Json, shown: Json) -> Json:
    """The parts of what is shown that are not as they were told."""
    news: Json = {}
    if _still(shown["panel"]) != _still(told["panel"]):
        news["panel"] = shown["panel"]
    if shown["pixels"] != told["pixels"]:
        news |= {"pixels": shown["pixels"], "size": shown["size"]}
    return news


def _still(panel: object) -> str:
    """All of it that does not run by itself."""
    assert isinstance(panel, dict)
    return json.dumps({k: v for k, v in panel.items() if k != "remaining"})
