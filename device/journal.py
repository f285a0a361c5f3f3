"""The last events, and the state they began from: enough to live them again.

A journal is kept in memory and written out when the program dies of a bug.
As a file it is one line of JSON for the state and one for each event.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from device import codec
from device.core.events import Event
from device.core.state import State
from device.core.update import update

KEEP = 2000
"At least this many events are kept, at most twice as many."


@dataclass
class Journal:
    """Two stretches of events; when the newer one is full, the older one is forgotten."""

    keep: int = KEEP
    _begin: State | None = None
    _older: list[Event] = field(default_factory=list)
    _middle: State | None = None
    _newer: list[Event] = field(default_factory=list)

    def add(self, before: State, event: Event) -> None:
        """Remember an event, and the state it met."""
        self._begin = self._begin or before
        if len(self._newer) == self.keep:
            self._begin, self._older = self._middle or self._begin, self._newer
            self._newer = []
        if not self._newer:
            self._middle = before
        self._newer.append(event)

    @property
    def begin(self) -> State | None:
        """The state before the first event that is kept; None before there was one."""
        return self._begin

    @property
    def events(self) -> list[Event]:
        return self._older + self._newer

    def dump(self) -> str:
        """The file's text; empty when nothing happened yet."""
        if self.begin is None:
            return ""
        lines = [codec.dumps(self.begin), *map(codec.dump_event, self.events)]
        return "\n".join(lines) + "\n"

    def save(self, path: Path) -> None:
        """Write the journal, for its owner's eyes only: it holds names and texts."""
        path.touch(mode=0o600)
        path.write_text(self.dump())


def load(text: str) -> tuple[State, list[Event]]:
    """A journal's state and events. Raises `ValueError` with the line that is wrong."""
    lines = text.splitlines()
    if not lines:
        raise ValueError("an empty journal")
    return codec.loads(lines[0], State), [_event(n, line) for n, line in enumerate(lines[1:], 2)]


def replay(state: State, events: list[Event]) -> Iterator[State]:
    """Every state on the way, the first one included."""
    yield state
    for event in events:
        state, _ = update(state, event)
        yield state


def _event(number: int, line: str) -> Event:
    try:
        return codec.load_event(line)
    except ValueError as error:
        raise ValueError(f"line {number}: {error}") from error
