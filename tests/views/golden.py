"""The pictures that are kept. `python -m tests.views.golden` draws them anew, to be looked at."""

from pathlib import Path

from PIL import Image

from device.views.paint import paint
from device.views.sheet import GALLERY

HERE = Path(__file__).parent.parent / "golden"


def file(name: str) -> Path:
    """Where the picture of a screen of the gallery is kept."""
    return HERE / f"{name.replace(' ', '-')}.png"


def kept(name: str) -> Image.Image:
    """The picture as it was last approved."""
    with Image.open(file(name)) as picture:
        picture.load()
        return picture


def renew() -> None:
    """Throw away what is kept, and keep what is painted now."""
    HERE.mkdir(exist_ok=True)
    for old in HERE.glob("*.png"):
        old.unlink()
    for name, screen in GALLERY.items():
        paint(screen).save(file(name), optimize=True)


if __name__ == "__main__":
    renew()
