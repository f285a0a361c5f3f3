"""Letters of all other scripts, from GNU Unifont, where the system has it (Debian: fonts-unifont).

A letter is 8 or 16 pixels wide and 16 high, which is what a line of the large font has room for.
"""

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from device.views.glyph import Glyph

FOLDERS: tuple[str, ...] = (
    "/usr/share/fonts/opentype/unifont",
    "/usr/share/fonts/truetype/unifont",
)
"Where Debian puts it, and where it did."

FILES = ("unifont.otf", "unifont.ttf", "unifont_upper.otf", "unifont_upper.ttf")
"The first plane of Unicode, and what lies above it."

SIZE = 16
RISE = 3
"Rows by which a letter stands higher than our own: both stand on the same line then."

NOWHERE = "\U000f0000"
"A private character: what a font draws of it, it draws of everything that it has not."

EDGE = 16
"Columns left of the pen, for marks are drawn back over the letter that came before."


def letter(char: str) -> Glyph | None:
    """The drawing of a character; None where no font that is installed has it."""
    return _letter(char, FOLDERS)


@lru_cache(maxsize=2000)
def _letter(char: str, folders: tuple[str, ...]) -> Glyph | None:
    drawn = (_drawn(font, char) for font in _fonts(folders))
    return next((glyph for glyph in drawn if glyph), None)


def _drawn(font: ImageFont.FreeTypeFont, char: str) -> Glyph | None:
    dots = _dots(font, char)
    # A letter ends in a column of its own that is dark; a mark takes no room at all.
    width = round(font.getlength(char)) - 1
    return None if dots == _dots(font, NOWHERE) else Glyph(width, dots)


def _dots(font: ImageFont.FreeTypeFont, char: str) -> frozenset[tuple[int, int]]:
    image = Image.new("1", (EDGE + SIZE, SIZE))
    pen = ImageDraw.Draw(image)
    pen.fontmode = "1"
    pen.text((EDGE, 0), char, font=font, fill=255)
    lit = (i for i, pixel in enumerate(image.convert("L").tobytes()) if pixel)
    return frozenset((i % image.width - EDGE, i // image.width - RISE) for i in lit)


@lru_cache(maxsize=4)
def _fonts(folders: tuple[str, ...]) -> tuple[ImageFont.FreeTypeFont, ...]:
    paths = [path for name in FILES for folder in folders if (path := Path(folder, name)).exists()]
    # Pillow's other engine would shape whole words, and is not there on every system.
    engine = ImageFont.Layout.BASIC
    return tuple(
        ImageFont.truetype(path, SIZE, layout_engine=engine) for path in paths if path.exists()
    )
