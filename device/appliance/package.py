"""A package of ours: whether it fits here, and the program that is in it.

Only the program is taken, not the units and rules that a package has as well: those are the root
file system's, which is read-only, and come with the next image.
"""

import re
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import IO

from device.appliance.disk import Disk
from device.appliance.refused import RefusedError

OURS = ("opt", "deskpanel")
START = Path("bin/deskpanel")
_VERSION = re.compile(r"[0-9][A-Za-z0-9.+~-]*")
"Without an epoch: it names a folder. It begins with a digit, unlike whatever else is there."

_NEED = re.compile(r"(python3(?:\.\d+)?)(?::\w+)?\s*(?:\((<<|<=|=|>=|>>)\s*([^\s)]+)\))?")


@dataclass(frozen=True, slots=True)
class About:
    """What a package says of itself."""

    name: str
    version: str
    architecture: str
    depends: str
    kilobytes: int
    "Once it is installed."


def about(data: bytes) -> About:
    """Raises `RefusedError`."""
    fields = dict(line.partition(": ")[::2] for line in _control(data))
    size = fields.get("Installed-Size", "0")
    found = About(
        name=fields.get("Package", ""),
        version=fields.get("Version", ""),
        architecture=fields.get("Architecture", ""),
        depends=fields.get("Depends", ""),
        kilobytes=int(size) if size.isdecimal() else 0,
    )
    if problems := list(_misfits(found)):
        raise RefusedError(*problems)
    return found


def _control(data: bytes) -> list[str]:
    known = ("Package", "Version", "Architecture", "Depends", "Installed-Size")
    ran = subprocess.run(["dpkg-deb", "--field", "-", *known], input=data, capture_output=True)
    if ran.returncode:
        raise RefusedError("the package is damaged")
    return re.sub(r"\n[ \t]+", " ", ran.stdout.decode("utf-8", "replace")).splitlines()


def _misfits(found: About) -> Iterator[str]:
    here = subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()
    if found.name != "deskpanel":
        yield f"this is a package of {found.name}, not of deskpanel"
    if not _VERSION.fullmatch(found.version) or found.version.endswith(".part"):
        yield f"{found.version!r} is no version of deskpanel"
    if found.architecture not in (here, "all"):
        yield f"this is a package for {found.architecture}, and this computer is {here}"
    if unmet := [need for need in map(str.strip, found.depends.split(",")) if not _met(need)]:
        wanted = " and ".join(unmet)
        yield f"it wants {wanted}, and this is Python {PYTHON}: it needs a newer image"


PYTHON = ".".join(map(str, sys.version_info[:3]))


def _met(need: str) -> bool:
    """Of packages that it depends on, only Python decides whether its libraries can be loaded."""
    found = _NEED.fullmatch(need)
    if not found:
        return True
    name, relation, version = found.groups()
    if name not in ("python3", f"python3.{sys.version_info.minor}"):
        return False
    return not relation or compare(PYTHON, relation, version)


def compare(one: str, relation: str, other: str) -> bool:
    """As Debian compares versions."""
    words = ["dpkg", "--compare-versions", one, relation, other]
    return subprocess.run(words, capture_output=True).returncode == 0


# The program in it


def unpack(data: bytes, into: Path, disk: Disk) -> None:
    """Into a new folder. Raises `RefusedError`, and `OSError` where there is no room."""
    disk.mkdir(into, 0o755)
    words = ["dpkg-deb", "--fsys-tarfile", "-"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as dpkg:
        assert dpkg.stdin
        assert dpkg.stdout
        feeder = threading.Thread(target=_feed, args=(dpkg.stdin, data), daemon=True)
        feeder.start()
        try:
            _take(dpkg.stdout, into, disk)
            while dpkg.stdout.read(1 << 16):
                pass  # what stands after the end of a tar, or dpkg-deb would call it a broken pipe
        except (tarfile.TarError, EOFError, ValueError) as error:
            raise RefusedError("the package is damaged") from error
        finally:
            dpkg.stdout.close()
            feeder.join()
    if dpkg.returncode:
        raise RefusedError("the package is damaged")
    if not (into / START).is_file() or not (into / START).stat().st_mode & 0o100:
        raise RefusedError(f"the package has no {START}")


def _feed(pipe: IO[bytes], data: bytes) -> None:
    try:
        with pipe:
            pipe.write(data)
    except BrokenPipeError:
        pass  # dpkg-deb says itself what it does not like


def _take(stream: IO[bytes], into: Path, disk: Disk) -> None:
    folders: set[tuple[str, ...]] = {()}
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        for member in tar:
            parts = PurePosixPath(member.name).parts
            if member.name.startswith("/") or ".." in parts:
                raise RefusedError(f"the package has a path that leads out of it: {member.name}")
            if parts[:2] != OURS:
                continue
            _take_one(tar, member, parts[2:], into, folders, disk)


def _take_one(
    tar: tarfile.TarFile,
    member: tarfile.TarInfo,
    parts: tuple[str, ...],
    into: Path,
    folders: set[tuple[str, ...]],
    disk: Disk,
) -> None:
    path = into.joinpath(*parts)
    # In a folder that we made ourselves: so no link can lead us elsewhere.
    if parts and parts[:-1] not in folders:
        raise RefusedError(f"the package has a file in no folder: {member.name}")
    if member.isdir():
        if parts not in folders:
            disk.mkdir(path, 0o755)
            folders.add(parts)
    elif member.isreg() and parts:
        content = tar.extractfile(member)
        assert content
        disk.fill(path, content.read(), 0o755 if member.mode & 0o100 else 0o644)
    elif member.issym() and parts and _stays(parts, member.linkname):
        disk.symlink(path, member.linkname)
    else:
        raise RefusedError(f"the package has what no program of ours has: {member.name}")


def _stays(parts: tuple[str, ...], target: str) -> bool:
    """A link that does not lead out of the program, not by way of another link either."""
    way = target.split("/")
    ups = len(list(takewhile(lambda step: step == "..", way)))
    return ups < len(parts) and ".." not in way[ups:] and "" not in way
