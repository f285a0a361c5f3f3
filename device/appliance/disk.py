"""Writing so that a power cut at any moment leaves the old or the new, and never neither.

`Disk` is the steps, each either done or not; the functions below it put them in the right order.
Tests have a disk that fails before its n-th step, and forgets what was not yet told to stay.
"""

import errno
import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

ZEROS = bytes(64 * 1024)


class Disk:
    """What is done to a disk, step by step."""

    def create(self, path: Path, data: bytes, mode: int, owner: str = "") -> None:
        """A file with these bytes, on the disk when this returns; its name may not be yet."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            os.fchmod(file.fileno(), mode)
            if owner:
                shutil.chown(path, owner, owner)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def zero(self, path: Path) -> None:
        """Overwrite what is in a file, where it is."""
        with path.open("r+b") as file:
            left = file.seek(0, os.SEEK_END)
            file.seek(0)
            while left > 0:
                left -= file.write(ZEROS[:left])
            file.flush()
            os.fsync(file.fileno())

    def fill(self, path: Path, data: bytes, mode: int) -> None:
        """A file that was not there, one of so many that `sync_all` lets them stay together."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)

    def rename(self, old: Path, new: Path) -> None:
        old.rename(new)

    def unlink(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def symlink(self, path: Path, target: str) -> None:
        path.symlink_to(target)

    def mkdir(self, path: Path, mode: int) -> None:
        path.mkdir(mode)
        path.chmod(mode)  # whatever the umask

    def remove_tree(self, path: Path) -> None:
        shutil.rmtree(path)

    def sync(self, folder: Path) -> None:
        """Let the names in a folder stay."""
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def sync_all(self, folder: Path) -> None:
        """Let everything stay that is on the file system of this folder: syncfs(2)."""
        done = subprocess.run(["sync", "--file-system", folder], check=False)
        if done.returncode:  # it says so, but not which
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(folder))


def folder(disk: Disk, path: Path, mode: int) -> None:
    """Let there be a folder."""
    if not path.is_dir():
        if not path.parent.is_dir():
            folder(disk, path.parent, 0o755)
        disk.mkdir(path, mode)
        disk.sync(path.parent)


def put(disk: Disk, path: Path, data: bytes, mode: int, owner: str = "") -> None:
    """One file: the old one until the new one is whole."""
    if _is(path, data):
        return  # spares the card
    new = path.with_name(f"{path.name}.new")
    try:
        disk.create(new, data, mode, owner)
        disk.rename(new, path)
    except OSError:
        with suppress(OSError):
            disk.unlink(new)
        raise
    disk.sync(path.parent)


def point(disk: Disk, path: Path, target: str) -> None:
    """One symlink, in the same way."""
    new = path.with_name(f"{path.name}.new")
    disk.unlink(new)
    disk.symlink(new, target)
    disk.rename(new, path)
    disk.sync(path.parent)


READY, PART = ".ready", ".part"


def put_together(
    disk: Disk, where: Path, files: Mapping[str, bytes], mode: int, owner: str = ""
) -> None:
    """Several files of one folder: all old or all new, once `finish` was called after a power cut.

    They are gathered in a folder beside, whose renaming is the moment when the new ones are valid.
    """
    finish(disk, where)
    if all(_is(where / name, data) for name, data in files.items()):
        return
    part = where / PART
    disk.mkdir(part, 0o700)
    try:
        for name, data in files.items():
            disk.create(part / name, data, mode, owner)
        disk.sync(part)
        disk.rename(part, where / READY)
    except OSError:
        with suppress(OSError):
            disk.remove_tree(part)
        raise
    disk.sync(where)
    finish(disk, where)


def finish(disk: Disk, where: Path) -> None:
    """End what was cut off: forward where all was gathered, else back."""
    if (where / PART).is_dir():
        disk.remove_tree(where / PART)
    ready = where / READY
    if ready.is_dir():
        for path in sorted(ready.iterdir()):
            disk.rename(path, where / path.name)
        disk.sync(where)
        disk.remove_tree(ready)
        disk.sync(where)


def remove(disk: Disk, path: Path) -> None:
    if path.exists() or path.is_symlink():
        disk.unlink(path)
        disk.sync(path.parent)


TAKEN = ".taken"


def wipe(disk: Disk, path: Path) -> None:
    """Take a file with a secret off the card.

    It gets another name first: after a power cut in the middle of the zeros nobody shall take them
    for a config. The zeros are a promise as far as we can give it: a card writes them elsewhere and
    keeps the old block until it needs the room, unseen by any PC, but not by who opens the card.
    Who gives a card away should change the passwords that were on it.
    """
    if not path.name.endswith(TAKEN):
        taken = path.with_name(path.name + TAKEN)
        disk.rename(path, taken)
        disk.sync(path.parent)
        path = taken
    disk.zero(path)
    remove(disk, path)


def _is(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except OSError:
        return False
