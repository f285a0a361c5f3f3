"""The order of the steps: what is done stays, and several files come together or not at all."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from device.appliance.disk import (
    Disk,
    finish,
    folder,
    point,
    put,
    put_together,
    remove,
    wipe,
)
from tests.appliance.disks import MEMORIES, CutDisk, Entry, Forgets, PowerCut, all_of_it

OLD = {"a": b"old", "b": b"old", "c": b"old"}
NEW = {"a": b"new", "b": b"new", "d": b"new"}

DO: list[Callable[[Disk, Path], None]] = [
    lambda disk, here: put(disk, here / "a", b"new", 0o600),
    lambda disk, here: put_together(disk, here, NEW, 0o600),
    lambda disk, here: point(disk, here / "link", "a"),
    lambda disk, here: remove(disk, here / "a"),
    lambda disk, here: wipe(disk, here / "a"),
    lambda disk, here: folder(disk, here / "x/y", 0o700),
]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return fill(tmp_path / "here")


def fill(here: Path) -> Path:
    here.mkdir()
    for name, data in OLD.items():
        (here / name).write_bytes(data)
    return here


def test_a_disk_that_does_not_keep_what_it_was_given_is_an_error_of_the_disk(here: Path) -> None:
    Disk().sync_all(here)
    with pytest.raises(OSError, match="Input/output error"):
        Disk().sync_all(here / "not there")


@pytest.mark.parametrize("do", DO)
def test_what_is_done_stays(here: Path, do: Callable[[Disk, Path], None]) -> None:
    disk = CutDisk(here, 1000, all_of_it)
    do(disk, here)
    done = Entry.of(here)
    with pytest.raises(PowerCut):
        disk.cut()
    assert Entry.of(here) == done


@pytest.mark.parametrize("forgets", MEMORIES)
def test_several_files_are_all_old_or_all_new(tmp_path: Path, forgets: Forgets) -> None:
    for steps in itertools.count():
        here = fill(tmp_path / str(steps))
        try:
            put_together(CutDisk(here, steps, forgets), here, NEW, 0o600)
        except PowerCut:
            finish(Disk(), here)
            now = {path.name: path.read_bytes() for path in here.iterdir()}
            assert now in (OLD, OLD | NEW)
        else:
            break


def test_what_is_there_already_is_not_written_again(here: Path) -> None:
    untouched = CutDisk(here, 0, all_of_it)  # its first step would be its last
    put(untouched, here / "a", b"old", 0o600)
    put_together(untouched, here, OLD, 0o600)
    remove(untouched, here / "x")
    folder(untouched, here, 0o755)


def test_a_file_has_another_name_for_good_before_there_is_a_zero_in_it(here: Path) -> None:
    class Noting(Disk):
        steps: ClassVar[list[str]] = []

        def __getattribute__(self, name: str) -> Any:
            if name != "steps":
                self.steps.append(name)
            return super().__getattribute__(name)

    disk = Noting()
    wipe(disk, here / "a")
    assert disk.steps == ["rename", "sync", "zero", "unlink", "sync"]
