"""From edges to gestures: bounce, press, hold, double, two together, stuck."""

import tomllib
from itertools import cycle
from pathlib import Path

import pytest

from device.core.gestures import (
    BOUNCE_SECONDS,
    DOUBLE_SECONDS,
    DOUBLES,
    HOLD_SECONDS,
    STUCK_SECONDS,
    Chord,
    Double,
    Gesture,
    Gestures,
    Press,
)

BOUNCES = tomllib.loads(Path(__file__).with_name("bounces.toml").read_text(encoding="utf-8"))
PRESSES = ("clean_press", "short_press")
RELEASES = ("short_release", "long_release")

Moved = tuple[float, str, bool]


def recorded(name: str, at: float, button: str = "dnd") -> list[Moved]:
    """The edges of a recorded contact, from this moment on."""
    trace = BOUNCES[name]
    first = trace["settles_at"] == "down"
    levels = cycle((first, not first))
    return [(at + us / 1e6, button, down) for us, down in zip(trace["edges"], levels, strict=False)]


def told(*edges: Moved, until: float = 10.0) -> list[Gesture]:
    """All gestures of these edges, time passing at every deadline between them."""
    gestures, all_told = Gestures(), list[Gesture]()
    for at, button, down in (*edges, (until, "", False)):
        while (due := gestures.deadline()) is not None and due <= at:
            gestures, more = gestures.pass_time(due)
            all_told += more
        gestures, more = gestures.edge(button, down, at)
        all_told += more
    return all_told


def test_a_press_is_told_when_the_button_comes_up() -> None:
    assert told((1.0, "dnd", True), until=1.2) == []
    assert told((1.0, "dnd", True), (1.2, "dnd", False)) == [Press("dnd")]


def test_bounces_make_one_press() -> None:
    down = [(1.0 + n * 0.002, "dnd", n % 2 == 0) for n in range(7)]
    up = [(1.2 + n * 0.002, "dnd", n % 2 == 1) for n in range(7)]
    assert told(*down, *up) == [Press("dnd")]


def test_a_tap_shorter_than_the_bounce_window_counts() -> None:
    assert told((1.0, "dnd", True), (1.005, "dnd", False)) == [Press("dnd")]


def test_what_the_contact_says_after_the_window_counts() -> None:
    bounced = [(1.0, "dnd", True), (1.005, "dnd", False), (1.01, "dnd", True)]
    assert told(*bounced, (1.5, "dnd", False)) == [Press("dnd")]


def test_a_hold_is_told_while_the_button_is_down_and_only_once() -> None:
    up = 1.0 + HOLD_SECONDS + 1
    assert told((1.0, "dnd", True), (up, "dnd", False)) == [Press("dnd", held=True)]


def test_an_edge_that_comes_late_still_ends_a_hold() -> None:
    gestures, _ = Gestures().edge("dnd", True, 1.0)
    assert gestures.edge("dnd", False, 1.0 + HOLD_SECONDS)[1] == (Press("dnd", held=True),)


def test_two_notice_buttons_together_are_a_chord_and_no_presses() -> None:
    edges = [(1.0, "missed", True), (1.1, "message", True)]
    ups = [(1.3, "missed", False), (1.4, "message", False)]
    assert told(*edges, *ups) == [Chord(("missed", "message"))]


def test_a_status_button_among_them_makes_no_chord() -> None:
    downs = [(1.0, "dnd", True), (1.1, "missed", True), (1.2, "message", True)]
    ups = [(1.3, "dnd", False), (1.4, "missed", False), (1.5, "message", False)]
    assert told(*downs, *ups) == [Press("dnd"), Press("missed"), Press("message")]


def test_a_held_button_starts_no_chord() -> None:
    later = 1.0 + HOLD_SECONDS + 0.1
    edges = [(1.0, "missed", True), (later, "message", True), (later + 0.1, "message", False)]
    assert told(*edges) == [Press("missed", held=True), Press("message")]


def test_a_child_on_every_button_clears_nothing() -> None:
    from device.core.words import BUTTONS

    downs = [(1.0 + n * 0.001, b, True) for n, b in enumerate(BUTTONS)]
    ups = [(1.3 + n * 0.001, b, False) for n, b in enumerate(BUTTONS)]
    assert [g for g in told(*downs, *ups) if isinstance(g, Chord)] == []


def test_a_button_at_rest_wants_no_time() -> None:
    gestures, _ = Gestures().edge("dnd", True, 1.0)
    gestures, _ = gestures.edge("dnd", False, 1.1)
    assert gestures.deadline() is None
    assert BOUNCE_SECONDS < HOLD_SECONDS


@pytest.mark.parametrize("name", BOUNCES)
def test_a_recording_ends_as_it_says(name: str) -> None:
    *_, (_, _, down) = recorded(name, 0.0)
    assert down == (BOUNCES[name]["settles_at"] == "down")


@pytest.mark.parametrize("press", PRESSES)
@pytest.mark.parametrize("release", RELEASES)
def test_a_recorded_press_is_one_press(press: str, release: str) -> None:
    assert told(*recorded(press, 1.0), *recorded(release, 1.1)) == [Press("dnd")]


@pytest.mark.parametrize("press", PRESSES)
def test_a_recorded_contact_acts_at_its_first_edge(press: str) -> None:
    (first, *_) = recorded(press, 1.0)
    gestures, _ = Gestures().edge("dnd", True, first[0])
    assert gestures.down == ("dnd",)


@pytest.mark.parametrize("release", RELEASES)
def test_a_recorded_release_tells_the_press_at_its_first_edge(release: str) -> None:
    (first, *_) = recorded(release, 1.1)
    gestures, _ = Gestures().edge("dnd", True, 1.0)
    assert gestures.edge("dnd", False, first[0])[1] == (Press("dnd"),)


@pytest.mark.parametrize("press", PRESSES)
@pytest.mark.parametrize("release", RELEASES)
def test_a_recorded_hold_is_one_hold(press: str, release: str) -> None:
    later = 1.0 + HOLD_SECONDS + 0.5
    assert told(*recorded(press, 1.0), *recorded(release, later)) == [Press("dnd", held=True)]


def test_a_worn_contact_that_lets_go_for_longer_than_a_window_is_two_presses() -> None:
    """No window can tell it from a finger without losing a finger's quick presses."""
    edges = [*recorded("worn_press", 1.0), *recorded("short_release", 1.4)]
    assert told(*edges) == [Press("dnd"), Press("dnd")]


def clicks(button: str, *downs: float) -> list[Moved]:
    return [(at + t, button, down) for at in downs for t, down in ((0.0, True), (0.1, False))]


@pytest.mark.parametrize("button", DOUBLES)
def test_two_quick_presses_are_a_press_and_a_double(button: str) -> None:
    assert told(*clicks(button, 1.0, 1.2)) == [Press(button), Double(button)]


@pytest.mark.parametrize("button", DOUBLES)
def test_two_slow_presses_are_two_presses(button: str) -> None:
    twice = clicks(button, 1.0, 1.0 + DOUBLE_SECONDS + 0.01)
    assert told(*twice) == [Press(button), Press(button)]


def test_the_first_press_waits_for_no_second() -> None:
    gestures, _ = Gestures().edge("available", True, 1.0)
    assert gestures.edge("available", False, 1.1)[1] == (Press("available"),)


def test_a_third_quick_press_is_a_press() -> None:
    thrice = told(*clicks("available", 1.0, 1.2, 1.4))
    assert thrice == [Press("available"), Double("available"), Press("available")]


def test_two_quick_presses_of_a_notice_step_on_twice() -> None:
    assert told(*clicks("missed", 1.0, 1.2)) == [Press("missed"), Press("missed")]


def test_a_press_after_a_hold_is_no_double() -> None:
    held = [(1.0, "available", True), (2.0, "available", False)]
    again = told(*held, *clicks("available", 2.1))
    assert again == [Press("available", held=True), Press("available")]


def test_a_button_that_stays_down_is_stuck_until_it_comes_up() -> None:
    gestures, _ = Gestures().edge("dnd", True, 1.0)
    assert gestures.pass_time(STUCK_SECONDS)[0].stuck == ()
    late, _ = gestures.pass_time(1.0 + STUCK_SECONDS)
    assert late.stuck == ("dnd",)
    assert late.deadline() is None
    up, more = late.edge("dnd", False, 100.0)
    assert (up.stuck, more) == ((), ())


def test_a_stuck_button_stands_in_nobody_s_way() -> None:
    stuck, _ = Gestures().edge("dnd", True, 1.0)
    later, _ = stuck.pass_time(1.0 + STUCK_SECONDS)
    one, _ = later.edge("missed", True, 50.0)
    assert one.edge("message", True, 50.1)[1] == (Chord(("missed", "message")),)


def test_bounces_of_a_press_that_was_not_heard_are_no_press() -> None:
    deaf = Gestures(deaf_since=1.0)
    for at, down in ((1.001, True), (1.002, False), (1.003, True), (1.004, False)):
        deaf, more = deaf.edge("dnd", down, at)
        assert more == ()
    assert deaf.pass_time(2.0)[1] == ()
