"""Stories about calls that reach the panel."""

import pytest

from device.core.effects import Answer, Beep
from device.core.events import CallEnded, CallOffered, CallTurnedAway, Chosen, ClockSet, Edge
from device.core.notices import LONGEST_LIST
from device.core.pages import page
from device.core.words import By, CallEnd, CallKind, Notice, Page, Status
from tests.core.play import AT_FREEPBX, Played, click, online


def rings(story: Played, call: int = 1, number: str = "201", **more: object) -> Played:
    return story.then(CallOffered(story.now, call, number, "Anna", **more))  # type: ignore[arg-type]


def in_status(status: Status) -> Played:
    return online().then(Chosen(0.0, status, By.WEB))


def ends(story: Played, end: CallEnd, call: int = 1) -> Played:
    return story.then(CallEnded(story.now, call, end))


def kinds(story: Played) -> list[CallKind]:
    return [e.kind for e in story.state.missed.entries]


def test_an_available_user_is_rung_for() -> None:
    story = rings(online())
    assert story.effects == (Answer(1, 180),)
    assert page(story.state) is Page.RINGING


def test_a_call_that_was_given_up_is_missed() -> None:
    story = ends(rings(online()), CallEnd.GIVEN_UP)
    assert kinds(story) == [CallKind.MISSED]
    assert (story.state.missed.unseen, story.state.missed.total) == (1, 1)
    assert story.effects == (Beep(Notice.MISSED),)
    assert story.state.balloons[0].text == "Anna"


def test_a_call_answered_elsewhere_is_not_missed() -> None:
    story = ends(rings(online()), CallEnd.ANSWERED_ELSEWHERE)
    assert kinds(story) == []
    assert page(story.state) is Page.IDLE


def test_a_stale_end_changes_nothing() -> None:
    ended = ends(rings(online()), CallEnd.GIVEN_UP)
    ringing = rings(ended, call=2)
    assert ends(ringing, CallEnd.GIVEN_UP, call=1).state == ringing.state


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (Status.DND, 486, CallKind.DND),
        (Status.ABSENT, 480, CallKind.ABSENT),
        (Status.LOGGED_OUT, 480, CallKind.ABSENT),
    ],
)
def test_a_call_is_turned_away_as_the_status_asks(
    status: Status, code: int, kind: CallKind
) -> None:
    story = rings(in_status(status))
    assert story.effects == (Answer(1, code),), "and without a sound"
    assert kinds(story) == [kind]
    assert ends(story, CallEnd.CLOSED).state.missed == story.state.missed


def test_a_diverted_call_goes_to_the_target_and_is_not_missed() -> None:
    story = rings(in_status(Status.DIVERTED))
    assert story.effects == (Answer(1, 302, "101"),)
    assert kinds(story) == [CallKind.DIVERTED]
    assert (story.state.missed.unseen, story.state.missed.total) == (0, 0)


def test_a_call_that_was_diverted_before_is_not_diverted_again() -> None:
    story = rings(in_status(Status.DIVERTED), hops=("300",))
    assert story.effects[0] == Answer(1, 480)
    assert kinds(story) == [CallKind.MISSED]


def test_dnd_turns_a_ringing_call_away_and_leaves_the_status() -> None:
    story = rings(online()).then(*click("dnd", at=1.0))
    assert story.effects == (Answer(1, 486), Beep(Notice.MISSED))
    assert story.status is Status.AVAILABLE
    assert kinds(story) == [CallKind.DND]


def test_diverted_sends_this_one_call_to_the_first_target() -> None:
    story = rings(online()).then(*click("diverted", at=1.0))
    assert story.effects == (Answer(1, 302, "101"),)
    assert story.status is Status.AVAILABLE


def test_one_call_is_not_sent_where_calls_may_not_go() -> None:
    from dataclasses import replace

    grants = replace(AT_FREEPBX, forbidden=("101",))
    story = rings(online(grants)).then(*click("diverted", at=1.0))
    assert story.reason == "101 may not be a divert target"
    assert len(story.state.calls) == 1


def test_a_call_that_was_diverted_already_rings_on_when_it_cannot_be_sent_on() -> None:
    story = rings(online(), hops=("300",)).then(*click("diverted", at=1.0))
    assert story.reason == "This call was diverted already"
    assert len(story.state.calls) == 1


def test_the_target_itself_is_rung_for() -> None:
    story = rings(in_status(Status.DIVERTED), number="101")
    assert story.effects == (Answer(1, 180),)


def test_a_call_that_was_lost_with_the_link_is_missed() -> None:
    assert kinds(ends(rings(online()), CallEnd.CLOSED)) == [CallKind.MISSED]


def test_a_notice_button_marks_nothing_as_seen_behind_a_ringing_call() -> None:
    missed = ends(rings(online()), CallEnd.GIVEN_UP)
    story = rings(missed, call=2, number="202").then(*click("missed", at=1.0))
    assert story.state.missed.unseen == 1


def test_the_first_of_several_calls_is_dealt_with_first() -> None:
    story = rings(rings(online(), call=1), call=2, number="202").then(*click("dnd", at=1.0))
    assert [c.call for c in story.state.calls] == [2]


def test_repeats_of_one_caller_fold() -> None:
    story = online()
    for call in range(3):
        story = ends(rings(story, call), CallEnd.GIVEN_UP, call)
    (entry,) = story.state.missed.entries
    assert (entry.count, entry.unseen) == (3, 3)
    assert story.state.missed.unseen == 3


def test_withheld_numbers_may_be_many_people_and_do_not_fold() -> None:
    story = online()
    for call in range(2):
        story = ends(rings(story, call, number=""), CallEnd.GIVEN_UP, call)
    assert len(story.state.missed.entries) == 2


def test_the_oldest_calls_make_room() -> None:
    story = online()
    for call in range(LONGEST_LIST + 5):
        story = ends(rings(story, call, number=str(call)), CallEnd.GIVEN_UP, call)
    numbers = [e.number for e in story.state.missed.entries]
    assert numbers == [str(n) for n in reversed(range(5, LONGEST_LIST + 5))]


def test_a_call_beyond_the_librarys_limit_is_seen_all_the_same() -> None:
    story = online().then(CallTurnedAway(0.0, "205", "Eve"))
    assert kinds(story) == [CallKind.MISSED]


def test_a_call_that_came_before_the_time_was_known_is_dated_when_it_is() -> None:
    story = ends(rings(online().later(10)), CallEnd.GIVEN_UP)
    assert story.state.missed.entries[0].last.wall is None
    dated = story.then(ClockSet(110.0, 1100.0))
    assert dated.state.missed.entries[0].last.wall == 1000.0


def test_the_list_stays_where_it_is_being_read() -> None:
    story = online()
    for call, number in enumerate(("201", "202")):
        story = ends(rings(story, call, number=number), CallEnd.GIVEN_UP, call)
    reading = story.then(*click("missed", at=1.0))
    more = ends(rings(reading, 9, number="209"), CallEnd.GIVEN_UP, 9)
    assert more.state.missed.entries[more.state.view.index].number == "202"
    assert more.state.missed.unseen == 1


def test_the_list_stays_where_it_is_being_read_when_a_call_folds() -> None:
    story = online()
    for call, number in enumerate(("201", "202", "203")):
        story = ends(rings(story, call, number=number), CallEnd.GIVEN_UP, call)
    reading = story.then(*click("missed", at=1.0), *click("missed", at=2.0))
    more = ends(rings(reading, 9, number="201"), CallEnd.GIVEN_UP, 9)
    assert [e.number for e in more.state.missed.entries] == ["201", "203", "202"]
    assert more.state.missed.entries[more.state.view.index].number == "202"


def test_an_edge_of_an_unknown_button_is_nobodys() -> None:
    story = online()
    assert story.then(Edge(0.0, "doorbell", True)).state == story.state
