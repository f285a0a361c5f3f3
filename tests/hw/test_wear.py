"""Lit hours, how a page rests, and what a year of the product's own rest does to the glass."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

import pytest
from PIL import Image

from device.core.rest import Depth, Rest
from device.views.paint import brief, paint
from device.world import Sight, sight
from hw.saver import DIM, DOT, SHIFT, WANDERS, Look, rested
from hw.wear import Lit, Wear, worn
from tests.bench.working_day import Day, fill

SIZE = (128, 64)
BLACK, WHITE = Image.new("1", SIZE), Image.new("1", SIZE, 255)


def point(x: int, y: int, size: tuple[int, int] = SIZE) -> Image.Image:
    picture = Image.new("1", size)
    picture.putpixel((x, y), 255)
    return picture


# Counting


def test_each_pixel_has_its_own_hours() -> None:
    wear = worn(SIZE, [Lit(point(3, 5), 7200), Lit(point(9, 5), 1800), Lit(point(3, 5), 60, 0.5)])
    assert wear.hours(3, 5) == pytest.approx(2 + 30 / 3600)
    assert wear.hours(9, 5) == 0.5
    assert wear.hours(0, 0) == 0
    assert wear.most == wear.hours(3, 5)


def test_wear_goes_on_where_it_was() -> None:
    before = worn(SIZE, [Lit(WHITE, 3600)])
    assert worn(SIZE, [Lit(WHITE, 3600)], before).most == 2
    assert worn(SIZE, []).most == 0


def test_rows_that_are_no_whole_bytes_count_as_well() -> None:
    size = (12, 3)
    for x in range(12):
        wear = worn(size, [Lit(point(x, 2, size), 3600)])
        assert [wear.hours(at, 2) for at in range(12)] == [float(at == x) for at in range(12)]


def test_the_most_worn_pixel_is_found_among_many() -> None:
    dice = random.Random(1)
    shown = [
        Lit(Image.frombytes("1", (16, 4), dice.randbytes(8)), dice.randrange(1, 999), 0.5)
        for _ in range(50)
    ]
    wear = worn((16, 4), shown)
    assert wear.most == max(wear.hours(x, y) for x in range(16) for y in range(4))


# How a page rests

SMALL = Image.new("1", (40, 12), 255)


def test_a_page_is_bright_then_dim_then_gives_way() -> None:
    seen = [rested(point(3, 3), SMALL, depth, 0) for depth in range(4)]
    assert [shown.level for shown in seen] == [1.0, DIM, DIM, DIM]
    assert [_count(shown) for shown in seen] == [1, 1, 480, DOT * DOT]


def _count(shown: Look) -> int:
    return shown.picture.histogram()[255]


def test_a_page_is_never_shifted_so_far_that_light_is_lost() -> None:
    for edge in (point(127, 63), point(127, 0), point(0, 63), point(126, 61), point(60, 30)):
        for turn in range(12):
            assert _count(rested(edge, SMALL, 0, turn)) == 1


def test_a_page_with_room_goes_everywhere_it_can() -> None:
    places = (SHIFT + 1) ** 2
    looks = [rested(point(60, 30), SMALL, 0, turn) for turn in range(places)]
    assert len({shown.picture.getbbox() for shown in looks}) == places


def test_what_wanders_is_somewhere_else_each_turn_and_on_the_glass() -> None:
    for small, depth in ((SMALL, 2), (point(0, 0, (DOT, DOT)), 3)):
        seen = [rested(WHITE, small, depth, turn) for turn in range(144)]
        assert {_count(shown) for shown in seen} == {480 if depth == 2 else DOT * DOT}
        boxes = [shown.picture.getbbox() for shown in seen]
        assert all(one != next_one for one, next_one in pairwise(boxes))


# A year

WORKING_DAYS, OTHER_DAYS, SEEDS = 250, 115, 4
MOST_HOURS = 800.0
"""At full brightness, in a year, of the pixel that is lit longest: a tenth of the 8,000 after which
a maker of such glasses promises half the light yet (docs/oled.md)."""


@dataclass
class Watched(Day):
    """A day of which is kept what the panel has on its glass, and from when."""

    sights: list[tuple[float, Sight]] = field(default_factory=list)

    def _take(self, at: float) -> None:
        super()._take(at)
        seen = sight(self.state)
        if not self.sights or seen != self.sights[-1][1]:
            self.sights.append((at, seen))

    def stood(self) -> Iterator[tuple[Sight, float]]:
        """What was to be seen one after the other, and for how many seconds."""
        self.live()
        ends = [at for at, _ in self.sights[1:]] + [self.end]
        for (at, seen), end in zip(self.sights, ends, strict=True):
            yield seen, end - at


def working(seed: int) -> Watched:
    day = Watched()
    fill(day, seed)
    return day


page, small = cache(paint), cache(brief)


@cache
def look(seen: Sight) -> Look:
    """As `Sight.look`, which paints also what is not seen and takes four times as long."""
    depth, black = seen.rest.depth, Image.new("1", SIZE)
    wide = page(seen.screen, SIZE, "en") if depth < WANDERS else black
    little = small(seen.screen, SIZE, "en") if depth == WANDERS else black
    return rested(wide, little, depth, seen.rest.turn)


def lit(stood: Iterable[tuple[Sight, float]], days: float = 1.0) -> Iterator[Lit]:
    for seen, seconds in stood:
        shown = look(seen)
        yield Lit(shown.picture, seconds * days, shown.level)


def year() -> Wear:
    """250 working days, of four kinds, and 115 on which nobody comes."""
    wear = worn(SIZE, lit(Watched().stood(), OTHER_DAYS))
    for seed in range(SEEDS):
        wear = worn(SIZE, lit(working(seed).stood(), WORKING_DAYS / SEEDS), wear)
    return wear


def test_over_a_year_no_pixel_is_lit_longer_than_it_may() -> None:
    assert year().most <= MOST_HOURS


def test_what_is_counted_is_what_the_panel_puts_on_its_glass() -> None:
    some = [seen for seen, _ in working(4).stood()][::40]
    assert {seen.rest.depth for seen in some} == set(Depth)
    assert all(look(seen) == seen.look(SIZE, "en") for seen in some)


def test_without_rest_some_pixels_would_be_lit_day_and_night() -> None:
    restless = ((replace(seen, rest=Rest()), seconds) for seen, seconds in Watched().stood())
    assert worn(SIZE, lit(restless)).most == pytest.approx(24)
