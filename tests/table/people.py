"""Those around the panel: who calls, what they meet, and what they are told."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from device.sip.digest import Login
from tests.interop.desk import Desk, News
from tests.interop.panel import Panel
from tests.interop.until import until
from tests.table.cell import DESK_PHONE, TARGET
from tests.table.watch import seen

USER, CALLER, DIVERT_TARGET = "100", "101", "102"
NOBODY = "199"
"A number that every PBX here turns away, and no phone has."

DECISION_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Met:
    """What a caller met who gave up as soon as it was decided who rings."""

    rings: tuple[str, ...]
    code: int
    "487 where somebody rang."


class People(Protocol):
    """What the world does, and what it meets."""

    def call(self, panel: Panel) -> Met:
        """Somebody calls the user, and gives up as soon as it is decided who rings."""

    def call_and_wait(self, met: Met, panel: Panel) -> int:
        """Again, until one of those who ring answers; the final code.

        Then the panel has told of all that came before.
        """

    def call_out(self) -> int | None:
        """The user's desk phone calls a colleague, who answers; the final code."""

    def seen(self) -> str:
        """What a colleague is told of the user now."""


class Exchange(Protocol):
    """A PBX that runs, as far as callers go."""

    @property
    def server(self) -> str:
        """Host and port."""

    @property
    def password(self) -> str:
        """That of every user."""

    @property
    def version(self) -> str:
        """Name and version, for the reader."""

    @property
    def asks_all(self) -> bool:
        """A call goes to all that is registered, whatever the user's status."""

    def undecided(self) -> bool:
        """A phone is called that has not said yet whether it rings."""

    def idle(self) -> bool:
        """There are no calls."""

    def log(self) -> str:
        """For when something is waited for in vain."""


@dataclass(frozen=True, slots=True)
class SipPeople:
    """Three phones, each a process of its own, at a real PBX."""

    exchange: Exchange
    desk: Desk
    caller: Desk
    target: Desk

    def call(self, panel: Panel) -> Met:
        before = {name: rung(phone) for name, phone in self._phones}
        heard = self._hears(panel)
        call = self.caller.call(USER)
        code = self._give_up(call, heard)
        self._until(self.exchange.idle)
        rings = tuple(name for name, phone in self._phones if rung(phone) > before[name])
        return Met(rings, code)

    def call_and_wait(self, met: Met, panel: Panel) -> int:
        answers = self.target if TARGET in met.rings else self.desk
        heard = self._hears(panel)
        call = self.caller.call(USER)
        ringing = answers.ringing()
        self._decided(heard)
        answers.answer(ringing["call"])
        return self._talk(self.caller, call)

    def call_out(self) -> int:
        call = self.desk.call(DIVERT_TARGET)
        if (news := said(self.desk, call))["state"] == "disconnected":
            return int(news["code"])
        self.target.answer(self.target.ringing()["call"])
        return self._talk(self.desk, call)

    def seen(self) -> str:
        login = Login(CALLER, self.exchange.password)
        return seen(self.exchange.server, login, USER)

    def _give_up(self, call: int, heard: Callable[[], bool]) -> int:
        """As soon as it is decided who rings; the final code."""
        if (news := said(self.caller, call))["state"] == "disconnected":
            return int(news["code"])
        self._decided(heard)
        self.caller.hang_up(call)
        return self.caller.ended(call)

    def _decided(self, heard: Callable[[], bool]) -> None:
        if self.exchange.asks_all:
            self._until(heard)
        self._until(lambda: not self.exchange.undecided())

    def _hears(self, panel: Panel) -> Callable[[], bool]:
        """Whether the panel tells of a call that it did not know of now; out of reach, it would."""
        before = listed(panel)

        def heard() -> bool:
            shown = panel.shown()
            return shown["link"] != "online" or bool(shown["ringing"]) or listed(panel) != before

        return heard

    def _talk(self, phone: Desk, call: int) -> int:
        """The call is answered, and ends with that."""
        code = phone.expect(event="call", call=call, state="confirmed")["code"]
        phone.hang_up(call)
        phone.ended(call)
        self._until(self.exchange.idle)
        return int(code)

    @property
    def _phones(self) -> list[tuple[str, Desk]]:
        return [(DESK_PHONE, self.desk), (TARGET, self.target)]

    def _until(self, condition: Callable[[], bool]) -> None:
        until(condition, DECISION_SECONDS, self.exchange.log)


def said(phone: Desk, call: int) -> News:
    """The first news of a call that says something: somebody rings, or it is over."""
    while (news := phone.expect(event="call", call=call))["state"] == "trying":
        pass
    return news


def rung(phone: Desk) -> int:
    """How many calls came in. The call made here is the later one, so none is on its way still."""
    phone.ended(phone.call(NOBODY))
    return phone.rang


def listed(panel: Panel) -> Counter[str]:
    """How many calls the panel lists of each kind."""
    counts: Counter[str] = Counter()
    for entry in panel.get("/api/calls"):
        counts[entry["kind"]] += entry["count"]
    return counts
