"""The only drawing: a screen, as the pixels of the glass.

The upper 15 rows are a bar of their own on every screen: many small OLEDs glow in another colour
there. Light areas mean *look here*: a bar with a title, a badge not seen yet, a chosen line.
"""

from PIL import Image

from device.core.words import CallKind, Notice
from device.views.canvas import BAR_HEIGHT, Canvas
from device.views.font import LARGE, SMALL
from device.views.icons import ICONS, doubled
from device.views.pieces import BODY_TOP, LINE_HEIGHT, MARGIN, keys, large, title, who
from device.views.rest import idle, trouble
from device.views.screens import (
    WITHHELD,
    BalloonUp,
    CallingPage,
    CallsPage,
    Idle,
    Menu,
    NothingPage,
    People,
    Ringing,
    Screen,
    TextPage,
    Trouble,
    VoicemailPage,
)
from device.views.talk import calling, people

SIZE = (128, 64)

COLUMN = 34
"Width of the light column beside news."

KINDS = {
    CallKind.MISSED: "",
    CallKind.DND: "do not disturb",
    CallKind.ABSENT: "absent",
    CallKind.DIVERTED: "diverted",
}
"What to say of a listed call; that it was missed, the title says."

TITLES = {
    Notice.MISSED: "Missed calls",
    Notice.MESSAGE: "Messages",
    Notice.VOICEMAIL: "Voicemail",
}


def paint(screen: Screen, size: tuple[int, int] = SIZE) -> Image.Image:
    """The picture of a screen, mode "1", width by height in pixels."""
    canvas = Canvas(size)
    draw(canvas, screen)
    return canvas.image


def draw(canvas: Canvas, screen: Screen) -> None:
    """Put a screen on a canvas of whatever size."""
    match screen:
        case Idle():
            idle(canvas, screen)
        case Trouble():
            trouble(canvas, screen)
        case Ringing():
            _ringing(canvas, screen)
        case CallingPage():
            calling(canvas, screen)
        case CallsPage():
            _call(canvas, screen)
        case TextPage():
            _text(canvas, screen)
        case VoicemailPage():
            _voicemail(canvas, screen)
        case NothingPage():
            _nothing(canvas, screen)
        case Menu():
            _menu(canvas, screen)
        case People():
            people(canvas, screen)
        case BalloonUp():
            _balloon(canvas, screen)


# Calls


def _ringing(canvas: Canvas, screen: Ringing) -> None:
    """All of the glass is light: this one is meant to be seen from the door."""
    title(canvas, "bell", "Incoming call", f"+{_many(screen.waiting)}" if screen.waiting else "")
    room = canvas.width - 2 * MARGIN
    name, number = who(screen.number, screen.name, WITHHELD)
    y = large(canvas, MARGIN, name)
    font = LARGE if LARGE.width(number) <= room and y < canvas.height // 2 else SMALL
    canvas.text(font, MARGIN, y, font.fit(number, room))
    via = SMALL.fit(f"via {screen.via}", room) if screen.via else ""
    canvas.text_left_of(SMALL, canvas.width - MARGIN, canvas.height - 10, via)
    canvas.invert()


def _call(canvas: Canvas, screen: CallsPage) -> None:
    title(canvas, Notice.MISSED, TITLES[Notice.MISSED], screen.place)
    name, number = who(screen.number, screen.name, WITHHELD)
    y, right = large(canvas, 0, name), canvas.width
    if screen.count > 1:
        times = f"×{_many(screen.count)}"
        right -= SMALL.width(times) + 2 * MARGIN
        _label(canvas, right, y - 2, times)
    canvas.text(SMALL, 0, y, SMALL.fit(number, right - 6))
    left = canvas.text_left_of(SMALL, canvas.width, canvas.height - 9, screen.when)
    canvas.text(SMALL, 0, canvas.height - 9, SMALL.fit(KINDS[screen.kind], left - 6))


# Texts and voicemail


def _text(canvas: Canvas, screen: TextPage) -> None:
    title(canvas, "", screen.sender, f"{screen.when}  {screen.place}")
    for row, line in enumerate(screen.lines):
        y = BAR_HEIGHT + 3 + LINE_HEIGHT * row
        canvas.text(SMALL, 0, y, SMALL.fit(line, canvas.width - 3))
    if screen.parts > 1:
        _thumb(canvas, screen.part, screen.parts)


def _thumb(canvas: Canvas, part: int, parts: int) -> None:
    """How far down a long text this is, at the edge of the glass."""
    top = BAR_HEIGHT + 2
    room = canvas.height - top
    length = max(room // parts, 4)
    canvas.box(canvas.width - 2, top + (room - length) * part // (parts - 1), 2, length)


def _voicemail(canvas: Canvas, screen: VoicemailPage) -> None:
    title(canvas, Notice.VOICEMAIL, TITLES[Notice.VOICEMAIL], screen.place)
    new = "New messages" if screen.new is None else f"{_many(screen.new)} new"
    right = canvas.text(LARGE, 0, BODY_TOP + 2, new)
    if screen.urgent:
        _urgent(canvas, right + 8, f"{_many(screen.urgent)} urgent")
    canvas.text(SMALL, 0, 36, f"{_many(screen.old)} old" if screen.old else "")
    note = "" if screen.known else "not up to date"
    left = canvas.text_left_of(SMALL, canvas.width, canvas.height - 9, note)
    box = f"box {screen.account}" if screen.account else ""
    canvas.text(SMALL, 0, canvas.height - 9, SMALL.fit(box, left - 6))


def _urgent(canvas: Canvas, x: int, text: str) -> None:
    """Beside the count, or below it where the counts are that high."""
    right = canvas.width - SMALL.width(text) - 2 * MARGIN
    _label(canvas, min(x, right), BODY_TOP + 2 if x <= right else 34, text)


def _many(count: int) -> str:
    return str(count) if count < 1000 else "999+"


def _label(canvas: Canvas, x: int, y: int, text: str) -> None:
    canvas.pill(x, y, SMALL.width(text) + 2 * MARGIN, 11)
    canvas.text(SMALL, x + MARGIN, y + 2, text, ink=0)


def _nothing(canvas: Canvas, screen: NothingPage) -> None:
    title(canvas, screen.notice, TITLES[screen.notice], "")
    icon = doubled(ICONS[screen.notice])
    canvas.icon(icon, (canvas.width - icon.width) // 2, BODY_TOP + 4)
    canvas.text_centred(SMALL, canvas.height - 12, screen.text)


# Menus and news


def _menu(canvas: Canvas, screen: Menu) -> None:
    title(canvas, "", screen.title, screen.place)
    for index, row in enumerate(screen.rows):
        y, chosen = BAR_HEIGHT + 1 + LINE_HEIGHT * index, index == screen.chosen
        if chosen:
            canvas.box(0, y, canvas.width, LINE_HEIGHT)
        _row(canvas, y + 1, row.label, row.detail, ink=not chosen)
    keys(canvas, "press: next   hold: set")


def _row(canvas: Canvas, y: int, label: str, detail: str, ink: int) -> None:
    room = canvas.width - 2 * MARGIN
    detail = SMALL.fit(detail, max(room // 2, room - 8 - SMALL.width(label)))
    left = canvas.text_left_of(SMALL, canvas.width - MARGIN, y, detail, ink)
    canvas.text(SMALL, MARGIN, y, SMALL.fit(label, left - 8), ink)


def _balloon(canvas: Canvas, screen: BalloonUp) -> None:
    """A light column with a large icon sets news apart from the pages that stay."""
    left, room = COLUMN + 5, canvas.width - COLUMN - 5
    if not _fits_beside(screen.text, room):
        _long_news(canvas, screen)
        return
    canvas.box(0, 0, COLUMN, canvas.height)
    icon = doubled(ICONS[screen.notice or "warning"])
    canvas.icon(icon, (COLUMN - icon.width) // 2, (canvas.height - 20) // 2, ink=0)
    canvas.text(SMALL, left, 2, SMALL.fit(screen.title, room))
    _news(canvas, left, screen.text, room)


def _fits_beside(text: str, room: int) -> bool:
    return SMALL.shows(text, SMALL.wrap(text, room, 5))


def _long_news(canvas: Canvas, screen: BalloonUp) -> None:
    """What does not fit beside the column has all of the glass below a bar."""
    title(canvas, screen.notice or "warning", screen.title, "")
    for row, line in enumerate(SMALL.wrap(screen.text, canvas.width, 5)):
        canvas.text(SMALL, 0, BODY_TOP + LINE_HEIGHT * row, line)


def _news(canvas: Canvas, left: int, text: str, room: int) -> None:
    """Large where all of it can be shown, else small."""
    font, top, rows = LARGE, BODY_TOP + 2, LARGE.wrap(text, room, 3)
    if not LARGE.shows(text, rows):
        font, top, rows = SMALL, BODY_TOP, SMALL.wrap(text, room, 5)
    for row, line in enumerate(rows):
        canvas.text(font, left, top + (font.pitch + 1) * row, line)
