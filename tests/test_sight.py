"""The glass rests when nothing is new: less light, and never in the same place for long."""

from dataclasses import replace

from PIL import Image

from device.core import rest
from device.core.rest import Depth, Rest
from device.views.paint import SIZES
from device.world import Sight, sight
from hw.saver import DIM
from tests.views.states import QUIET

SCREEN = sight(QUIET).screen


def look(depth: Depth, turn: int = 0, size: tuple[int, int] = (128, 64)) -> Image.Image:
    return Sight(SCREEN, Rest(depth, turn)).look(size, "en").picture


def lit(picture: Image.Image) -> int:
    return picture.histogram()[-1]


def test_a_still_glass_is_dimmed_then_gives_way() -> None:
    assert Sight(SCREEN, Rest(Depth.AWAKE)).look((128, 64), "en").level == 1.0
    assert Sight(SCREEN, Rest(Depth.DIM)).look((128, 64), "en").level == DIM
    lights = [lit(look(depth)) for depth in (Depth.DIM, Depth.WANDER, Depth.DOT)]
    assert lights == sorted(lights, reverse=True)
    assert lights[-1] > 0, "a sign of life"


def test_what_wanders_is_elsewhere_each_turn_on_every_glass() -> None:
    for size in SIZES:
        pictures = {look(Depth.WANDER, turn, size).tobytes() for turn in range(12)}
        assert len(pictures) > 6, size


def test_rest_is_a_level_that_the_state_tells() -> None:
    asleep = replace(QUIET, woken=QUIET.now - rest.DOT_SECONDS)
    assert sight(asleep).rest.depth is Depth.DOT
    assert sight(replace(QUIET, woken=QUIET.now)).rest.depth is Depth.AWAKE
