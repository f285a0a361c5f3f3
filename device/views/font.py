"""Our own letters, drawn by hand in `small.txt` and `large.txt`, and how wide a text becomes.

Accents are put on letters here: what Unicode can take apart, and whose parts are drawn, needs no
drawing of its own. Other scripts come from Unifont, where a line is high enough and it is
installed, else they are written in our letters. What nobody can write is a box, never an error.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from anyascii import anyascii

from device.views.glyph import Dot, Glyph, doubled
from device.views.order import visual
from device.views.unifont import letter

MARKS = {
    "\u0300": "grave",
    "\u0301": "acute",
    "\u0302": "circumflex",
    "\u0303": "tilde",
    "\u0304": "macron",
    "\u0306": "breve",
    "\u0307": "dot",
    "\u0308": "diaeresis",
    "\u030a": "ring",
    "\u030b": "double",
    "\u030c": "caron",
    "\u0326": "comma",
    "\u0327": "cedilla",
    "\u0328": "ogonek",
}
BELOW = ("comma", "cedilla", "ogonek")
DOTLESS = {"i": "ı", "j": "ȷ"}

LIKE = str.maketrans("‐‑‒−―′‚“”«»‹›´⁄µ", "---–—',\"\"<><>'/u")
"What to draw where a font lacks these."

REPLACEMENT = "replacement"
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True, eq=False)
class Font:
    glyphs: dict[str, Glyph] = field(repr=False)
    height: int
    "Of a capital, in pixels."
    room: int
    "Pixels above the capitals that an accent may use."
    drop: int
    "Pixels below them, for the tails of letters and what hangs from them."
    pitch: int
    "From line to line."
    gap: int = 1
    space: int = 3
    half: "Font | None" = None
    "The font that this one shows at twice the size."

    @property
    def box(self) -> int:
        """Rows from the top of the highest accent to the end of the longest tail."""
        return self.room + self.height + self.drop

    def width(self, text: str) -> int:
        """Pixels from the first dot to the last."""
        return max(self._ends(text), default=0)

    def dots(self, text: str) -> Iterator[Dot]:
        """The lit dots of a line of text."""
        x = 0
        for name in self.spell(self._seen(text)):
            glyph = self.glyph(name)
            # A mark is drawn back over the letter before it; at the beginning there is none.
            yield from (dot for dot in glyph.moved(x, 0) if dot[0] >= 0)
            x += glyph.width + self.gap

    def fit(self, text: str, width: int) -> str:
        """The text, or as much of its beginning as fits, and an ellipsis."""
        text = self.letters(text)
        if self._fitting(text, width) == len(text):
            return text
        room = width - self.width(ELLIPSIS)
        kept = text[: self._fitting(text, room - self.gap)].rstrip()
        return kept + ELLIPSIS if room >= 0 else ""

    def fit_words(self, text: str, width: int) -> str:
        """The same, cut between words where one of them fits."""
        kept, whole = self.fit(text, width), self.letters(text)
        words = kept.removesuffix(ELLIPSIS).rpartition(" ")[0]
        return kept if kept == whole or not words else words + ELLIPSIS

    def wrap(self, text: str, width: int, lines: int) -> list[str]:
        """At most so many lines, broken between words, or in words that are too long."""
        broken: list[str] = []
        rest = " ".join(self.letters(text).split())
        while rest and len(broken) < lines - 1:
            line = self._first(rest, width)
            broken.append(line)
            rest = rest[len(line) :].lstrip()
        return [*broken, self.fit(rest, width)] if rest and lines > 0 else broken

    def shows(self, text: str, lines: list[str]) -> bool:
        """Whether the lines hold all of the text."""
        whole = self.letters(text)
        return "".join(lines).replace(" ", "") == "".join(whole.split())

    def unbroken(self, text: str, lines: list[str]) -> bool:
        """Whether the lines hold all of the text, and no word is on two of them."""
        joined = "".join(line if line.endswith("-") else line + " " for line in lines)
        return joined.split() == self.letters(text).split()

    def reads(self, text: str) -> bool:
        """Whether most of a text can be drawn, so that a person could read it."""
        names = [name for name in self.spell(text) if name != " "]
        return names.count(REPLACEMENT) * 2 < len(names)

    def letters(self, text: str) -> str:
        """The same, with what is written as it sounds written so, letter by letter."""
        chars = unicodedata.normalize("NFC", text)
        return "".join(_sounded(char, _spelt(self, char)) for char in chars)

    def sounded(self, text: str) -> str:
        """The same in our own letters, all of it; what nobody can write stays."""
        chars = unicodedata.normalize("NFC", text)
        return "".join(_in_ours(char, _spelt(self, char)) for char in chars)

    def spells(self, text: str) -> bool:
        """Whether a text can be written in letters of its own script."""
        letters = (c for c in unicodedata.normalize("NFC", text) if c.isalpha())
        return all(self.has(c) or _in_parts(self, c) or (self.tall and letter(c)) for c in letters)

    @property
    def tall(self) -> bool:
        """A line has room for the letters of other scripts."""
        return self.height >= 11

    def spell(self, text: str) -> Iterator[str]:
        """The names of the glyphs that make up a text; what cannot be drawn is a box."""
        for char in unicodedata.normalize("NFC", text):
            yield from _spelt(self, char)

    def glyph(self, name: str) -> Glyph:
        """A glyph by name; the accented ones are put together."""
        return _glyph_of(self, name)

    def has(self, char: str) -> bool:
        if self.half:
            return self.half.has(char)
        base, *marks = tuple(unicodedata.normalize("NFD", char))
        composed = base in self.glyphs and all(mark in MARKS for mark in marks)
        return char == " " or char in self.glyphs or composed

    def compose(self, base: str, *marks: str) -> Glyph:
        """A letter with its accents."""
        names = [MARKS[mark] for mark in marks]
        above = any(name not in BELOW for name in names)
        letter = self.glyphs[DOTLESS.get(base, base) if above else base]
        for name in names:
            letter = self._mark(letter, name)
        return letter

    def _mark(self, letter: Glyph, name: str) -> Glyph:
        mark = self.glyphs[name]
        right = (letter.width - mark.width + 1) // 2
        down = self._under(letter, mark) if name in BELOW else self._over(letter, mark)
        inside = {(x, y) for x, y in mark.moved(right, down) if 0 <= x < letter.width}
        # A narrow letter with a broad accent grows, so that the accent does not touch the next.
        if mark.width <= letter.width:
            return Glyph(letter.width, letter.dots | inside)
        return Glyph(mark.width, letter.moved(-right, 0) | mark.moved(0, down))

    def _over(self, letter: Glyph, mark: Glyph) -> int:
        """A gap of one under the accent, where there is room for it."""
        return max(letter.top - 2 - mark.bottom, -self.room)

    def _under(self, letter: Glyph, mark: Glyph) -> int:
        return min(letter.bottom, self.height + self.drop - 2 - mark.bottom) + 1

    def _seen(self, text: str) -> str:
        """In the order the eye meets it; what is written as it sounds is in ours already."""
        return visual(text) if self.tall else text

    def _ends(self, text: str) -> Iterator[int]:
        """Where each letter ends, from the first dot on."""
        used = 0
        for glyph in map(self.glyph, self.spell(self._seen(text))):
            yield used + glyph.reach
            used += glyph.width + self.gap

    def _first(self, text: str, width: int) -> str:
        """As many words or their parts before a hyphen as fit, else letters; never nothing."""
        fits = max(self._fitting(text, width), 1)
        if fits >= len(text):
            return text
        cut = max(text.rfind(" ", 0, fits + 1), text.rfind("-", 0, fits) + 1)
        return text[: cut if cut > 0 else fits]

    def _fitting(self, text: str, width: int) -> int:
        """How many characters fit; no more are looked at, for a text may be long."""
        # Where letters join, the last one that is seen may have a column more.
        used = int(self._seen(text) != text)
        for count, char in enumerate(text):
            for glyph in map(self.glyph, _spelt(self, char)):
                if used + glyph.reach > max(width, 0):
                    return count
                used += glyph.width + self.gap
        return len(text)


@lru_cache(maxsize=2000)
def _glyph_of(font: Font, name: str) -> Glyph:
    if font.half:
        return doubled(font.half.glyph(name))
    if name == " ":
        return Glyph(font.space, frozenset())
    if name not in font.glyphs and not font.has(name) and (found := letter(name)):
        return found
    return font.glyphs.get(name) or font.compose(*unicodedata.normalize("NFD", name))


@lru_cache(maxsize=4000)
def _spelt(font: Font, char: str) -> tuple[str, ...]:
    if font.has(char):
        return (char,)
    if char.isspace() or unicodedata.category(char) == "Cc":
        return (" ",)
    if unicodedata.category(char) == "Cf":
        return ()
    return _in_parts(font, char) or _in_other_letters(font, char)


def _in_ours(char: str, names: tuple[str, ...]) -> str:
    return char if REPLACEMENT in names else "".join(names)


def _sounded(char: str, names: tuple[str, ...]) -> str:
    return "".join(names) if len(names) > 1 else char


def _in_parts(font: Font, char: str) -> tuple[str, ...]:
    """By what Unicode takes it apart to, where that can be drawn."""
    apart = char.translate(LIKE)
    apart = unicodedata.normalize("NFKD", char) if apart == char else apart
    drawn = [part for part in apart if not unicodedata.combining(part)]
    return tuple(drawn) if drawn and all(font.has(part) for part in drawn) else ()


def _in_other_letters(font: Font, char: str) -> tuple[str, ...]:
    """As itself, from Unifont; else as it sounds, roughly; else a box."""
    if font.tall and letter(char):
        return (char,)
    sounds = tuple(part for part in anyascii(char) if font.has(part))
    silent = unicodedata.category(char)[0] in "LM"  # some letters only carry others
    return sounds or (() if silent else (REPLACEMENT,))


def read(text: str) -> dict[str, Glyph]:
    """The glyphs of a font file: blocks of names, and the drawings below them."""
    lines = [line for line in text.splitlines() if not line.startswith("-- ")]
    blocks = "\n".join(lines).strip("\n").split("\n\n")
    return dict(pair for block in blocks if block.strip() for pair in _block(block.strip("\n")))


def _block(block: str) -> Iterator[tuple[str, Glyph]]:
    names, *rows = (line.split() for line in block.splitlines())
    for name, *drawing in zip(names, *rows, strict=True):
        yield name, _glyph(drawing)


def _glyph(rows: list[str]) -> Glyph:
    if len({len(row) for row in rows}) != 1:
        raise ValueError(f"rows of different width: {rows}")
    lit = ((x, y) for y, row in enumerate(rows) for x, c in enumerate(row) if c == "#")
    return Glyph(len(rows[0]), frozenset(lit))


def _load(name: str) -> dict[str, Glyph]:
    return read(Path(__file__).with_name(name).read_text(encoding="utf-8"))


SMALL = Font(_load("small.txt"), height=7, room=2, drop=2, pitch=9)
LARGE = Font(_load("large.txt"), height=11, room=3, drop=3, pitch=15, space=4)
HUGE = Font({}, height=22, room=6, drop=6, pitch=30, gap=2, space=8, half=LARGE)


def forget() -> None:
    """Look all letters up anew: other fonts may be installed by now."""
    _spelt.cache_clear()
    _glyph_of.cache_clear()
