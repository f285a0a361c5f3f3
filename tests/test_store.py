"""What survives: a restart, a kill at any moment, a file that is no database, a full disk."""

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from device import codec
from device.core.kept import Kept
from device.core.notices import CallEntry, CallList, Stamp
from device.core.words import CallKind
from device.store import NotStoredError, Store, StoreError


def with_calls(count: int) -> Kept:
    entry = CallEntry("101", "Anna", CallKind.MISSED, Stamp(None, 1.5), count=count)
    return replace(Kept(), missed=CallList((entry,)))


def keep_and_close(path: Path, kept: Kept) -> None:
    store = Store(path)
    store.open()
    store.keep(kept)
    store.close()


def read(path: Path) -> Kept:
    store = Store(path)
    try:
        return store.open()
    finally:
        store.close()


def rows_in(path: Path) -> dict[str, str]:
    base = sqlite3.connect(path)
    rows = dict(base.execute("SELECT key, value FROM kept"))
    base.close()
    return rows


def test_what_was_kept_is_there_again(tmp_path: Path) -> None:
    keep_and_close(tmp_path / "p.sqlite", with_calls(3))
    assert read(tmp_path / "p.sqlite") == with_calls(3)


def test_a_new_store_is_empty(tmp_path: Path) -> None:
    assert read(tmp_path / "below" / "p.sqlite") == Kept()


def test_others_cannot_read_it(tmp_path: Path) -> None:
    keep_and_close(tmp_path / "p.sqlite", with_calls(1))
    assert (tmp_path / "p.sqlite").stat().st_mode & 0o077 == 0


def test_stored_returns_when_it_is_on_the_disk(tmp_path: Path) -> None:
    async def story() -> None:
        store = Store(tmp_path / "p.sqlite")
        store.open()
        store.keep(with_calls(2))
        await store.stored()
        there = shutil.copytree(tmp_path, tmp_path / "after a power cut")
        assert rows_in(there / "p.sqlite")["missed"] == codec.dumps(with_calls(2).missed)
        store.close()

    asyncio.run(story())


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="Linux counts what is written")
def test_a_change_writes_little_to_a_card(tmp_path: Path) -> None:
    changes = 300

    async def story() -> int:
        store = Store(tmp_path / "p.sqlite")
        store.open()
        before = _written()
        for count in range(1, changes + 1):
            store.keep(with_calls(count))
            await store.stored()
        log = (tmp_path / "p.sqlite-wal").stat().st_size
        after = _written()
        store.close()
        assert log < 100_000
        return (after - before) // changes

    assert asyncio.run(story()) < 3_000


def _written() -> int:
    """Bytes this process has handed to the system to write."""
    counts = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(counts["wchar"])


def test_a_damaged_file_is_put_aside_and_said(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    path.write_bytes(b"no database at all, and long enough to be looked at twice" * 99)
    said: list[str] = []
    store = Store(path, said.append)
    assert store.open() == Kept()
    store.close()
    assert "damaged" in said[0]
    assert len(list(tmp_path.glob("p.sqlite.broken-*"))) == 1


def test_a_row_of_another_version_does_not_take_the_rest_along(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    keep_and_close(path, with_calls(4))
    with sqlite3.connect(path) as base:
        base.execute("UPDATE kept SET value = '{\"x\": 1' WHERE key = 'choice'")
        base.execute("INSERT INTO kept VALUES ('from the future', '[]')")
    base.close()
    assert read(path) == with_calls(4)
    assert rows_in(path)["choice.unreadable"] == '{"x": 1', "another version may want it"


def test_a_directory_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="file"):
        Store(tmp_path / "file" / "p.sqlite").open()


def test_two_panels_do_not_share_a_store(tmp_path: Path) -> None:
    first = Store(tmp_path / "p.sqlite")
    first.open()
    with pytest.raises(StoreError, match="another panel"):
        Store(tmp_path / "p.sqlite").open()
    first.close()
    assert read(tmp_path / "p.sqlite") == Kept()


def test_what_cannot_be_written_is_not_acknowledged(tmp_path: Path) -> None:
    said: list[str] = []

    async def story() -> None:
        store = Store(tmp_path / "p.sqlite", said.append)
        store.open()
        other = sqlite3.connect(tmp_path / "p.sqlite", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        store.keep(with_calls(1))
        with pytest.raises(NotStoredError):
            await store.stored()
        other.close()
        await store.stored()
        store.close()

    asyncio.run(story())
    assert said[0].endswith("database is locked")
    assert said[1] == "", "and it is right again"
    assert read(tmp_path / "p.sqlite") == with_calls(1)


def test_a_bug_in_the_writer_is_told_and_nobody_waits_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bugs: list[BaseException] = []

    def broken(_value: object) -> str:
        raise ZeroDivisionError

    async def story() -> None:
        store = Store(tmp_path / "p.sqlite", on_bug=bugs.append)
        store.open()
        monkeypatch.setattr("device.codec.dumps", broken)
        store.keep(with_calls(1))
        for _ in range(2):
            with pytest.raises(NotStoredError):
                await store.stored()
        store.close()

    asyncio.run(story())
    assert [type(bug) for bug in bugs] == [ZeroDivisionError]


WRITER = """
import asyncio, sys
from pathlib import Path
from tests.test_store import with_calls
from device.store import Store

async def pour(path):
    store = Store(path)
    count = store.open().missed.entries
    n = count[0].count if count else 0
    while True:
        n += 1
        store.keep(with_calls(n))
        await store.stored()
        print(n, flush=True)

asyncio.run(pour(Path(sys.argv[1])))
"""


def test_nothing_acknowledged_is_lost_when_killed_at_any_moment(tmp_path: Path) -> None:
    """A real kill -9, at a moment chosen by how many acknowledgements have come."""
    path = tmp_path / "p.sqlite"
    for round_ in range(8):
        acknowledged = _pour_and_kill(path, after=1 + 7 * round_)
        entries = read(path).missed.entries
        assert entries, "the file opens, and holds something"
        assert entries[0].count >= acknowledged


def _pour_and_kill(path: Path, after: int) -> int:
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as writer:
        assert writer.stdout is not None
        heard = [int(writer.stdout.readline()) for _ in range(after)]
        writer.send_signal(signal.SIGKILL)
        heard += [int(line) for line in writer.stdout.read().split()]
    return heard[-1]
