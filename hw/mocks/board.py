"""A board that exists only here: the panel's side like any other, and a side for the world."""

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from hw.inputs import KEY, LEFT, RIGHT
from hw.patterns import TUNES
from hw.ports import DARK, EdgeHandler, Glow, HwLost, HwMissing

_log = logging.getLogger(__name__)

REMEMBERED = 1_000
"How many lamp changes and beeps are kept for the world to look back on."


class VirtualBoard:
    """Buttons the world presses, lamps it sees, beeps it hears, a plug it can pull."""

    def __init__(
        self,
        buttons: Iterable[str],
        lamps: Iterable[str] | None = None,
        *,
        bounces: int = 0,
        spacing: float = 0.0005,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.buttons = tuple(buttons)
        self.lamps = None if lamps is None else tuple(lamps)
        "Lamps that are fitted; None: whatever is shown."
        self.bounces = bounces
        "False pairs of edges before a contact rests."
        self.spacing = spacing
        "Seconds between two edges of a bounce."
        self.on_change: Callable[[], None] | None = None
        "Called, from any thread, when lamps, sound or plug changed."
        self.history: deque[Mapping[str, Glow]] = deque(maxlen=REMEMBERED)
        self.beeps: deque[str] = deque(maxlen=REMEMBERED)
        self._clock = clock
        self._glows: Mapping[str, Glow] = dict.fromkeys(self.lamps or (), DARK)
        self._ringing = False
        self._plugged = True
        self._stuck: set[str] = set()
        self._on_edge: EdgeHandler | None = None
        self._fingers: _Fingers | None = None

    # The panel's side.

    def open(self, on_edge: EdgeHandler) -> None:
        """Begin to tell of edges, from a thread of the board's own. Raises `HwMissing`."""
        self.close()
        if not self._plugged:
            raise HwMissing("virtual board: it is unplugged")
        # Whoever sees it open may press at once.
        self._fingers = _Fingers()
        self._on_edge = on_edge

    def show(self, lamps: Mapping[str, Glow]) -> None:
        """Make the lamps look like this, those not named being dark. Raises `HwLost`."""
        self._insist()
        fitted = lamps if self.lamps is None else {n: lamps.get(n, DARK) for n in self.lamps}
        if fitted != self._glows:
            self._glows = dict(fitted)
            self.history.append(self.glows)
            self._tell()

    def beep(self, tune: str) -> None:
        """Let one of `TUNES` be heard. Raises `HwLost`, `KeyError`."""
        self._insist()
        if tune not in TUNES:
            raise KeyError(tune)
        self.beeps.append(tune)
        self._tell()

    def ring(self, on: bool) -> None:
        """Ring, or stop. Raises `HwLost`."""
        self._insist()
        if on != self._ringing:
            self._ringing = on
            self._tell()

    def close(self) -> None:
        """Dark and silent, the thread ended. Twice does no harm."""
        fingers, self._fingers = self._fingers, None
        if fingers:
            fingers.end()
        self._on_edge = None
        self._go_dark()

    # The world's side.

    @property
    def glows(self) -> Mapping[str, Glow]:
        """What each lamp shows now."""
        return MappingProxyType(dict(self._glows))

    @property
    def ringing(self) -> bool:
        """Whether the ringing cadence is heard."""
        return self._ringing

    @property
    def is_open(self) -> bool:
        """Whether the panel has taken this board."""
        return self._on_edge is not None

    @property
    def plugged(self) -> bool:
        """Whether the board is there at all."""
        return self._plugged

    def press(self, name: str) -> None:
        """Push a button down; its edges follow from the board's thread. Unknown: `KeyError`."""
        self._move(name, True)

    def release(self, name: str) -> None:
        """Let a button go. Unknown: `KeyError`."""
        self._move(name, False)

    def turn(self, detents: int) -> None:
        """Turn the knob, clockwise, or the other way for less than none."""
        name = RIGHT if detents > 0 else LEFT
        for _ in range(abs(detents)):
            self._do(lambda: self._tell_edge(name, True))

    def key(self, key: str, down: bool = True) -> None:
        """Press a key of the keypad, or let it go."""
        self._do(lambda: self._tell_edge(KEY + key, down))

    def settle(self) -> None:
        """Wait until every edge of what was pressed and released has been told."""
        if fingers := self._fingers:
            fingers.rest()

    def stick(self, name: str) -> None:
        """Leave a button as it is, whatever the finger does."""
        self._stuck.add(name)

    def free(self, name: str) -> None:
        """Let the finger move it again."""
        self._stuck.discard(name)

    def unplug(self) -> None:
        """Pull the plug: dark, silent, and lost until plugged in and opened again."""
        self._plugged = False
        self._on_edge = None
        self._go_dark()

    def plug(self) -> None:
        """Put it back; the panel still has to open it."""
        self._plugged = True
        self._tell()

    def _move(self, name: str, down: bool) -> None:
        if name not in self.buttons:
            raise KeyError(name)
        if name not in self._stuck:
            self._do(lambda: self._edges(name, down))

    def _do(self, deed: Callable[[], None]) -> None:
        if fingers := self._fingers:
            fingers.do(deed)

    def _pause(self) -> None:
        if fingers := self._fingers:
            fingers.pause(self.spacing)

    def _edges(self, name: str, down: bool) -> None:
        """A contact that strikes, bounces off `bounces` times, and rests."""
        for _ in range(self.bounces):
            self._tell_edge(name, down)
            self._pause()
            self._tell_edge(name, not down)
            self._pause()
        self._tell_edge(name, down)

    def _tell_edge(self, name: str, down: bool) -> None:
        if on_edge := self._on_edge:
            try:
                on_edge(name, down, self._clock())
            # As on real pins, a handler's fault costs one edge and no button.
            except Exception:  # noqa: BLE001
                _log.exception("an edge of button %s was lost", name)

    def _insist(self) -> None:
        if not self._plugged:
            raise HwLost("virtual board: it was unplugged")
        if self._on_edge is None:
            raise HwLost("virtual board: it is not open")

    def _go_dark(self) -> None:
        self._glows, self._ringing = dict.fromkeys(self.lamps or (), DARK), False
        self._tell()

    def _tell(self) -> None:
        if self.on_change:
            self.on_change()


class _Fingers:
    """The thread that edges come from, as they come from a driver's thread on a Pi."""

    def __init__(self) -> None:
        self._deeds: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="virtual-board", daemon=True)
        self._thread.start()

    def do(self, deed: Callable[[], None]) -> None:
        self._deeds.put(deed)

    def rest(self) -> None:
        rested = threading.Event()
        self.do(rested.set)
        while not rested.wait(0.1) and self._thread.is_alive():
            pass  # the board may be closed before the deed's turn comes

    def pause(self, seconds: float) -> None:
        self._ended.wait(seconds)

    def end(self) -> None:
        self._ended.set()
        self.do(lambda: None)
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._deeds.get()()
