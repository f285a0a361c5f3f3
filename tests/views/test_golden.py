"""Every screen of the gallery, at every size and in every language, as the glass shows it."""

from pathlib import Path

import pytest
from PIL import Image, ImageChops

from device.views.paint import SIZE, SIZES, paint
from device.views.sheet import contact_sheet, gallery
from device.views.words import LANGUAGES
from hw.mocks.glass import Glass, Sh1106Glass, Ssd1306Glass
from hw.oled import LumaOled, i2c_on
from hw.specs import OledSpec
from tests.views import golden
from tests.views.golden import Size

# What luma calls, Pillow 14 takes away; until then it is only told off.
pytestmark = pytest.mark.filterwarnings("ignore:Image.Image.getdata:DeprecationWarning")

MODULES: dict[str, type[Glass]] = {"ssd1306": Ssd1306Glass, "sh1106": Sh1106Glass}

ON_A_BUS = [size for size in SIZES if size[0] <= 128]
"Sizes that the controllers have whose bytes are decoded."


class Module:
    """A module of one kind, and what an eye would see on it."""

    def __init__(self, driver: str, size: Size) -> None:
        self.glass = MODULES[driver](size)
        self.oled = LumaOled(OledSpec(driver, size=size), i2c_on(self.glass))
        self.oled.open()

    def shows(self, picture: Image.Image) -> Image.Image:
        self.oled.show(picture)
        return self.glass.pixels()


def complaint(name: str, seen: Image.Image, language: str, folder: Path) -> str:
    """Keep what was seen, and tell where; empty where it is as it should be."""
    wanted = golden.kept(name, seen.size, language)
    if wanted.tobytes() == seen.tobytes():
        return ""
    seen.save(folder / "seen.png")
    wrong = ImageChops.logical_xor(wanted, seen)
    wrong.save(folder / "wrong.png")
    return (
        f"{name}: {sum(wrong.histogram()[1:])} pixels are not as in "
        f"{golden.file(seen.size, language)}; see {folder}/seen.png and wrong.png. "
        "If they should be so: python -m tests.views.golden"
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", ON_A_BUS, ids=str)
def test_the_glass_shows_the_pictures_that_were_approved(
    size: Size, language: str, tmp_path: Path
) -> None:
    module = Module("ssd1306", size)
    for name, screen in gallery(size).items():
        seen = module.shows(paint(screen, size, language))
        assert not (told := complaint(name, seen, language, tmp_path)), told


def test_another_module_shows_the_same(tmp_path: Path) -> None:
    module = Module("sh1106", SIZE)
    for name, screen in gallery(SIZE).items():
        told = complaint(name, module.shows(paint(screen)), "en", tmp_path)
        assert not told, told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [size for size in SIZES if size not in ON_A_BUS], ids=str)
def test_larger_pictures_are_those_that_were_approved(
    size: Size, language: str, tmp_path: Path
) -> None:
    for name, screen in gallery(size).items():
        told = complaint(name, paint(screen, size, language), language, tmp_path)
        assert not told, told


def test_a_changed_picture_is_told_and_kept(tmp_path: Path) -> None:
    other = paint(gallery()["absent"])
    assert "pixels are not as in" in complaint("available", other, "en", tmp_path)
    with Image.open(tmp_path / "seen.png") as seen:
        assert seen.tobytes() == other.tobytes()


def test_no_picture_is_kept_of_a_size_or_language_that_is_gone() -> None:
    assert set(golden.HERE.glob("*.png")) == set(golden.files())


TWINS: dict[Size, set[tuple[str, str]]] = {
    (96, 16): {
        # What was heard already is no news, and a line has room for news only.
        ("available", "voicemail seen"),
        # Nor for what the schedule does on another day.
        ("diverted", "next change another day"),
        # Without a network the title itself says so; the address is on the page about the panel.
        ("no pbx but a network", "no pbx"),
        # The user has just chosen whom to call; what is left to do is the same.
        ("lift your phone", "lift your phone long"),
        # A name that takes the whole line leaves no room for how often; it is the same call.
        ("missed calls folded", "missed call pops up"),
        # What is missing fills the line.
        ("no config", "no config and no network"),
    },
    # What to do about it fills the glass.
    (128, 32): {("no config", "no config and no network")},
    # The whole text fits this glass, so its end is on the same screenful.
    (256, 64): {("long text", "long text end")},
}
"Screens that may look the same on a glass of that size, and why."


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_no_two_screens_of_the_gallery_look_the_same(size: Size) -> None:
    pictures: dict[bytes, str] = {}
    twins: set[tuple[str, str]] = set()
    for name, screen in gallery(size).items():
        twin = pictures.setdefault(paint(screen, size).tobytes(), name)
        twins |= {(twin, name)} if twin != name else set()
    assert twins == TWINS.get(size, set())


def test_the_contact_sheet_is_the_same_every_time() -> None:
    first, second = contact_sheet(), contact_sheet()
    assert first.tobytes() == second.tobytes()
    assert first.width % 3 == first.height % 3 == 0
