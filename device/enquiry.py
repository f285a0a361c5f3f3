"""What a PBX says to one who registers, watches some hints, and leaves again. No call is made."""

import queue
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from device.core.events import Event, HintHeard, HintLost, LinkChanged, PbxSeen
from device.core.words import Hint, Link
from device.sip.phone import Phone, Presence


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait at most."""

    link: float = 8.0
    hints: float = 2.5


@dataclass(slots=True)
class Seen:
    """What was heard until we left."""

    link: Link = Link.OFFLINE
    reason: str = "no answer"
    "Why there is no link, in words."
    agent: str = ""
    "What the PBX calls itself."
    heard: dict[str, Hint] = field(default_factory=dict)
    "Hints that spoke, and their last word."
    lost: dict[str, str] = field(default_factory=dict)
    "Hints that cannot be seen, and why."

    @property
    def decided(self) -> bool:
        """The PBX has said its first word, or we have said why it has none."""
        return self.link in (Link.ONLINE, Link.REFUSED) or self.reason != "no answer"

    def knows(self, hints: frozenset[str]) -> bool:
        """Each of them has spoken, or is known to be lost."""
        return hints <= self.heard.keys() | self.lost.keys()

    def silent(self, hint: str) -> str:
        """Why a hint says nothing; empty: it spoke."""
        return "" if hint in self.heard else self.lost.get(hint, "no answer")

    def take(self, event: Event) -> None:
        match event:
            case LinkChanged(link=link, reason=reason) if link is not Link.CONNECTING:
                self.link, self.reason = link, reason or self.reason
            case PbxSeen(agent=agent):
                self.agent = agent
            case HintHeard(number=number, hint=hint):
                self.heard[number] = hint
            case HintLost(number=number, reason=reason):
                self.lost[number] = reason or "no answer"


def enquire(phone: Phone, hints: frozenset[str], patience: Patience | None = None) -> Seen:
    """Register, watch these hints until each has spoken or is known to be lost, and leave."""
    patience, seen = patience or Patience(), Seen()
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    phone.open(events.put)
    try:
        phone.be(Presence(registered=True))
        _listen(events, seen, lambda: seen.decided, patience.link)
        if seen.link is Link.ONLINE:
            phone.be(Presence(registered=True, watched=hints))
            _listen(events, seen, lambda: seen.knows(hints), patience.hints)
    finally:
        phone.close()
    return seen


def _listen(
    events: "queue.SimpleQueue[Event]", seen: Seen, enough: Callable[[], bool], seconds: float
) -> None:
    """Take what comes until it is enough, or the time is over."""
    end = time.monotonic() + seconds
    while not enough():
        try:
            seen.take(events.get(timeout=max(0.0, end - time.monotonic())))
        except queue.Empty:
            return
