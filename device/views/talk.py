"""Pages of whom to talk to: the call that is made for the user, and the colleagues."""

from device.core.words import CallingStage, Hint
from device.views.canvas import BAR_HEIGHT, Canvas
from device.views.font import LARGE, SMALL
from device.views.icons import ICONS
from device.views.pieces import BODY_TOP, LINE_HEIGHT, MARGIN, keys, large, title, who
from device.views.screens import CallingPage, People, Person

SIGNS = {
    Hint.FREE: "free",
    Hint.RINGING: "rings",
    Hint.BUSY: "in_a_call",
    Hint.AWAY: "away",
    Hint.UNKNOWN: "strange",
}

STAGES = {
    CallingStage.LIFT: "Call",
    CallingStage.CONNECTING: "Connecting…",
    CallingStage.CONNECTED: "Connected",
    CallingStage.FAILED: "No connection",
}


def calling(canvas: Canvas, screen: CallingPage) -> None:
    beside = screen.number if screen.stage is CallingStage.LIFT and screen.name else ""
    right = SMALL.fit(beside, canvas.width * 2 // 3)
    title(canvas, "warning" if screen.reason else "busy", STAGES[screen.stage], right)
    match screen.stage:
        case CallingStage.LIFT:
            _lift(canvas, screen)
        case CallingStage.FAILED:
            _failed(canvas, screen)
        case _:
            _on_the_way(canvas, screen)


def _lift(canvas: Canvas, screen: CallingPage) -> None:
    """All of the glass is light, for the user is to do something now."""
    canvas.text(LARGE, MARGIN, BODY_TOP, "Lift your phone")
    name, _ = who(screen.number, screen.name)
    for row, line in enumerate(SMALL.wrap(f"to talk to {name}", canvas.width - 2 * MARGIN, 2)):
        canvas.text(SMALL, MARGIN, BODY_TOP + 17 + row * LINE_HEIGHT, line)
    keys(canvas, "press: cancel")
    canvas.invert()


def _on_the_way(canvas: Canvas, screen: CallingPage) -> None:
    name, number = who(screen.number, screen.name)
    y = large(canvas, 0, name)
    canvas.text(SMALL, 0, y, SMALL.fit(number, canvas.width))
    if screen.stage is CallingStage.CONNECTING:
        keys(canvas, "press: cancel")


def _failed(canvas: Canvas, screen: CallingPage) -> None:
    """The reason large where all of it can be shown, else small, as far as it goes."""
    font, rows = LARGE, LARGE.wrap(screen.reason, canvas.width, 3)
    if not LARGE.shows(screen.reason, rows):
        font, rows = SMALL, SMALL.wrap(screen.reason, canvas.width, 5)
    for row, line in enumerate(rows):
        canvas.text(font, 0, BODY_TOP + row * (font.pitch + 1), line)


def people(canvas: Canvas, screen: People) -> None:
    title(canvas, "", "Colleagues", screen.place)
    for index, person in enumerate(screen.rows):
        y, chosen = BAR_HEIGHT + 1 + LINE_HEIGHT * index, index == screen.chosen
        if chosen:
            canvas.box(0, y, canvas.width, LINE_HEIGHT)
        _person(canvas, y + 1, person, ink=not chosen)
    canvas.text_centred(SMALL, canvas.height - 19, SMALL.fit(screen.told, canvas.width))
    keys(canvas, screen.keys)


def _person(canvas: Canvas, y: int, person: Person, ink: int) -> None:
    right = canvas.width - MARGIN
    for shown, mark in ((person.waited_for, "waited"), (person.diverts, "diverts")):
        if shown:
            right -= ICONS[mark].width + 3
            canvas.icon(ICONS[mark], right + 3, y + 1, ink)
    left = canvas.icon(ICONS[SIGNS[person.doing]], MARGIN, y + 1, ink) + 4
    canvas.text(SMALL, left, y, SMALL.fit(person.name, right - left), ink)
