"""From one picture to the next with few bytes: which parts of a controller's RAM to send.

A picture is kept as the RAM of SSD1306 and SH1106 keeps it: pages of eight rows from the top, each
a byte per column, the lowest bit uppermost (SSD1306 data sheet, 8.7; SH1106, "Display Data RAM").
Nothing here knows of a bus; `hw.controllers` puts the parts into commands.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

PAGE_ROWS = 8

_TURNED = {
    0: None,
    1: Image.Transpose.ROTATE_270,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_90,
}
"By quarter turns clockwise, where Pillow counts the other way."

Pages = tuple[bytes, ...]
"A picture as pages of equally many bytes."


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle of RAM bytes; both ends are in it."""

    left: int
    right: int
    top: int
    "First page."
    bottom: int
    "Last page."

    @property
    def size(self) -> int:
        return (self.right - self.left + 1) * (self.bottom - self.top + 1)

    def on(self, page: int) -> "Part":
        """The same columns of one page."""
        return Part(self.left, self.right, page, page)

    def of(self, pages: Pages) -> bytes:
        """Its bytes, a page after the other."""
        return b"".join(
            page[self.left : self.right + 1] for page in pages[self.top : self.bottom + 1]
        )


@dataclass(frozen=True, slots=True)
class Prices:
    """What it costs in bytes to begin a part, beside its own bytes: commands and the bus's own."""

    first: int
    following: int
    "For a part of the same pages as the one before."
    tallest: int
    "How many pages a part may have."


def pages_of(image: Image.Image, rotate: int = 0) -> Pages:
    """A picture of mode "1", turned clockwise by quarters; its height then a multiple of 8."""
    turn = _TURNED[rotate]
    upright = image if turn is None else image.transpose(turn)
    # On its side, each row is a column from the bottom up, and eight pixels of it are one byte.
    columns = upright.transpose(Image.Transpose.ROTATE_270).tobytes()
    count = upright.height // PAGE_ROWS
    return tuple(columns[count - 1 - page :: count] for page in range(count))


def inverted(pages: Pages) -> Pages:
    """What is light is dark, and what is dark is light."""
    return tuple(page.translate(_INVERTED) for page in pages)


_INVERTED = bytes(255 - byte for byte in range(256))


def differing(one: Pages, other: Pages) -> int:
    """In how many bytes two pictures differ."""
    pairs = zip(b"".join(one), b"".join(other), strict=True)
    return sum(a != b for a, b in pairs)


def whole(pages: Pages) -> Part:
    """All of it."""
    return Part(0, len(pages[0]) - 1, 0, len(pages) - 1)


@dataclass(frozen=True, slots=True)
class Plan:
    """Parts that cover every change, and their price in bytes."""

    price: int = 0
    parts: tuple[Part, ...] = ()

    def __add__(self, other: "Plan") -> "Plan":
        return Plan(self.price + other.price, self.parts + other.parts)


def plan(old: Pages, new: Pages, prices: Prices) -> Plan:
    """The cheapest way to divide the pages into bands, each with parts of the band's full height.

    Bytes that did not change are sent along where that costs less than to begin anew.
    """
    changed = [_changed(*both) for both in zip(old, new, strict=True)]
    best = [Plan()]
    for bottom in range(len(new)):
        best.append(min(_ending(changed, bottom, best, prices), key=lambda p: p.price))
    return best[-1]


def _ending(
    changed: Sequence[int], bottom: int, above: Sequence[Plan], prices: Prices
) -> list[Plan]:
    """The best plan down to a page, for each height of the last band."""
    if not changed[bottom]:
        return [above[bottom]]
    plans, union = [], 0
    for top in range(bottom, max(bottom - prices.tallest, -1), -1):
        union |= changed[top]
        if changed[top]:  # a band that began with a page without changes would only be dearer
            plans.append(above[top] + _band(union, top, bottom, prices))
    return plans


def _band(changed: int, top: int, bottom: int, prices: Prices) -> Plan:
    height = bottom - top + 1
    runs = _runs(changed, prices.following // height)
    parts = tuple(Part(left, right, top, bottom) for left, right in runs)
    price = prices.first - prices.following
    return Plan(price + sum(prices.following + part.size for part in parts), parts)


def _changed(old: bytes, new: bytes) -> int:
    """A bit for each column that differs, the lowest for the leftmost."""
    if old == new:
        return 0
    return sum(1 << x for x, (a, b) in enumerate(zip(old, new, strict=True)) if a != b)


def _runs(columns: int, slack: int) -> list[tuple[int, int]]:
    """First and last of neighbouring columns; runs with up to `slack` columns between are one."""
    runs: list[tuple[int, int]] = []
    while columns:
        left = (columns & -columns).bit_length() - 1
        # Adding its lowest bit clears a run of ones and sets the bit above it.
        after = columns + (1 << left)
        right = (after ^ columns).bit_length() - 2
        columns &= after
        if runs and left - runs[-1][1] - 1 <= slack:
            runs[-1] = (runs[-1][0], right)
        else:
            runs.append((left, right))
    return runs
