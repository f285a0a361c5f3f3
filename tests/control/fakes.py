"""A panel without a loop of its own, and a server in front of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec

import aiohttp

from device.control.live import OnEdge
from device.control.web import WebServer
from device.core.effects import Effect
from device.core.events import Event
from device.core.state import State
from device.core.update import update
from device.demo.world import Around, world_routes
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

    async def delete(self, path: str) -> tuple[int, object]:
        async with self.session.delete(self.url + path) as answer:
            return answer.status, await answer.json()

    def events(self, query: str = "", **headers: str) -> "aiohttp.client._WSRequestContextManager":
        return self.session.ws_connect(f"{self.url}/api/events{query}", headers=headers)


@asynccontextmanager
async def serving(
    panel: FakePanel,
    listen: str = "127.0.0.1:0",
    token: str = "",
    on_edge: OnEdge | None = None,
    world: Around | None = None,
) -> AsyncIterator[Outside]:
    """A server on a port the system gave, and somebody who asks it things while time stands."""
    routes = world_routes(world) if world else ()
    demo = world is not None
    server = WebServer(panel, listen, token, on_edge, routes, demo, now=lambda: NOW)
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


@dataclass
class FakeWorld:
    """A world that only writes down what it was asked to do."""

    deeds: list[tuple[object, ...]] = field(default_factory=list)
    away: bool = False
    refusing: bool = False
    desk_phone: bool = True
    calls: list[dict[str, object]] = field(default_factory=list)

    def snapshot(self) -> dict[str, Any]:
        return {
            "away": self.away,
            "contacts": 1,
            "codes": [{"name": "DND on", "code": "*78"}, {"name": "DND off", "code": "*79"}],
            "statuses": [],
            "forward": "",
            "colleagues": [{"number": "101", "name": "Reception", "being": "free"}],
            "own_call": None,
            "others": "answers",
            "voicemail": {"new": 1, "old": 0, "urgent": 0},
            "calls": self.calls,
            "refusing": self.refusing,
            "desk_phone": self.desk_phone,
            "texts": [],
        }

    def call(self, number: str, name: str = "", diverted_by: str = "") -> int:
        self.deeds.append(("call", number, name, *([diverted_by] if diverted_by else [])))
        call = {"id": 7, "number": number, "name": name, "state": "ringing", "detail": "ringing"}
        self.calls.append({**call, "answerable": True})
        return 7

    def hang_up(self, call: int) -> None:
        if not self.calls:
            raise LookupError(f"there is no call {call}")
        self.deeds.append(("hang_up", call))
        self.calls[-1] |= {"state": "given up", "detail": "given up", "answerable": False}

    def answer(self, call: int) -> None:
        self.deeds.append(("answer", call))
        self.calls[-1] |= {"state": "talking", "detail": "talking", "answerable": False}

    def lift(self) -> None:
        if self.refusing:
            raise LookupError("The desk phone does not ring for the panel")
        self.deeds.append(("lift",))

    def put_down(self) -> None:
        self.deeds.append(("put_down",))

    def let_colleague(self, number: str, being: str) -> None:
        self.deeds.append(("colleague", number, being))

    def let_others(self, far_end: str) -> None:
        self.deeds.append(("others", far_end))

    def leave_voicemail(self, urgent: bool = False) -> None:
        self.deeds.append(("leave_voicemail", urgent))

    def hear_voicemail(self) -> None:
        self.deeds.append(("hear_voicemail",))

    def send_text(self, number: str, name: str, text: str) -> None:
        self.deeds.append(("send_text", number, name, text))

    def dial_on_desk_phone(self, code: str) -> bool:
        self.deeds.append(("dial", code))
        return not self.refusing

    def register_desk_phone(self, here: bool) -> None:
        self.deeds.append(("desk_phone", here))
        self.desk_phone = here

    def refuse_codes(self, refuse: bool = True) -> None:
        self.deeds.append(("refuse_codes", refuse))
        self.refusing = refuse

    async def go_away(self) -> None:
        self.deeds.append(("go_away",))
        self.away = True

    async def come_back(self) -> None:
        self.deeds.append(("come_back",))
        self.away = False
