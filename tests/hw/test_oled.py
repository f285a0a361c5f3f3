"""The OLED through luma: what is sent, what is not, and how it fails."""

import atexit
import errno
import random
import sys
from pathlib import Path

import pytest
from PIL import Image

from hw.mocks.glass import Glass, Sh1106Glass, Ssd1306Glass
from hw.oled import LumaOled, i2c_on
from hw.ports import HwLost, HwMissing
from hw.specs import OledSpec

SPEC = OledSpec("ssd1306")
BLACK = Image.new("1", (128, 64))
WHITE = Image.new("1", (128, 64), 1)


def noise(seed: int) -> Image.Image:
    return Image.frombytes("1", (128, 64), random.Random(seed).randbytes(1024))


def opened(glass: Glass, spec: OledSpec = SPEC) -> LumaOled:
    oled = LumaOled(spec, i2c_on(glass))
    oled.open()
    return oled


def test_the_same_picture_is_not_sent_again() -> None:
    glass = Ssd1306Glass()
    oled = opened(glass)
    oled.show(noise(1))
    sent = glass.transfers
    oled.show(noise(1).copy())
    assert glass.transfers == sent
    oled.show(noise(2))
    assert glass.transfers > sent


@pytest.mark.parametrize("transfer", [1, 2, 17, 33])
def test_a_transfer_that_fails_is_a_loss_and_the_next_opening_mends_it(transfer: int) -> None:
    """The first is a question, the others data; both fail as they are, where commands do not."""
    glass = Ssd1306Glass()
    oled = opened(glass)
    glass.fail_at(transfer)
    with pytest.raises(HwLost, match=r"ssd1306 on i2c:1:0x3c"):
        oled.show(noise(1))
    oled.open()
    assert glass.pixels().tobytes() == noise(1).tobytes()


def test_a_half_sent_picture_is_sent_whole_although_the_one_before_was_the_same() -> None:
    glass = Ssd1306Glass()
    oled = opened(glass)
    oled.show(noise(1))
    glass.fail_at(9)
    with pytest.raises(HwLost):
        oled.show(WHITE)
    oled.open()
    oled.show(noise(1))
    assert glass.pixels().tobytes() == noise(1).tobytes()


@pytest.mark.parametrize("transfer", range(1, 36))
def test_a_failure_at_any_step_of_opening_is_missing_and_can_be_tried_again(transfer: int) -> None:
    """The words to wake it, the window, 32 transfers of picture, and the word for light."""
    glass = Ssd1306Glass(readable=False)
    oled = LumaOled(SPEC, i2c_on(glass))
    glass.fail_at(transfer if transfer == 1 else transfer + 2)  # two questions go unanswered
    with pytest.raises(HwMissing):
        oled.open()
    oled.open()
    oled.show(WHITE)
    assert glass.pixels().tobytes() == WHITE.tobytes()


def test_closing_a_display_that_is_gone_does_no_harm() -> None:
    glass = Ssd1306Glass()
    oled = opened(glass)
    glass.unplug()
    oled.close()


def test_nothing_is_left_to_the_end_of_the_process() -> None:
    glass = Ssd1306Glass()
    before = atexit._ncallbacks()
    for _ in range(3):
        opened(glass).close()
    glass.unplug()
    for _ in range(3):
        with pytest.raises(HwMissing):
            opened(glass)
    assert atexit._ncallbacks() == before


class ManagedBus:
    """Stands for smbus2.SMBus: opens the glass, and knows whether it was given back."""

    def __init__(self, glass: Glass) -> None:
        self.glass = glass
        self.opened: list[int] = []
        self.closed = 0

    def __call__(self, port: int) -> "ManagedBus":
        self.opened.append(port)
        return self

    def __getattr__(self, name: str) -> object:
        return getattr(self.glass, name)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> ManagedBus:
    bus = ManagedBus(Ssd1306Glass(address=0x3D))
    monkeypatch.setattr("smbus2.SMBus", bus)
    return bus


def test_a_bus_that_luma_opens_takes_a_frame_in_one_transfer(bus: ManagedBus) -> None:
    oled = LumaOled(OledSpec("ssd1306", "i2c:3:0x3d"))
    oled.open()
    before = bus.glass.transfers
    oled.show(noise(1))
    assert bus.opened == [3]
    assert bus.glass.transfers - before == 2  # a question, and the picture in the same window
    assert bus.glass.pixels().tobytes() == noise(1).tobytes()
    oled.close()
    assert bus.closed == 1


def test_the_bus_is_given_back_when_opening_fails(bus: ManagedBus) -> None:
    bus.glass.unplug()
    oled = LumaOled(OledSpec("ssd1306", "i2c:1:0x3d"))
    for tries in (1, 2):
        with pytest.raises(HwMissing, match="is it wired and powered"):
            oled.open()
        assert bus.closed == tries


@pytest.mark.skipif(Path("/dev/i2c-99").exists(), reason="this machine has a hundred I2C buses")
def test_a_bus_that_is_not_there_is_missing_and_says_what_to_do() -> None:
    with pytest.raises(HwMissing, match=r"ssd1306 on i2c:99:0x3c: .*switched on \(raspi-config"):
        LumaOled(OledSpec("ssd1306", "i2c:99:0x3c")).open()


@pytest.mark.parametrize(
    ("bus", "library"),
    [("i2c:1:0x3c", "luma.core.interface"), ("i2c:1:0x3c", "smbus2"), ("spi:0:0", "RPi")],
)
def test_a_library_that_is_not_installed_is_missing_and_named(
    monkeypatch: pytest.MonkeyPatch, bus: str, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(HwMissing, match=rf"{library}.*pip install deskpanel"):
        LumaOled(OledSpec("ssd1306", bus)).open()


def test_a_bus_one_may_not_open_is_missing_and_says_which_group(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(port: int) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", f"/dev/i2c-{port}")

    monkeypatch.setattr("smbus2.SMBus", refuse)
    with pytest.raises(HwMissing, match=r"/dev/i2c-1; the user wants to be in the groups i2c"):
        LumaOled(SPEC).open()


def test_a_size_that_the_controller_has_not_is_missing() -> None:
    with pytest.raises(HwMissing, match=r"100 x 100; see oled\.size"):
        opened(Ssd1306Glass(), OledSpec("ssd1306", size=(100, 100)))


@pytest.mark.parametrize("column", [0, 4])
def test_an_sh1106_may_sit_elsewhere_on_its_columns(column: int) -> None:
    glass = Sh1106Glass(first_column=column)
    oled = opened(glass, OledSpec("sh1106", column_offset=column))
    oled.show(noise(1))
    assert glass.pixels().tobytes() == noise(1).tobytes()


@pytest.mark.parametrize(("driver", "offset"), [("ssd1306", 2), ("sh1106", 16)])
def test_a_column_offset_that_cannot_be_is_missing(driver: str, offset: int) -> None:
    with pytest.raises(HwMissing, match="column_offset"):
        opened(Ssd1306Glass(), OledSpec(driver, column_offset=offset))


def test_closing_switches_the_glass_off_rather_than_painting_it_black() -> None:
    glass = Ssd1306Glass()
    oled = opened(glass)
    oled.show(WHITE)
    oled.close()
    assert not glass.registers.on
