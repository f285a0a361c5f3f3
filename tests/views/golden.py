"""The pictures that are kept, a sheet for every size and language.

`python -m tests.views.golden` draws them anew, to be looked at.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from PIL import Image

from device.views import unifont
from device.views.paint import SIZES, paint
from device.views.sheet import gallery
from device.views.words import LANGUAGES

HERE = Path(__file__).parent.parent / "golden"
COLUMNS = 8
NO_FOLDERS: tuple[str, ...] = ()

Size = tuple[int, int]


def file(size: Size, language: str) -> Path:
    """Where the pictures of a size are kept, as they are in one language."""
    return HERE / f"{size[0]}x{size[1]}-{language}.png"


def files() -> Iterator[Path]:
    return (file(size, language) for size in SIZES for language in LANGUAGES)


@cache
def sheet(size: Size, language: str) -> Image.Image:
    """All pictures as they were last approved, side by side."""
    with Image.open(file(size, language)) as picture:
        return picture.convert("1")


def kept(name: str, size: Size, language: str) -> Image.Image:
    """One of them."""
    return sheet(size, language).crop(_place(list(gallery(size)).index(name), size))


def painted(size: Size, language: str) -> Image.Image:
    """The sheet as it is painted now."""
    screens = gallery(size)
    rows = -(-len(screens) // COLUMNS)
    whole = Image.new("1", (COLUMNS * size[0], rows * size[1]))
    for index, screen in enumerate(screens.values()):
        whole.paste(paint(screen, size, language), _place(index, size))
    return whole


def _place(index: int, size: Size) -> tuple[int, int, int, int]:
    x, y = index % COLUMNS * size[0], index // COLUMNS * size[1]
    return x, y, x + size[0], y + size[1]


def renew() -> None:
    """Throw away what is kept, and keep what is painted now."""
    HERE.mkdir(exist_ok=True)
    for old in HERE.glob("*.png"):
        old.unlink()
    for size in SIZES:
        for language in LANGUAGES:
            painted(size, language).save(file(size, language), optimize=True)


if __name__ == "__main__":
    # Pictures are the same on every computer, whatever fonts it has.
    unifont.FOLDERS = NO_FOLDERS
    renew()
