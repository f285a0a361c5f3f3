"""Times at which something turns on and off, alone or over and over."""

from bisect import bisect_right
from dataclasses import dataclass

MICROSECONDS = 1_000_000
"In a second. Times are whole microseconds, so that an edge is never both before and after itself."


@dataclass(frozen=True, slots=True)
class Beat:
    """Times at which something turns, up at the first, down at the second, and so on."""

    edges: tuple[int, ...]
    "Microseconds from the start, rising."
    frame: int | None = None
    "Microseconds after which it begins anew; None: it plays once."

    def up(self, elapsed: float) -> bool:
        """Whether it is up, `elapsed` seconds after the start."""
        return bisect_right(self.edges, self.phase(elapsed)) % 2 == 1

    def next_turn(self, elapsed: float) -> float | None:
        """Seconds after the start at which it turns next, if it does."""
        now, phase = _micros(elapsed), self.phase(elapsed)
        following = bisect_right(self.edges, phase)
        if following < len(self.edges):
            return (now - phase + self.edges[following]) / MICROSECONDS
        return None if self.frame is None else (now - phase + self.frame) / MICROSECONDS

    def phase(self, elapsed: float) -> int:
        """Microseconds since it began, for the last time."""
        now = _micros(elapsed)
        return now if self.frame is None else now % self.frame


def _micros(seconds: float) -> int:
    return round(seconds * MICROSECONDS)
