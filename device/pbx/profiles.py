"""What each family of PBX understands, from the data files beside this one.

A family, and what a config changes of it, are TOML data with the fields of `core.profile.Profile`;
`build` makes a profile of them, or says all that is wrong. The word `false` takes a status, a
nearest one, a limit or a publication away.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, TypeVar

from device.core.profile import Profile, Publication, Switch
from device.core.words import Status
from device.pbx import rules
from device.pbx.rules import Problem

T = TypeVar("T")
Data = Mapping[str, Any]


class ProfileError(ValueError):
    """All that is wrong with a profile: keys, and a sentence each."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"  {key}: {sentence}" for key, sentence in problems)
        super().__init__(f"profile {name}:\n{lines}")


def build(name: str, data: Data) -> Profile:
    """The profile that this data describes. Raises `ProfileError` with every problem."""
    found: list[Problem] = []
    profile = _profile(name, _Table(data, "", found))
    # What could not be read is not also found to be missing.
    broken = {_subject(key) for key, _ in found}
    found += [p for p in rules.problems(profile) if _subject(p[0]) not in broken]
    if found:
        raise ProfileError(name, found)
    return profile


def merged(family: Data, changes: Data) -> dict[str, Any]:
    """A family's data with another's in its place, key by key."""
    both = dict(family)
    for key, value in changes.items():
        before = both.get(key)
        deeper = isinstance(before, Mapping) and isinstance(value, Mapping)
        both[key] = merged(both[key], value) if deeper else value
    return both


def changed(name: str, changes: Data) -> Profile:
    """A family with a config's changes. Raises `ProfileError`, and `KeyError` for the family."""
    return build(name, merged(FAMILIES[name], changes))


def differences(name: str, changes: Data) -> list[str]:
    """The keys that a config changes of a family."""
    return [key for key, value in _leaves(changes) if value not in _at(FAMILIES[name], key)]


# Reading


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of the data, whose complaints name the whole key."""

    values: Data
    path: str
    found: list[Problem]

    def take(self, key: str, default: T) -> T:
        """A value of the default's type; the default where it is missing or of another."""
        value = self.values.get(key, default)
        if type(value) is type(default):
            return value
        self.complain(key, f"expected {_KINDS[type(default)]}, found {value!r}")
        return default

    def table(self, key: str) -> "_Table":
        empty: dict[str, Any] = {}
        return _Table(self.take(key, empty), self._whole(key), self.found)

    def statuses(self) -> Iterator[tuple[Status, str]]:
        """Those that are not taken away, each with its key."""
        for key, value in self.values.items():
            if key not in set(Status):
                self.complain(key, f"is no status; they are {', '.join(Status)}")
            elif value is not False:
                yield Status(key), key

    def status(self, key: str) -> Status | None:
        value = self.take(key, "")
        if value in set(Status):
            return Status(value)
        self.complain(key, f"expected one of {', '.join(Status)}, found {value!r}")
        return None

    def known(self, *keys: str) -> None:
        """Complain of all others."""
        for key in self.values.keys() - set(keys):
            self.complain(key, f"is not a key here; known are {', '.join(sorted(keys))}")

    def complain(self, key: str, sentence: str) -> None:
        self.found.append((self._whole(key), sentence))

    def _whole(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


_KINDS = {
    str: "text in quotes",
    int: "a number",
    bool: "true or false",
    dict: "a table",
    list: "a list",
}


def _profile(name: str, top: _Table) -> Profile:
    empty = Profile(name)
    top.known(*(f for f in Profile.__dataclass_fields__ if f not in ("name", "switches")), "status")
    return Profile(
        name,
        switches=_switches(top.table("status")),
        nearest=_nearest(top.table("nearest")),
        limits=_limits(top.table("limits")),
        dnd_code=top.take("dnd_code", empty.dnd_code),
        absent_code=top.take("absent_code", empty.absent_code),
        line=top.take("line", empty.line),
        line_in_dnd=top.take("line_in_dnd", empty.line_in_dnd),
        own_phone=top.take("own_phone", empty.own_phone),
        voicemail=top.take("voicemail", empty.voicemail),
        agents=_agents(top),
    )


def _switches(table: _Table) -> dict[Status, Switch]:
    return {status: _switch(table.table(key)) for status, key in table.statuses()}


def _switch(table: _Table) -> Switch:
    table.known(*Switch.__dataclass_fields__)
    return Switch(
        on=table.take("on", ""),
        off=table.take("off", ""),
        hint=table.take("hint", ""),
        note=table.take("note", ""),
        optional=table.take("optional", False),
        published=_publication(table),
    )


def _publication(switch: _Table) -> Publication | None:
    if switch.values.get("published", False) is False:
        return None
    table, empty = switch.table("published"), Publication()
    table.known(*Publication.__dataclass_fields__)
    return Publication(
        open=table.take("open", empty.open),
        activity=table.take("activity", empty.activity),
        note=table.take("note", empty.note),
    )


def _nearest(table: _Table) -> dict[Status, Status]:
    found = {status: table.status(key) for status, key in table.statuses()}
    return {status: kept for status, kept in found.items() if kept}


def _limits(table: _Table) -> dict[Status, str]:
    return {status: table.take(key, "") for status, key in table.statuses()}


def _agents(top: _Table) -> tuple[str, ...]:
    nobody: list[Any] = []
    words = top.take("agents", nobody)
    if not all(isinstance(word, str) for word in words):
        top.complain("agents", f"expected a list of words, found {words!r}")
        return ()
    return tuple(words)


def _subject(key: str) -> str:
    """What a key is about: `status.dnd` of `status.dnd.on`."""
    return ".".join(key.split(".")[:2])


# Comparing


def _leaves(data: Data, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*path, key))
        else:
            yield ".".join((*path, key)), value


def _at(data: Data, key: str) -> tuple[Any, ...]:
    """What says nothing new there: what the data has, or what stands for its not being there."""
    value: Any = data
    for name in key.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    field = Profile.__dataclass_fields__.get(key)
    return (value,) if value is not None else (False, field.default if field else "")


# The families


def _read_all() -> dict[str, Data]:
    folder = files("device.pbx") / "families"
    found = sorted(f.name for f in folder.iterdir() if f.name.endswith(".toml"))
    return {
        name.removesuffix(".toml"): tomllib.loads((folder / name).read_text(encoding="utf-8"))
        for name in found
    }


FAMILIES = _read_all()
"The data of each, by name."

PROFILES = {name: build(name, data) for name, data in FAMILIES.items()}
"By name; `deskpanel profiles` lists them."
