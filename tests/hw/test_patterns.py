"""Lamp patterns and tunes, as numbers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw.patterns import BEATS, RINGING, TUNES, lit, next_change, seen
from hw.ports import DARK, Colour, Glow, Pattern

MOMENTS = st.floats(min_value=0, max_value=1e7, allow_nan=False)
GLOWS = st.builds(
    Glow,
    colour=st.sampled_from(Colour),
    pattern=st.sampled_from(Pattern),
    level=st.sampled_from([0.1, 0.5, 1.0]),
    overlay=st.sampled_from(Colour),
)


def look(glow: Glow, at: float) -> tuple[float, Colour]:
    return lit(glow, at), seen(glow, at)


def turns(pattern: Pattern, seconds: float) -> list[float]:
    glow, at, found = Glow(Colour.GREEN, pattern), 0.0, [0.0]
    while (after := next_change(glow, at)) is not None and after < seconds:
        found.append(after)
        at = after
    return found


def test_off_and_steady_never_move() -> None:
    for pattern in (Pattern.OFF, Pattern.STEADY):
        assert next_change(Glow(Colour.GREEN, pattern), 12.3) is None
    assert lit(Glow(Colour.GREEN, Pattern.STEADY, 0.4), 12.3) == 0.4
    assert lit(DARK, 12.3) == 0.0


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (Pattern.FAST, [0.0, 0.2, 0.4, 0.6, 0.8]),
        (Pattern.SLOW, [0.0, 1.0, 2.0, 3.0, 4.0]),
        (Pattern.BLIP3, [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 1.2, 1.3]),
        (Pattern.DASH, [0.0, 0.1, 2.0, 2.1, 4.0]),
        (Pattern.PULSE, [0.0, 0.15, 4.0, 4.15, 8.0]),
    ],
)
def test_a_pattern_turns_when_it_should(pattern: Pattern, expected: list[float]) -> None:
    assert turns(pattern, 9.0)[: len(expected)] == expected


def test_a_dash_is_dark_nearly_always() -> None:
    dash = Glow(Colour.AMBER, Pattern.DASH)
    assert [lit(dash, at) for at in (0.0, 0.099, 0.1, 1.9, 2.0)] == [1.0, 1.0, 0.0, 0.0, 1.0]


def test_a_pulse_lays_its_colour_over_the_base() -> None:
    glow = Glow(Colour.GREEN, Pattern.PULSE, overlay=Colour.RED)
    assert [seen(glow, at) for at in (0.0, 0.149, 0.15, 3.9)] == [
        Colour.RED,
        Colour.RED,
        Colour.GREEN,
        Colour.GREEN,
    ]


def test_a_pulse_on_a_lamp_of_one_colour_is_a_wink() -> None:
    glow = Glow(Colour.GREEN, Pattern.PULSE, 0.5, overlay=Colour.RED)
    assert [lit(glow, at) for at in (0.0, 0.149, 0.15, 3.9)] == [0.0, 0.0, 0.5, 0.5]


def test_a_pulse_over_the_dark_is_a_flash() -> None:
    glow = Glow(Colour.OFF, Pattern.PULSE, overlay=Colour.RED)
    assert [lit(glow, at) for at in (0.0, 0.15)] == [1.0, 0.0]


@given(GLOWS, MOMENTS)
def test_between_two_changes_nothing_changes(glow: Glow, at: float) -> None:
    after = next_change(glow, at)
    until = at + 10 if after is None else after
    assert until > at
    for share in (0.25, 0.5, 0.75):
        between = at + (until - at) * share
        if until - between > 1e-6:  # below a microsecond a moment is rounded
            assert look(glow, between) == look(glow, at)


@given(GLOWS, MOMENTS)
def test_at_a_change_something_changes(glow: Glow, at: float) -> None:
    after = next_change(glow, at)
    assert after is None or look(glow, after) != look(glow, at) or glow.colour is glow.overlay


@given(st.sampled_from(sorted(BEATS)), MOMENTS)
def test_lamps_with_one_pattern_are_in_phase(pattern: Pattern, at: float) -> None:
    green, red = (Glow(colour, pattern) for colour in (Colour.GREEN, Colour.RED))
    assert lit(green, at) == lit(red, at)
    assert next_change(green, at) == next_change(red, at)


def test_ringing_is_one_second_in_five() -> None:
    assert [RINGING.up(at) for at in (0.0, 0.9, 1.0, 4.9, 5.0)] == [True, True, False, False, True]


@pytest.mark.parametrize("tune", sorted(TUNES))
def test_a_tune_begins_at_once_and_ends(tune: str) -> None:
    beat, at = TUNES[tune], 0.0
    assert beat.up(0.0)
    while (after := beat.next_turn(at)) is not None:
        at = after
    assert not beat.up(at)
    assert not beat.up(math.nextafter(at + 1e6, math.inf))
    assert at < 1.0
