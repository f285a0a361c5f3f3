"""Of requirements.lock what the package carries, for pip: nothing that only developers need.

    python3 needed.py MACHINE [NAME..]

NAMEs are left out, with nothing of theirs: wheels of our own take their place.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
EXTRAS = ("pi", "busylight")


@dataclass(frozen=True, slots=True)
class Pin:
    """One entry of the lock file."""

    requirement: Requirement
    text: str
    "As pip wants it, with its hashes."
    wanted_by: frozenset[str]

    @classmethod
    def read(cls, entry: str) -> "Pin":
        lines = entry.splitlines()
        notes = " ".join(line.strip("# ") for line in lines if "#" in line)
        text = "\n".join(line for line in lines if "#" not in line)
        wanted_by = re.sub(r"^via|\(.*?\)", "", notes).split()
        return cls(Requirement(lines[0].rstrip("\\ ")), text, frozenset(wanted_by))

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name)


def pins(lock: str) -> Iterator[Pin]:
    """What the lock file pins, in its order."""
    entries = re.split(r"^(?=\w)", lock, flags=re.MULTILINE)
    return (Pin.read(entry) for entry in entries if not entry.startswith("#"))


def target(machine: str) -> dict[str, str]:
    """What markers ask about the machine of the package."""
    return {
        "python_version": "3.13",
        "python_full_version": "3.13.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "os_name": "posix",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": machine,
    }


def direct(project: str) -> frozenset[str]:
    """What the program itself names, with the extras that the package comes with."""
    table = tomllib.loads(project)["project"]
    extras = table["optional-dependencies"]
    named = [*table["dependencies"], *(line for extra in EXTRAS for line in extras[extra])]
    return frozenset(canonicalize_name(Requirement(line).name) for line in named)


def needed(lock: str, project: str, machine: str, but: Iterable[str]) -> list[Pin]:
    """The pins of what is wanted, and of what that wants."""
    there = target(machine)
    left_out = frozenset(map(canonicalize_name, but))
    fitting = [
        pin
        for pin in pins(lock)
        if pin.name not in left_out
        and (pin.requirement.marker is None or pin.requirement.marker.evaluate(there))
    ]
    wanted = set(direct(project) - left_out)
    while more := {p.name for p in fitting if p.wanted_by & wanted} - wanted:
        wanted |= more
    return [pin for pin in fitting if pin.name in wanted]


if __name__ == "__main__":
    found = needed(
        (ROOT / "requirements.lock").read_text(),
        (ROOT / "pyproject.toml").read_text(),
        sys.argv[1],
        sys.argv[2:],
    )
    print("\n".join(pin.text for pin in found))  # noqa: T201
