"""A thread that keeps one piece of hardware showing the newest level, and outlives its failures."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from device.life import TURN_SECONDS, Turned, nobody
from hw.ports import HwError

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)

RETRY_SECONDS = 0.8
"Between attempts to open what is missing: what is plugged in works within a second."

END_SECONDS = 0.5
"How long a device may take to go dark; the whole panel has two seconds."

LONGEST_QUEUE = 8
"Pulses that wait for a busy device; older ones are stale by then."


Trouble = Callable[[str], None]
"Called from the keeper's thread with what is wrong, in words; empty when it is right again."


class Part(Protocol[T_contra]):
    """A piece of hardware, as the keeper sees it. All three are called from its one thread."""

    def open(self) -> None:
        """Raises `HwMissing`."""

    def show(self, level: T_contra) -> None:
        """Raises `HwLost`."""

    def close(self) -> None: ...


class Keeper(Generic[T]):
    """Shows the newest level only; levels that came while it was busy are skipped.

    What is missing is said once, and tried again; when it is back, that is said, and it gets the
    level anew. Pulses are played when it is there, and else forgotten.
    """

    def __init__(
        self,
        name: str,
        part: Part[T],
        on_trouble: Trouble,
        on_bug: Callable[[BaseException], None],
        turned: Turned = nobody,
        retry: float = RETRY_SECONDS,
    ) -> None:
        self._part, self._on_trouble, self._on_bug = part, on_trouble, on_bug
        self._turned, self._retry = turned, retry
        self._wake = threading.Condition()
        self._level: list[T] = []
        self._pulses: deque[Callable[[], None]] = deque(maxlen=LONGEST_QUEUE)
        self._closing = False
        self._doubted = False
        self._lost = ""
        self._thread = threading.Thread(target=self._run, name=f"keeper {name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def show(self, level: T) -> None:
        """Make it look like this; returns at once."""
        with self._wake:
            self._level = [level]
            self._wake.notify()

    def look(self) -> None:
        """The hardware may be gone: show the level anew, and see. From any thread."""
        with self._wake:
            self._doubted = True
            self._wake.notify()

    def pulse(self, play: Callable[[], None]) -> None:
        """Do this once, in the keeper's thread; it may raise `HwLost`."""
        with self._wake:
            self._pulses.append(play)
            self._wake.notify()

    def end(self) -> None:
        """Begin to leave it dark; returns at once."""
        with self._wake:
            self._closing = True
            self._wake.notify()

    def close(self) -> None:
        """Leave it dark; a device that hangs is left as it is. Twice does no harm."""
        self.end()
        if self._thread.ident:
            self._thread.join(END_SECONDS)

    # The keeper's thread

    def _run(self) -> None:
        try:
            try:
                while not self._closing:
                    self._turned()
                    self._live()
            finally:
                self._part.close()
        except Exception as bug:  # noqa: BLE001 - a bug must end the process, not just this thread
            self._on_bug(bug)

    def _live(self) -> None:
        """Open, and serve until something fails."""
        try:
            self._part.open()
            self._say_found()
            self._serve()
        except HwError as error:
            self._say_lost(str(error))
            self._rest()

    def _serve(self) -> None:
        shown: list[T] = []
        while not self._closing:
            self._turned()
            wanted, pulses = self._next(shown)
            if wanted and (wanted != shown or self._doubted):
                self._doubted = False
                self._part.show(wanted[0])
                shown = wanted
            for play in pulses:
                play()

    def _next(self, shown: list[T]) -> tuple[list[T], list[Callable[[], None]]]:
        """Sleep until there is something to do, or for as long as anybody may."""
        with self._wake:
            self._wake.wait_for(lambda: self._is_due(shown), TURN_SECONDS)
            pulses = list(self._pulses)
            self._pulses.clear()
            return (shown, []) if self._closing else (self._level, pulses)

    def _is_due(self, shown: list[T]) -> bool:
        doubted = self._doubted and bool(self._level)
        return self._closing or bool(self._pulses) or doubted or self._level != shown

    def _rest(self) -> None:
        with self._wake:
            self._pulses.clear()
            self._wake.wait_for(lambda: self._closing, self._retry)

    def _say_found(self) -> None:
        if self._lost:
            self._lost = ""
            self._on_trouble("")

    def _say_lost(self, why: str) -> None:
        if why != self._lost:
            self._lost = why
            self._on_trouble(why)
