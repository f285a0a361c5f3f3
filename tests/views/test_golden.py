"""Every screen of the gallery, as the glass shows it after a trip over the bus."""

from pathlib import Path

import pytest
from PIL import Image, ImageChops

from device.views.paint import paint
from device.views.sheet import GALLERY, contact_sheet
from hw.mocks.glass import Glass, Sh1106Glass, Ssd1306Glass
from hw.oled import LumaOled, i2c_on
from hw.specs import OledSpec
from tests.views import golden

# What luma calls, Pillow 14 takes away; until then it is only told off.
pytestmark = pytest.mark.filterwarnings("ignore:Image.Image.getdata:DeprecationWarning")

MODULES: dict[str, type[Glass]] = {"ssd1306": Ssd1306Glass, "sh1106": Sh1106Glass}


def on_glass(driver: str, picture: Image.Image) -> Image.Image:
    """What an eye would see on a module of that kind."""
    glass = MODULES[driver]()
    oled = LumaOled(OledSpec(driver), i2c_on(glass))
    oled.open()
    oled.show(picture)
    return glass.pixels()


def complaint(name: str, seen: Image.Image, folder: Path) -> str:
    """Keep what was seen, and tell where; empty where it is as it should be."""
    wanted = golden.kept(name)
    if wanted.mode == "1" and wanted.size == seen.size and wanted.tobytes() == seen.tobytes():
        return ""
    seen.save(folder / "seen.png")
    wrong = ImageChops.logical_xor(wanted.convert("1"), seen)
    wrong.save(folder / "wrong.png")
    return (
        f"{name}: {sum(wrong.histogram()[1:])} pixels are not as in {golden.file(name)}; see "
        f"{folder}/seen.png and wrong.png. If they should be so: python -m tests.views.golden"
    )


@pytest.mark.parametrize("driver", MODULES)
@pytest.mark.parametrize("name", GALLERY)
def test_the_glass_shows_the_picture_that_was_approved(
    name: str, driver: str, tmp_path: Path
) -> None:
    seen = on_glass(driver, paint(GALLERY[name]))
    assert not (told := complaint(name, seen, tmp_path)), told


def test_a_changed_picture_is_told_and_kept(tmp_path: Path) -> None:
    name = "available"
    other = on_glass("ssd1306", paint(GALLERY["absent"]))
    assert "pixels are not as in" in complaint(name, other, tmp_path)
    with Image.open(tmp_path / "seen.png") as seen:
        assert seen.tobytes() == other.tobytes()


def test_no_picture_is_kept_of_a_screen_that_is_gone() -> None:
    assert set(golden.HERE.glob("*.png")) == {golden.file(name) for name in GALLERY}


def test_no_two_screens_of_the_gallery_look_the_same() -> None:
    pictures = {paint(screen).tobytes() for screen in GALLERY.values()}
    assert len(pictures) == len(GALLERY)


def test_the_contact_sheet_is_the_same_every_time() -> None:
    first, second = contact_sheet(), contact_sheet()
    assert first.tobytes() == second.tobytes()
    assert first.width % 3 == first.height % 3 == 0
