"""How a page rests on an OLED: shifted, dimmed, then giving way to a little that wanders.

When, is the core's; the same depth and turn look the same.
"""

from dataclasses import dataclass

from PIL import Image, ImageChops

DIM = 0.25
"Brightness of all rest."

SHIFT = 2
"Pixels that a page moves at most, and never so far that light is cut off."

WANDERS = 2
"The depth of rest from which on a page gives way."

DOT = 2
"Width and height of the last sign of life, in pixels."

_GOLDEN, _SILVER = 0.6180339887, 0.4142135624
"Steps that visit a line evenly, however many there are, and two lines without a pattern."


@dataclass(frozen=True, slots=True)
class Look:
    """What the glass is to show, and how bright."""

    picture: Image.Image
    level: float


def rested(page: Image.Image, small: Image.Image, depth: int, turn: int) -> Look:
    """How a page rests: 0 not at all, 1 dimmed, 2 a small picture that wanders, 3 a dot that does.

    `turn` counts the moves there have been.
    """
    level = DIM if depth else 1.0
    if depth < WANDERS:
        return Look(_shifted(page, turn), level)
    dot = Image.new("1", (DOT, DOT), 255)
    return Look(_wandering(small if depth == WANDERS else dot, page.size, turn), level)


def _wandering(small: Image.Image, size: tuple[int, int], turn: int) -> Image.Image:
    picture = Image.new("1", size)
    x = int(turn * _GOLDEN % 1 * (size[0] - small.width + 1))
    y = int(turn * _SILVER % 1 * (size[1] - small.height + 1))
    picture.paste(small, (x, y))
    return picture


def _shifted(page: Image.Image, turn: int) -> Image.Image:
    """Towards the right and the bottom, as far as the page leaves room there."""
    box = page.getbbox()
    if box is None:
        return page
    right, down = min(page.width - box[2], SHIFT), min(page.height - box[3], SHIFT)
    x, y = turn % (right + 1), turn // (right + 1) % (down + 1)
    # What leaves on one side would come in on the other; it is dark.
    return ImageChops.offset(page, x, y)
