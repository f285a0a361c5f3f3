"""Displays whose controllers only luma knows: they are sent what luma sends, picture by picture."""

import inspect
import random

import luma.oled.device
import pytest
from PIL import Image

from hw.controllers import controller
from hw.drivers import LUMA_DEVICES
from hw.oled import LumaOled
from hw.specs import OledSpec


class Recorder:
    """A bus that writes everything down."""

    def __init__(self) -> None:
        self.told: list[tuple[str, list[int]]] = []

    def command(self, *commands: int) -> None:
        self.told.append(("command", list(commands)))

    def data(self, data: list[int]) -> None:
        self.told.append(("data", list(data)))

    def cleanup(self) -> None:
        """Nothing was opened."""


def usual_size(driver: str) -> tuple[int, int]:
    parameters = inspect.signature(getattr(luma.oled.device, driver)).parameters
    return parameters["width"].default, parameters["height"].default


OTHERS = sorted(d for d in LUMA_DEVICES if controller(d, usual_size(d), 2) is None)


def test_of_all_these_nothing_is_known_here() -> None:
    assert len(OTHERS) == 11
    assert "ssd1322" in OTHERS


@pytest.mark.parametrize("driver", OTHERS)
def test_it_is_sent_what_luma_sends(driver: str) -> None:
    width, height = usual_size(driver)
    dice = random.Random(1)
    shown = [
        Image.frombytes("1", (width, height), dice.randbytes((width + 7) // 8 * height))
        for _ in range(3)
    ]
    ours, theirs = Recorder(), Recorder()
    oled = LumaOled(OledSpec(driver, size=(width, height)), lambda: ours)
    oled.open()
    display = getattr(luma.oled.device, driver)(theirs, width=width, height=height)
    display.display(Image.new(display.mode, (width, height)))
    for picture in shown:
        ours.told.clear()
        theirs.told.clear()
        oled.show(picture)
        display.display(picture.convert(display.mode))
        assert ours.told == theirs.told != []
