"""The large word of a page of rest, with its sign."""

from functools import partial

from device.views.canvas import Canvas
from device.views.font import HUGE, LARGE, SMALL
from device.views.glyph import Glyph, doubled
from device.views.icons import ICONS
from device.views.layout import Block, Draw, Face, Form
from device.views.pieces import HUGE_HEIGHT, LARGE_HEIGHT, LINE_HEIGHT, tail_of

DISC = 17
INDENT = DISC + 4
"Where the large word begins, right of its disc."
SIGN = 13
"Where a word begins, right of a small sign."


def headline(face: Face, sign: str, sure: bool, word: str, beside: str = "") -> Block:
    """The status in a disc, or in a ring while the PBX has not confirmed it, and the large word."""
    disc, glyph = ICONS["disc" if sure else "ring"], ICONS[sign]
    left = max(min(INDENT, face.width - LARGE.width(word)), DISC + 1)
    full = partial(_disc_and_word, disc, glyph, sure, word, left, beside)
    forms = [*_plain(face, glyph, word)]
    # Where the glass is low, there are things to say that are worth more than large letters.
    large = 92 if face.height >= 64 else 82
    if SIGN + LARGE.width(word) <= face.width:
        forms.append(Form(LARGE_HEIGHT, _sign_and_large(glyph, word), large, tail_of(LARGE)))
    if left + LARGE.width(word) <= face.width:
        forms.append(Form(DISC, full, large - 4))
        forms += [] if face.low else [Form(DISC + 2, full, 55)]
    if face.wide and not beside and 2 * INDENT + HUGE.width(word) <= face.width:
        forms.append(Form(HUGE_HEIGHT + 6, _huge(disc, glyph, sure, word), 50))
    return Block(tuple(forms))


def _plain(face: Face, sign: Glyph, word: str) -> list[Form]:
    """Small, in two lines if need be."""
    beside = SMALL.wrap(word, face.width - SIGN, 2)
    whole = SMALL.unbroken(word, beside)
    rows = beside if whole else SMALL.wrap(word, face.width, 2)

    def drawn(canvas: Canvas, y: int) -> None:
        if whole:
            canvas.icon(sign, 0, y + 1)
        for index, row in enumerate(rows):
            canvas.text(SMALL, SIGN if whole else 0, y + 2 + index * LINE_HEIGHT, row)

    return [Form(LINE_HEIGHT * max(len(rows), 1), drawn, 100, tail_of(SMALL))]


def _sign_and_large(sign: Glyph, word: str) -> Draw:
    def drawn(canvas: Canvas, y: int) -> None:
        canvas.icon(sign, 0, y + 4)
        canvas.text(LARGE, SIGN, y + LARGE.room, word)

    return drawn


def _disc_and_word(
    disc: Glyph, sign: Glyph, sure: bool, word: str, left: int, beside: str, canvas: Canvas, y: int
) -> None:
    canvas.icon(disc, 0, y)
    canvas.icon(sign, (DISC + 1 - sign.width) // 2, y + 4, ink=not sure)
    right = canvas.text(LARGE, left, y + 3, word)
    canvas.text(SMALL, right + LARGE.space, y + 3 + LARGE.height - SMALL.height, beside)


def _huge(disc: Glyph, sign: Glyph, sure: bool, word: str) -> Draw:
    def drawn(canvas: Canvas, y: int) -> None:
        canvas.icon(doubled(disc), 0, y)
        canvas.icon(doubled(sign), DISC + 1 - sign.width, y + 8, ink=not sure)
        canvas.text(HUGE, 2 * INDENT, y + 6, word)

    return drawn
