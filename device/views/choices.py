"""What is chosen from or entered: menus, colleagues, numbers; and the list that tells of us."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from device.core.words import Hint, Notice, Status
from device.views.canvas import Canvas
from device.views.font import LARGE, SMALL
from device.views.icons import ICONS
from device.views.layout import Block, Brief, Face, Form, Pile
from device.views.pieces import (
    LARGE_HEIGHT,
    LINE_HEIGHT,
    MARGIN,
    NOTHING,
    centred,
    ending,
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

MOST_LINES = 8
"Of one fact; what PBX and hardware say for themselves may be long."

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
    lines = [line for row in rows[screen.top :] for line in _told_of(face, row)]
    blocks = (
        title(face, "", [face.say("About")], screen.place, 60),
        _list(lines, None, _draw_row),
    )
    first = rows[screen.top] if rows else Row("")
    return Pile(blocks, Brief((f"{first.label} {first.detail}".strip(), first.detail)))


def _told_of(face: Face, row: Row) -> list[Row]:
    """All of a fact: in one line where that holds it, else the value below what it is of. A narrow
    glass has no line for both."""
    room = face.width - 2 * _edge(face.width)
    beside = SMALL.width(row.label) + BETWEEN + SMALL.width(row.detail) <= room
    if beside and face.width > NARROW:
        return [row]
    labels = [Row(line) for line in SMALL.wrap(row.label, room, MOST_LINES)]
    values = SMALL.wrap(row.detail, room - BETWEEN, MOST_LINES)
    if face.width > NARROW:
        return [*labels, *(Row("", line) for line in values)]
    return [*labels, *(Row(line) for line in values)]


def _edge(width: int) -> int:
    return MARGIN if width > NARROW else 1


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
    edge = _edge(canvas.width)
    room = canvas.width - 2 * edge
    left = room - BETWEEN - SMALL.width(row.label)
    detail = row.detail
    if SMALL.width(detail) > left:
        detail = SMALL.fit(detail, max(left, room // 2)) if canvas.width > NARROW else ""
    start = canvas.text_left_of(SMALL, canvas.width - edge, y, detail, ink)
    label = SMALL.fit_words(row.label, start - edge - (BETWEEN if detail else 0))
    canvas.text(SMALL, edge, y, label, ink)


def _draw_person(canvas: Canvas, y: int, person: Person, ink: int) -> None:
    edge = _edge(canvas.width)
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
        named_title(face, face.say(screen.title), [_hint(face, screen), ""], 80),
        gap(),
        _typed(screen),
        centred(face, told, 90),
        gap(),
        NOTHING if face.low else _held(face, screen),
        _legend(face, screen),
    )
    return Pile(blocks, _number_brief(face, screen))


def _hint(face: Face, screen: NumberPage) -> str:
    """What a low glass has no line of its own for."""
    return face.say(screen.keys) if face.low else ""


def _number_brief(face: Face, screen: NumberPage) -> Brief:
    """With its cursor: what the wheel offers is not taken yet."""
    told, head = face.say(screen.told), face.say(screen.title)
    if told and not screen.typed and not screen.wheel:
        return Brief((told,))

    def drawn(canvas: Canvas) -> None:
        x = _draw_typed(screen, canvas, (canvas.height - LARGE_HEIGHT) // 2 - 1) + BETWEEN
        beside = [t for t in (told, head) if t and x + SMALL.width(t) <= canvas.width]
        top = (canvas.height - SMALL.height) // 2
        canvas.text_left_of(SMALL, canvas.width, top, beside[0] if beside else "")

    return Brief((head,), drawn=drawn)


def _typed(screen: NumberPage) -> Block:
    def drawn(canvas: Canvas, y: int) -> None:
        _draw_typed(screen, canvas, y)

    return rule(LARGE_HEIGHT + 2, drawn, 100)


def _draw_typed(screen: NumberPage, canvas: Canvas, y: int) -> int:
    """What is typed so far, its end where it is long, and the next digit on light ground; where
    it is known how many there will be, the rest as empty places."""
    room = canvas.width - 7 - LARGE.width(screen.wheel)
    shown = ending(LARGE, screen.typed, room)
    x = canvas.text(LARGE, 0, y + 3, shown) + 3 if shown else 0
    if screen.digits > len(screen.typed):
        return _empty(canvas, x, y + 3 + LARGE.height, screen.digits - len(screen.typed))
    width = LARGE.width(screen.wheel) + 4 if screen.wheel else 2
    canvas.box(x, y + 1, width, LARGE_HEIGHT)
    canvas.text(LARGE, x + 2, y + 3, screen.wheel, ink=0)
    return x + width


def _empty(canvas: Canvas, x: int, y: int, count: int) -> int:
    """Places for digits to come, as many as there is room for; returns where they end."""
    star = LARGE.width("*")
    for _ in range(min(count, (canvas.width - x) // (star + 2))):
        canvas.box(x, y, star, 2)
        x += star + 2
    return x


def _legend(face: Face, screen: NumberPage) -> Block:
    """The notice buttons by their signs: they turn the wheel, and take what it shows. Of a PIN,
    which button is which digit."""
    if screen.wheel:
        signs = ((Notice.MISSED, "−"), (Notice.MESSAGE, "+"), (Notice.VOICEMAIL, "→"))
        return _signs(face, signs, 70)
    return _signs(face, PIN_SIGNS, 70) if screen.digits else NOTHING


PIN_SIGNS = tuple((status, str(digit)) for digit, status in enumerate(Status, 1))
"The status buttons, which a PIN is typed with."


def _signs(face: Face, signs: Sequence[tuple[str, str]], worth: int) -> Block:
    """Buttons by their signs, and what each of them means; as near to each other as need be."""
    taken = sum(ICONS[icon].width + 2 + SMALL.width(text) for icon, text in signs)
    space = min((face.width - taken) // (len(signs) - 1), 8)

    def drawn(canvas: Canvas, y: int) -> None:
        x = 0
        for icon, meaning in signs:
            x = canvas.icon(ICONS[icon], x, y) + 2
            x = canvas.text(SMALL, x, y + 2, meaning) + space

    return rule(LINE_HEIGHT, drawn, worth) if space > 1 else NOTHING


def _held(face: Face, screen: NumberPage) -> Block:
    """What holding the button does that takes a digit, by its sign."""
    told = face.say(screen.keys)
    icon = ICONS[Notice.VOICEMAIL]
    left = face.width - icon.width - 3 - SMALL.width(told)

    def drawn(canvas: Canvas, y: int) -> None:
        x = canvas.icon(icon, left // 2, y) + 3
        canvas.text(SMALL, x, y + 2, told)

    return rule(LINE_HEIGHT, drawn, 75, tail=1) if told and left >= 0 else NOTHING
