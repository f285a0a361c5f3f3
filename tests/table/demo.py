"""The built-in PBX, playing a family that cannot be had for tests. Its callers are its own."""

import asyncio
import secrets
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from device.demo.call import Meets
from device.demo.pbx import DemoPbx
from device.pbx.profiles import PROFILES
from device.sip.digest import Login
from tests.interop.panel import Panel
from tests.interop.until import until
from tests.table.cell import DESK_PHONE, PUT_THROUGH, TARGET
from tests.table.people import CALLER, DECISION_SECONDS, USER, Met
from tests.table.stage import Stage, registered
from tests.table.watch import seen

T = TypeVar("T")

CODES = {Meets.BUSY: 486, Meets.UNREACHABLE: 480, Meets.GIVEN_UP: 487, Meets.ENDED: 487}
"What the callers of the built-in PBX would be told by SIP."

UNDECIDED = "ringing"
"What it says of a call before any panel has turned it away."


class Loop:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="built-in PBX")
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(DECISION_SECONDS)

    def ask(self, question: Callable[[], T]) -> T:
        """What this gives, called over there."""

        async def ask() -> T:
            return question()

        return self.run(ask())

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class DemoPeople:
    """Callers who are told in words what SIP says in numbers."""

    def __init__(self, pbx: DemoPbx, loop: Loop, password: str) -> None:
        self._pbx = pbx
        self._loop = loop
        self.password = password
        self.server = f"{pbx.host}:{pbx.port}"

    def call(self, panel: Panel) -> Met:
        call = self._place(panel)
        rings = self._rings(call)
        self._loop.ask(lambda: self._pbx.hang_up(call))
        return Met(rings, CODES[self._view(call)["state"]])

    def call_and_wait(self, met: Met, panel: Panel) -> int:
        call = self._place(panel)
        if TARGET not in met.rings:
            self._loop.ask(lambda: self._pbx.answer(call))
        assert self._view(call)["state"] in (Meets.TALKING, Meets.DIVERTED)
        self._loop.ask(lambda: self._pbx.end(call))
        return PUT_THROUGH

    def call_out(self) -> None:
        """Not to be measured: it has no such call, and no family played here locks phones."""

    def seen(self) -> str:
        # There is one user, so whoever asks is that one.
        return seen(self.server, Login(USER, self.password), USER)

    def _place(self, panel: Panel) -> int:
        """Somebody calls; returns when it is decided who rings."""
        call = self._loop.ask(lambda: self._pbx.call(CALLER))
        if self._loop.ask(self._pbx.snapshot)["contacts"]:
            until(lambda: self._decided(call, panel), DECISION_SECONDS)
        return call

    def _decided(self, call: int, panel: Panel) -> bool:
        return self._view(call)["detail"] != UNDECIDED or bool(panel.shown()["ringing"])

    def _rings(self, call: int) -> tuple[str, ...]:
        view = self._view(call)
        desk = [DESK_PHONE] if view["answerable"] else []
        return (*desk, *([TARGET] if view["state"] == Meets.DIVERTED else []))

    def _view(self, call: int) -> dict[str, Any]:
        views: list[dict[str, Any]] = self._loop.ask(self._pbx.snapshot)["calls"]
        return next(view for view in views if view["id"] == call)


@contextmanager
def played(family: str, home: Path) -> Iterator[Stage]:
    """The panel at a built-in PBX that knows the codes of this family's profile."""
    password = secrets.token_hex(8)
    with closing(Loop()) as loop:
        pbx = DemoPbx(USER, password, profile=PROFILES[family])
        loop.run(pbx.start())
        try:
            people = DemoPeople(pbx, loop, password)
            with registered(people, family, home) as panel:
                yield Stage(family, people, panel, "the built-in PBX")
        finally:
            loop.run(pbx.stop())
