"""Tunes, as data in the file beside this one: beats that have a pitch."""

import math
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import accumulate
from typing import Any

from hw.beats import MICROSECONDS, Beat

PAUSE = "-"
_NOTE = re.compile(r"([A-G])(#?)(\d)|-")
_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


@dataclass(frozen=True, slots=True)
class Tune(Beat):
    """A beat, and the pitch of each of its parts."""

    starts: tuple[int, ...] = ()
    "Microseconds at which a note or a pause begins, rising, the first being 0."
    pitches: tuple[float, ...] = ()
    "Hertz of each, 0 for a pause."
    level: float = 1.0
    "How loud, above 0 up to 1."

    def pitch(self, elapsed: float) -> float:
        """Hertz of what sounds, `elapsed` seconds after the start; 0: nothing."""
        if not self.up(elapsed):
            return 0.0
        return self.pitches[bisect_right(self.starts, self.phase(elapsed)) - 1]

    def next_note(self, elapsed: float) -> float | None:
        """Seconds after the start at which it turns next, or changes its pitch."""
        turn, phase = self.next_turn(elapsed), self.phase(elapsed)
        following = bisect_right(self.starts, phase)
        if following == len(self.starts):
            return turn
        note = elapsed + (self.starts[following] - phase) / MICROSECONDS
        return note if turn is None else min(note, turn)


def tune(notes: Iterable[str], level: float = 1.0, again: bool = False) -> Tune:
    """Of notes such as `A5 120`: a name or a pause, and milliseconds. Raises `ValueError`."""
    parts = [_part(note) for note in notes]
    ends = list(accumulate(1000 * ms for _, ms in parts))
    starts = (0, *ends[:-1])
    pitches = tuple(hertz for hertz, _ in parts)
    sounding = [hertz > 0 for hertz in pitches]
    turns = [
        s for s, on, was in zip(starts, sounding, [False, *sounding], strict=False) if on != was
    ]
    edges = (*turns, ends[-1]) if sounding[-1] else tuple(turns)
    return Tune(edges, ends[-1] if again else None, starts, pitches, level)


def hertz(name: str) -> float:
    """Of a note in equal temperament, A4 being 440 Hz (ISO 16); 0 for a pause."""
    found = _NOTE.fullmatch(name)
    if not found:
        raise ValueError(f'expected a note such as "A5" or "C#6", or "-", found {name!r}')
    if name == PAUSE:
        return 0.0
    letter, sharp, octave = found.groups()
    above_a4 = _SEMITONES[letter] + bool(sharp) - 9 + 12 * (int(octave) - 4)
    return 440.0 * math.exp2(above_a4 / 12)


def _part(note: str) -> tuple[float, int]:
    name, _, milliseconds = note.partition(" ")
    if not milliseconds.isdecimal() or not 0 < int(milliseconds) <= 60_000:
        raise ValueError(f"expected a note and 1 to 60000 milliseconds, found {note!r}")
    return hertz(name), int(milliseconds)


def _read(data: Mapping[str, Any]) -> dict[str, Tune]:
    return {
        name: tune(one["notes"], float(one["level"]), again=name == RING)
        for name, one in data.items()
    }


RING = "ring"
_ALL = _read(tomllib.loads(files(__package__).joinpath("tunes.toml").read_text(encoding="utf-8")))

RINGING = _ALL[RING]
"The cadence while a call rings."

TUNES = {name: one for name, one in _ALL.items() if name != RING}
"Played once, by name."
