"""One thread that does what is due and otherwise sleeps."""

import threading
import time
from collections.abc import Callable

Work = Callable[[float], float | None]
"Given monotonic seconds, do what is due; give back when there is more, None: not before a nudge."


class Ticker:
    """Calls `work` when it asked to be called, and when nudged."""

    def __init__(self, work: Work, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._work = work
        self._clock = clock
        self._changed = threading.Condition()
        self._nudged = False
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.turns = 0
        "How often work was called: in the dark, this stands still."

    def start(self) -> None:
        """Begin; the first turn comes at once."""
        self._thread.start()

    def nudge(self) -> None:
        """Something changed: take a turn now."""
        with self._changed:
            self._nudged = True
            self._changed.notify()

    def stop(self) -> None:
        """No turn after this one; waits for it to end. Twice does no harm."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped:
            self.turns += 1
            self._sleep_until(self._work(self._clock()))

    def _sleep_until(self, due: float | None) -> None:
        with self._changed:
            if not (self._nudged or self._stopped):
                self._changed.wait(None if due is None else max(0.0, due - self._clock()))
            self._nudged = False
