"""Stories about what is heard: muting, quiet hours, and the nights of the lamps."""

from dataclasses import replace

import pytest

from device.core.effects import Beep
from device.core.events import CallOffered, ClockSet, Muted, Pressed, TextReceived
from device.core.kept import initial, kept
from device.core.manners import Manners, Span
from device.core.pages import page
from device.core.quiet import at_night, hushed, muted
from device.core.state import State
from device.core.words import Notice, Page, Status
from device.views.tone import ringing
from tests.core.play import GENERIC, Played, click, online, play

HOUR = 3600.0
MIDNIGHT = 1_800_057_600.0
"Unix seconds of a UTC midnight."


def text(story: Played) -> list[Beep]:
    told = story.then(TextReceived(story.now, "201", "Anna", "Lunch?"))
    return [e for e in told.effects if isinstance(e, Beep)]


def rings(story: Played) -> bool:
    return ringing(story.then(CallOffered(story.now, 1, "201")).state)


def at(hour: float, manners: Manners) -> Played:
    """A panel that knows what time it is."""
    return online(replace(GENERIC, manners=manners)).then(ClockSet(0.0, MIDNIGHT + hour * HOUR))


def twice(story: Played) -> Played:
    """Two quick presses of `available`."""
    return story.then(*click("available", story.now + 1), *click("available", story.now + 1.2))


def test_a_muted_panel_rings_and_beeps_no_more_and_shows_as_much_as_before() -> None:
    story = online().then(Muted(0.0))
    assert (text(story), rings(story)) == ([], False)
    told = story.then(TextReceived(0.0, "201", "Anna", "Lunch?"))
    assert told.state.texts.unseen == 1
    assert told.state.balloons[0].notice is Notice.MESSAGE


def test_a_mute_for_a_while_ends_by_itself() -> None:
    story = online().then(Muted(0.0, seconds=60.0))
    assert muted(story.later(59.0).state)
    assert rings(story.later(60.0))


def test_sound_may_be_wanted_again_before() -> None:
    story = online().then(Muted(0.0, seconds=60.0), Muted(1.0, wanted=False))
    assert text(story) == [Beep(Notice.MESSAGE)]


def test_muting_changes_no_status() -> None:
    assert online().then(Muted(0.0)).status is Status.AVAILABLE


def test_two_quick_presses_of_available_ask_for_how_long() -> None:
    asked = twice(online())
    assert page(asked.state) is Page.MUTE
    chosen = asked.then(Pressed(asked.now, "available"), Pressed(asked.now, "available", held=True))
    assert (page(chosen.state), chosen.status) == (Page.IDLE, Status.AVAILABLE)
    assert muted(chosen.later(29 * 60).state)
    assert not muted(chosen.later(30 * 60).state)


def test_two_quick_presses_of_available_bring_the_sound_back() -> None:
    story = twice(online().then(Muted(0.0)))
    assert (page(story.state), muted(story.state)) == (Page.IDLE, False)


def test_two_quick_presses_in_a_menu_are_two_presses() -> None:
    listed = online().then(Pressed(0.0, "available", held=True))
    stepped = twice(listed)
    assert (page(stepped.state), stepped.state.view.index) == (Page.TIMES, 2)


@pytest.mark.parametrize(
    ("hour", "quiet"), [(21.9, False), (22.0, True), (2.0, True), (6.9, True), (7.0, False)]
)
def test_quiet_hours_run_over_midnight(hour: float, quiet: bool) -> None:
    story = at(hour, Manners(quiet=(Span(22 * 60, 7 * 60),)))
    assert hushed(story.state) is quiet
    assert rings(story) is not quiet
    assert bool(text(story)) is not quiet


def test_quiet_hours_begin_while_the_phone_rings() -> None:
    story = at(21.99, Manners(quiet=(Span(22 * 60, 7 * 60),)))
    ringing_now = story.then(CallOffered(story.now, 1, "201"))
    assert ringing(ringing_now.state)
    assert not ringing(ringing_now.later(60.0).state)


def test_there_are_several_quiet_hours_a_day() -> None:
    manners = Manners(quiet=(Span(0, 60), Span(12 * 60, 13 * 60)))
    assert hushed(at(12.5, manners).state)
    assert not hushed(at(11.0, manners).state)


def test_while_the_time_is_unknown_no_hour_is_quiet_and_none_is_night() -> None:
    manners = Manners(quiet=(Span(0, 1439),), night=(Span(0, 1439),))
    state = online(replace(GENERIC, manners=manners)).state
    assert not hushed(state)
    assert not at_night(state)


def test_the_night_is_not_the_quiet_hours() -> None:
    state = at(23.0, Manners(night=(Span(22 * 60, 7 * 60),))).state
    assert at_night(state)
    assert not hushed(state)


def restarted(story: Played) -> State:
    """The next run of the program, which does not know the time yet."""
    return initial(GENERIC, kept(story.state), 5.0)


def test_a_mute_outlives_a_power_cut_and_ends_at_its_hour() -> None:
    story = at(9.0, Manners()).then(Muted(0.0, seconds=HOUR))
    again = play(state=restarted(story))
    assert muted(again.state)
    dated = again.then(ClockSet(6.0, MIDNIGHT + 9.5 * HOUR))
    assert muted(dated.later(29 * 60).state)
    assert not muted(dated.later(31 * 60).state)
    assert not muted(again.then(ClockSet(6.0, MIDNIGHT + 11 * HOUR)).state)


def test_a_mute_without_an_end_outlives_a_power_cut() -> None:
    story = at(9.0, Manners()).then(Muted(0.0))
    assert muted(play(ClockSet(6.0, MIDNIGHT), state=restarted(story)).later(9 * HOUR).state)


def test_a_clock_that_is_set_does_not_move_the_end_of_a_mute() -> None:
    story = at(9.0, Manners()).then(Muted(0.0, seconds=HOUR), ClockSet(1.0, MIDNIGHT))
    assert muted(story.later(HOUR - 2).state)
    assert not muted(story.later(HOUR).state)
