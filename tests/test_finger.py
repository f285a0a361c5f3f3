"""What a contact did, read off its edges."""

import threading
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.finger import GAP_SECONDS, Listener, Press, Told, press_of

SLOW = GAP_SECONDS * 2

bounces = st.lists(st.floats(0.0001, GAP_SECONDS * 0.9), max_size=8).filter(
    lambda gaps: len(gaps) % 2 == 0
)


def edges(*gaps: float, first: bool = True) -> list[Told]:
    """Edges in turn, the first at 0, each so long after the one before."""
    times = accumulate((0.0, *gaps))
    return [Told("dnd", first == (n % 2 == 0), at) for n, at in enumerate(times)]


def test_a_clean_press_has_no_bounce() -> None:
    assert press_of(edges(SLOW)) == Press(0, 0.0, came_up=True, was_down=False)


def test_a_press_that_goes_on_has_not_come_up() -> None:
    assert press_of(edges()) == Press(0, 0.0, came_up=False, was_down=False)


def test_to_come_up_first_is_to_have_been_down() -> None:
    assert press_of(edges(first=False)).was_down


@given(bounces, bounces)
def test_bounces_are_counted_where_the_contact_closes(down: list[float], up: list[float]) -> None:
    press = press_of(edges(*down, SLOW, *up))
    assert press.bounces == len(down) // 2
    assert press.seconds == pytest.approx(sum(down))
    assert press.came_up


def test_all_edges_until_the_contact_rests_are_heard() -> None:
    listener = Listener()
    told = [Told("missed", True, 0.0), *edges(0.001, 0.001, SLOW), Told("dnd", True, 9.0)]
    for edge in told[:-1]:
        listener.hear(*edge)
    assert listener.press("dnd", 10.0, 10.0, 0.0) == told[:-1]
    listener.hear(*told[-1])
    assert listener.press("dnd", 10.0, 0.0, 0.0) == told[-1:]


def test_a_release_is_waited_for() -> None:
    listener, down, up = Listener(), Told("dnd", True, 1.0), Told("dnd", False, 2.0)
    listener.hear(*down)
    later = threading.Timer(0.02, listener.hear, up)
    later.start()
    assert listener.press("dnd", 10.0, 10.0, 0.0) == [down, up]
    later.join()


def test_without_a_press_only_the_others_are_told() -> None:
    listener, other = Listener(), Told("missed", True, 0.0)
    listener.hear(*other)
    assert listener.press("dnd", 0.0, 10.0, 10.0) == [other]
    assert listener.within(0.0) == []
