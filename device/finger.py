"""One finger on one button: what its contact did, read off the raw edges."""

import queue
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile
from typing import NamedTuple

GAP_SECONDS = 0.03
"Edges that follow each other sooner are one movement of a contact; no finger is so fast."


class Told(NamedTuple):
    """An edge, as a board tells it."""

    button: str
    down: bool
    at: float
    "Monotonic seconds."


@dataclass(frozen=True, slots=True)
class Press:
    """A contact that went down, and perhaps came up again."""

    bounces: int
    "How often it let go before it rested."
    seconds: float
    "From its first edge until it rested."
    came_up: bool
    was_down: bool
    "It was down before: the first that was told of it is that it came up."


def press_of(edges: Sequence[Told]) -> Press:
    """What these edges of one button, at least one, tell of a press."""
    closely = takewhile(lambda pair: pair[1].at - pair[0].at < GAP_SECONDS, pairwise(edges))
    movement = [edges[0], *(later for _, later in closely)]
    return Press(
        bounces=(len(movement) - 1) // 2,
        seconds=movement[-1].at - movement[0].at,
        came_up=not edges[-1].down,
        was_down=not edges[0].down,
    )


@dataclass
class Listener:
    """Collects edges, from whatever thread they come."""

    _told: "queue.SimpleQueue[Told]" = field(default_factory=queue.SimpleQueue)

    def hear(self, button: str, down: bool, at: float) -> None:
        """An `EdgeHandler`."""
        self._told.put(Told(button, down, at))

    def within(self, seconds: float) -> list[Told]:
        """All that is told in this time, which is waited for."""
        end, told = time.monotonic() + seconds, list[Told]()
        while (edge := self._next(end)) is not None:
            told.append(edge)
        return told

    def press(self, button: str, wait: float, held: float, rest: float) -> list[Told]:
        """The edges of a press of this button, and of all others until then.

        Waits so many seconds for the press to begin, then for it to end, then for the contact to
        rest. Without an edge of this button, nobody pressed it.
        """
        told, end = list[Told](), time.monotonic() + wait
        while (edge := self._next(end)) is not None:
            told.append(edge)
            if edge.button == button:
                return told + self._to_its_end(edge, held, rest)
        return told

    def until_quiet(self, wait: float, quiet: float) -> list[Told]:
        """All that is told until nothing more is for so many seconds.

        Waits so many seconds for it to begin.
        """
        edge, told = self._next(time.monotonic() + wait), list[Told]()
        while edge is not None:
            told.append(edge)
            edge = self._next(time.monotonic() + quiet)
        return told

    def _to_its_end(self, edge: Told, held: float, rest: float) -> list[Told]:
        button, told = edge.button, list[Told]()
        last, end = edge, time.monotonic() + held
        while (now := time.monotonic()) < end:
            following = self._next(end if last.down else min(end, now + rest))
            if following is None:
                break
            told.append(following)
            last = following if following.button == button else last
        return told

    def _next(self, end: float) -> Told | None:
        try:
            return self._told.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            return None
