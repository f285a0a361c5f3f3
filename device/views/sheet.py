"""Every kind of screen on one sheet: `python -m device.views.sheet OUT.png [SIZE [LANGUAGE]]`.

Without a size and with a folder instead, a sheet for every size, and for every language.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from device.core.pages import OTHER, TIMES
from device.core.room import parts
from device.core.words import CallingStage, CallKind, Hint, Line, Link, MirrorState, Notice, Status
from device.views.canvas import Canvas
from device.views.complaints import complaint
from device.views.font import SMALL
from device.views.lists import room
from device.views.outset import NoConfig, Starting
from device.views.paint import SIZE, SIZES, paint
from device.views.screen import NOTHING
from device.views.screens import (
    About,
    Badge,
    BalloonUp,
    Bar,
    CallingPage,
    CallsPage,
    Idle,
    Menu,
    NothingPage,
    NumberPage,
    People,
    Person,
    Ringing,
    Row,
    Screen,
    TextPage,
    Trouble,
    VoicemailPage,
)
from device.views.words import LANGUAGES

COLUMNS = 4
SCALE = 3
BEZEL = 6
"Pixels of the glass, as is the caption's height."
CAPTION = 14
GAP = 6

GLASS, DESK, RIM, INK = (8, 10, 14), (236, 234, 228), (38, 40, 46), (70, 70, 74)
LIGHT = (222, 240, 255)

BAR = Bar("14:30", "100", Link.ONLINE, Line.FREE)
AWAY = Bar("14:30", "100", Link.OFFLINE, Line.UNKNOWN)
LETTER = (
    "Ciao! The supplier moved tomorrow's delivery to 08:30, so could somebody be at the "
    "loading bay by a quarter past? Ask for Jürgen Groß; he has the papers, and he will "
    "sign for the pallets. Perché no?"
)
WRONG_WIFI = "wifi.txt:2: password: expected 8 to 63 characters, or none for an open network"
WRONG = "/etc/deskpanel/deskpanel.toml:12: board.buttons.dnd: pin 99 is not on this board"
LONG_NAME = "Alessandra Pellegrini Sammartano"
TEAM = (
    Person("Reception", Hint.FREE),
    Person("Anna Rossi", Hint.BUSY, waited_for=True),
    Person("Bruno", Hint.AWAY),
    Person("Front desk", Hint.RINGING, diverts=True),
    Person(LONG_NAME, Hint.UNKNOWN, diverts=True, waited_for=True),
)
TARGETS = (Row("Reception", "101"), Row("Mobile", "+390612345678"))
REPLIES = tuple(map(Row, ("Yes", "No, sorry", "I will call you back", "In ten minutes")))
FACTS = (
    Row("Version", "0.1.0"),
    Row("User", "100"),
    Row("PBX", "Asterisk PBX 22.10.0"),
    Row("Profile", "freepbx"),
    Row("Read back by", "hints"),
    Row("Address", "192.168.1.23"),
    Row("Web", "192.168.1.23:8780"),
)
BADGES = (
    Badge(Notice.MISSED, 3, fresh=True),
    Badge(Notice.MESSAGE, 1, fresh=True),
    Badge(Notice.VOICEMAIL, 2, fresh=True, urgent=True),
)


def _idle(status: Status, **more: object) -> Idle:
    return Idle(BAR, status, MirrorState.CONFIRMED, **more)  # type: ignore[arg-type]


DESKS: Mapping[str, Screen] = {
    "available": _idle(Status.AVAILABLE),
    "in a call": Idle(
        Bar("14:30", "100", Link.ONLINE, Line.BUSY), Status.AVAILABLE, MirrorState.CONFIRMED
    ),
    "news": _idle(Status.AVAILABLE, badges=BADGES),
    "do not disturb": _idle(Status.DND, until="until 15:00", badges=BADGES[:2]),
    "absent": _idle(Status.ABSENT, until="until 18:00"),
    "diverted": _idle(Status.DIVERTED, target="Reception"),
    "diverted for a time": _idle(
        Status.DIVERTED, target="Reception", until="until 15:00", badges=BADGES[:1]
    ),
    "diverted in vain": _idle(
        Status.DIVERTED,
        target="Anna",
        news="diverts calls too: yours would be refused there",
        badges=BADGES[:1],
    ),
    "next change": _idle(Status.AVAILABLE, until="Absent at 18:00", badges=BADGES[:1]),
    "next change another day": _idle(
        Status.DIVERTED, target="Reception", until="Do not disturb Mon 08:00"
    ),
    "logged out": Idle(AWAY, Status.LOGGED_OUT, MirrorState.CONFIRMED, news="No calls arrive here"),
    "setting": Idle(BAR, Status.DND, MirrorState.PENDING, news="Setting…"),
    "setting a divert": Idle(
        BAR, Status.DIVERTED, MirrorState.PENDING, "Reception", "", "Setting…", BADGES
    ),
    "refused": _idle(
        Status.AVAILABLE, news="A user cannot divert to their own number", badges=BADGES[:1]
    ),
    "not confirmed": Idle(
        BAR,
        Status.DND,
        MirrorState.UNKNOWN,
        news="The PBX does not show *76100: 404 Not Found",
    ),
    "several at once": Idle(
        BAR,
        Status.DIVERTED,
        MirrorState.UNKNOWN,
        news="The PBX has absent and diverted set at once: press one to be sure",
    ),
    "board missing": _idle(Status.AVAILABLE, news="GPIO: no pins on this computer"),
    "voicemail seen": _idle(Status.AVAILABLE, badges=(Badge(Notice.VOICEMAIL, 12, fresh=False),)),
    "silent": Idle(
        Bar("14:30", "100", Link.ONLINE, Line.BUSY, muted=True),
        Status.AVAILABLE,
        MirrorState.CONFIRMED,
        badges=BADGES[:2],
    ),
    "starting": Starting("0.1.0"),
    "no config": NoConfig("192.168.1.23", "deskpanel.local"),
    "no config and no network": NoConfig(),
    "no network": Trouble(AWAY, "No network", "since 14:02", "", "Available"),
    "no pbx but a network": Trouble(
        AWAY,
        "No PBX",
        "since 14:02",
        "pbx.example.com does not answer",
        "Do not disturb",
        address="192.168.1.23",
    ),
    "no pbx": Trouble(
        AWAY,
        "No PBX",
        "since 14:02",
        "pbx.example.com does not answer",
        "→ Reception",
    ),
    "pbx refused": Trouble(
        AWAY, "PBX refused", "", "The PBX refused user 100: wrong password", "Available"
    ),
    "connecting": Trouble(
        Bar("--:--", "100", Link.CONNECTING, Line.UNKNOWN),
        "Connecting",
        "",
        "",
        "Available",
        BADGES[:1],
    ),
    "wrong profile": Trouble(
        BAR,
        "Wrong profile",
        "",
        "grandstream-ucm: it has diverted not cleared after *73",
        "",
        BADGES[:1],
    ),
    "ringing": Ringing("101", "Reception"),
    "ringing long": Ringing(
        "+390612345678", "Alessandra Pellegrini Sammartano", via="Front desk", waiting=2
    ),
    "ringing for a group": Ringing("+390612345678", "Anna Rossi", via="600", meant="Sales"),
    "ringing several": Ringing("102", "Anna Rossi", waiting=1),
    "ringing from afar": Ringing("+81312345678", "Иван Щукин"),
    "ringing number": Ringing("+390612345678", ""),
    "ringing withheld": Ringing("", "", via="101"),
    "lift your phone": CallingPage("102", "Anna Rossi", CallingStage.LIFT),
    "lift your phone long": CallingPage("+390612345678", LONG_NAME, CallingStage.LIFT),
    "on its way": CallingPage("+390612345678", LONG_NAME, CallingStage.CONNECTING),
    "connected": CallingPage("102", "Anna Rossi", CallingStage.CONNECTED),
    "not picked up": CallingPage(
        "102", "Anna Rossi", CallingStage.FAILED, "Your phone was not picked up"
    ),
    "not reached": CallingPage(
        "+390612345678",
        LONG_NAME,
        CallingStage.FAILED,
        f"{LONG_NAME} was not reached: 480 Temporarily Unavailable",
    ),
    "missed call": CallsPage("101", "Front desk", CallKind.MISSED, 1, "14:02", "1/5"),
    "missed calls folded": CallsPage(
        "+390612345678", "Alessandra Pellegrini", CallKind.DND, 3, "Mon 09:41", "2/5"
    ),
    "diverted call": CallsPage("+4930901820", "", CallKind.DIVERTED, 1, "time unknown", "5/5"),
    "no missed calls": NothingPage(Notice.MISSED, NOTHING[Notice.MISSED]),
    "no messages": NothingPage(Notice.MESSAGE, NOTHING[Notice.MESSAGE]),
    "voicemail": VoicemailPage("100", 2, 5, 1),
    "voicemail boxes": VoicemailPage("sales", 12, 0, 0, "2/3"),
    "voicemail lost": VoicemailPage("100", 2, 5, 0, known=False),
    "no voicemail": NothingPage(Notice.VOICEMAIL, NOTHING[Notice.VOICEMAIL]),
    "targets": Menu("Divert to", (*TARGETS, Row(OTHER)), 1, "2/3"),
    "targets that divert": Menu(
        "Divert to", (Row("Anna Rossi", "diverts"), *TARGETS, Row(OTHER)), 0, "1/4"
    ),
    "times": Menu("Do not disturb for", tuple(Row(t.label) for t in TIMES), 0, "1/7"),
    "times further down": Menu("Absent for", tuple(Row(t.label) for t in TIMES), 5, "6/7"),
    "silence": Menu("Silent for", tuple(Row(t.label) for t in TIMES), 2, "3/7"),
    "reply": Menu("Reply to Anna Rossi", REPLIES, 1, "2/4", "press: next   hold: send"),
    "number": NumberPage("Divert to", "", "0", "", "hold: set"),
    "number half way": NumberPage("Divert to", "+3906123", "4", "", "hold: set"),
    "number known": NumberPage("Call", "10", "2", "Front desk", "hold: call"),
    "pin": NumberPage("PIN", "**", digits=6),
    "pin wrong": NumberPage("PIN", "", told="Wrong PIN", digits=6),
    "pin later": NumberPage("PIN", "", told="wait 8 s", digits=6),
    "about": About(FACTS, 0, "1/7"),
    "about further down": About(FACTS, 3, "4/7"),
    "colleagues": People(TEAM, 1, "2/5", "in a call", "press: tell me   hold: call"),
    "colleagues further down": People(
        TEAM, 4, "5/5", "do not disturb, diverts", "press: forget   hold: call"
    ),
    "missed call pops up": BalloonUp(Notice.MISSED, "Missed call", "Alessandra Pellegrini"),
    "text pops up": BalloonUp(Notice.MESSAGE, "Anna Rossi", "Lunch at one?"),
    "voicemail pops up": BalloonUp(Notice.VOICEMAIL, "Urgent voicemail", "2 to hear"),
    "refusal pops up": BalloonUp(None, "Not possible", "The PBX refused *78: 404 Not Found"),
    "long refusal pops up": BalloonUp(
        None,
        "Not possible",
        "The profile grandstream-ucm does not fit this PBX: it has diverted not cleared after *73",
    ),
}
"Screens that are the same for every glass."

TEXTS = {
    "text": ("Anna Rossi", "14:02", "Lunch at one?", "1/2", 0),
    "long text": ("Giorgio Maria Bianchi", "Mon", LETTER, "2/2", 0),
    "long text end": ("Giorgio Maria Bianchi", "Mon", LETTER, "2/2", -1),
    "text from afar": ("Иван", "9 Nov", "Обед в час? Я заказал столик у окна", "1/1", 0),
}


def gallery(size: tuple[int, int] = SIZE) -> dict[str, Screen]:
    """A picture of every kind, by name; the tests keep each of them to the pixel."""
    wrong = {
        "wrong config": complaint(WRONG, room(size), 0, 2)[0],
        "wrong wifi.txt": complaint(WRONG_WIFI, room(size))[-1],
    }
    return {**DESKS, **{name: _text(size, *told) for name, told in TEXTS.items()}, **wrong}


def _text(
    size: tuple[int, int], sender: str, when: str, body: str, place: str, part: int
) -> TextPage:
    """How a text is divided, the glass says."""
    screenfuls = parts(body, room(size))
    part %= len(screenfuls)
    return TextPage(sender, when, screenfuls[part], place, part, len(screenfuls))


def contact_sheet(size: tuple[int, int] = SIZE, language: str = "en") -> Image.Image:
    """All of the gallery, enlarged, each picture under its name."""
    screens = gallery(size)
    columns = max(COLUMNS * SIZE[0] // max(size[0], 96), 2)
    width, height = _cell(size)
    rows = -(-len(screens) // columns)
    whole = (columns * (width + GAP) + GAP, rows * (height + GAP) + GAP)
    sheet = Image.new("RGB", (whole[0] * SCALE, whole[1] * SCALE), DESK)
    for place, (name, screen) in enumerate(screens.items()):
        x, y = place % columns * (width + GAP) + GAP, place // columns * (height + GAP) + GAP
        sheet.paste(_framed(paint(screen, size, language)), (x * SCALE, y * SCALE))
        ink = ((x + 2) * SCALE, (y + height - CAPTION + 4) * SCALE)
        sheet.paste(INK, ink, _caption(name, width - 2))
    return sheet


def _cell(size: tuple[int, int]) -> tuple[int, int]:
    """The room of a picture with its frame and name; a name needs its room too."""
    return max(size[0] + 2 * BEZEL, 110), size[1] + 2 * BEZEL + CAPTION


def _framed(picture: Image.Image) -> Image.Image:
    """The glass in its bezel."""
    size = picture.width + 2 * BEZEL, picture.height + 2 * BEZEL
    framed = Image.new("RGB", (size[0] * SCALE, size[1] * SCALE), RIM)
    margin = SCALE * (BEZEL - 3)
    framed.paste(GLASS, (margin, margin, framed.width - margin, framed.height - margin))
    framed.paste(LIGHT, (BEZEL * SCALE, BEZEL * SCALE), _enlarged(picture))
    return framed


def _caption(name: str, width: int) -> Image.Image:
    canvas = Canvas((width, CAPTION - 3))
    canvas.text(SMALL, 0, 1, SMALL.fit(name, width))
    return _enlarged(canvas.image)


def _enlarged(image: Image.Image) -> Image.Image:
    size = (image.width * SCALE, image.height * SCALE)
    return image.resize(size, Image.Resampling.NEAREST)


def _size(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)


def _save(sheet: Image.Image, path: Path) -> None:
    """It has a handful of colours, so little is kept of each pixel."""
    sheet.quantize(16, dither=Image.Dither.NONE).save(path, optimize=True)


def _save_all(folder: Path) -> None:
    """Every size but the usual one in English, and that one in every other language."""
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES[1:]:
        _save(contact_sheet(size), folder / f"{size[0]}x{size[1]}.png")
    for language in LANGUAGES[1:]:
        _save(contact_sheet(SIZE, language), folder / f"{language}.png")


def _main(arguments: list[str]) -> None:
    if not 1 <= len(arguments) <= 3:
        sys.exit("usage: python -m device.views.sheet OUT.png [128x64 [en]] | FOLDER")
    out, size, language = [*arguments, *("128x64", "en")[len(arguments) - 1 :]]
    if Path(out).suffix:
        _save(contact_sheet(_size(size), language), Path(out))
    else:
        _save_all(Path(out))


if __name__ == "__main__":
    _main(sys.argv[1:])
