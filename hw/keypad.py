"""A matrix of keys, read row by row: which are down, and when that is to be believed.

At rest every row is low, and a column that falls says that there is something to read; nothing is
polled until then. Rows that are not being read float, so that two keys in a column join no outputs.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from hw.inputs import KEY
from hw.ticker import Ticker

KEYS = ("123A", "456B", "789C", "*0#D")
"What the usual 4×4 keypad has printed on it."

SCAN_SECONDS = 0.01
"Between two readings, while a key is down."

BOUNCE_SECONDS = 0.03

MOST_KEYS = 2
"That may be down together: three in the corners of a rectangle make the fourth look down as well."

Reading = Callable[[int], Iterable[int]]
"Drives one row, counted from 0, and gives back the columns that are low."

Tell = Callable[[str, bool, float], None]


_log = logging.getLogger(__name__)


class Row(Protocol):
    """An output that can be let go."""

    def drive(self) -> None:
        """Low."""

    def let_go(self) -> None:
        """Neither low nor high."""


class Matrix:
    """Rows to drive and columns to look at; a thread reads them while a key is down."""

    def __init__(
        self,
        keys: "Keys",
        rows: Sequence[Row],
        columns: Sequence[Callable[[], bool]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._keys, self._rows, self._columns = keys, rows, columns
        self._tell: Tell = lambda *_: None
        self._ticker = Ticker(self._turn, "gpio-keypad", clock)
        self._reading = True

    @property
    def turns(self) -> int:
        """How often the matrix was read."""
        return self._ticker.turns

    def listen(self, tell: Tell) -> None:
        """Begin to tell of keys, from a thread of the matrix's own."""
        self._tell = tell
        self._ticker.start()

    def column_moved(self) -> None:
        """Some column fell: there is something to read. While we read, it is our own doing."""
        if not self._reading:
            self._ticker.nudge()

    def close(self) -> None:
        self._ticker.stop()

    def _turn(self, now: float) -> float | None:
        self._reading = True
        try:
            changed = self._read(now)
        # Whatever a lost pin raises; the lamps find out as well, and tell.
        except Exception:  # noqa: BLE001
            _log.exception("the keypad cannot be read any more")
            return None
        for key, down in changed:
            self._tell(KEY + key, down, now)
        self._reading = self._keys.down
        return now + SCAN_SECONDS if self._reading else None

    def _read(self, now: float) -> list[tuple[str, bool]]:
        """Each row alone; then all of them low, to be woken by any key."""
        for row in self._rows:
            row.let_go()
        try:
            return self._keys.read(self._columns_of, now)
        finally:
            for row in self._rows:
                row.drive()

    def _columns_of(self, number: int) -> list[int]:
        row = self._rows[number]
        row.drive()
        low = [n for n, closed in enumerate(self._columns) if closed()]
        row.let_go()
        return low


class Keys:
    """What was believed of each key last."""

    def __init__(self, keys: tuple[str, ...] = KEYS) -> None:
        self._keys = keys
        self._down: dict[str, float] = {}
        "Since when."
        self._up: dict[str, float] = {}

    @property
    def down(self) -> bool:
        """Some key is, or may be a bounce away from it: read again soon."""
        return bool(self._down or self._up)

    def read(self, row: Reading, at: float) -> list[tuple[str, bool]]:
        """Read the whole matrix: keys that went down or came up."""
        seen = {self._keys[r][c] for r in range(len(self._keys)) for c in row(r)}
        if len(seen) > MOST_KEYS:
            seen &= self._down.keys()
        return self._changed(seen, at)

    def _changed(self, seen: set[str], at: float) -> list[tuple[str, bool]]:
        self._up = {k: since for k, since in self._up.items() if at < since + BOUNCE_SECONDS}
        gone = [k for k, t in self._down.items() if k not in seen and at >= t + BOUNCE_SECONDS]
        new = sorted(k for k in seen if k not in self._down and k not in self._up)
        for key in gone:
            del self._down[key]
            self._up[key] = at
        self._down |= dict.fromkeys(new, at)
        return [*((k, False) for k in gone), *((k, True) for k in new)]
