"""What is chosen from or entered: menus, colleagues, numbers; and the list that tells of us."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from device.core.words import Hint, Notice
from device.views.canvas import Canvas
from device.views.font import LARGE, SMALL
from device.views.icons import ICONS
from device.views.layout import Block, Brief, Face, Form, Pile
from device.views.pieces import (
    LARGE_HEIGHT,
    LINE_HEIGHT,
    MARGIN,
    centred,
    gap,
    high_title,
    keys,
    named_title,
    rule,
    title,
)
from device.views.screens import About, Menu, NumberPage, People, Person, Row

SIGNS = {
    Hint.FREE: "free",
    Hint.RINGING: "rings",
    Hint.BUSY: "in_a_call",
    Hint.AWAY: "away",
    Hint.UNKNOWN: "strange",
}

ROW_WORTHS = (100, 92, 84, 76, 68, 60, 52, 44)
"Of a list of one line, of two, and so on."

NARROW = 100
"A glass of no more columns has no room for two things in a line."

BETWEEN = 5
"Pixels at least between a label and what is told beside it."

T = TypeVar("T")
DrawRow = Callable[[Canvas, int, T, int], None]
"On this canvas, from this row down, this entry, in this ink."


def menu(face: Face, screen: Menu) -> Pile:
    rows = [Row(face.say(row.label), face.say(row.detail)) for row in screen.rows]
    head = face.say(screen.title)
    blocks = (
        high_title(face, head, screen.place, 90),
        _list(rows, screen.chosen, _draw_row),
        keys(face, screen.keys, 72),
    )
    chosen = rows[screen.chosen].label if rows else head
    return Pile(blocks, Brief((chosen,), right=screen.place))


def people(face: Face, screen: People) -> Pile:
    told = face.say(screen.told)
    blocks = (
        named_title(face, face.say("Colleagues"), [screen.place, ""], 80),
        _list(screen.rows, screen.chosen, _draw_person),
        gap(),
        centred(face, told, 90),
        keys(face, screen.keys, 82),
    )
    if not screen.rows:
        return Pile(blocks, Brief((told,)))
    person = screen.rows[screen.chosen]
    return Pile(blocks, Brief((person.name,), SIGNS[person.doing], screen.place))


def about(face: Face, screen: About) -> Pile:
    rows = [Row(face.say(row.label), face.say(row.detail)) for row in screen.rows]
    # A narrow glass has what is told below what it is about.
    narrow = [Row(text) for row in rows[screen.top :] for text in (row.label, row.detail)]
    blocks = (
        title(face, "", [face.say("About")], screen.place, 60),
        _list(rows[screen.top :] if face.width > NARROW else narrow, None, _draw_row),
    )
    first = rows[screen.top] if rows else Row("")
    return Pile(blocks, Brief((f"{first.label} {first.detail}".strip(), first.detail)))


def _list(rows: Sequence[T], chosen: int | None, draw_row: DrawRow[T]) -> Block:
    """The chosen entry, and as many around it as there is room for. Accents have a row above."""
    forms = [
        Form(LINE_HEIGHT * count + 1, partial(_window, rows, chosen, count, draw_row), worth)
        for count, worth in enumerate(ROW_WORTHS[: len(rows)], 1)
    ]
    return Block(tuple(forms))


def _window(
    rows: Sequence[T], chosen: int | None, count: int, draw_row: DrawRow[T], canvas: Canvas, y: int
) -> None:
    first = max(0, min((chosen or 0) - count // 2, len(rows) - count))
    for place, row in enumerate(rows[first : first + count]):
        top, lit = y + 1 + LINE_HEIGHT * place, first + place == chosen
        if lit:
            canvas.box(0, top, canvas.width, LINE_HEIGHT)
        draw_row(canvas, top + 1, row, int(not lit))


def _draw_row(canvas: Canvas, y: int, row: Row, ink: int) -> None:
    """The label whole, and beside it as much as there is room for, or nothing on a narrow glass."""
    edge = MARGIN if canvas.width > NARROW else 1
    room = canvas.width - 2 * edge
    left = room - BETWEEN - SMALL.width(row.label)
    detail = row.detail
    if SMALL.width(detail) > left:
        detail = SMALL.fit(detail, max(left, room // 2)) if canvas.width > NARROW else ""
    start = canvas.text_left_of(SMALL, canvas.width - edge, y, detail, ink)
    label = SMALL.fit_words(row.label, start - edge - (BETWEEN if detail else 0))
    canvas.text(SMALL, edge, y, label, ink)


def _draw_person(canvas: Canvas, y: int, person: Person, ink: int) -> None:
    edge = MARGIN if canvas.width > NARROW else 1
    right = canvas.width - edge
    for shown, mark in ((person.waited_for, "waited"), (person.diverts, "diverts")):
        if shown:
            right -= ICONS[mark].width + 3
            canvas.icon(ICONS[mark], right + 3, y + 1, ink)
    left = canvas.icon(ICONS[SIGNS[person.doing]], edge, y + 1, ink) + edge + 1
    canvas.text(SMALL, left, y, SMALL.fit(person.name, right - left), ink)


# Numbers


def number(face: Face, screen: NumberPage) -> Pile:
    told = face.say(screen.told)
    blocks = (
        title(face, "", [face.say(screen.title)], "", 80),
        gap(),
        _typed(screen),
        centred(face, told, 90),
        gap(),
        _legend(face, screen),
    )
    shown = screen.typed + screen.wheel
    return Pile(blocks, Brief((shown or told or face.say(screen.title),)))


def _typed(screen: NumberPage) -> Block:
    """What is typed so far, its end where it is long, and the next digit on light ground."""

    def drawn(canvas: Canvas, y: int) -> None:
        room = canvas.width - 7 - LARGE.width(screen.wheel)
        shown = next(s for s in _endings(screen.typed) if LARGE.width(s) <= room)
        x = canvas.text(LARGE, 0, y + 3, shown) + 3 if shown else 0
        width = LARGE.width(screen.wheel) + 4 if screen.wheel else 2
        canvas.box(x, y + 1, width, LARGE_HEIGHT)
        canvas.text(LARGE, x + 2, y + 3, screen.wheel, ink=0)

    return rule(LARGE_HEIGHT + 2, drawn, 100)


def _endings(text: str) -> list[str]:
    return [text, *("…" + text[cut:] for cut in range(1, len(text) + 1))]


def _legend(face: Face, screen: NumberPage) -> Block:
    """The notice buttons by their signs: they turn the wheel, and take what it shows."""
    told = face.say(screen.keys)
    signs = ((Notice.MISSED, "−"), (Notice.MESSAGE, "+"), (Notice.VOICEMAIL, "→"))

    def drawn(canvas: Canvas, y: int) -> None:
        x = 0
        for icon, meaning in signs:
            x = canvas.icon(ICONS[icon], x, y) + 2
            x = canvas.text(SMALL, x, y + 2, meaning) + (7 if canvas.width > NARROW else 4)
        if x + SMALL.width(told) <= canvas.width:
            canvas.text_left_of(SMALL, canvas.width, y + 2, told)

    return rule(LINE_HEIGHT, drawn, 70, tail=1) if screen.wheel else keys(face, screen.keys, 70)
