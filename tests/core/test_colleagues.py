"""Other extensions: what each is doing, and news of who is free."""

from dataclasses import replace

import pytest

from device.core import colleagues
from device.core.events import HintLost, LinkChanged, Pressed, TellWhenFree
from device.core.profile import Colleague, Grants
from device.core.words import Hint, Link, Page, Status
from tests.core.play import AT_FREEPBX, AT_SELECTOR, PUBLISHED, Played, online

ANNA, DESK = Colleague("Anna", "102"), Colleague("Front desk", "101")


def office(grants: Grants) -> Played:
    return online(replace(grants, colleagues=(DESK, ANNA)))


def doing(story: Played, colleague: Colleague = ANNA) -> Hint:
    return colleagues.doing(story.state, colleague)


def balloons(story: Played) -> list[tuple[str, str]]:
    return [(b.title, b.text) for b in story.state.balloons]


def test_every_colleague_is_watched_as_we_are() -> None:
    grants = replace(AT_FREEPBX, colleagues=(ANNA,))
    assert grants.watched == {"100", "*76100", "*740100", "102", "*76102", "*740102"}


@pytest.mark.parametrize("hint", [Hint.FREE, Hint.RINGING, Hint.BUSY, Hint.AWAY])
def test_a_colleague_is_what_their_line_is(hint: Hint) -> None:
    assert doing(office(AT_FREEPBX).hint(hint, "102")) is hint


def test_a_colleague_in_dnd_is_busy_though_the_line_is_free() -> None:
    assert doing(office(AT_FREEPBX).hint(Hint.BUSY, "*76102")) is Hint.BUSY
    selector = office(AT_SELECTOR).hint(Hint.FREE, "102")
    assert doing(selector.hint(Hint.BUSY, "*53102", "On the phone")) is Hint.BUSY


def test_an_absent_colleague_is_away() -> None:
    story = office(AT_SELECTOR).hint(Hint.FREE, "102").hint(Hint.AWAY, "*53102", "Unavailable")
    assert doing(story) is Hint.AWAY


def test_a_ringing_line_is_told_whatever_the_status() -> None:
    story = office(AT_FREEPBX).hint(Hint.BUSY, "*76102").hint(Hint.RINGING, "102")
    assert doing(story) is Hint.RINGING


def test_a_published_status_tells_of_a_colleague_as_well() -> None:
    story = office(PUBLISHED).hint(Hint.BUSY, "102", "Busy")
    assert doing(story) is Hint.BUSY
    assert doing(story.hint(Hint.FREE, "102", "Available")) is Hint.FREE
    assert doing(story.hint(Hint.AWAY, "102", "Gone fishing")) is Hint.AWAY


def test_a_diverted_colleague_looks_free() -> None:
    story = office(AT_FREEPBX).hint(Hint.BUSY, "*740102")
    assert doing(story) is Hint.FREE
    assert colleagues.has_set(story.state, ANNA, Status.DIVERTED)


def test_nobody_knows_without_a_link_or_a_hint() -> None:
    story = office(AT_FREEPBX)
    assert doing(story.then(LinkChanged(1.0, Link.OFFLINE))) is Hint.UNKNOWN
    assert doing(story.then(HintLost(1.0, "102", "timeout"))) is Hint.UNKNOWN


def test_who_asked_is_told_once_that_a_colleague_is_free() -> None:
    asked = office(AT_FREEPBX).hint(Hint.BUSY, "102").then(TellWhenFree(1.0, "102")).later(60)
    assert balloons(asked) == []
    free = asked.hint(Hint.FREE, "102")
    assert balloons(free) == [("Anna", "is free now")]
    again = free.later(60).hint(Hint.BUSY, "102").hint(Hint.FREE, "102")
    assert balloons(again) == []


def test_free_is_told_once_the_status_is_over_too() -> None:
    asked = office(AT_FREEPBX).hint(Hint.BUSY, "*76102").then(TellWhenFree(1.0, "Anna")).later(60)
    assert balloons(asked.hint(Hint.FREE, "*76102")) == [("Anna", "is free now")]


def test_a_colleague_who_is_free_already_is_told_at_once() -> None:
    story = office(AT_FREEPBX).then(TellWhenFree(1.0, "102"))
    assert balloons(story) == [("Anna", "is free now")]
    assert story.state.tell_free == frozenset()


def test_a_link_made_anew_does_not_make_anybody_free() -> None:
    waits = office(AT_FREEPBX).hint(Hint.BUSY, "*76102").then(TellWhenFree(1.0, "102")).later(60)
    back = waits.then(LinkChanged(70.0, Link.OFFLINE), LinkChanged(71.0, Link.ONLINE))
    line_first = back.hint(Hint.FREE, "102")
    assert (doing(line_first), balloons(line_first)) == (Hint.UNKNOWN, [])
    assert balloons(line_first.hint(Hint.AWAY, "*76102")) == [("Anna", "is free now")]


def test_a_status_that_cannot_be_seen_any_more_is_not_free() -> None:
    story = office(AT_FREEPBX).hint(Hint.BUSY, "*76102")
    assert doing(story.then(HintLost(1.0, "*76102", "timeout"))) is Hint.UNKNOWN
    assert doing(story.then(HintLost(1.0, "*76102", "404 Not Found"))) is Hint.FREE


def test_who_talks_is_busy_though_absent() -> None:
    story = office(AT_SELECTOR).hint(Hint.AWAY, "*53102", "Unavailable").hint(Hint.BUSY, "102")
    assert doing(story) is Hint.BUSY


def test_to_be_told_can_be_left() -> None:
    asked = office(AT_FREEPBX).hint(Hint.BUSY, "102").then(TellWhenFree(1.0, "102"))
    left = asked.then(TellWhenFree(2.0, "102", wanted=False)).later(60)
    assert balloons(left.hint(Hint.FREE, "102")) == []


def test_a_press_shows_a_colleague_and_a_second_asks_to_be_told() -> None:
    story = office(AT_FREEPBX).hint(Hint.BUSY, "102").then(Pressed(1.0, "colleague-2"))
    assert (story.state.view.page, story.state.view.index) == (Page.COLLEAGUES, 1)
    asked = story.then(Pressed(2.0, "colleague-2"))
    assert asked.state.tell_free == {"102"}
    assert asked.then(Pressed(3.0, "colleague-2")).state.tell_free == frozenset()


def test_a_second_press_on_a_free_colleague_goes_home() -> None:
    story = office(AT_FREEPBX).then(Pressed(1.0, "colleague-2"), Pressed(2.0, "colleague-2"))
    assert story.state.view.page is Page.IDLE


def test_a_button_without_a_colleague_does_nothing() -> None:
    story = office(AT_FREEPBX)
    assert story.then(Pressed(1.0, "colleague-3")).state.view == story.state.view


def test_a_divert_to_a_colleague_who_diverts_is_warned_of_while_that_lasts() -> None:
    story = office(AT_FREEPBX).hint(Hint.BUSY, "*740101")
    told = "Front desk diverts calls too: yours would be refused there"
    assert colleagues.warning(story.state, "101") == told
    assert colleagues.warning(story.state, "102") == ""
    assert colleagues.warning(story.hint(Hint.FREE, "*740101").state, "101") == ""
