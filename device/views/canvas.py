"""A sheet of glass to draw on: black, and 1 is light."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from PIL import Image, ImageChops, ImageDraw

from device.views.font import Font
from device.views.glyph import Dot, Glyph

BAR_HEIGHT = 12
"Of the top of every screen, in pixels."


@dataclass(frozen=True, slots=True)
class Canvas:
    """All positions are pixels right and down; a text is placed by the top of its capitals."""

    size: tuple[int, int]
    image: Image.Image = field(init=False)
    pen: ImageDraw.ImageDraw = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "image", Image.new("1", self.size))
        object.__setattr__(self, "pen", ImageDraw.Draw(self.image))

    @property
    def width(self) -> int:
        return self.size[0]

    @property
    def height(self) -> int:
        return self.size[1]

    def text(self, font: Font, x: int, y: int, text: str, ink: int = 1) -> int:
        """Write a line; returns where it ends."""
        self._dots(font.dots(text), x, y, ink)
        return x + font.width(text)

    def text_left_of(self, font: Font, x: int, y: int, text: str, ink: int = 1) -> int:
        """Write a line that ends before x; returns where it begins."""
        start = x - font.width(text)
        self.text(font, start, y, text, ink)
        return start

    def text_centred(self, font: Font, y: int, text: str) -> None:
        self.text(font, (self.width - font.width(text)) // 2, y, text)

    def icon(self, icon: Glyph, x: int, y: int, ink: int = 1) -> int:
        """Draw an icon; returns where it ends."""
        self._dots(icon.dots, x, y, ink)
        return x + icon.width

    def box(self, x: int, y: int, width: int, height: int, ink: int = 1) -> None:
        if width > 0 and height > 0:
            self.pen.rectangle((x, y, x + width - 1, y + height - 1), fill=_shade(ink))

    def pill(self, x: int, y: int, width: int, height: int) -> None:
        """A box whose corners are rounded."""
        self.box(x + 1, y, width - 2, height)
        self.box(x, y + 1, width, height - 2)

    def invert(self) -> None:
        """Light becomes dark, and dark light."""
        self.image.paste(ImageChops.invert(self.image))

    def _dots(self, dots: Iterable[Dot], x: int, y: int, ink: int) -> None:
        self.pen.point([(x + right, y + down) for right, down in dots], fill=_shade(ink))


def _shade(ink: int) -> int:
    """Pillow keeps a lit pixel as 255, and takes a 1 for a third value."""
    return 255 if ink else 0
