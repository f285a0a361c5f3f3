"""What several screens are put together from."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from device.views.canvas import BAR_HEIGHT, Canvas
from device.views.font import ELLIPSIS, HUGE, LARGE, SMALL, Font
from device.views.icons import ICONS
from device.views.layout import Block, Draw, Face, Form

MARGIN = 3
"Left and right of dark words on a light ground."
LINE_HEIGHT = 10
"Of a small line; the tails of its letters hang into the next by one row."
LARGE_HEIGHT = 15
HUGE_HEIGHT = 30

LOW_BAR = BAR_HEIGHT - 1
"A bar where every row counts."

NEVER = -1
"A worth that no form has."


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to write a text: the letters, how many lines at most, and what that is worth."""

    font: Font
    lines: int
    worth: int
    close: bool = False
    "Lines stand nearer to each other, by a row."

    @property
    def pitch(self) -> int:
        return height_of(self.font) - self.close


def offers(face: Face, *given: Offer) -> tuple[Offer, ...]:
    """With a line of huge letters besides, on a glass that has the room for it."""
    huge = Offer(HUGE, 1, min(offer.worth for offer in given) - 1)
    return (*given, huge) if face.wide else given


def height_of(font: Font) -> int:
    """From one line to the next."""
    return {SMALL: LINE_HEIGHT, LARGE: LARGE_HEIGHT, HUGE: HUGE_HEIGHT}[font]


def tail_of(font: Font) -> int:
    return font.box - height_of(font)


def written(
    face: Face,
    text: str,
    *given: Offer,
    x: int = 0,
    end: int = 0,
    right: bool = False,
    whole: bool = False,
) -> Block:
    """A text, so far from either edge; `whole`: it is left out rather than cut."""
    rows = [(o, o.font.wrap(text, face.width - x - end, o.lines)) for o in given if text]
    kept = [(o, r) for o, r in rows if not _is_poor(text, o, r, rows, whole)]
    place = partial(_place, face.width - end if right else None, x)
    return Block(tuple(_text_form(place(o, r), o, r) for o, r in kept))


Rows = list[str]


def _is_poor(
    text: str, offer: Offer, rows: Rows, others: list[tuple[Offer, Rows]], whole: bool
) -> bool:
    """No more room would show the text better; or it is cut in other letters than the plainest."""
    quality, height = _quality(text, offer, rows), _height(offer, rows)
    if quality == CUT and (whole or offer.font is not others[0][0].font):
        return True
    return any(_quality(text, o, r) > quality and _height(o, r) <= height for o, r in others)


CUT, BROKEN, WHOLE = range(3)


def _quality(text: str, offer: Offer, rows: Rows) -> int:
    if offer.font.unbroken(text, rows):
        return WHOLE
    return BROKEN if offer.font.shows(text, rows) else CUT


def _height(offer: Offer, rows: Sequence[str]) -> int:
    return len(rows) * offer.pitch


def _text_form(drawn: Draw, offer: Offer, rows: Sequence[str]) -> Form:
    tail = offer.font.box - offer.pitch
    return Form(_height(offer, rows), drawn, offer.worth, tail)


def _place(right: int | None, x: int, offer: Offer, rows: Sequence[str]) -> Draw:
    font = offer.font

    def drawn(canvas: Canvas, y: int) -> None:
        for index, row in enumerate(rows):
            top = y + _above(font, row) + index * offer.pitch
            canvas.text(font, x if right is None else right - font.width(row), top, row)

    return drawn


def _above(font: Font, text: str) -> int:
    """Rows above the capitals. Huge letters take what they need only, for they have long tails."""
    return font.room if font is not HUGE else max(2, *(-y for _, y in font.dots(text)))


def title(face: Face, icon: str, texts: Sequence[str], right: str, worth: int) -> Block:
    """The light bar at the top, with the first text that fits it, else none but the icon."""
    drawn = partial(_title, icon=icon, texts=tuple(texts), right=right)
    low = Form(LOW_BAR, partial(drawn, height=LOW_BAR), worth)
    # A row of dark below it, where there is one to spare.
    high = Form(BAR_HEIGHT + 1, partial(drawn, height=BAR_HEIGHT), 1)
    return Block((low, high) if face.height >= 48 else (low,))


def _title(
    canvas: Canvas,
    y: int,
    *,
    icon: str,
    texts: tuple[str, ...],
    right: str,
    height: int,
    cut: bool = False,
) -> None:
    canvas.box(0, y, canvas.width, height)
    left = canvas.icon(ICONS[icon], MARGIN, y + 1, ink=0) + 4 if icon else MARGIN
    end = canvas.width - MARGIN
    room = end - left - (SMALL.width(right) + 6 if right else 0)
    rest = texts[-1] if cut or not icon else ""
    text = next((t for t in texts if SMALL.width(t) <= room), rest)
    canvas.text(SMALL, left, y + 2, SMALL.fit(text, room), ink=0)
    canvas.text_left_of(SMALL, end, y + 2, right if room >= 0 else "", ink=0)


def named_title(face: Face, name: str, rights: Sequence[str], worth: int, icon: str = "") -> Block:
    """A bar with a name, and the fullest of what may stand beside it that leaves it whole."""
    room = face.width - 2 * MARGIN - (ICONS[icon].width + 4 if icon else 0)
    needed = min(SMALL.width(name), room * 2 // 5)
    fits = [right for right in rights if SMALL.width(right) + 6 + needed <= room]
    whole = [right for right in fits if SMALL.width(right) + 6 + SMALL.width(name) <= room]
    right = next(iter([*whole, *fits[-1:]]), "")
    drawn = partial(_title, icon=icon, texts=(name,), right=right, cut=True)
    low = Form(LOW_BAR, partial(drawn, height=LOW_BAR), worth)
    high = Form(BAR_HEIGHT + 1, partial(drawn, height=BAR_HEIGHT), 1)
    return Block((low, high) if face.height >= 48 else (low,))


def high_title(face: Face, text: str, right: str, worth: int) -> Block:
    """A bar of two lines where the words need them, and one line is all that is wanted else."""
    rows = SMALL.wrap(text, face.width - 2 * MARGIN, 2)
    bar = named_title(face, text, [right, ""], worth)
    if len(rows) < 2 or not SMALL.unbroken(text, rows):
        return bar

    def drawn(canvas: Canvas, y: int) -> None:
        canvas.box(0, y, canvas.width, LOW_BAR + LINE_HEIGHT)
        for index, row in enumerate(rows):
            canvas.text(SMALL, MARGIN, y + 2 + index * LINE_HEIGHT, row, ink=0)

    return Block((bar.forms[0], Form(LOW_BAR + LINE_HEIGHT, drawn, worth)))


def keys(face: Face, text: str, worth: int) -> Block:
    """What the buttons do here, at the bottom: as many of them as fit, the first ones first."""
    told = [face.say(part) for part in text.split("   ") if part]
    counts = range(len(told), 0, -1)
    several = [space.join(told[:count]) for count in counts for space in ("   ", "  ")]
    found = [t for t in several if SMALL.width(t) <= face.width]

    def drawn(canvas: Canvas, y: int) -> None:
        canvas.text_centred(SMALL, y + 2, found[0])

    form = Form(LINE_HEIGHT, drawn, worth, tail_of(SMALL))
    return Block((form,) if found else (), spring=True)


def centred(face: Face, text: str, worth: int) -> Block:
    """A small line in the middle, or as many as it takes."""
    rows = SMALL.wrap(text, face.width, 4)

    def drawn(canvas: Canvas, y: int) -> None:
        for index, row in enumerate(rows):
            canvas.text_centred(SMALL, y + 2 + index * LINE_HEIGHT, row)

    form = Form(LINE_HEIGHT * len(rows), drawn, worth, tail_of(SMALL))
    return Block((form,) if rows else ())


def ends(
    face: Face, left: str, right: str, worth: int, *, x: int = 0, label: bool = False
) -> Block:
    """A small line with something at either end; what has no room beside the right one is left out,
    and the right one has lines of its own where it is that long."""
    taken = SMALL.width(right) + (2 * MARGIN if label else 0)
    if taken > face.width - 2 * x:
        return written(face, right, Offer(SMALL, 1, worth), Offer(SMALL, 2, worth), x=x, end=x)
    beside = left if SMALL.width(left) + 6 + taken <= face.width - 2 * x or not right else ""

    # The tails of the line above end in the first row, and what is light keeps off them.
    down = (1 if face.low else 2) if label and right else int(label)

    def drawn(canvas: Canvas, y: int) -> None:
        canvas.text(SMALL, x, y + 2 + down, SMALL.fit(beside, canvas.width - 2 * x))
        if label and right:
            pill(canvas, canvas.width - x - taken, y + down, right)
        else:
            canvas.text_left_of(SMALL, canvas.width - x, y + 2 + down, right)

    form = Form(LINE_HEIGHT + down, drawn, worth, tail_of(SMALL))
    return Block((form,) if left or right else ())


def numbered(face: Face, number: str, right: str, worth: int, *, x: int = 0) -> Block:
    """A number, or its end where it is long, with a light label beside it."""
    taken = SMALL.width(right) + 2 * MARGIN + 6 if right else 0
    shown = ending(SMALL, number, face.width - 2 * x - taken)
    return ends(face, shown, right, worth, x=x, label=True)


def ending(font: Font, text: str, room: int) -> str:
    """All of a number, or as much of its end as fits: that tells two numbers apart."""
    cuts = (ELLIPSIS + text[cut:] for cut in range(1, len(text)))
    return next((t for t in (text, *cuts) if font.width(t) <= room), "")


def pill(canvas: Canvas, x: int, y: int, text: str) -> None:
    """Something to look at: dark on light, in a line that begins at y."""
    canvas.pill(x, y, SMALL.width(text) + 2 * MARGIN, LINE_HEIGHT + 1)
    canvas.text(SMALL, x + MARGIN, y + 2, text, ink=0)


def rule(height: int, draw: Draw, worth: int, *, tail: int = 0) -> Block:
    """A block of one form."""
    return Block((Form(height, draw, worth, tail),))


def gap() -> Block:
    """Room to spare."""
    return Block((Form(0, _nothing, 1000),), spring=True)


def _nothing(canvas: Canvas, y: int) -> None:
    """Draws nothing."""


NOTHING = Block(())


def who(number: str, name: str, nobody: str = "") -> tuple[str, str]:
    """What to say large of a person, and what small: a name nobody can write is none."""
    if name and (LARGE.reads(name) or not number):
        return name, number
    return number or nobody, ""


def many(count: int) -> str:
    return str(count) if count < 1000 else "999+"
