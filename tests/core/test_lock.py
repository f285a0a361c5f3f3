"""Stories about the PIN that absent is left by. What the digits are, is told outside the core."""

from dataclasses import replace

import pytest
from hypothesis import given

from device.core.events import (
    Chosen,
    Edge,
    Event,
    For,
    Keyed,
    PinLeft,
    PinTried,
    PinTyped,
    Pressed,
    Tick,
    Turned,
)
from device.core.kept import initial, kept
from device.core.lock import LONGEST_WAIT, OPEN_SECONDS, asks, wait, waits
from device.core.manners import Manners
from device.core.pages import VIEW_SECONDS, page
from device.core.update import update
from device.core.words import By, Notice, Page, Status
from tests.core.anything import stories
from tests.core.play import GENERIC, Played, click, online, play

LOCKED = replace(GENERIC, manners=Manners(pin_digits=4))


def absent() -> Played:
    return online(LOCKED).then(Chosen(0.0, Status.ABSENT, By.BUTTON))


def press(story: Played, button: str, *, held: bool = False) -> Played:
    return story.then(Pressed(story.now, button, held))


def tried(story: Played, right: bool) -> Played:
    return story.then(PinTried(story.now, right))


@pytest.mark.parametrize("button", ["available", "dnd", "diverted", "logged_out"])
def test_a_status_button_in_absent_asks_for_the_pin(button: str) -> None:
    story = press(absent(), button)
    assert (page(story.state), story.status) == (Page.PIN, Status.ABSENT)


def test_a_button_of_the_board_asks_as_well() -> None:
    assert page(absent().then(*click("dnd", 1.0)).state) is Page.PIN


def test_absent_itself_and_the_notices_ask_for_nothing() -> None:
    assert page(press(absent(), "absent").state) is Page.IDLE
    assert page(press(absent(), Notice.MISSED).state) is Page.MISSED


def test_without_a_pin_nothing_is_asked() -> None:
    story = online().then(Chosen(0.0, Status.ABSENT, By.BUTTON))
    assert press(story, "dnd").status is Status.DND


def test_the_right_pin_does_what_was_pressed() -> None:
    story = tried(press(absent(), "dnd"), right=True)
    assert (page(story.state), story.status) == (Page.IDLE, Status.DND)


def test_the_right_pin_opens_the_menu_that_was_wanted() -> None:
    menu = tried(press(absent(), "dnd", held=True), right=True)
    assert page(menu.state) is Page.TIMES
    assert press(menu, "dnd", held=True).status is Status.DND
    listed = tried(press(absent(), "diverted"), right=True)
    assert press(listed, "diverted", held=True).status is Status.DIVERTED


def test_who_opens_and_then_does_nothing_has_opened_nothing() -> None:
    menu = tried(press(absent(), "dnd", held=True), right=True)
    assert not asks(menu.state)
    assert asks(menu.later(OPEN_SECONDS).state)


def test_absent_again_is_locked_again() -> None:
    story = press(tried(press(absent(), "dnd"), right=True), "absent")
    assert page(press(story, "dnd").state) is Page.PIN


def test_a_wrong_pin_changes_nothing_and_costs_time() -> None:
    story = tried(press(absent(), "dnd"), right=False)
    assert (page(story.state), story.status) == (Page.PIN, Status.ABSENT)
    assert waits(story.state) == 1.0
    assert waits(story.later(1.0).state) == 0.0


def test_each_wrong_pin_costs_twice_the_last_up_to_some_minutes() -> None:
    assert [wait(n) for n in range(7)] == [0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0]
    assert wait(10) == wait(1_000_000) == LONGEST_WAIT


def test_the_right_pin_forgives_the_wrong_ones() -> None:
    story = tried(tried(press(absent(), "dnd"), right=False), right=True)
    assert story.state.lock.wrong == 0


def test_the_power_plug_is_no_way_around_the_wait() -> None:
    story = press(absent(), "dnd")
    for _ in range(5):
        story = tried(story, right=False)
    again = initial(LOCKED, kept(story.state), 3.0)
    assert waits(again) == wait(5) == 16.0


def test_stars_are_all_that_is_known_of_a_pin() -> None:
    story = press(absent(), "dnd").then(PinTyped(0.0, 3))
    assert story.state.view.entry is not None
    assert story.state.view.entry.typed == "***"


def test_who_thinks_better_of_it_is_where_they_were() -> None:
    story = press(absent(), "dnd").then(PinLeft(0.0))
    assert (page(story.state), story.status) == (Page.IDLE, Status.ABSENT)


def test_a_pin_page_nobody_touches_goes_home() -> None:
    assert page(press(absent(), "dnd").later(VIEW_SECONDS).state) is Page.IDLE


def test_a_pin_that_nobody_asked_for_opens_nothing() -> None:
    assert tried(absent(), right=True).state.lock.opened is None


def test_other_surfaces_and_the_clock_need_no_pin() -> None:
    for by in (By.WEB, By.CLI, By.SCHEDULE):
        assert absent().then(Chosen(0.0, Status.AVAILABLE, by)).status is Status.AVAILABLE


def test_a_limit_for_absent_is_a_way_out_and_asks_as_well() -> None:
    assert page(press(absent(), "absent", held=True).state) is Page.PIN


def test_a_menu_that_was_open_when_the_schedule_locked_the_panel_is_closed() -> None:
    for led in ("diverted", "dnd"):
        menu = press(online(LOCKED), led, held=True)
        locked = menu.then(Tick(0.0))
        assert page(locked.state) is Page.TIMES
        away = replace(menu.state, mirror=absent().state.mirror)
        assert page(play(Tick(0.0), state=away).state) is Page.IDLE


HANDS = (Edge, Pressed, Turned, Keyed, PinTyped, PinLeft, Tick)


@given(stories())
def test_no_hand_leaves_absent_without_the_pin(story: list[Event]) -> None:
    state = absent().state
    for event in story:
        if isinstance(event, HANDS):
            state, _ = update(state, event)
            assert state.mirror.choice.status is Status.ABSENT
            assert not state.mirror.choice.limited


def test_a_limit_of_absent_ends_without_a_pin() -> None:
    story = online(LOCKED).then(Chosen(0.0, Status.ABSENT, By.BUTTON, limit=For(60.0)))
    assert story.later(60.0).status is Status.AVAILABLE
