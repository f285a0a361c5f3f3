"""Fingers in odd moments: news, calls and pages that come in between."""

from dataclasses import replace

from device.core.effects import Answer, RingOwn, SendText
from device.core.events import (
    CallEnded,
    CallOffered,
    Chosen,
    ClockSet,
    DialWanted,
    Edge,
    Keyed,
    Muted,
    PartFound,
    PartLost,
    Pressed,
    TextReceived,
    Tick,
)
from device.core.kept import initial, kept
from device.core.manners import Manners
from device.core.words import By, CallEnd, Page, Purpose, Status
from tests.core.play import AT_FREEPBX, GENERIC, Played, click, online, play

LOCKED = replace(GENERIC, manners=Manners(pin_digits=4))


def hold(story: Played, button: str) -> Played:
    return story.then(Pressed(story.now, button, held=True))


def number(story: Played, digits: str) -> Played:
    return story.then(*(Keyed(story.now, digit) for digit in digits))


def typed(story: Played) -> str | None:
    entry = story.state.view.entry
    return entry.typed if entry and entry.purpose is not Purpose.UNLOCK else None


def test_a_reply_goes_to_whom_it_was_begun_for() -> None:
    shown = online().then(TextReceived(1.0, "201", "Anna", "Lunch?"), Pressed(2.0, "message"))
    menu = hold(shown, "message").then(Pressed(3.0, "message"))
    story = hold(menu.then(TextReceived(4.0, "666", "", "Buy!")), "message")
    assert [(e.to, e.text) for e in story.effects if isinstance(e, SendText)] == [("201", "OK")]


def test_two_notices_together_clear_nothing_while_a_number_is_entered() -> None:
    begun = number(online().then(TextReceived(1.0, "201", "", "Hi")), "0612")
    story = begun.then(
        Edge(2.0, "message", True), Edge(2.1, "missed", True), Edge(2.3, "message", False)
    )
    assert story.state.view.page is Page.NUMBER
    assert story.state.texts.total == 1


def test_two_notices_together_clear_nothing_under_a_call() -> None:
    rings = online().then(TextReceived(1.0, "201", "", "Hi"), CallOffered(1.5, 1, "300"))
    story = rings.then(Edge(2.0, "message", True), Edge(2.1, "missed", True), Tick(2.2))
    assert story.state.texts.total == 1


def test_the_keypad_does_nothing_that_nobody_sees() -> None:
    rings = number(online().then(CallOffered(1.0, 1, "300")), "201#")
    assert not any(isinstance(e, RingOwn) for e in rings.effects)
    assert rings.state.view.page is Page.IDLE
    calling = number(online().then(DialWanted(1.0, "201")), "5")
    assert calling.state.view.page is Page.IDLE


def test_two_quick_presses_take_two_digits_back() -> None:
    # Diverted led here: there is nowhere to divert to but a number that is entered.
    alone = replace(GENERIC, targets=())
    begun = number(online(alone).then(*click("diverted", 1.0)).later(1.0), "123")
    assert begun.state.view.page is Page.NUMBER
    at = begun.now + 1
    story = begun.then(*click("diverted", at), *click("diverted", at + 0.2)).later(1.0)
    assert typed(story) == "1"


def test_a_call_that_rings_long_leaves_the_number_that_is_entered() -> None:
    begun = number(online(), "06123456")
    rung = begun.then(CallOffered(begun.now + 1, 1, "300")).later(50)
    story = rung.then(CallEnded(rung.now, 1, CallEnd.GIVEN_UP))
    assert typed(story.later(20)) == "06123456"
    assert story.later(31).state.view.page is Page.IDLE


def test_a_light_that_is_unplugged_takes_no_press_of_another_board_with_it() -> None:
    down = online().then(Edge(1.0, "dnd", True), PartLost(1.1, "board 2", "unplugged"))
    story = down.then(Edge(1.3, "dnd", False)).later(0.1)
    assert story.status is Status.DND
    gone = online().then(Edge(1.0, "dnd", True), PartLost(1.1, "board", "unplugged")).later(5)
    assert (gone.status, gone.state.view.page) == (Status.AVAILABLE, Page.IDLE)


def test_a_stuck_button_stays_told_while_another_board_comes_and_goes() -> None:
    stuck = online().then(Edge(1.0, "dnd", True)).later(25)
    assert "button dnd" in stuck.state.lost
    story = stuck.then(PartLost(30.0, "board 2", "unplugged"), PartFound(31.0, "board 2"))
    assert "button dnd" in story.state.lost


def test_a_call_is_not_sent_back_to_its_caller() -> None:
    story = online(AT_FREEPBX).then(CallOffered(1.0, 1, "101"), Pressed(2.0, "diverted"))
    assert not any(isinstance(e, Answer) and e.code == 302 for e in story.effects)
    assert story.state.balloons[0].text == "A call cannot be diverted to its caller"


def test_the_pin_is_asked_for_no_more_when_absent_ends_by_itself() -> None:
    absent = online(LOCKED).then(Chosen(0.0, Status.ABSENT, By.WEB))
    asked = absent.then(Pressed(1.0, "available"))
    assert asked.state.view.page is Page.PIN
    over = asked.then(Chosen(2.0, Status.AVAILABLE, By.WEB))
    assert over.state.view.page is Page.IDLE


def test_a_mute_that_no_clock_dates_does_not_outlive_the_program() -> None:
    muted = play(Muted(1.0, True, 900.0), grants=GENERIC)
    begun = play(ClockSet(0.0, 1_790_000_000.0), state=initial(GENERIC, kept(muted.state), 0.0))
    assert begun.state.mute is None
    dated = play(ClockSet(0.0, 1_790_000_000.0), Muted(1.0, True, 900.0), grants=GENERIC)
    again = play(ClockSet(0.0, 1_790_000_500.0), state=initial(GENERIC, kept(dated.state), 0.0))
    assert again.state.mute is not None
    assert again.later(500).state.mute is None
