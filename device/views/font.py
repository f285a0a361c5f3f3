"""Our own letters, drawn by hand in `small.txt` and `large.txt`, and how wide a text becomes.

Accents are put on letters here: what Unicode can take apart, and whose parts are drawn, needs no
drawing of its own. What no font of ours has becomes a box, never an error.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

Dot = tuple[int, int]
"Right and down from the top left of the capitals, in pixels."

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


@dataclass(frozen=True, slots=True)
class Glyph:
    """A letter, as the dots that are lit."""

    width: int
    dots: frozenset[Dot]

    @property
    def top(self) -> int:
        return min((y for _, y in self.dots), default=0)

    @property
    def bottom(self) -> int:
        return max((y for _, y in self.dots), default=0)

    def moved(self, right: int, down: int) -> frozenset[Dot]:
        return frozenset((x + right, y + down) for x, y in self.dots)


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

    def width(self, text: str) -> int:
        """Pixels from the first dot to the last."""
        widths = [self.glyph(name).width + self.gap for name in self.spell(text)]
        return max(sum(widths) - self.gap, 0)

    def dots(self, text: str) -> Iterator[Dot]:
        """The lit dots of a line of text."""
        x = 0
        for name in self.spell(text):
            glyph = self.glyph(name)
            yield from glyph.moved(x, 0)
            x += glyph.width + self.gap

    def fit(self, text: str, width: int) -> str:
        """The text, or as much of its beginning as fits, and an ellipsis."""
        text = unicodedata.normalize("NFC", text)
        if self._fitting(text, width) == len(text):
            return text
        room = width - self.width(ELLIPSIS)
        kept = text[: self._fitting(text, room - self.gap)].rstrip()
        return kept + ELLIPSIS if room >= 0 else ""

    def wrap(self, text: str, width: int, lines: int) -> list[str]:
        """At most so many lines, broken between words, or in words that are too long."""
        broken: list[str] = []
        rest = " ".join(unicodedata.normalize("NFC", text).split())
        while rest and len(broken) < lines - 1:
            line = self._first(rest, width)
            broken.append(line)
            rest = rest[len(line) :].lstrip()
        return [*broken, self.fit(rest, width)] if rest and lines > 0 else broken

    def shows(self, text: str, lines: list[str]) -> bool:
        """Whether the lines hold all of the text."""
        whole = unicodedata.normalize("NFC", text)
        return "".join(lines).replace(" ", "") == "".join(whole.split())

    def reads(self, text: str) -> bool:
        """Whether most of a text can be drawn, so that a person could read it."""
        names = [name for name in self.spell(text) if name != " "]
        return names.count(REPLACEMENT) * 2 < len(names)

    def spell(self, text: str) -> Iterator[str]:
        """The names of the glyphs that make up a text; what cannot be drawn is a box."""
        for char in unicodedata.normalize("NFC", text):
            yield from _spelt(self, char)

    def glyph(self, name: str) -> Glyph:
        """A glyph by name; the accented ones are put together."""
        if name == " ":
            return Glyph(self.space, frozenset())
        return self.glyphs.get(name) or self._compose(*unicodedata.normalize("NFD", name))

    def has(self, char: str) -> bool:
        base, *marks = tuple(unicodedata.normalize("NFD", char))
        composed = base in self.glyphs and all(mark in MARKS for mark in marks)
        return char == " " or char in self.glyphs or composed

    def _compose(self, base: str, *marks: str) -> Glyph:
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

    def _first(self, text: str, width: int) -> str:
        """As many words or their parts before a hyphen as fit, else letters; never nothing."""
        fits = max(self._fitting(text, width), 1)
        if fits >= len(text):
            return text
        cut = max(text.rfind(" ", 0, fits + 1), text.rfind("-", 0, fits) + 1)
        return text[: cut if cut > 0 else fits]

    def _fitting(self, text: str, width: int) -> int:
        """How many characters fit; no more are looked at, for a text may be long."""
        used = -self.gap
        for count, char in enumerate(text):
            used += sum(self.glyph(name).width + self.gap for name in _spelt(self, char))
            if used > max(width, -self.gap):
                return count
        return len(text)


@lru_cache(maxsize=2000)
def _spelt(font: Font, char: str) -> tuple[str, ...]:
    if font.has(char):
        return (char,)
    if char.isspace() or unicodedata.category(char) == "Cc":
        return (" ",)
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return ()
    apart = char.translate(LIKE)
    apart = unicodedata.normalize("NFKD", char) if apart == char else apart
    if apart == char:
        return (REPLACEMENT,)
    names = tuple(name for part in apart for name in _spelt(font, part))
    # One box for one letter, however many parts Unicode sees in it.
    return (REPLACEMENT,) if set(names) == {REPLACEMENT} else names


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
    return read(files(__package__).joinpath(name).read_text(encoding="utf-8"))


SMALL = Font(_load("small.txt"), height=7, room=2, drop=2, pitch=9)
LARGE = Font(_load("large.txt"), height=11, room=3, drop=3, pitch=15, space=4)
