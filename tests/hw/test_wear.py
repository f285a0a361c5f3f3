"""Lit hours, the plan that spares the glass, and what a year of it does."""

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from PIL import Image

from device.views.paint import brief, paint
from device.views.screens import Idle, Screen, Trouble
from hw.saver import DOT, PLAN, Look, Plan, look
from hw.wear import Lit, Wear, worn
from tests.bench.working_day import HOUR, Day, Stood, working_day

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


# The plan

SMALL = Image.new("1", (40, 12), 255)


def test_a_page_is_bright_then_dim_then_gives_way() -> None:
    still_page = point(3, 3)
    seen = [look(still_page, SMALL, still, 0.0) for still in (0, 29, 30, 299, 300, 3599, 3600)]
    assert [shown.level for shown in seen] == [1.0, 1.0, *(PLAN.dim,) * 5]
    assert [_count(shown) for shown in seen] == [1, 1, 1, 1, 480, 480, DOT * DOT]


def _count(shown: Look) -> int:
    return shown.picture.histogram()[255]


def test_a_page_is_never_shifted_so_far_that_light_is_lost() -> None:
    for edge in (point(127, 63), point(127, 0), point(0, 63), point(126, 61), point(60, 30)):
        for hour in range(12):
            assert _count(look(edge, SMALL, 0, hour * HOUR)) == 1


def test_a_page_with_room_goes_everywhere_it_can() -> None:
    middle = point(60, 30)
    boxes = {look(middle, SMALL, 0, hour * HOUR).picture.getbbox() for hour in range(9)}
    assert len(boxes) == 9


def test_what_wanders_stays_for_its_time_and_on_the_glass() -> None:
    seen = [look(WHITE, SMALL, 400, second).picture for second in range(0, 6000, 300)]
    assert all(shown.histogram()[255] == 480 for shown in seen)
    assert len({shown.tobytes() for shown in seen}) == 10


# A year

WORKING_DAYS, OTHER_DAYS, SEEDS = 250, 115, 4
MOST_HOURS = 800.0
"""At full brightness, in a year, of the pixel that is lit longest: a tenth of the 8,000 after which
a maker of such glasses promises half the light yet (docs/oled.md)."""


page, small = cache(paint), cache(brief)


def stillness(day: list[Stood]) -> Iterator[tuple[Stood, float, float]]:
    """Each screen, when it began, and for how long nothing but the clock had changed by then."""
    at = still = 0.0
    for before, stood in zip([None, *day], day, strict=False):
        still = still if before and timeless(before.screen) == timeless(stood.screen) else 0.0
        yield stood, at, still
        at, still = at + stood.seconds, still + stood.seconds


def timeless(screen: Screen) -> Screen:
    match screen:
        case Idle() | Trouble():
            return replace(screen, bar=replace(screen.bar, clock=""))
        case _:
            return screen


def looks(day: list[Stood], plan: Plan) -> Iterator[Lit]:
    """What the plan makes of a day."""
    for stood, at, still in stillness(day):
        moments = [t for t in plan.turns(still) if t < stood.seconds]
        for begin, end in zip([0.0, *moments], [*moments, stood.seconds], strict=True):
            shown = look(page(stood.screen), small(stood.screen), still + begin, at + begin, plan)
            yield Lit(shown.picture, end - begin, shown.level)


def many(lit: Iterator[Lit], days: float) -> Iterator[Lit]:
    return (replace(one, seconds=one.seconds * days) for one in lit)


def year(plan: Plan) -> Wear:
    """250 working days, of five kinds, and 115 on which nobody comes."""
    wear = worn(SIZE, many(looks(Day().live(), plan), OTHER_DAYS))
    for seed in range(SEEDS):
        wear = worn(SIZE, many(looks(working_day(seed=seed), plan), WORKING_DAYS / SEEDS), wear)
    return wear


NEVER = Plan(*(1e9,) * 3, dim=1.0, shift=0)


def test_over_a_year_no_pixel_is_lit_longer_than_it_may() -> None:
    assert year(PLAN).most <= MOST_HOURS


def test_without_a_plan_some_pixels_would_be_lit_day_and_night() -> None:
    assert worn(SIZE, looks(working_day(), NEVER)).most == pytest.approx(24)
