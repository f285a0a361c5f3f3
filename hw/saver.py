"""What spares an OLED: a still page is shifted, dimmed, then gives way to a little that wanders.

All is computed from how long nothing happened and what time it is, so that the same moments look
the same. Moves are rare, for each of them is bytes on the bus.
"""

from dataclasses import dataclass

from PIL import Image, ImageChops


@dataclass(frozen=True, slots=True)
class Plan:
    """When a still glass does what. Seconds since the last press, or change but of the clock."""

    dim_after: float = 30.0
    wander_after: float = 300.0
    dot_after: float = 3600.0
    dim: float = 0.25
    "Brightness of all but the first."
    move_every: float = 600.0
    "Seconds of the clock between moves of what wanders."
    shift_every: float = 3600.0
    "Seconds between shifts of the page."
    shift: int = 2
    "Pixels at most, and never so far that light is cut off."

    def turns(self, still: float) -> tuple[float, ...]:
        """After what further seconds of stillness something changes, moves aside."""
        moments = (self.dim_after, self.wander_after, self.dot_after)
        return tuple(moment - still for moment in moments if moment > still)


PLAN = Plan()

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


def look(page: Image.Image, small: Image.Image, still: float, at: float, plan: Plan = PLAN) -> Look:
    """`small` is what may wander in the page's place; `at` is the clock's seconds."""
    depth = sum(still >= after for after in (plan.dim_after, plan.wander_after, plan.dot_after))
    every = plan.move_every if depth >= WANDERS else plan.shift_every
    return rested(page, small, depth, int(at // every), plan)


def rested(page: Image.Image, small: Image.Image, depth: int, turn: int, plan: Plan = PLAN) -> Look:
    """How a page rests: 0 not at all, 1 dimmed, 2 a small picture that wanders, 3 a dot that does.

    `turn` counts the moves there have been.
    """
    level = plan.dim if depth else 1.0
    if depth < WANDERS:
        return Look(_shifted(page, turn, plan.shift), level)
    dot = Image.new("1", (DOT, DOT), 255)
    return Look(_wandering(small if depth == WANDERS else dot, page.size, turn), level)


def _wandering(small: Image.Image, size: tuple[int, int], turn: int) -> Image.Image:
    picture = Image.new("1", size)
    x = int(turn * _GOLDEN % 1 * (size[0] - small.width + 1))
    y = int(turn * _SILVER % 1 * (size[1] - small.height + 1))
    picture.paste(small, (x, y))
    return picture


def _shifted(page: Image.Image, turn: int, most: int) -> Image.Image:
    """Towards the right and the bottom, as far as the page leaves room there."""
    box = page.getbbox()
    if box is None:
        return page
    right, down = min(page.width - box[2], most), min(page.height - box[3], most)
    x, y = turn % (right + 1), turn // (right + 1) % (down + 1)
    # What leaves on one side would come in on the other; it is dark.
    return ImageChops.offset(page, x, y)
