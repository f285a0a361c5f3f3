"""Stories about buttons as things: stuck ones, and when somebody was last at the panel."""

from device.core.events import Edge, Keyed, PartFound, PartLost, Pressed, Tick, Turned
from device.core.gestures import STUCK_SECONDS
from device.core.pages import page
from device.core.words import Notice, Page, Status
from tests.core.play import Played, click, online


def stuck(button: str) -> Played:
    """A panel one of whose buttons went down and stayed there, long ago."""
    return online().then(Edge(1.0, button, True)).later(STUCK_SECONDS + 60)


def test_a_stuck_button_is_told_as_a_part_that_is_missing() -> None:
    assert stuck("dnd").state.lost == {"button dnd": "Button dnd is stuck"}
    assert stuck("logged_out").state.lost == {"button logged_out": "Button logged out is stuck"}


def test_a_button_that_is_held_for_long_is_not_stuck_yet() -> None:
    story = online().then(Edge(1.0, "dnd", True)).later(STUCK_SECONDS - 2)
    assert story.state.lost == {}


def test_a_button_that_comes_up_again_is_no_longer_told() -> None:
    story = stuck("dnd")
    assert story.then(Edge(story.now, "dnd", False)).state.lost == {}


def test_with_its_board_a_stuck_button_goes_and_the_board_is_told() -> None:
    story = stuck("dnd")
    gone = story.then(PartLost(story.now, "board", "unplugged"))
    assert gone.state.lost == {"board": "unplugged"}
    assert gone.then(PartFound(gone.now, "board")).state.lost == {}


def test_beside_a_stuck_button_the_others_work() -> None:
    story = stuck("dnd")
    at = story.now + 1
    pressed = story.then(*click("absent", at))
    assert pressed.status is Status.ABSENT
    both = (Edge(at + 2, "missed", True), Edge(at + 2.1, "message", True))
    assert page(pressed.then(*both).state) is Page.IDLE


def test_two_stuck_buttons_are_both_told() -> None:
    story = online().then(Edge(1.0, "dnd", True), Edge(1.5, "absent", True))
    assert set(story.later(STUCK_SECONDS + 5).state.lost) == {"button dnd", "button absent"}


def test_whoever_touches_the_panel_is_noticed_and_acts_at_once() -> None:
    """A glass that sleeps wakes for this; the core knows nothing of its sleep."""
    story = online().then(Tick(100.0))
    assert story.state.touched == 0.0
    down = story.then(Edge(101.0, "dnd", True))
    assert down.state.touched == 101.0
    up = down.then(Edge(101.2, "dnd", False))
    assert (up.state.touched, up.status) == (101.0, Status.DND)


def test_every_way_to_touch_it_counts() -> None:
    for event in (Pressed(7.0, Notice.MISSED), Turned(7.0, 1), Keyed(7.0, "5")):
        assert online().then(event).state.touched == 7.0
