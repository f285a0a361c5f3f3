"""Names what two tars do not have in common. Ends with 1 where there is something.

python3 image/root/differs.py ONE.tar OTHER.tar
"""

import hashlib
import sys
import tarfile
from pathlib import Path

Member = dict[str, object]


def members(path: Path) -> dict[str, Member]:
    """All that a tar says of each of its files."""
    with tarfile.open(path) as tar:
        return {member.name: _of(tar, member) for member in tar}


def _of(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Member:
    file = tar.extractfile(member) if member.isreg() else None
    return {
        "kind": member.type,
        "mode": oct(member.mode),
        "owner": (member.uid, member.gid),
        "time": member.mtime,
        "link": member.linkname,
        "size": member.size,
        "content": hashlib.sha256(file.read()).hexdigest() if file else "",
    }


def differences(one: Path, other: Path) -> list[str]:
    """A line for each file: in what it differs, or where it is missing."""
    first, second = members(one), members(other)
    return [
        f"{name}: {_in_what(first.get(name), second.get(name))}"
        for name in sorted(first | second)
        if first.get(name) != second.get(name)
    ]


def _in_what(first: Member | None, second: Member | None) -> str:
    if first is None or second is None:
        return "only in the other" if first is None else "only in the first"
    return ", ".join(key for key in first if first[key] != second[key])


if __name__ == "__main__":
    found = differences(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.stdout.writelines(f"  {line}\n" for line in found or ["no difference"])
    sys.exit(1 if found else 0)
