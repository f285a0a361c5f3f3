"""What several screens are put together from."""

from device.views.canvas import BAR_HEIGHT, Canvas
from device.views.font import LARGE, SMALL
from device.views.icons import ICONS

MARGIN = 3
"Left and right of dark words on a light ground."
BODY_TOP = 15
LINE_HEIGHT = 10


def title(canvas: Canvas, icon: str, text: str, right: str) -> None:
    """The light bar at the top."""
    canvas.box(0, 0, canvas.width, BAR_HEIGHT)
    left = canvas.icon(ICONS[icon], MARGIN, 1, ink=0) + 4 if icon else MARGIN
    end = canvas.text_left_of(SMALL, canvas.width - MARGIN, 2, right, ink=0)
    canvas.text(SMALL, left, 2, SMALL.fit(text, end - 6 - left), ink=0)


def large(canvas: Canvas, x: int, text: str) -> int:
    """One large line or two; returns where the next line goes."""
    y = BODY_TOP
    for line in LARGE.wrap(text, canvas.width - 2 * x, 2):
        canvas.text(LARGE, x, y, line)
        y += LARGE.pitch - 1
    return y + 2


def who(number: str, name: str, nobody: str = "") -> tuple[str, str]:
    """What to say large of a person, and what small: a name that we have no letters for is none."""
    if name and (LARGE.reads(name) or not number):
        return name, number
    return number or nobody, ""


def keys(canvas: Canvas, text: str) -> None:
    """What the buttons do here, at the bottom."""
    canvas.text_centred(SMALL, canvas.height - 9, SMALL.fit(text, canvas.width))
