"""A real phone of ours, and what it said."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from device.core.events import Event, LinkChanged
from device.core.words import Link
from device.sip.phone import Phone

Heard = TypeVar("Heard", bound=Event)


@dataclass
class Handset:
    """A phone and its events, in the order they were posted."""

    phone: Phone
    events: list[Event] = field(default_factory=list)
    on_event: Callable[[Event], None] | None = None
    _news: threading.Condition = field(default_factory=threading.Condition)

    def post(self, event: Event) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()
        if self.on_event:
            self.on_event(event)

    def hears(self, kind: type[Heard], count: int = 1, seconds: float = 8.0, **like: Any) -> Heard:
        """The event of this kind, with these values, as soon as there are so many of them."""
        end = time.monotonic() + seconds
        with self._news:
            while len(found := self.heard(kind, **like)) < count:
                left = end - time.monotonic()
                if left <= 0 or not self._news.wait(left):
                    raise AssertionError(f"no {kind.__name__} {like} in {self.events}")
        return found[count - 1]

    def heard(self, kind: type[Heard], **like: Any) -> list[Heard]:
        """Every such event so far."""
        return [
            event
            for event in self.events
            if isinstance(event, kind) and all(getattr(event, k) == v for k, v in like.items())
        ]

    def links(self) -> list[tuple[Link, str]]:
        """The story of the link."""
        return [(event.link, event.reason) for event in self.heard(LinkChanged)]

    def online(self, count: int = 1) -> None:
        """Wait until registered, for the so manieth time."""
        self.hears(LinkChanged, count, link=Link.ONLINE)
