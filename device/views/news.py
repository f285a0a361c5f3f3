"""News that come up over the page."""

from device.core.words import Notice
from device.views.canvas import Canvas
from device.views.font import LARGE, SMALL, Font
from device.views.glyph import doubled
from device.views.icons import ICONS
from device.views.layout import Block, Brief, Face, Pile
from device.views.pieces import LINE_HEIGHT, Offer, rule, title, written
from device.views.screens import BalloonUp

COLUMN = 34
"Width of the light column beside news."


def balloon(face: Face, screen: BalloonUp) -> Pile:
    """A light column with a large icon sets news apart from the pages that stay."""
    icon = str(screen.notice or "warning")
    head, text = _told(face, screen)
    refused = tuple(filter(None, (text, face.say.briefly(screen.text), head)))
    brief = Brief(refused if screen.notice is None else (text,), icon)
    room = face.width - COLUMN - 5
    if face.height >= 48 and face.width >= 100 and _shown(text, room, 5):
        return Pile((_beside(face, icon, head, text, room),), brief)
    return Pile((title(face, icon, [head], "", 80), _below(face, text)), brief)


def _told(face: Face, screen: BalloonUp) -> tuple[str, str]:
    """What others wrote, and how they are called, is left as it is."""
    say = face.say
    match screen.notice:
        case Notice.MISSED:
            return say(screen.title), screen.text
        case Notice.MESSAGE:
            return screen.title, screen.text
        case _:
            return say(screen.title), say(screen.text)


def _shown(text: str, room: int, lines: int) -> bool:
    return SMALL.shows(text, SMALL.wrap(text, room, lines))


def _below(face: Face, text: str) -> Block:
    """Below a bar, as large as all of it goes; the bar goes first where that makes more room."""
    small = [Offer(SMALL, n, 101 - n if n < 3 else 79 - n) for n in range(1, 7)]
    large = [Offer(LARGE, n, 50 - n) for n in range(1, 4)]
    return written(face, text, *small, *large)


def _beside(face: Face, icon: str, head: str, text: str, room: int) -> Block:
    sign, left = doubled(ICONS[icon]), COLUMN + 5
    font, rows = _largest(text, room, face.height - LINE_HEIGHT - 3)

    def drawn(canvas: Canvas, y: int) -> None:
        canvas.box(0, y, COLUMN, canvas.height)
        canvas.icon(sign, (COLUMN - sign.width) // 2, (canvas.height - 20) // 2, ink=0)
        canvas.text(SMALL, left, y + 2, SMALL.fit(head, room))
        for index, row in enumerate(rows):
            top = y + LINE_HEIGHT + 3 + font.room + index * (font.pitch + 1)
            canvas.text(font, left, top, row)

    return rule(face.height, drawn, 100)


def _largest(text: str, room: int, height: int) -> tuple[Font, list[str]]:
    """Large where all of it can be shown, else small."""
    lines = (height - LARGE.box) // (LARGE.pitch + 1) + 1
    rows = LARGE.wrap(text, room, lines)
    if LARGE.shows(text, rows):
        return LARGE, rows
    return SMALL, SMALL.wrap(text, room, (height - SMALL.box) // (SMALL.pitch + 1) + 1)
