"""The loop: events in, one at a time; pulses and levels out."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, Self, TypeAlias

from device.core.effects import Effect
from device.core.events import Event, Leaving, Tick
from device.core.state import State
from device.core.update import deadline, update
from device.core.words import Link
from device.doorkeeper import Doorkeeper
from device.journal import Journal
from device.waiting import settle

LEAVE_SECONDS = 6.0
"How long the end waits for the PBX, where it is to know that the user is absent now."


class World(Protocol):
    """Everything outside the core. Both verbs hand over and return."""

    def perform(self, effect: Effect) -> None:
        """Do a pulse, once. A failure comes back as an event."""

    def show(self, state: State) -> None:
        """Make all levels look like this."""

    async def stored(self) -> None:
        """Return when everything shown so far is safe against a power cut."""


Knock: TypeAlias = "asyncio.Future[None]"
"Stands in the queue among the events, and is no event: it leaves no trace in state or journal."


class Mailbox:
    """The one way from a foreign thread into the loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[Event | Knock] = asyncio.Queue()

    def post(self, event: Event) -> None:
        """Leave an event, from any thread. After the loop has ended, nobody reads it."""
        try:
            self._loop.call_soon_threadsafe(self._queue.put_nowait, event)
        except RuntimeError:
            if not self._loop.is_closed():
                raise

    async def knock(self) -> None:
        """Return when all that was posted before has gone through the loop."""
        heard: Knock = self._loop.create_future()
        self._queue.put_nowait(heard)
        await heard

    async def next(self, due: float | None) -> Event:
        """The next event, or a Tick when `due` (monotonic seconds) has come."""
        while isinstance(found := await self._next(due), asyncio.Future):
            settle(found, None)
        return found

    async def _next(self, due: float | None) -> "Event | Knock":
        try:
            async with asyncio.timeout(None if due is None else max(due - time.monotonic(), 0)):
                return await self._queue.get()
        except TimeoutError:
            # After a stall, what waits here happened before the moment that has passed.
            return Tick(time.monotonic()) if self._queue.empty() else self._queue.get_nowait()


class Changes:
    """A reader's place in the stream of states. A slow reader gets the newest, no backlog."""

    def __init__(self, readers: "set[Changes]", newest: Callable[[], State]) -> None:
        self._readers, self._newest = readers, newest
        self._changed = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._readers.add(self)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._readers.discard(self)

    def notify(self) -> None:
        self._changed.set()

    async def next(self) -> State:
        """The newest state, once something has changed since the last call."""
        await self._changed.wait()
        self._changed.clear()
        return self._newest()


@dataclass
class Panel:
    """Owns the state. Everything else asks for a change, or looks."""

    state: State
    world: World
    mailbox: Mailbox
    journal: Journal
    doorkeeper: Doorkeeper = field(default_factory=Doorkeeper)
    _readers: set[Changes] = field(default_factory=set)
    _asked: dict[int, Callable[[State], None]] = field(default_factory=dict)

    def post(self, event: Event) -> None:
        """Let something happen, from any thread."""
        self.mailbox.post(event)

    async def ask(self, event: Event) -> State:
        """Let something happen; the state right after it, when that is safely stored."""
        answer: asyncio.Future[State] = asyncio.get_running_loop().create_future()
        self._asked[id(event)] = partial(settle, answer)
        self.post(event)
        state = await answer
        await self.world.stored()
        return state

    def changes(self) -> Changes:
        """A place in the stream of states, to be entered with `async with`."""
        return Changes(self._readers, lambda: self.state)

    async def leave(self) -> None:
        """Say that the program ends, and wait while the PBX still does something about it."""
        async with self.changes() as changes, asyncio.timeout(LEAVE_SECONDS):
            state = await self.ask(Leaving(time.monotonic()))
            while state.link is Link.ONLINE and state.mirror.wish:
                state = await changes.next()

    async def run(self) -> None:
        """Take events for ever."""
        self.world.show(self.state)
        while True:
            self.take(await self.mailbox.next(deadline(self.state)))

    def take(self, event: Event) -> None:
        """One event: through the core, and out into the world."""
        before = self.state
        known = self.doorkeeper.take(before, event)
        self.journal.add(before, known)
        self.state, effects = update(before, known)
        for effect in effects:
            self.world.perform(effect)
        if self.state != before:
            self._tell()
        answer = self._asked.pop(id(event), None)
        if answer:
            answer(self.state)

    def _tell(self) -> None:
        self.world.show(self.state)
        for reader in self._readers:
            reader.notify()
