"""Reading TOML tables so that every complaint knows its file, line and key."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
D = TypeVar("D")


class ConfigError(Exception):
    """Everything that is wrong with a config, a line each."""

    def __init__(self, complaints: Iterable[str]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("\n".join(self.complaints))


class Complaints:
    def __init__(self, path: Path, text: str) -> None:
        self._path, self._lines = path, _lines_of_keys(text)
        self._found: list[tuple[int, str]] = []

    def add(self, key: str, problem: str) -> None:
        line = self._lines.get(key, 0)
        place = f"{self._path}:{line}" if line else str(self._path)
        self._found.append((line, f"{place}: {key}: {problem}"))

    def __bool__(self) -> bool:
        return bool(self._found)

    def raise_any(self) -> None:
        if self:
            raise ConfigError(complaint for _, complaint in sorted(self._found))


class Table:
    """One table of the document; remembers which keys were asked for."""

    def __init__(self, values: Any, name: str, complaints: Complaints) -> None:
        self._name, self._complaints = name, complaints
        self._asked: set[str] = set()
        self._children: list[Table] = []
        self._tables: dict[str, Table] = {}
        self._values: dict[str, Any] = values if isinstance(values, dict) else {}
        if not isinstance(values, dict):
            complaints.add(name, f"expected a table, found {values!r}")

    def get(self, key: str, check: Callable[[Any], T], default: D) -> T | D:
        """A value that may be missing."""
        self._asked.add(key)
        if key not in self._values:
            return default
        try:
            return check(self._values[key])
        except (ValueError, TypeError) as error:
            self.complain(key, str(error))
            return default

    def need(self, key: str, check: Callable[[Any], T], default: D) -> T | D:
        """A value that must be there; `default` only lets the reading go on."""
        if key not in self._values:
            self.complain(key, "is missing")
        return self.get(key, check, default)

    def has(self, key: str) -> bool:
        """Something stands there, be it right or wrong."""
        return key in self._values

    def peek(self, key: str, default: str) -> str:
        """A text that somebody else checks."""
        value = self._values.get(key, default)
        return value.strip() if isinstance(value, str) else default

    def each(self, known: Iterable[str], check: Callable[[Any], T]) -> dict[str, T]:
        """Every one of these keys that is there and right."""
        self._asked |= set(known)
        present = [key for key in known if key in self._values]
        found = {key: self.get(key, lambda v: (check(v),), None) for key in present}
        return {key: value[0] for key, value in found.items() if value is not None}

    def table(self, key: str) -> "Table":
        """A table below, empty where it is missing; asked for again, the same."""
        self._asked.add(key)
        if key not in self._tables:
            self._tables[key] = self._child(self._values.get(key, {}), key)
        return self._tables[key]

    def tables(self, key: str) -> "list[Table]":
        """An array of tables below."""
        self._asked.add(key)
        values = self._values.get(key, [])
        if not isinstance(values, list):
            self.complain(key, "expected an array of tables")
            return []
        return [self._child(v, f"{key}[{n}]") for n, v in enumerate(values)]

    def complain(self, key: str, problem: str) -> None:
        self._complaints.add(self._path(key), problem)

    def done(self) -> None:
        """Complain of keys that nobody asked for, here and below."""
        for key in self._values.keys() - self._asked:
            self.complain(key, f"is not a key here; known are {', '.join(sorted(self._asked))}")
        for child in self._children:
            child.done()
        self._asked |= self._values.keys()

    def _child(self, values: Any, key: str) -> "Table":
        child = Table(values, self._path(key), self._complaints)
        self._children.append(child)
        return child

    def _path(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key


_HEADER = re.compile(r"\s*\[\s*([\w.\- \"']+?)\s*\]\s*(?:#.*)?$")
_ARRAY = re.compile(r"\s*\[\[\s*([\w.\- \"']+?)\s*\]\]")
_KEY = re.compile(r"\s*([\w.\-\"']+)\s*=")


def _lines_of_keys(text: str) -> dict[str, int]:
    """Where each key stands. tomllib does not tell, and a plain look at the lines is enough here.

    What lies inside an inline table or a list is found at the line of its key.
    """
    found: dict[str, int] = {}
    table, counts = "", dict[str, int]()
    for number_, line in enumerate(text.splitlines(), 1):
        if array := _ARRAY.match(line):
            count = counts[array[1]] = counts.get(array[1], -1) + 1
            table = f"{array[1]}[{count}]"
            found[table] = number_
        elif header := _HEADER.match(line):
            table = header[1]
            found[table] = number_
        elif key := _KEY.match(line):
            name = key[1].strip("\"'")
            found.setdefault(f"{table}.{name}" if table else name, number_)
    return _Near(found)


class _Near(dict[str, int]):
    """Lines by key; a key without a line has that of what it is in."""

    def get(self, key: str, default: Any = None) -> Any:
        while key:
            if key in self:
                return self[key]
            key = re.sub(r"(\.[^.]*|\[\d+\])$", "", key) if re.search(r"[.\]]", key) else ""
        return default
