"""How a long text is divided into what a glass holds at a time.

The core has to know, for a button leads from one screenful to the next; it counts characters, not
pixels. Where letters are narrower than that, there is room to spare.
"""

import textwrap
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Room:
    """Characters and lines of a text that fit the glass; 128 by 64 pixels where nothing is said."""

    columns: int = 21
    rows: int = 5
    other_columns: int = 15
    "The same of a text in another script, whose letters are larger; wide ones count as two."
    other_rows: int = 3
    sender_first: bool = False
    "Of who wrote there is no room beside the text: that is a screenful of its own, without lines."
    written: Callable[[str], str] | None = field(default=None, compare=False, repr=False)
    """A text as the glass writes it, where it has not got the letters; lines stay lines. No part of
    the value: a journal leaves it out, as it does the font."""


USUAL = Room()


def parts(text: str, room: Room = USUAL) -> tuple[tuple[str, ...], ...]:
    """A text as screenfuls of lines; there is always one, perhaps empty."""
    text = room.written(text) if room.written else text
    other = any(_is_other(char) for char in text)
    rows = room.other_rows if other else room.rows
    lines = [w for line in text.splitlines() for w in _wrapped(line, room, other)]
    screens = tuple(tuple(lines[i : i + rows]) for i in range(0, len(lines), rows))
    first: tuple[tuple[str, ...], ...] = ((),) if room.sender_first else ()
    return first + screens or ((),)


def _wrapped(line: str, room: Room, other: bool) -> list[str]:
    if not other:
        return textwrap.wrap(line, room.columns) or [""]
    return list(_by_cells(line, room.other_columns)) or [""]


def _by_cells(line: str, columns: int) -> Iterator[str]:
    """Broken between words where there are any; some scripts put no spaces between them."""
    rest = line.strip()
    while rest:
        cut = _fitting(rest, columns)
        if cut < len(rest) and (space := rest.rfind(" ", 0, cut + 1)) > 0:
            cut = space
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip()


def _fitting(text: str, columns: int) -> int:
    """How many characters fit so many columns; one at least, whatever its width."""
    used = 0
    for count, char in enumerate(text):
        used += _cells(char)
        if used > columns and count:
            return count
    return len(text)


def _cells(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _is_other(char: str) -> bool:
    """A letter of another script than ours."""
    return char > "\u024f" and char.isalpha() and not unicodedata.name(char, "").startswith("LATIN")
