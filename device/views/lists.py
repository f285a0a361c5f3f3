"""What came in, page by page: texts and voicemail."""

from device.core.room import Room
from device.core.words import Notice
from device.views.canvas import Canvas
from device.views.font import LARGE, SMALL, Font
from device.views.glyph import doubled
from device.views.icons import ICONS
from device.views.layout import ONE_LINE, Block, Brief, Face, Pile
from device.views.pieces import (
    LARGE_HEIGHT,
    LINE_HEIGHT,
    LOW_BAR,
    NOTHING,
    Offer,
    centred,
    ends,
    gap,
    height_of,
    many,
    named_title,
    offers,
    rule,
    tail_of,
    title,
    written,
)
from device.views.screens import NothingPage, TextPage, VoicemailPage

TITLES = {
    Notice.MISSED: "Missed calls",
    Notice.MESSAGE: "Messages",
    Notice.VOICEMAIL: "Voicemail",
}

THUMB = 3
"Columns kept for what tells how far down a long text this is, and a dark one beside it."

COLUMN = 6
"Pixels of the widest of our small letters, with the gap after it."

OTHER_COLUMN = 8
"Pixels of a narrow letter from Unifont."


def room(size: tuple[int, int]) -> Room:
    """What a glass of this size, in pixels, holds of a text."""
    width, height = size[0] - THUMB + 1, size[1]
    if height < ONE_LINE:
        return Room(width // COLUMN, 1, width // OTHER_COLUMN, 1, True, as_written)
    left = height - (LOW_BAR if height < 48 else LOW_BAR + 2)
    rows = (left - tail_of(SMALL)) // LINE_HEIGHT
    tall = (left - tail_of(LARGE)) // LARGE_HEIGHT
    return Room(width // COLUMN, rows, width // OTHER_COLUMN, tall, written=as_written)


def as_written(text: str) -> str:
    """In its own letters where the glass has them all, large; else as it sounds, in small ones."""
    if SMALL.spells(text) or LARGE.spells(text):
        return text
    return "\n".join(map(SMALL.sounded, text.splitlines()))


def text(face: Face, screen: TextPage) -> Pile:
    when = face.say.moment(screen.when)
    head = named_title(face, screen.sender, [f"{when}  {screen.place}", screen.place, ""], 90)
    told = " ".join(screen.lines)
    sign = "" if told else screen.sign
    return Pile((head, _body(face, screen)), Brief((told or screen.sender,), sign))


def _body(face: Face, screen: TextPage) -> Block:
    font, rows = _rows(face, screen.lines)
    if not rows:
        return NOTHING

    def drawn(canvas: Canvas, y: int) -> None:
        for index, row in enumerate(rows):
            top = y + font.room + index * height_of(font)
            canvas.text(font, 0, top, font.fit(row, canvas.width - THUMB))
        if screen.parts > 1:
            _thumb(canvas, y, screen.part, screen.parts)

    return rule(height_of(font) * len(rows), drawn, 100, tail=tail_of(font))


def _rows(face: Face, lines: tuple[str, ...]) -> tuple[Font, list[str]]:
    """In our small letters, where those are the text's own; else in others, else as it sounds."""
    here, told = room((face.width, face.height)), " ".join(lines)
    width = face.width - THUMB
    others = LARGE.wrap(told, width, here.other_rows)
    if not SMALL.spells(told) and LARGE.spells(told) and LARGE.shows(told, others):
        return LARGE, others
    fits = all(SMALL.width(line) <= width for line in lines)
    return SMALL, list(lines) if fits else SMALL.wrap(told, width, here.rows)


def _thumb(canvas: Canvas, top: int, part: int, parts: int) -> None:
    """How far down a long text this is, at the edge of the glass."""
    left = canvas.height - top
    length = max(left // parts, 4)
    canvas.box(canvas.width - 2, top + (left - length) * part // (parts - 1), 2, length)


def voicemail(face: Face, screen: VoicemailPage) -> Pile:
    say = face.say
    new = say("New messages") if screen.new is None else say(f"{many(screen.new)} new")
    urgent = say(f"{many(screen.urgent)} urgent") if screen.urgent else ""
    box = say(f"box {screen.account}") if screen.account else ""
    box = box if SMALL.width(box) <= face.width else screen.account
    old = say(f"{many(screen.old)} old") if screen.old else ""
    blocks = (
        title(face, Notice.VOICEMAIL, [say(TITLES[Notice.VOICEMAIL])], screen.place, 85),
        written(face, new, *offers(face, Offer(SMALL, 1, 100), Offer(LARGE, 1, 95))),
        ends(face, old, urgent, 90 if urgent else 80, label=True),
        gap(),
        ends(face, box, "" if screen.known else say("not up to date"), 82 if screen.known else 88),
    )
    return Pile(blocks, Brief((new,), Notice.VOICEMAIL, "!" if screen.urgent else screen.place))


def nothing(face: Face, screen: NothingPage) -> Pile:
    icon, told = doubled(ICONS[screen.notice]), face.say(screen.text)

    def drawn(canvas: Canvas, y: int) -> None:
        canvas.icon(icon, (canvas.width - icon.width) // 2, y)

    blocks = (
        title(face, screen.notice, [face.say(TITLES[screen.notice])], "", 60),
        gap(),
        rule(icon.bottom + 6, drawn, 50),
        centred(face, told, 100),
        gap(),
    )
    return Pile(blocks, Brief((told, "0"), screen.notice))
