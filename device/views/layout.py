"""How what a screen says is put on a glass of any size.

A screen is a pile of blocks, from top to bottom. A block can take several forms, the plainest
first. What is worth most is placed first, and then whatever still fits in the order of its worth:
so the most important is always there, and what does not fit is left out whole.

Of a glass with room for one line only, a screen says how it would put it briefly.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from device.views.canvas import Canvas
from device.views.font import LARGE, SMALL, Font
from device.views.icons import ICONS
from device.views.words import Tongue

Draw = Callable[[Canvas, int], None]
"Draws on a canvas, from this row down."

ONE_LINE = 24
"A glass with fewer rows has room for one line."


@dataclass(frozen=True, slots=True)
class Face:
    """What a screen has to know of the glass: its size in pixels, and its user's language."""

    width: int
    height: int
    say: Tongue

    @property
    def low(self) -> bool:
        """Little more than two lines."""
        return self.height < 48

    @property
    def wide(self) -> bool:
        """What is most important can be told at twice the size."""
        return self.width >= 192


@dataclass(frozen=True, slots=True)
class Form:
    """One way to draw a block."""

    height: int
    draw: Draw
    worth: int
    "Of all forms of all blocks, those of the highest worth are placed first."
    tail: int = 0
    "Rows that hang into what comes below, which leaves room for them; at the end nothing does."


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a screen; without a form that fits it is left out."""

    forms: tuple[Form, ...]
    spring: bool = False
    "What is left over of the glass goes above it, shared with the other springs."


@dataclass(frozen=True, slots=True)
class Brief:
    """A screen in one line."""

    texts: tuple[str, ...]
    "The first that fits; else as much as fits of the last one."
    icon: str = ""
    right: str = ""
    "What is told at the right end, where there is room for it."
    signs: tuple[str, ...] = ()
    "Icons left of that, the most telling first, as many as there is room for."
    drawn: Callable[[Canvas], None] | None = None
    "Draws a screen that is more than a text."


@dataclass(frozen=True, slots=True)
class Pile:
    """A screen, taken apart."""

    blocks: tuple[Block, ...]
    brief: Brief
    light: bool = False
    "Dark on a light ground: this one is meant to be seen from the door."


def draw(canvas: Canvas, pile: Pile) -> None:
    """Put a screen on a glass."""
    if canvas.height < ONE_LINE and pile.brief.drawn:
        pile.brief.drawn(canvas)
    elif canvas.height < ONE_LINE:
        _brief(canvas, pile.brief, 1 if pile.light else 0)
    else:
        _pile(canvas, pile.blocks)
    if pile.light:
        canvas.invert()


def fitting(blocks: tuple[Block, ...], room: int) -> list[Form | None]:
    """The form that each block takes in so many rows, None where it is left out."""
    found: list[Form | None] = [None] * len(blocks)
    steps = [(form, i) for i, block in enumerate(blocks) for form in block.forms]
    for form, i in sorted(steps, key=lambda step: -step[0].worth):
        before = found[i]
        if before is None or form.height > before.height:
            trial = [*found[:i], form, *found[i + 1 :]]
            found = trial if _height(trial) <= room else found
    return found


def _height(forms: Iterable[Form | None]) -> int:
    taken = [form for form in forms if form and form.height]
    return sum(form.height for form in taken) + (taken[-1].tail if taken else 0)


def _pile(canvas: Canvas, blocks: tuple[Block, ...]) -> None:
    forms = fitting(blocks, canvas.height)
    left, springs = canvas.height - _height(forms), sum(_springs(blocks, forms))
    y = 0
    for form, springy in zip(forms, _springs(blocks, forms), strict=True):
        if springy:
            y, left, springs = y + left // springs, left - left // springs, springs - 1
        if form:
            form.draw(canvas, y)
            y += form.height


def _springs(blocks: tuple[Block, ...], forms: list[Form | None]) -> list[bool]:
    return [block.spring and form is not None for block, form in zip(blocks, forms, strict=True)]


# One line


def _brief(canvas: Canvas, brief: Brief, x: int) -> None:
    """What stands at the right end gives way where the text would not be whole beside it."""
    left = canvas.icon(ICONS[brief.icon], x, _middle(canvas, brief.icon)) + 4 if brief.icon else x
    signs, right = _beside(canvas, brief, canvas.width - left - x)
    end = canvas.width - x
    if right:
        end = canvas.text_left_of(SMALL, end, (canvas.height - SMALL.height) // 2, right) - 5
    for sign in signs:
        end -= ICONS[sign].width
        canvas.icon(ICONS[sign], end, _middle(canvas, sign))
        end -= 4
    font, text = _put(brief.texts, end - left, canvas.height) or _cut(brief.texts, end - left)
    canvas.text(font, left, _top(font, text, canvas.height), text)


def _beside(canvas: Canvas, brief: Brief, room: int) -> tuple[tuple[str, ...], str]:
    """The signs and the text at the right end that leave one of the texts whole."""
    counts = range(len(brief.signs), -1, -1)
    trials = [(brief.signs[:count], right) for count in counts for right in (brief.right, "")]
    fits = (t for t in trials if _put(brief.texts, room - _width_of(*t), canvas.height))
    return next(fits, ((), ""))


def _width_of(signs: tuple[str, ...], right: str) -> int:
    icons = sum(ICONS[sign].width + 4 for sign in signs)
    return icons + (SMALL.width(right) + 5 if right else 0)


def _cut(texts: tuple[str, ...], room: int) -> tuple[Font, str]:
    return SMALL, SMALL.fit(texts[-1] if texts else "", room)


def _put(texts: tuple[str, ...], room: int, height: int) -> tuple[Font, str] | None:
    """The largest letters for the first text that fits whole."""
    offers = [(font, text) for text in texts for font in (LARGE, SMALL)]
    return next((o for o in offers if _is_put(*o, room, height)), None)


def _is_put(font: Font, text: str, room: int, height: int) -> bool:
    rows = [y for _, y in font.dots(text)]
    return font.width(text) <= room and (not rows or max(rows) - min(rows) < height)


def _top(font: Font, text: str, height: int) -> int:
    """Where the capitals begin: in the middle, or as near to it as accents and tails let them."""
    rows = [y for _, y in font.dots(text)] or [0]
    return max(-min(rows), min((height - font.height) // 2, height - 1 - max(rows)))


def _middle(canvas: Canvas, icon: str) -> int:
    return (canvas.height - ICONS[icon].bottom) // 2
