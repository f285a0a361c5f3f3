"""The only drawing: a screen, as the pixels of a glass of any size, in the user's language.

On most of them the upper rows are a bar of its own: many small OLEDs glow in another colour there.
Light areas mean *look here*: a bar with a title, a badge not seen yet, a chosen line.
"""

from PIL import Image

from device.views import choices, home, layout, lists, news, outset, talk
from device.views.canvas import Canvas
from device.views.layout import Face, Pile
from device.views.outset import NoConfig, Starting
from device.views.screens import (
    About,
    BalloonUp,
    CallingPage,
    CallsPage,
    Idle,
    Menu,
    NothingPage,
    NumberPage,
    People,
    Ringing,
    Screen,
    TextPage,
    Trouble,
    VoicemailPage,
)
from device.views.words import LANGUAGES, tongue

SIZE = (128, 64)
SIZES = (SIZE, (128, 32), (96, 16), (64, 48), (256, 64))
"Of common modules; others are laid out by the same rules."

Page = CallsPage | TextPage | VoicemailPage | NothingPage | Menu | People | About | NumberPage
"Where the buttons lead."


def paint(
    screen: Screen, size: tuple[int, int] = SIZE, language: str = LANGUAGES[0]
) -> Image.Image:
    """The picture of a screen, mode "1", width by height in pixels."""
    canvas = Canvas(size)
    draw(canvas, screen, language)
    return canvas.image


def brief(
    screen: Screen, size: tuple[int, int] = SIZE, language: str = LANGUAGES[0]
) -> Image.Image:
    """What is worth telling of a screen while a glass of this size rests; a small picture."""
    width, height = size
    picture = paint(screen, (min(width * 3 // 4, 96), min(height, 16)), language)
    return picture.crop(picture.getbbox())


def draw(canvas: Canvas, screen: Screen, language: str = LANGUAGES[0]) -> None:
    """Put a screen on a canvas of whatever size."""
    layout.draw(canvas, pile(Face(canvas.width, canvas.height, tongue(language)), screen))


def pile(face: Face, screen: Screen) -> Pile:
    """A screen, taken apart for this glass."""
    match screen:
        case Idle():
            return home.idle(face, screen)
        case Trouble():
            return home.trouble(face, screen)
        case Starting() | NoConfig():
            return outset.pile(face, screen)
        case Ringing():
            return talk.ringing(face, screen)
        case CallingPage():
            return talk.calling(face, screen)
        case BalloonUp():
            return news.balloon(face, screen)
        case _:
            return _page(face, screen)


def _page(face: Face, screen: Page) -> Pile:
    match screen:
        case CallsPage():
            return talk.missed(face, screen)
        case TextPage():
            return lists.text(face, screen)
        case VoicemailPage():
            return lists.voicemail(face, screen)
        case NothingPage():
            return lists.nothing(face, screen)
        case Menu():
            return choices.menu(face, screen)
        case People():
            return choices.people(face, screen)
        case About():
            return choices.about(face, screen)
        case NumberPage():
            return choices.number(face, screen)
