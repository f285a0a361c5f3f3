"""Stories about entering a number: by keypad, by knob, with the buttons alone."""

from dataclasses import replace

import pytest

from device.core.effects import RingOwn
from device.core.entry import LONGEST, WHEEL
from device.core.events import Chosen, Edge, Keyed, Pressed, Turned
from device.core.manners import Manners
from device.core.pages import BALLOON_SECONDS, page
from device.core.profile import Grants
from device.core.words import KNOB, By, Notice, Page, Purpose, Status
from tests.core.play import AT_FREEPBX, GENERIC, Played, click, online

NOWHERE = replace(GENERIC, targets=())
ONE = replace(GENERIC, targets=GENERIC.targets[:1])


def keys(story: Played, text: str) -> Played:
    return story.then(*(Keyed(story.now, key) for key in text))


def press(story: Played, *buttons: str, held: bool = False) -> Played:
    return story.then(*(Pressed(story.now, button, held) for button in buttons))


def typed(story: Played) -> str:
    entry = story.state.view.entry
    assert entry is not None
    return entry.typed


def to_divert(grants: Grants = GENERIC) -> Played:
    """The page on which a number to divert to is entered, by way of the list."""
    listed = press(online(grants), "diverted")
    last = press(listed, *["diverted"] * len(grants.targets))
    return press(last, "diverted", held=True)


def test_the_last_line_of_the_targets_leads_to_entering_a_number() -> None:
    story = to_divert()
    assert (page(story.state), typed(story)) == (Page.NUMBER, "")
    assert story.state.view.entry is not None
    assert story.state.view.entry.purpose is Purpose.DIVERT
    assert story.status is Status.AVAILABLE


def test_a_panel_may_be_without_that_line() -> None:
    grants = replace(GENERIC, manners=Manners(other_target=False))
    round_once = press(online(grants), *["diverted"] * (1 + len(grants.targets)))
    assert round_once.state.view.index == 0


def test_where_there_are_no_targets_a_number_is_asked_for_at_once() -> None:
    assert page(press(online(NOWHERE), "diverted").state) is Page.NUMBER


def test_who_may_not_divert_is_told_so_and_asked_for_nothing() -> None:
    story = press(online(replace(NOWHERE, divert_allowed=False)), "diverted")
    assert page(story.state) is Page.IDLE
    assert story.reason == "Diverting is not allowed for this user"


def test_with_one_target_two_quick_presses_lead_to_the_list() -> None:
    story = online(ONE).then(*click("diverted", 1.0), *click("diverted", 1.2))
    assert (story.status, page(story.state)) == (Status.DIVERTED, Page.TARGETS)


def test_calls_are_diverted_to_what_the_keypad_typed() -> None:
    story = keys(to_divert(), "2#")
    assert (story.status, story.state.mirror.choice.target) == (Status.DIVERTED, "2")
    assert page(story.state) is Page.IDLE


def test_a_number_that_may_not_be_is_refused_and_stays_to_be_put_right() -> None:
    story = keys(to_divert(AT_FREEPBX), "600#")
    assert story.reason == "600 may not be a divert target"
    after = story.later(BALLOON_SECONDS)
    assert typed(after) == "600"
    right = keys(after, "*1#")
    assert (right.status, right.state.mirror.choice.target) == (Status.DIVERTED, "601")


def test_done_with_nothing_typed_does_nothing() -> None:
    story = keys(to_divert(), "#")
    assert (page(story.state), story.status) == (Page.NUMBER, Status.AVAILABLE)


def test_a_digit_too_many_goes_back_one_by_one_and_then_to_the_list() -> None:
    story = keys(to_divert(), "12*")
    assert typed(story) == "1"
    assert page(keys(story, "**").state) is Page.TARGETS


def test_a_plus_can_only_come_first() -> None:
    assert typed(keys(to_divert(), "A39A")) == "+39"


def test_a_number_has_an_end() -> None:
    assert len(typed(keys(to_divert(), "1" * 50))) == LONGEST


def test_the_knob_turns_the_wheel_and_takes_what_it_shows() -> None:
    story = to_divert().then(Turned(0.0, 3))
    taken = press(story, KNOB)
    more = press(taken.then(Turned(0.0, -1)), KNOB)
    assert typed(more) == "32"
    assert press(more, KNOB, held=True).state.mirror.choice.target == "32"


def wheel(story: Played) -> int:
    assert story.state.view.entry is not None
    return story.state.view.entry.wheel


def test_with_the_notice_buttons_alone_any_number_can_be_entered() -> None:
    story, number = to_divert(), "+3906"
    for digit in number:
        while WHEEL[wheel(story)] != digit:
            story = press(story, Notice.MESSAGE)
        story = press(story, Notice.VOICEMAIL)
    assert press(story, Notice.VOICEMAIL, held=True).state.mirror.choice.target == number


def test_the_buttons_go_both_ways_and_take_back() -> None:
    back = press(to_divert(), Notice.MISSED)
    assert WHEEL[wheel(back)] == "+"
    one = press(back, Notice.VOICEMAIL)
    assert typed(press(one, Notice.MISSED, held=True)) == ""
    assert typed(press(one, "diverted")) == ""


def test_the_button_that_led_there_is_done_when_held() -> None:
    assert press(keys(to_divert(), "101"), "diverted", held=True).status is Status.DIVERTED


def test_another_status_button_leaves_the_number_and_does_its_own() -> None:
    story = press(keys(to_divert(), "101"), "dnd")
    assert (page(story.state), story.status) == (Page.IDLE, Status.DND)


def test_a_key_at_rest_begins_a_number_to_call() -> None:
    story = keys(online(), "101")
    assert (page(story.state), typed(story)) == (Page.NUMBER, "101")
    called = keys(story, "#")
    assert [e.number for e in called.effects if isinstance(e, RingOwn)] == ["100"]
    assert called.state.calling is not None
    assert called.state.calling.number == "101"


def test_a_number_that_is_not_called_stays() -> None:
    story = keys(online(), "100#")
    assert story.state.balloons[0].text == "That is your own number"
    assert typed(story) == "100"


def test_a_star_or_a_letter_begins_nothing() -> None:
    assert page(keys(online(), "*#BCD").state) is Page.IDLE


def test_the_knob_at_rest_begins_a_number_when_pushed_and_nothing_when_turned() -> None:
    assert page(press(online(), KNOB).state) is Page.NUMBER
    turned = online().then(Turned(0.0, 2))
    assert page(turned.state) is Page.IDLE


def test_the_knob_goes_through_a_menu_and_takes_a_line() -> None:
    listed = press(online(), "diverted").then(Turned(0.0, 1))
    assert press(listed, KNOB).state.mirror.choice.target == GENERIC.targets[1].number


def test_the_knob_as_a_contact_is_a_button() -> None:
    story = online().then(Edge(1.0, KNOB, True), Edge(1.1, KNOB, False))
    assert page(story.state) is Page.NUMBER


@pytest.mark.parametrize("steps", [-40, -1, 1, 40])
def test_the_knob_does_not_leave_a_list(steps: int) -> None:
    story = press(online(), "missed").then(Turned(0.0, steps))
    assert (page(story.state), story.state.view.index) == (Page.MISSED, 0)


def test_where_there_is_nothing_to_choose_no_list_is_opened() -> None:
    grants = replace(NOWHERE, allowed=(), manners=Manners(other_target=False))
    story = online(grants).then(Chosen(0.0, Status.DIVERTED, By.WEB, target="101"))
    again = story.then(*click("diverted", 1.0), *click("diverted", 1.2))
    assert page(again.state) is Page.IDLE
