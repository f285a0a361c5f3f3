"""An OLED wears where it is lit: what wakes it, and how it rests."""

from device.core.events import (
    CallEnded,
    CallOffered,
    ClockSet,
    HintHeard,
    LinkChanged,
    PartFound,
    PartLost,
    Pressed,
    Tick,
)
from device.core.rest import DIM_SECONDS, DOT_SECONDS, MOVE_SECONDS, WANDER_SECONDS, Depth, rest
from device.core.turns import TURN_SECONDS, turn
from device.core.update import deadline
from device.core.words import CallEnd, Hint, Link, Page
from tests.core.play import Played, online, play


def depth(story: Played) -> Depth:
    return rest(story.state).depth


def test_a_still_glass_rests_deeper_and_deeper() -> None:
    story = online()
    assert depth(story.later(DIM_SECONDS - 1)) is Depth.AWAKE
    assert depth(story.later(DIM_SECONDS)) is Depth.DIM
    assert depth(story.later(WANDER_SECONDS)) is Depth.WANDER
    assert depth(story.later(DOT_SECONDS)) is Depth.DOT


def test_a_press_wakes_and_acts() -> None:
    pressed = online().later(DOT_SECONDS).then(Pressed(DOT_SECONDS + 1, "missed"))
    assert depth(pressed) is Depth.AWAKE
    assert pressed.state.view.page is Page.MISSED


def test_the_clock_and_what_is_not_seen_do_not_wake() -> None:
    asleep = online().later(WANDER_SECONDS)
    now = asleep.now
    for event in (Tick(now), ClockSet(now, None), HintHeard(now, "102", Hint.BUSY)):
        assert depth(asleep.then(event)) is Depth.WANDER


def test_a_part_that_is_lost_or_found_wakes() -> None:
    lost = online().later(WANDER_SECONDS).then(PartLost(WANDER_SECONDS, "board", "unplugged"))
    assert depth(lost) is Depth.AWAKE
    later = lost.later(WANDER_SECONDS)
    assert depth(later) is Depth.WANDER
    assert depth(later.then(PartFound(later.now, "board"))) is Depth.AWAKE


def test_what_is_told_in_turn_wants_its_ticks_until_the_glass_rests_deeply() -> None:
    """They wake nobody, and a glass that wanders is left alone."""
    alone = play(LinkChanged(0.0, Link.OFFLINE, "no route"))
    told = alone.then(PartLost(1.0, "card", "wifi.txt:2: password: expected 8 to 63 characters"))
    assert deadline(told.state) == TURN_SECONDS
    later = told.then(*(Tick(float(n)) for n in range(5, int(DIM_SECONDS) + 10, 5)))
    assert (turn(later.state), depth(later)) == (7, Depth.DIM)
    deep = told.later(WANDER_SECONDS)
    assert (turn(deep.state), deadline(deep.state)) == (None, deadline(deep.later(1).state))


def test_what_a_call_covers_takes_no_turns() -> None:
    alone = play(LinkChanged(0.0, Link.OFFLINE, "no route"), PartLost(1.0, "card", "wifi.txt:2: x"))
    assert turn(alone.then(CallOffered(2.0, 1, "101")).state) is None


def test_nobody_ticks_for_what_has_its_line_on_the_page() -> None:
    quiet = online()
    told = quiet.then(PartLost(quiet.now, "board", "unplugged"))
    assert turn(told.state) is None
    assert deadline(told.state) == DIM_SECONDS


def test_a_minute_of_the_clock_does_not_wake() -> None:
    story = online().then(ClockSet(1.0, 1_790_000_000.0)).later(WANDER_SECONDS + 120)
    assert depth(story) is Depth.WANDER


def test_a_ringing_phone_keeps_it_awake() -> None:
    rings = online().later(DOT_SECONDS).then(CallOffered(DOT_SECONDS, 1, "101"))
    assert depth(rings.later(120)) is Depth.AWAKE
    over = rings.then(CallEnded(DOT_SECONDS + 9, 1, CallEnd.GIVEN_UP))
    assert depth(over) is Depth.AWAKE
    assert depth(over.later(DIM_SECONDS + 10)) is Depth.DIM


def test_what_wanders_moves_by_the_plan_and_not_more() -> None:
    asleep = online().later(WANDER_SECONDS)
    turns = [rest(asleep.later(n * MOVE_SECONDS).state).turn for n in range(5)]
    assert turns == list(range(turns[0], turns[0] + 5))
    due = deadline(asleep.state)
    assert due is not None
    assert due - asleep.now > 60


def test_every_press_wakes_though_nothing_else_comes_of_it() -> None:
    for button in ("available", "diverted", "voicemail", "colleague-1", "knob"):
        asleep = online().later(DOT_SECONDS)
        assert depth(asleep.then(Pressed(asleep.now + 1, button))) is Depth.AWAKE, button
