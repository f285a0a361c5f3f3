"""A panel without a loop of its own, and a server in front of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import ParamSpec

import aiohttp

from device.control.live import OnEdge
from device.control.web import WebServer
from device.core.effects import Effect
from device.core.events import Event
from device.core.state import State
from device.core.update import update
from tests.views.states import NOW, QUIET

STORY_SECONDS = 10.0
"A story that hangs is a failure, not a wait."

P = ParamSpec("P")


def in_loop(story: Callable[P, Coroutine[None, None, None]]) -> Callable[P, None]:
    """Run a test that awaits."""

    @wraps(story)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(asyncio.wait_for(story(*args, **kwargs), STORY_SECONDS))

    return run


@dataclass
class FakePanel:
    """The real core, asked at once and without time of its own."""

    state: State = QUIET
    taken: list[Event] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    readers: set["FakeChanges"] = field(default_factory=set)

    def post(self, event: Event) -> None:
        self.taken.append(event)
        state, effects = update(self.state, event)
        self.effects += effects
        self.become(state)

    def become(self, state: State) -> None:
        """Stand like this from now on, and tell everybody."""
        self.state = state
        for reader in self.readers:
            reader.changed.set()

    async def ask(self, event: Event) -> State:
        self.post(event)
        return self.state

    @asynccontextmanager
    async def changes(self) -> AsyncIterator["FakeChanges"]:
        reader = FakeChanges(self)
        self.readers.add(reader)
        try:
            yield reader
        finally:
            self.readers.discard(reader)


class FakeChanges:
    def __init__(self, panel: FakePanel) -> None:
        self._panel = panel
        self.changed = asyncio.Event()

    async def next(self) -> State:
        await self.changed.wait()
        self.changed.clear()
        return self._panel.state


@dataclass
class Outside:
    """A program that talks to the panel over HTTP."""

    session: aiohttp.ClientSession
    url: str

    async def get(self, path: str, **headers: str) -> tuple[int, object]:
        async with self.session.get(self.url + path, headers=headers) as answer:
            return answer.status, await answer.json()

    async def post(self, path: str, body: object, **headers: str) -> tuple[int, object]:
        async with self.session.post(self.url + path, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    def events(self, query: str = "", **headers: str) -> "aiohttp.client._WSRequestContextManager":
        return self.session.ws_connect(f"{self.url}/api/events{query}", headers=headers)


@asynccontextmanager
async def serving(
    panel: FakePanel,
    listen: str = "127.0.0.1:0",
    token: str = "",
    on_edge: OnEdge | None = None,
) -> AsyncIterator[Outside]:
    """A server on a port the system gave, and somebody who asks it things while time stands."""
    server = WebServer(panel, listen, token, on_edge, now=lambda: NOW)
    await server.start()
    try:
        async with aiohttp.ClientSession() as session:
            yield Outside(session, server.url)
    finally:
        await server.stop()


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop go round until it is so; the story's own limit ends a wait in vain."""
    while not condition():
        await asyncio.sleep(0)
