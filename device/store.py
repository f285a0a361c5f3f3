"""What survives a power cut: a view of the state, kept in SQLite by one writer thread.

The loop hands over the newest `Kept` and goes on; what was not yet written is replaced by what is
newer. Only fields that changed are written, each commit is on the disk before it counts (WAL with
synchronous=FULL: https://www.sqlite.org/wal.html section 2.2), and `stored()` waits for it, so
that nothing is acknowledged to the outside before it is safe.
"""

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any, get_type_hints

from device import codec
from device.core.kept import Kept
from device.waiting import settle

RETRY_SECONDS = 5.0
"Between attempts on a disk that is full or cannot be written."

Waiter = asyncio.Future[bool]

Trouble = Callable[[str], None]
"""Called from the writer's thread with what is wrong, in words; empty when it is right again."""


class StoreError(Exception):
    """The store cannot be opened; the message names the file and says why."""


class NotStoredError(Exception):
    """What was to be acknowledged could not be written."""


class Store:
    """One file. `keep` hands over, a thread writes."""

    def __init__(self, path: Path, on_trouble: Trouble = lambda _: None) -> None:
        self._path, self._on_trouble = path, on_trouble
        self._wake = threading.Condition()
        self._wanted: tuple[int, Kept | None] = (0, None)
        self._waiting: list[tuple[int, Callable[[bool], None]]] = []
        self._written: dict[str, str] = {}
        self._closing = False
        self._thread = threading.Thread(target=self._write_all, name="store", daemon=True)

    def open(self) -> Kept:
        """What was kept before. A file that is no database is put aside. Raises `StoreError`."""
        try:
            kept = self._read()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise StoreError(f"{self._path}: {error}") from error
            self._put_aside()
            kept = self._read()
        self._thread.start()
        return kept

    def keep(self, kept: Kept) -> None:
        """Make this what survives; returns at once."""
        with self._wake:
            number, before = self._wanted
            if kept != before:
                self._wanted = (number + 1, kept)
                self._wake.notify()

    async def stored(self) -> None:
        """Return when all that was handed over is on the disk. Raises `NotStoredError`."""
        loop = asyncio.get_running_loop()
        done: Waiter = loop.create_future()
        with self._wake:
            self._waiting.append((self._wanted[0], _answer(loop, done)))
            self._wake.notify()
        if not await done:
            raise NotStoredError(f"{self._path} cannot be written")

    def close(self) -> None:
        """Write what is left, and end. Twice does no harm."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        if self._thread.ident:
            self._thread.join()

    # The file

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.touch(mode=0o600)
        base = sqlite3.connect(self._path, isolation_level=None)
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("PRAGMA synchronous=FULL")
        base.execute("CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
        return base

    def _read(self) -> Kept:
        try:
            with contextlib.closing(self._connect()) as base:
                self._written = dict(base.execute("SELECT key, value FROM kept"))
        except OSError as error:
            raise StoreError(f"{self._path}: {error.strerror}") from error
        return _kept(self._written)

    def _put_aside(self) -> None:
        broken = self._path.with_name(f"{self._path.name}.broken-{int(time.time())}")
        self._path.rename(broken)
        for extra in ("-wal", "-shm"):
            self._path.with_name(self._path.name + extra).unlink(missing_ok=True)
        self._on_trouble(f"{self._path} was damaged; it is now {broken.name}, and we begin anew")

    # The writer's thread

    def _write_all(self) -> None:
        with contextlib.closing(self._connect()) as base:
            done, trouble = 0, ""
            while True:
                number, kept, last = self._next(done, trouble)
                now = self._write(base, kept) if number > done and kept else ""
                done = done if now else number
                self._say(trouble, now)
                self._settle(done, number)
                trouble = now
                if last:
                    return

    def _next(self, done: int, trouble: str) -> tuple[int, Kept | None, bool]:
        """Sleep until there is something to write or to answer, or to try once more."""
        with self._wake:
            due = partial(self._due, done, trouble)
            self._wake.wait_for(due, RETRY_SECONDS if trouble else None)
            return (*self._wanted, self._closing)

    def _due(self, done: int, trouble: str) -> bool:
        asked = self._closing or bool(self._waiting)
        return asked or (not trouble and self._wanted[0] > done)

    def _write(self, base: sqlite3.Connection, kept: Kept) -> str:
        rows = {f.name: codec.dumps(getattr(kept, f.name)) for f in fields(kept)}
        changed = {k: v for k, v in rows.items() if self._written.get(k) != v}
        try:
            base.execute("BEGIN IMMEDIATE")
            base.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", changed.items())
            base.execute("COMMIT")
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error):
                base.execute("ROLLBACK")
            return f"{self._path}: {error}"
        self._written |= changed
        return ""

    def _say(self, before: str, now: str) -> None:
        if before != now:
            self._on_trouble(now)

    def _settle(self, done: int, tried: int) -> None:
        with self._wake:
            ready = [w for w in self._waiting if w[0] <= tried]
            self._waiting = [w for w in self._waiting if w[0] > tried]
        for number, answer in ready:
            answer(number <= done)


def _answer(loop: asyncio.AbstractEventLoop, done: Waiter) -> Callable[[bool], None]:
    def answer(ok: bool) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody waits
            loop.call_soon_threadsafe(settle, done, ok)

    return answer


def _kept(rows: dict[str, str]) -> Kept:
    """What is readable of it: a row of a newer or older version does not take the rest along."""
    kinds, found = get_type_hints(Kept), dict[str, Any]()
    for key in kinds.keys() & rows.keys():
        with contextlib.suppress(ValueError):
            found[key] = codec.loads(rows[key], kinds[key])
    return Kept(**found)
