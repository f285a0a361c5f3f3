"""What survives a power cut: a view of the state, kept in SQLite by one writer thread.

The loop hands over the newest `Kept` and goes on; what was not yet written is replaced by what is
newer. Only fields that changed are written, each commit is on the disk before it counts (WAL with
synchronous=FULL: https://www.sqlite.org/wal.html section 2.2), and `stored()` waits for it, so
that nothing is acknowledged to the outside before it is safe.
"""

import asyncio
import contextlib
import logging
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
from device.life import TURN_SECONDS, Turned, nobody
from device.waiting import settle

log = logging.getLogger("deskpanel")

RETRY_SECONDS = 5.0
"Between attempts on a disk that is full or cannot be written."

LOCK_SECONDS = 1.0
"How long another program may hold the file, somebody's sqlite3 shell for one."

OPENING = (
    # A change is some hundred bytes; whole pages are written, to the log and to the file.
    "PRAGMA page_size=1024",
    # Nobody reads along, so the log's index is kept in memory: as a file it is written, too.
    "PRAGMA locking_mode=EXCLUSIVE",
    "PRAGMA journal_mode=WAL",
    # A log that begins anew is written in place; one that grows has the file system write, too.
    "PRAGMA wal_autocheckpoint=64",
    "PRAGMA synchronous=FULL",
    "CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
)
"""What wears a card least. A status change and a `sync` wrote 18 kB to a loop device with ext4;
with the index in a file 33, with SQLite's own 4096 and 1000 86 (mean of 40, after 200 others)."""

PUT = "INSERT INTO kept VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
"Changes a row where it lies; REPLACE would move it, and change the index as well."

Waiter = asyncio.Future[bool]

Trouble = Callable[[str], None]
"""Called from the writer's thread with what is wrong, in words; empty when it is right again."""


class StoreError(OSError):
    """The store cannot be opened; the message names the file and says why."""


class NotStoredError(OSError):
    """What was to be acknowledged could not be written; the message says where and why."""


class Store:
    """One file. `keep` hands over, a thread writes."""

    def __init__(
        self,
        path: Path,
        on_trouble: Trouble = lambda _: None,
        on_bug: Callable[[BaseException], None] = lambda _: None,
        turned: Turned = nobody,
    ) -> None:
        """`on_bug` hears of a fault of ours, from the writer's thread as it ends."""
        self._path, self._on_trouble, self._on_bug = path, on_trouble, on_bug
        self._turned = turned
        self._wake = threading.Condition()
        self._wanted: tuple[int, Kept | None] = (0, None)
        self._waiting: list[tuple[int, Callable[[bool], None]]] = []
        self._written: dict[str, str] = {}
        self._base: sqlite3.Connection | None = None
        self._lock: sqlite3.Connection | None = None
        self._closing = self._ended = False
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)

    def open(self) -> Kept:
        """What was kept before. A file that is no database is put aside. Raises `StoreError`."""
        self._claim()
        try:
            kept = self._read()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise StoreError(f"{self._path}: {error}") from error
            self._put_aside()
            kept = self._read()
        self._thread.start()
        return kept

    def _claim(self) -> None:
        """Two panels on one store would undo each other; the lock ends with the process."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            path = self._path.with_name(f"{self._path.name}.lock")
            self._lock = sqlite3.connect(path, timeout=0, isolation_level=None)
            self._lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._release()
            taken = "another panel keeps its state there" if "locked" in str(error) else str(error)
            raise StoreError(f"{self._path}: {taken}") from error
        except OSError as error:
            raise StoreError(f"{self._path}: {error.strerror}") from error

    def _release(self) -> None:
        lock, self._lock = self._lock, None
        if lock:
            lock.close()

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
            if self._ended:
                raise NotStoredError(f"{self._path} is closed")
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
        self._release()

    # The file

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.touch(mode=0o600)
        base = sqlite3.connect(
            self._path, LOCK_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            for statement in OPENING:
                base.execute(statement)
        except sqlite3.Error:
            base.close()
            raise
        return base

    def _read(self) -> Kept:
        try:
            with contextlib.closing(self._connect()) as base:
                self._written = dict(base.execute("SELECT key, value FROM kept"))
        except OSError as error:
            raise StoreError(f"{self._path}: {error.strerror}") from error
        return self._kept(self._written)

    def _kept(self, rows: dict[str, str]) -> Kept:
        """What is readable of it: a row of another version does not take the rest along."""
        kinds, found = get_type_hints(Kept), dict[str, Any]()
        for key in kinds.keys() & rows.keys():
            try:
                found[key] = codec.loads(rows[key], kinds[key])
            except ValueError:
                self._set_aside(key, rows[key])
        return Kept(**found)

    def _set_aside(self, key: str, text: str) -> None:
        """What this version cannot read, another one may."""
        with contextlib.closing(self._connect()) as base:
            base.execute(PUT, (f"{key}.unreadable", text))
        log.warning("%s: %s cannot be read; kept as %s.unreadable", self._path, key, key)

    def _put_aside(self) -> None:
        broken = self._path.with_name(f"{self._path.name}.broken-{int(time.time())}")
        self._path.rename(broken)
        for extra in ("-wal", "-shm"):
            self._path.with_name(self._path.name + extra).unlink(missing_ok=True)
        self._on_trouble(f"{self._path} was damaged; it is now {broken.name}, and we begin anew")

    # The writer's thread

    def _run(self) -> None:
        try:
            self._write_all()
        except Exception as bug:  # noqa: BLE001 - a bug must end the process, not just this thread
            self._on_bug(bug)
        finally:
            self._let_go()
            with self._wake:
                self._ended = True
            self._settle(0, self._wanted[0])

    def _write_all(self) -> None:
        done, trouble, last = 0, "", False
        while not last:
            self._turned()
            number, kept, last = self._next(done, trouble)
            now = self._write(kept) if number > done and kept else ""
            done = done if now else number
            self._say(trouble, now)
            self._settle(done, number)
            trouble = now

    def _next(self, done: int, trouble: str) -> tuple[int, Kept | None, bool]:
        """Sleep until there is something to write or to answer, or to try once more."""
        with self._wake:
            due = partial(self._due, done, trouble)
            self._wake.wait_for(due, RETRY_SECONDS if trouble else TURN_SECONDS)
            return (*self._wanted, self._closing)

    def _due(self, done: int, trouble: str) -> bool:
        asked = self._closing or bool(self._waiting)
        return asked or (not trouble and self._wanted[0] > done)

    def _write(self, kept: Kept) -> str:
        """Write what changed, or all of it after a failure; what went wrong, in words."""
        rows = {f.name: codec.dumps(getattr(kept, f.name)) for f in fields(kept)}
        changed = {k: v for k, v in rows.items() if self._written.get(k) != v}
        try:
            self._base = self._base or self._connect()
            with self._base as base:
                base.execute("BEGIN IMMEDIATE")
                base.executemany(PUT, changed.items())
        except (sqlite3.Error, OSError) as error:
            self._let_go()
            self._written.clear()
            return f"{self._path}: {error}"
        self._written |= changed
        return ""

    def _let_go(self) -> None:
        base, self._base = self._base, None
        if base:
            base.close()

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
