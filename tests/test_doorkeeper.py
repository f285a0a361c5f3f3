"""The PIN, from fingers to an open panel: and nothing that is written down holds a digit of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.core.events import (
    Chosen,
    Edge,
    Event,
    Keyed,
    PinLeft,
    PinTried,
    PinTyped,
    Pressed,
    Tick,
)
from device.core.lock import waits
from device.core.manners import Manners
from device.core.pages import page
from device.core.state import Entry, State
from device.core.update import update
from device.core.words import STATUS_BUTTONS, By, Notice, Page, Purpose, Status
from device.doorkeeper import Doorkeeper
from device.journal import Journal, load, replay
from tests.core.play import GENERIC, online

PIN = "2415"
LOCKED = replace(GENERIC, manners=Manners(pin_digits=len(PIN)))


@dataclass
class Desk:
    """A locked panel, with a journal, taking events as the real one does."""

    state: State
    doorkeeper: Doorkeeper
    journal: Journal

    def take(self, *events: Event) -> None:
        for event in events:
            known = self.doorkeeper.take(self.state, event)
            self.journal.add(self.state, known)
            self.state, _ = update(self.state, known)

    def press(self, *buttons: str) -> None:
        """One press after the other, a second each, with bounces at both ends."""
        for button in buttons:
            at = self.state.now + 1.0
            for late, down in ((0.0, True), (0.001, False), (0.002, True), (0.1, False)):
                self.take(Edge(at + late, button, down))
            self.take(Edge(at + 0.101, button, True), Edge(at + 0.103, button, False))

    def type(self, pin: str) -> None:
        self.press(*(STATUS_BUTTONS[int(digit) - 1] for digit in pin))

    def key(self, text: str) -> None:
        self.take(*(Keyed(self.state.now + 0.5, key) for key in text))

    def later(self, seconds: float) -> None:
        self.take(Tick(self.state.now + seconds))

    @property
    def events(self) -> list[Event]:
        return self.journal.events

    @property
    def status(self) -> Status:
        return self.state.mirror.choice.status

    @property
    def page(self) -> Page:
        return page(self.state)


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk(online(LOCKED).state, Doorkeeper(PIN), Journal())
    desk.take(Chosen(0.0, Status.ABSENT, By.WEB))
    yield desk
    told = desk.journal.dump()
    *_, again = replay(*load(told))
    assert again == desk.state


def test_the_five_status_buttons_are_the_digits_one_to_five(desk: Desk) -> None:
    desk.press("dnd")
    desk.type(PIN)
    assert (desk.page, desk.status) == (Page.IDLE, Status.DND)


def test_the_last_digit_s_own_bounces_press_nothing(desk: Desk) -> None:
    desk.press("available")
    desk.type(PIN)
    desk.later(1.0)
    assert desk.status is Status.AVAILABLE
    assert desk.state.gestures.down == ()


def test_a_keypad_types_it_as_well(desk: Desk) -> None:
    desk.press("dnd")
    desk.key(PIN)
    assert desk.status is Status.DND


def test_a_wrong_pin_opens_nothing_and_is_forgotten(desk: Desk) -> None:
    desk.press("dnd")
    desk.key("1111")
    assert (desk.page, desk.status) == (Page.PIN, Status.ABSENT)
    assert waits(desk.state) == pytest.approx(1.0)
    desk.later(1.0)
    desk.key(PIN)
    assert desk.status is Status.DND


def test_nothing_is_taken_while_it_waits(desk: Desk) -> None:
    desk.press("dnd")
    desk.key("1111")
    desk.key("2")
    assert isinstance(desk.events[-1], Tick)
    desk.later(1.0)
    desk.key("415")
    assert desk.status is Status.ABSENT


def test_a_wait_ends_by_itself_though_nothing_else_happens(desk: Desk) -> None:
    desk.press("dnd")
    desk.key("1111")
    ends = desk.state.now + waits(desk.state)
    assert desk.doorkeeper.take(desk.state, Keyed(ends - 0.01, "2")) == Tick(ends - 0.01)
    assert desk.doorkeeper.take(desk.state, Keyed(ends, "2")) == PinTyped(ends, 1)


def test_a_digit_may_be_taken_back(desk: Desk) -> None:
    desk.press("dnd")
    desk.key("29*415")
    assert desk.status is Status.DND
    desk.press("absent", "dnd", "available", Notice.MISSED)
    assert (desk.page, desk.state.view.entry) == (Page.PIN, Entry(Purpose.UNLOCK))
    desk.type(PIN)
    assert desk.status is Status.DND


@pytest.mark.parametrize("way", ["#", "*"])
def test_one_may_think_better_of_it(desk: Desk, way: str) -> None:
    desk.press("dnd")
    desk.key(way)
    assert (desk.page, desk.status) == (Page.IDLE, Status.ABSENT)


def test_what_was_typed_is_forgotten_when_the_page_goes(desk: Desk) -> None:
    desk.press("dnd")
    desk.key("24#")
    desk.press("dnd")
    desk.key("15")
    assert (desk.page, desk.status) == (Page.PIN, Status.ABSENT)
    desk.key("2415")
    assert desk.status is Status.ABSENT


def test_presses_from_elsewhere_are_digits_too(desk: Desk) -> None:
    desk.press("dnd")
    buttons = [STATUS_BUTTONS[int(digit) - 1] for digit in PIN]
    desk.take(*(Pressed(desk.state.now, button) for button in buttons))
    assert desk.status is Status.DND


def test_no_digit_is_in_the_journal(desk: Desk) -> None:
    desk.press("dnd")
    before = len(desk.events)
    desk.type("1111")
    desk.later(1.0)
    desk.type(PIN)
    told = desk.events[before:]
    assert {type(event) for event in told} <= {Tick, PinTyped, PinTried, Edge}
    edges = [event for event in told if isinstance(event, Edge)]
    assert edges == [event for event in edges if event.at > _opened(told)]


def _opened(told: list[Event]) -> float:
    return next(e.at for e in told if isinstance(e, PinTried) and e.right)


def test_the_pin_itself_is_in_no_printed_form() -> None:
    assert PIN not in repr(Doorkeeper(PIN))


@given(st.lists(st.sampled_from([*STATUS_BUTTONS, *Notice]), max_size=12))
def test_whatever_is_pressed_only_the_pin_opens(buttons: list[str]) -> None:
    desk = Desk(online(LOCKED).state, Doorkeeper(PIN), Journal())
    desk.take(Chosen(0.0, Status.ABSENT, By.WEB))
    desk.press("available")
    for button in buttons:
        desk.later(400.0 if waits(desk.state) else 0.0)
        desk.press(button)
    if desk.status is not Status.ABSENT:
        assert any(isinstance(e, PinTried) and e.right for e in desk.events)


def test_without_a_pin_everything_passes() -> None:
    state = online(GENERIC).state
    for event in (Edge(0.0, "dnd", True), Keyed(0.0, "1"), PinLeft(0.0)):
        assert Doorkeeper().take(state, event) is event


def test_a_button_that_is_held_until_the_page_comes_types_no_digit(desk: Desk) -> None:
    at = desk.state.now + 1.0
    desk.take(Edge(at, "available", True), Tick(at + 0.9))
    assert desk.page is Page.PIN
    desk.take(Edge(at + 2.0, "available", False), Tick(at + 2.1))
    assert desk.state.view.entry == Entry(Purpose.UNLOCK)
    desk.type(PIN)
    assert desk.page is not Page.PIN


def test_keys_before_and_after_the_page_are_written_down_nowhere(desk: Desk) -> None:
    desk.key(PIN)
    desk.press("available")
    desk.take(*(Keyed(desk.state.now + 0.01, digit) for digit in PIN + "5"))
    assert (desk.page, desk.status) == (Page.IDLE, Status.AVAILABLE)
    assert not [e for e in desk.events if isinstance(e, Keyed)]
