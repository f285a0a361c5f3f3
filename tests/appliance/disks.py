"""Disks that fail, to see what is left."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from device.appliance.disk import Disk

Forgets = Callable[[str], bool]
"Whether what was done to a name is lost, where it may be."


def nothing(_: str) -> bool:
    return False


def all_of_it(_: str) -> bool:
    return True


def the_one_half(name: str) -> bool:
    return sum(name.encode()) % 2 == 0


def the_other_half(name: str) -> bool:
    return not the_one_half(name)


MEMORIES = (nothing, all_of_it, the_one_half, the_other_half)


class PowerCut(BaseException):
    """Nothing runs after it: no handler of errors, and no further step."""


class CutDisk(Disk):
    """Power goes before the n-th step, and of what was not told to stay some is lost.

    A file that was being written is there in half, or as it was, and one of many that were written
    without waiting is empty; names that were changed in a folder since it was last synced are as
    they were. It stays so for every further step.
    """

    def __init__(self, root: Path, steps: int, forgets: Forgets) -> None:
        self._left, self._forgets = steps, forgets
        self._root = root
        self._known: dict[Path, dict[str, Entry]] = {}
        self._unwritten: set[int] = set()

    def create(self, path: Path, data: bytes, mode: int, owner: str = "") -> None:
        self._changes(path.parent)
        if self._ends():
            super().create(path, data[: len(data) // 2], mode, owner)
            self.cut()
        super().create(path, data, mode, owner)

    def zero(self, path: Path) -> None:
        if self._ends():
            data = path.read_bytes()
            path.write_bytes(bytes(len(data) // 2) + data[len(data) // 2 :])
            self.cut()
        super().zero(path)

    def fill(self, path: Path, data: bytes, mode: int) -> None:
        self._step(path.parent)
        super().fill(path, data, mode)
        self._unwritten.add(path.stat().st_ino)

    def rename(self, old: Path, new: Path) -> None:
        self._step(old.parent, new.parent)
        super().rename(old, new)
        self._known = {
            new / folder.relative_to(old) if folder.is_relative_to(old) else folder: entries
            for folder, entries in self._known.items()
        }

    def unlink(self, path: Path) -> None:
        self._step(path.parent)
        super().unlink(path)

    def symlink(self, path: Path, target: str) -> None:
        self._step(path.parent)
        super().symlink(path, target)

    def mkdir(self, path: Path, mode: int) -> None:
        self._step(path.parent)
        super().mkdir(path, mode)

    def remove_tree(self, path: Path) -> None:
        self._step(path.parent)
        super().remove_tree(path)

    def sync(self, folder: Path) -> None:
        self._step()
        self._known.pop(folder, None)

    def sync_all(self, folder: Path) -> None:  # noqa: ARG002 - all
        self._step()
        self._known.clear()
        self._unwritten.clear()

    def _step(self, *folders: Path) -> None:
        self._changes(*folders)
        if self._ends():
            self.cut()

    def _changes(self, *folders: Path) -> None:
        """The names in there are about to change."""
        for folder in folders:
            if folder not in self._known:
                self._known[folder] = {p.name: Entry.of(p) for p in folder.iterdir()}

    def _ends(self) -> bool:
        self._left -= 1
        return self._left < 0

    def cut(self) -> None:
        self._left = 0
        for path in self._root.rglob("*"):
            if (
                path.is_file()
                and path.stat().st_ino in self._unwritten
                and self._forgets(path.name)
            ):
                path.write_bytes(b"")
        known, self._known = self._known, {}
        for folder in sorted(known):
            if folder.is_dir():
                _restore(folder, known[folder], self._forgets)
        raise PowerCut


@dataclass(frozen=True, slots=True)
class Entry:
    """What a name stands for."""

    target: str = ""
    data: bytes = b""
    mode: int = 0
    below: "dict[str, Entry] | None" = field(default=None)

    @classmethod
    def of(cls, path: Path) -> "Entry":
        if path.is_symlink():
            return cls(target=str(path.readlink()))
        mode = path.stat().st_mode & 0o777
        if path.is_dir():
            return cls(mode=mode, below={p.name: cls.of(p) for p in path.iterdir()})
        return cls(data=path.read_bytes(), mode=mode)

    def make(self, path: Path) -> None:
        if self.target:
            path.symlink_to(self.target)
        elif self.below is None:
            path.write_bytes(self.data)
            path.chmod(self.mode)
        else:
            path.mkdir(self.mode)
            for name, entry in self.below.items():
                entry.make(path / name)


def _restore(folder: Path, entries: dict[str, Entry], forgets: Forgets) -> None:
    for path in list(folder.iterdir()):
        if path.name not in entries and forgets(path.name):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for name, entry in entries.items():
        if not forgets(name):
            continue
        if not os.path.lexists(folder / name):
            entry.make(folder / name)
        elif entry.below is None and Entry.of(folder / name) != entry:
            (folder / name).unlink()
            entry.make(folder / name)


class FullDisk(Disk):
    """Fails at its n-th step, and works again after that."""

    def __init__(self, steps: int, error: OSError) -> None:
        self._left, self._error = steps, error

    @property
    def failed(self) -> bool:
        return self._left < 0

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_") and name != "failed":
            self._left -= 1
            if self._left == -1:
                raise self._error
        return super().__getattribute__(name)
