"""The panel, as the real program, among people: what it says, beside what they meet."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.interop.desk import Desk
from tests.interop.panel import Json, Panel
from tests.interop.until import LOOK_SECONDS, until
from tests.table.cell import PANEL, Cell
from tests.table.people import CALLER, DIVERT_TARGET, USER, Exchange, Met, People, SipPeople, listed

PHONES = (USER, CALLER, DIVERT_TARGET)

RANG = "missed"
"How the panel lists a call that rang there and was given up."

SEEN_SECONDS = 5
STAYS_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Stage:
    profile: str
    people: People
    panel: Panel
    pbx: str
    "What it is measured at, and which version of it."

    def measure(self, status: str, seen: str | None = None) -> Cell:
        """Set a status by the panel, and see what people meet once that has settled.

        `seen` is what colleagues are to be told in the end, which may take its time; without it,
        whatever stays.
        """
        mirror = self._settle(status)["mirror"]
        before = listed(self.panel)
        met, code = self._calls()
        kinds = set(listed(self.panel) - before)
        return Cell(
            rings=(*met.rings, *([PANEL] if RANG in kinds else [])),
            code=code,
            turned_away=tuple(sorted(kinds - {RANG})),
            calls_out=self.people.call_out(),
            seen=self._stays() if seen is None else self._becomes(seen),
            state=mirror["state"],
            means=mirror["means"],
            reason=mirror["reason"],
        )

    def _settle(self, status: str) -> Json:
        """What the panel shows once neither it nor the PBX moves any more."""
        where = {"target": DIVERT_TARGET} if status == "diverted" else {}
        self.panel.choose(status, **where)
        return self.panel.until(_settled)

    def _becomes(self, seen: str) -> str:
        with suppress(AssertionError):
            until(lambda: self.people.seen() == seen, SEEN_SECONDS)
        return self.people.seen()

    def _stays(self) -> str:
        """What colleagues are told, once that stays."""
        seen, since = self.people.seen(), time.monotonic()
        while time.monotonic() < since + STAYS_SECONDS:
            if (now := self.people.seen()) != seen:
                seen, since = now, time.monotonic()
            time.sleep(LOOK_SECONDS)  # between two looks, as `until` does
        return seen

    def _calls(self) -> tuple[Met, int]:
        met = self.people.call(self.panel)
        return met, self.people.call_and_wait(met, self.panel) if met.rings else met.code


def _settled(shown: Json) -> bool:
    """Nothing is under way, and where something is unknown there is a reason."""
    mirror, link = shown["mirror"], shown["link"]
    out = shown["status"] == "logged_out"
    there = link == ("offline" if out else "online") and mirror["state"] != "pending"
    return bool(there and (mirror["state"] in ("confirmed", "refused") or mirror["reason"]))


@contextmanager
def among_phones(exchange: Exchange, profile: str, home: Path) -> Iterator[Stage]:
    """With a desk phone of the same user, a caller and a divert target, all registered."""
    with ExitStack() as stage:
        desks = [Desk(exchange.server, user, exchange.password) for user in PHONES]
        for phone in desks:
            stage.enter_context(closing(phone))
        for phone in desks:
            phone.expect(event="registered", code=200)
        panel = stage.enter_context(registered(exchange, profile, home))
        yield Stage(profile, SipPeople(exchange, *desks), panel.online(), exchange.version)


class Door(Protocol):
    """Where the panel registers."""

    @property
    def server(self) -> str: ...

    @property
    def password(self) -> str: ...


@contextmanager
def registered(exchange: Door, profile: str, home: Path) -> Iterator[Panel]:
    """The panel's program, once it is registered."""
    login: dict[str, str | int] = {
        "server": exchange.server,
        "transport": "udp",
        "user": USER,
        "password": exchange.password,
        "profile": profile,
    }
    panel = Panel(home / "panel", login)
    try:
        panel.start()
        panel.until(lambda shown: shown["link"] == "online")
        yield panel
    finally:
        panel.stop()
