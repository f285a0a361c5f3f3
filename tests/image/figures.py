"""What was measured on the booted image, in `.image/out/figures.json`; the docs quote it."""

import fcntl
import json
from collections.abc import Mapping
from pathlib import Path

from tests.image.kinds import OUT

FILE = OUT / "figures.json"

Figure = float | int | str


def note(figures: Mapping[str, Figure], file: Path = FILE) -> None:
    """Keep these; what was there under other names stays. Several tests may do so at a time."""
    with file.open("a+") as store:
        fcntl.flock(store, fcntl.LOCK_EX)
        store.seek(0)
        known: dict[str, Figure] = json.loads(store.read() or "{}")
        known.update(figures)
        store.truncate(0)
        store.write(json.dumps(dict(sorted(known.items())), indent=4) + "\n")


def table(file: Path = FILE) -> list[str]:
    """A line for each."""
    if not file.exists():
        return []
    known = json.loads(file.read_text())
    width = max(map(len, known), default=0)
    return [f"{name:{width}}  {known[name]}" for name in known]
