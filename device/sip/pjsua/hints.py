"""Watched extensions: one subscription each (RFC 3856), renewed when the link returns."""

from dataclasses import dataclass, field
from typing import Any

from device.core.events import HintHeard, HintLost
from device.pbx import presence
from device.sip import settings
from device.sip.pjsua.desk import Desk, now
from device.sip.pjsua.lib import guarded, pj
from device.sip.resubscribe import End, Resubscription
from device.sip.wire import Message, mend

NEVER = float("inf")
NOTHING = "Nothing is published"
"""What a NOTIFY without a document says, once we are let to watch (RFC 3856 section 6.6.2): so does
Kamailio where nobody has published anything, and where all of it has run out."""


class Watch(pj.Buddy):  # type: ignore[misc]  # pjsua2 carries no types
    """One watched extension."""

    def __init__(self, hints: "Hints", number: str) -> None:
        super().__init__()
        self.number = number
        self.since = now()
        self._last = Message((), "")
        self._hints = hints
        self.fault = hints.desk.fault
        config = pj.BuddyConfig()
        config.uri = settings.uri(hints.desk.account, number)
        config.subscribe = False
        self.create(hints.desk.line, config)
        self.subscribePresence(True)

    @guarded
    def onBuddyEvSubState(self, prm: Any) -> None:  # noqa: N802 - the library's name
        """The subscription moved on; a NOTIFY that moved it has the document in it."""
        event = prm.e.body.tsxState
        if prm.e.type == pj.PJSIP_EVENT_TSX_STATE and event.type == pj.PJSIP_EVENT_RX_MSG:
            raw = event.src.rdata.wholeMsg
            self._last = Message.read(raw)
            if raw.startswith("NOTIFY "):
                self._hints.heard(self, self._last)

    @guarded
    def onBuddyState(self) -> None:  # noqa: N802 - the library's name
        """The subscription may have ended."""
        info = self.getInfo()
        if info.subState == pj.PJSIP_EVSUB_STATE_TERMINATED:
            end = End.read(self._last, info.subTermCode)
            self._hints.ended(self, end, mend(info.subTermReason))


@dataclass(slots=True)
class Hints:
    """What is watched, and what is to be watched again later."""

    desk: Desk
    wanted: frozenset[str] = frozenset()
    watches: dict[str, Watch] = field(default_factory=dict)
    again: dict[str, float] = field(default_factory=dict)
    "Number to the monotonic moment of the next try."
    tries: dict[str, Resubscription] = field(default_factory=dict)
    "Number to how its tries are spaced."
    lost: dict[str, str] = field(default_factory=dict)
    "What is known to be lost, and why, so that it is told once."

    def be(self, wanted: frozenset[str]) -> None:
        """Watch these and no others, from now on where there is a link."""
        self.wanted = wanted
        for number in [number for number in self.watches if number not in wanted]:
            self._drop(number)
        for by_number in (self.again, self.tries, self.lost):
            for number in by_number.keys() - wanted:
                del by_number[number]
        if self.desk.online:
            for number in wanted - self.watches.keys() - self.again.keys():
                self._watch(number)

    def opened(self) -> None:
        """The link is up, perhaps again: a PBX that restarted knows of no subscription."""
        self.be(self.wanted)

    def closed(self, reason: str) -> None:
        """The link is gone: what was seen is not known any more."""
        self.again.clear()
        self.tries.clear()
        for number in tuple(self.watches):
            self._lost(number, reason)

    def renew(self) -> None:
        """The PBX has forgotten something of ours, perhaps everything: watch anew, at once."""
        for watch in self.watches.values():
            watch.since = -NEVER

    def close(self) -> None:
        """Leave off, for good."""
        for number in tuple(self.watches):
            self._drop(number)

    def heard(self, watch: Watch, notify: Message) -> None:
        """A NOTIFY came. The last one is no news, whatever it carries: Asterisk's is free."""
        state = notify.first("subscription-state").lower()
        found = presence.read(notify.body)
        if self.watches.get(watch.number) is not watch or state.startswith("terminated"):
            return
        if found is not None:
            self.lost.pop(watch.number, None)
            self._tries(watch.number).heard()
            self.desk.post(HintHeard(now(), watch.number, *found))
        elif state.startswith("active") and not notify.body.strip():
            self._tell(watch.number, NOTHING)

    def ended(self, watch: Watch, end: End, reason: str) -> None:
        """A subscription was turned down or ended: it is asked for again as RFC 6665 says."""
        if self.watches.get(watch.number) is not watch:
            return
        self._later(watch.number, end)
        self._lost(watch.number, f"{end.code} {reason}" if end.code >= 300 else reason)

    def deadline(self) -> float | None:
        """When `check` will next have to subscribe again; renewals have time."""
        return min(self.again.values(), default=None)

    def check(self) -> None:
        """Subscribe again to what is due, and anew to what has been left alone for long.

        The library renews by itself every ten minutes, and has no way to be told otherwise.
        """
        old = now() - settings.SUBSCRIBED_SECONDS
        for watch in [watch for watch in self.watches.values() if watch.since < old]:
            self._drop(watch.number)
            self._watch(watch.number)
        for number in [number for number, at in self.again.items() if now() >= at]:
            del self.again[number]
            self._watch(number)

    def _watch(self, number: str) -> None:
        try:
            self.watches[number] = Watch(self, number)
        except pj.Error as error:
            self._later(number, End(503))
            self._tell(number, error.reason)

    def _tries(self, number: str) -> Resubscription:
        return self.tries.setdefault(number, Resubscription(self.desk.account.retry_refused))

    def _later(self, number: str, end: End) -> None:
        wait = self._tries(number).wait(end)
        self.again[number] = NEVER if wait is None else now() + wait

    def _lost(self, number: str, reason: str) -> None:
        self._drop(number)
        self._tell(number, reason)

    def _tell(self, number: str, reason: str) -> None:
        if self.lost.get(number) != reason:
            self.lost[number] = reason
            self.desk.post(HintLost(now(), number, reason))

    def _drop(self, number: str) -> None:
        self.desk.ended.append(self.watches.pop(number))
