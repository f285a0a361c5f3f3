"""What the surfaces need of a running panel, and no more."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from device.core.events import Event
from device.core.state import State


class Changes(Protocol):
    """A reader's place in the stream of states."""

    async def next(self) -> State:
        """The newest state, once it is another; a slow reader misses those between."""


class Panel(Protocol):
    """The panel's loop, seen from a surface in the same asyncio loop."""

    @property
    def state(self) -> State:
        """The newest there is."""

    async def ask(self, event: Event) -> State:
        """Tell, and get the state right after; what it changed is safely stored by then."""

    def changes(self) -> AbstractAsyncContextManager[Changes]:
        """Watch what becomes of it, from the moment this is entered."""
