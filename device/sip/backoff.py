"""How long to wait before trying again what failed: twice as long every time, up to a limit."""

from dataclasses import dataclass


@dataclass(slots=True)
class Backoff:
    """Seconds to wait, one failure after the other."""

    first: float
    longest: float
    _next: float | None = None

    def fail(self) -> float:
        """It failed; wait for so many seconds."""
        wait = min(self.first if self._next is None else self._next, self.longest)
        self._next = 2 * wait
        return wait

    def succeed(self) -> None:
        """It did not fail; the next failure is a first one."""
        self._next = None
