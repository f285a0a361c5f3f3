"""What panels publish of the user (RFC 3903): kept for a while, under a tag that changes."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from device.demo.bodies import PIDF, Document
from device.demo.chores import Chores
from device.demo.messages import Asked, token
from device.demo.moods import Moods
from device.demo.transactions import Question

DEFAULT_SECONDS = 3600
"Where nothing is asked for, and the most that is granted."

EVENT = "presence"


@dataclass(frozen=True, slots=True)
class Published:
    """One publication."""

    document: Document
    until: float
    "Monotonic seconds."


class Publications:
    """Those that have not run out, the latest last."""

    def __init__(self, chores: Chores, moods: Moods, changed: Callable[[], None]) -> None:
        self._chores = chores
        self._moods = moods
        self._changed = changed
        self._known: dict[str, Published] = {}

    @property
    def count(self) -> int:
        return len(self._alive())

    @property
    def document(self) -> Document | None:
        """Of several, the latest holds (composition is ours to choose, section 11.1)."""
        alive = self._alive()
        return alive[-1].document if alive else None

    def publish(self, question: Question) -> None:
        """Initial, refreshing, modifying or removing: table 1 of section 4."""
        asked = question.asked
        tag = asked.message.headers.get("SIP-If-Match") or ""
        seconds = DEFAULT_SECONDS if asked.expires is None else min(asked.expires, DEFAULT_SECONDS)
        if asked.event != EVENT:
            question.respond(489, [("Allow-Events", EVENT)])
        elif tag and not self._is_alive(tag):
            question.respond(412)
        elif 0 < seconds < self._moods.shortest_publication:
            question.respond(423, [("Min-Expires", str(self._moods.shortest_publication))])
        elif asked.message.body and asked.content_type != PIDF:
            question.respond(415, [("Accept", PIDF)])
        else:
            self._take(question, tag, seconds)

    def forget(self) -> None:
        """All of them: who refreshes one is told 412."""
        self._known.clear()
        self._changed()

    def _take(self, question: Question, tag: str, seconds: int) -> None:
        try:
            document = self._document(question.asked, tag)
        except ValueError:
            question.respond(400)
            return
        self._known.pop(tag, None)
        fresh = token()
        if seconds:
            self._known[fresh] = Published(document, time.monotonic() + seconds)
            # A moment later than it runs out, so that it is seen to have.
            self._chores.later(seconds + 0.1, self._changed)
        question.respond(200, [("SIP-ETag", fresh), ("Expires", str(seconds))])
        self._changed()

    def _document(self, asked: Asked, tag: str) -> Document:
        """The one that came, or the one there was. Raises `ValueError` where there is neither."""
        if asked.message.body:
            return Document.read(asked.message.body)
        if not tag:
            raise ValueError("a first publication has a body")
        return self._known[tag].document

    def _is_alive(self, tag: str) -> bool:
        return tag in self._known and self._known[tag].until > time.monotonic()

    def _alive(self) -> list[Published]:
        return [self._known[tag] for tag in self._known if self._is_alive(tag)]
