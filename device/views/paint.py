"""The only drawing: a screen, as the pixels of the glass.

The upper 15 rows are a bar of their own on every screen: many small OLEDs glow in another colour
there. Light areas mean *look here*: a bar with a title, a badge not seen yet, a chosen line.
"""

from PIL import Image

from device.core.words import CallKind, Line, Link, MirrorState, Notice
from device.views.canvas import Canvas
from device.views.font import LARGE, SMALL, Font, Glyph
from device.views.icons import ICONS, doubled
from device.views.screen import (
    WITHHELD,
    Badge,
    BalloonUp,
    Bar,
    CallsPage,
    Idle,
    Menu,
    NothingPage,
    Ringing,
    Screen,
    TextPage,
    Trouble,
    VoicemailPage,
)

SIZE = (128, 64)

BAR_HEIGHT = 12
MARGIN = 3
"Left and right of dark words on a light ground."
BODY_TOP = 15
LINE_HEIGHT = 10
LARGE_PITCH = 15
SMALL_PITCH = 9
DISC = 17
INDENT = DISC + 6
"Where the large word begins, right of its disc."
COLUMN = 34
BADGE_HEIGHT = 13
BADGE_WIDTH = 43

KINDS = {
    CallKind.MISSED: "",
    CallKind.DND: "do not disturb",
    CallKind.ABSENT: "absent",
    CallKind.DIVERTED: "diverted",
}
"What to say of a listed call; that it was missed, the title says."

Told = tuple[Font, int, str]
"A line below the status: its font, its left edge, its words."

TITLES = {
    Notice.MISSED: "Missed calls",
    Notice.MESSAGE: "Messages",
    Notice.VOICEMAIL: "Voicemail",
}


def paint(screen: Screen, size: tuple[int, int] = SIZE) -> Image.Image:
    """The picture of a screen, mode "1", width by height in pixels."""
    canvas = Canvas(size)
    _paint(canvas, screen)
    return canvas.image


def _paint(canvas: Canvas, screen: Screen) -> None:
    match screen:
        case Idle():
            _idle(canvas, screen)
        case Trouble():
            _trouble(canvas, screen)
        case Ringing():
            _ringing(canvas, screen)
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
        case BalloonUp():
            _balloon(canvas, screen)


# The page of rest


def _idle(canvas: Canvas, screen: Idle) -> None:
    unsure = screen.standing is MirrorState.UNKNOWN
    sign = ICONS["unknown" if unsure else screen.status]
    lines = _idle_lines(screen, canvas.width)
    sure = screen.standing is MirrorState.CONFIRMED
    _rest_bar(canvas, screen.bar)
    top = _badges_below(canvas, screen.badges, lines)
    _headline(canvas, top, sign, sure, screen.word)
    _lines(canvas, top + DISC + 2, lines)


def _trouble(canvas: Canvas, screen: Trouble) -> None:
    chosen = f"Chosen: {screen.chosen}"
    lines = _small(canvas.width, [*_wrapped(screen.reason, canvas.width), chosen])
    _rest_bar(canvas, screen.bar)
    top = _badges_below(canvas, screen.badges, lines)
    _headline(canvas, top, ICONS[screen.bar.link], False, screen.title)
    _lines(canvas, top + DISC + 2, lines)


def _idle_lines(screen: Idle, width: int) -> list[Told]:
    """What goes below the status. The divert target is large where nothing else needs the room."""
    target = f"→ {screen.target}" if screen.target else ""
    alone = not (screen.badges and (screen.until or screen.news))
    if target and alone and LARGE.width(target) <= width - INDENT and not screen.news:
        return [(LARGE, INDENT, target), *_small(width, [screen.until])]
    news = _wrapped(screen.news, width)
    about = [target, screen.until]
    if len(news) > 1:
        about = [", ".join(filter(None, about))]
    return _small(width, about + news)


def _wrapped(text: str, width: int) -> list[str]:
    """As few lines as will do, at most two; below the large word where that is room enough."""
    narrow, wide = SMALL.wrap(text, width - INDENT, 2), SMALL.wrap(text, width, 2)
    return narrow if SMALL.shows(text, narrow) and len(narrow) <= len(wide) else wide


def _small(width: int, texts: list[str]) -> list[Told]:
    """Small lines, all from the same left edge."""
    told = [text for text in texts if text]
    x = INDENT if all(SMALL.width(text) <= width - INDENT for text in told) else 0
    return [(SMALL, x, text) for text in told]


def _rest_bar(canvas: Canvas, bar: Bar) -> None:
    right = canvas.text_left_of(LARGE, canvas.width, 0, bar.clock)
    left = canvas.icon(ICONS["bars" if bar.link is Link.ONLINE else "no_bars"], 0, 2) + 4
    left = canvas.text(SMALL, left, 2, SMALL.fit(bar.extension, right - left - 24))
    if bar.line is Line.BUSY:
        canvas.icon(ICONS["busy"], left + 6, 2)


def _badges_below(canvas: Canvas, badges: tuple[Badge, ...], lines: list[Told]) -> int:
    """Draw the badges where the lines leave them room; returns the top of what goes above."""
    height = DISC + 2 + sum(_pitch(font) for font, _, _ in lines)
    room = canvas.height - BAR_HEIGHT - 1
    if badges and height + BADGE_HEIGHT <= room:
        room -= BADGE_HEIGHT
        _badges(canvas, badges)
    return BAR_HEIGHT + 1 + max(room - height, 0) // 2


def _headline(canvas: Canvas, top: int, sign: Glyph, sure: bool, word: str) -> None:
    """The status in a disc, or in a ring while the PBX has not confirmed it, and the large word."""
    canvas.icon(ICONS["disc" if sure else "ring"], 0, top)
    canvas.icon(sign, (DISC + 1 - sign.width) // 2, top + 4, ink=not sure)
    canvas.text(LARGE, INDENT, top + 3, LARGE.fit(word, canvas.width - INDENT))


def _lines(canvas: Canvas, y: int, lines: list[Told]) -> None:
    for font, x, text in lines:
        canvas.text(font, x, y, font.fit(text, canvas.width - x))
        y += _pitch(font)


def _pitch(font: Font) -> int:
    return LARGE_PITCH if font is LARGE else SMALL_PITCH


def _badges(canvas: Canvas, badges: tuple[Badge, ...]) -> None:
    for slot, badge in enumerate(badges):
        _badge(canvas, slot * BADGE_WIDTH, canvas.height - BADGE_HEIGHT, badge)


def _badge(canvas: Canvas, x: int, y: int, badge: Badge) -> None:
    icon, text = ICONS[badge.notice], _count(badge)
    if badge.fresh:
        canvas.pill(x, y, icon.width + 9 + SMALL.width(text) - (0 if text else 3), BADGE_HEIGHT)
    ink = int(not badge.fresh)
    right = canvas.icon(icon, x + 3, y + 2, ink)
    canvas.text(SMALL, right + 3, y + 3, text, ink)


def _count(badge: Badge) -> str:
    if not badge.known:
        return "?"
    number = "99+" if badge.count > 99 else str(badge.count or "")
    return f"{number}!" if badge.urgent else number


# Calls


def _ringing(canvas: Canvas, screen: Ringing) -> None:
    """All of the glass is light: this one is meant to be seen from the door."""
    _title(canvas, "bell", "Incoming call", f"+{screen.waiting}" if screen.waiting else "")
    room = canvas.width - 2 * MARGIN
    y = _caller(canvas, MARGIN, screen.name, screen.number)
    number = screen.number if screen.name else ""
    font = LARGE if LARGE.width(number) <= room and y < canvas.height // 2 else SMALL
    canvas.text(font, MARGIN, y, font.fit(number, room))
    via = SMALL.fit(f"via {screen.via}", room) if screen.via else ""
    canvas.text_left_of(SMALL, canvas.width - MARGIN, canvas.height - 10, via)
    canvas.invert()


def _call(canvas: Canvas, screen: CallsPage) -> None:
    _title(canvas, Notice.MISSED, TITLES[Notice.MISSED], screen.place)
    y, right = _caller(canvas, 0, screen.name, screen.number), canvas.width
    if screen.count > 1:
        times = f"×{screen.count}"
        right -= SMALL.width(times) + 6
        _label(canvas, right, y - 2, times)
    canvas.text(SMALL, 0, y, SMALL.fit(screen.number if screen.name else "", right - 6))
    left = canvas.text_left_of(SMALL, canvas.width, canvas.height - 9, screen.when)
    canvas.text(SMALL, 0, canvas.height - 9, SMALL.fit(KINDS[screen.kind], left - 6))


def _caller(canvas: Canvas, x: int, name: str, number: str) -> int:
    """Who it is, large, in one line or two; returns where the next line goes."""
    y = BODY_TOP
    for line in LARGE.wrap(name or number or WITHHELD, canvas.width - 2 * x, 2):
        canvas.text(LARGE, x, y, line)
        y += LARGE_PITCH - 1
    return y + 2


# Texts and voicemail


def _text(canvas: Canvas, screen: TextPage) -> None:
    _title(canvas, "", screen.sender, f"{screen.when}  {screen.place}")
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
    _title(canvas, Notice.VOICEMAIL, TITLES[Notice.VOICEMAIL], screen.place)
    new = "New messages" if screen.new is None else f"{screen.new} new"
    right = canvas.text(LARGE, 0, BODY_TOP + 2, new)
    if screen.urgent:
        _label(canvas, right + 8, BODY_TOP + 2, f"{screen.urgent} urgent")
    canvas.text(SMALL, 0, 36, f"{screen.old} old" if screen.old else "")
    note = "" if screen.known else "not up to date"
    left = canvas.text_left_of(SMALL, canvas.width, canvas.height - 9, note)
    box = f"box {screen.account}" if screen.account else ""
    canvas.text(SMALL, 0, canvas.height - 9, SMALL.fit(box, left - 6))


def _label(canvas: Canvas, x: int, y: int, text: str) -> None:
    canvas.pill(x, y, SMALL.width(text) + 6, 11)
    canvas.text(SMALL, x + 3, y + 2, text, ink=0)


def _nothing(canvas: Canvas, screen: NothingPage) -> None:
    _title(canvas, screen.notice, TITLES[screen.notice], "")
    icon = doubled(ICONS[screen.notice])
    canvas.icon(icon, (canvas.width - icon.width) // 2, BODY_TOP + 4)
    canvas.text_centred(SMALL, canvas.height - 12, screen.text)


# Menus and news


def _menu(canvas: Canvas, screen: Menu) -> None:
    _title(canvas, "", screen.title, screen.place)
    for index, row in enumerate(screen.rows):
        y, chosen = BAR_HEIGHT + 1 + LINE_HEIGHT * index, index == screen.chosen
        if chosen:
            canvas.box(0, y, canvas.width, LINE_HEIGHT)
        _row(canvas, y + 1, row.label, row.detail, ink=not chosen)
    canvas.text_centred(SMALL, canvas.height - 9, "press: next   hold: set")


def _row(canvas: Canvas, y: int, label: str, detail: str, ink: int) -> None:
    room = canvas.width - 2 * MARGIN
    detail = SMALL.fit(detail, max(room // 2, room - 8 - SMALL.width(label)))
    left = canvas.text_left_of(SMALL, canvas.width - MARGIN, y, detail, ink)
    canvas.text(SMALL, MARGIN, y, SMALL.fit(label, left - 8), ink)


def _balloon(canvas: Canvas, screen: BalloonUp) -> None:
    """A light column with a large icon sets news apart from the pages that stay."""
    canvas.box(0, 0, COLUMN, canvas.height)
    icon = doubled(ICONS[screen.notice or "warning"])
    canvas.icon(icon, (COLUMN - icon.width) // 2, (canvas.height - 20) // 2, ink=0)
    left, room = COLUMN + 5, canvas.width - COLUMN - 5
    canvas.text(SMALL, left, 2, SMALL.fit(screen.title, room))
    _news(canvas, left, screen.text, room)


def _news(canvas: Canvas, left: int, text: str, room: int) -> None:
    """Large where all of it can be shown, else small, as far as it goes."""
    font, rows = LARGE, LARGE.wrap(text, room, 3)
    if not LARGE.shows(text, rows):
        font, rows = SMALL, SMALL.wrap(text, room, 5)
    for row, line in enumerate(rows):
        canvas.text(font, left, BODY_TOP + 2 + (_pitch(font) + 1) * row, line)


def _title(canvas: Canvas, icon: str, title: str, right: str) -> None:
    """The light bar at the top."""
    canvas.box(0, 0, canvas.width, BAR_HEIGHT)
    left = canvas.icon(ICONS[icon], MARGIN, 1, ink=0) + 4 if icon else MARGIN
    end = canvas.text_left_of(SMALL, canvas.width - MARGIN, 2, right, ink=0)
    canvas.text(SMALL, left, 2, SMALL.fit(title, end - 6 - left), ink=0)
