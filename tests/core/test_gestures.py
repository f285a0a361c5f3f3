"""From edges to gestures: bounce, press, hold, two together."""

from device.core.gestures import (
    BOUNCE_SECONDS,
    HOLD_SECONDS,
    Chord,
    Gesture,
    Gestures,
    Press,
)


def told(*edges: tuple[float, str, bool], until: float = 10.0) -> list[Gesture]:
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
