"""The weekly schedule: by hand in between, and on odd days."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.core.events import Chosen, ClockSet, CodeEnded, For, Leaving, LinkChanged, Until
from device.core.kept import initial, kept
from device.core.schedule import Change, last_due, next_due
from device.core.words import By, Hint, Link, MirrorState, Status
from tests.core.play import AT_FREEPBX, AT_SELECTOR, GENERIC, Played, online, play

WORKDAYS, DAILY = (0, 1, 2, 3, 4), tuple(range(7))
EVENING = Change(WORKDAYS, 18 * 60, Status.ABSENT)
MORNING = Change(WORKDAYS, 8 * 60, Status.AVAILABLE)
OFFICE = (MORNING, EVENING)
ROME = ZoneInfo("Europe/Rome")
"On 2026-03-29 there 02:00 becomes 03:00, and on 2026-10-25 03:00 becomes 02:00."


class Desk:
    """A panel, and the clock on its wall in Rome."""

    def __init__(self, *schedule: Change, wall: str, story: Played | None = None) -> None:
        self.grants = replace(GENERIC, schedule=schedule)
        self.story = story or play(LinkChanged(0.0, Link.ONLINE), grants=self.grants)
        self.wall = _unix(wall)
        self._tell()

    def until(self, wall: str, fold: int = 0) -> "Desk":
        """Let time pass, and tell of a zone that changes on the way, within five seconds."""
        end = _unix(wall, fold)
        while self.wall < end:
            seconds = min(300.0, end - self.wall)
            self.wall += seconds
            self.story = self.story.later(seconds)
            if _zone(self.wall) != self.story.state.clock.zone:
                self._tell()
        return self

    def jump(self, wall: str) -> "Desk":
        """NTP has come: the clock shows another time at once."""
        self.wall = _unix(wall)
        self._tell()
        return self

    def restart(self, wall: str) -> "Desk":
        """The power was off until then."""
        saved = kept(self.story.state)
        begun = play(LinkChanged(0.0, Link.ONLINE), state=initial(self.grants, saved, 0.0))
        return Desk(*self.grants.schedule, wall=wall, story=begun)

    def choose(self, status: Status, limit: For | Until | None = None) -> "Desk":
        wish = Chosen(self.story.now, status, By.BUTTON, limit=limit)
        self.story = self.story.then(wish)
        return self

    @property
    def status(self) -> Status:
        return self.story.status

    def _tell(self) -> None:
        self.story = self.story.then(ClockSet(self.story.now, self.wall, _zone(self.wall)))


def _unix(wall: str, fold: int = 0) -> float:
    return datetime.fromisoformat(wall).replace(tzinfo=ROME, fold=fold).timestamp()


def _zone(wall: float) -> int:
    offset = datetime.fromtimestamp(wall, ROME).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


# Monday is 2026-10-12.


def test_a_change_comes_at_its_time() -> None:
    desk = Desk(*OFFICE, wall="2026-10-12T09:00")
    assert desk.until("2026-10-12T17:59").status is Status.AVAILABLE
    assert desk.until("2026-10-12T18:01").status is Status.ABSENT
    assert desk.story.state.mirror.choice.by is By.SCHEDULE
    assert desk.until("2026-10-13T08:01").status is Status.AVAILABLE


def test_a_weekend_stays_as_friday_left_it() -> None:
    desk = Desk(*OFFICE, wall="2026-10-16T17:00").until("2026-10-19T07:59")
    assert desk.status is Status.ABSENT
    assert desk.until("2026-10-19T08:01").status is Status.AVAILABLE


def test_a_choice_by_hand_wins_until_the_next_change() -> None:
    desk = Desk(*OFFICE, wall="2026-10-12T09:00").until("2026-10-12T18:30")
    desk.choose(Status.AVAILABLE)
    assert desk.until("2026-10-13T07:59").status is Status.AVAILABLE
    desk.choose(Status.DND)
    assert desk.until("2026-10-13T08:01").status is Status.AVAILABLE


def test_a_change_ends_a_limited_choice() -> None:
    desk = Desk(*OFFICE, wall="2026-10-12T17:30").choose(Status.DND, For(3600))
    assert desk.until("2026-10-12T18:01").status is Status.ABSENT
    assert desk.until("2026-10-12T19:00").status is Status.ABSENT


def test_a_change_at_midnight_comes_with_the_new_day() -> None:
    desk = Desk(Change((1,), 0, Status.DND), MORNING, wall="2026-10-12T23:50")
    assert desk.until("2026-10-12T23:59").status is Status.AVAILABLE
    assert desk.until("2026-10-13T00:01").status is Status.DND


def test_a_change_that_was_slept_through_is_made_up_for() -> None:
    desk = Desk(*OFFICE, wall="2026-10-12T09:00").restart("2026-10-12T20:00")
    assert desk.status is Status.ABSENT


def test_a_choice_by_hand_outlives_a_restart() -> None:
    desk = Desk(*OFFICE, wall="2026-10-12T09:00").until("2026-10-12T18:30")
    assert desk.choose(Status.DND).restart("2026-10-12T19:00").status is Status.DND


def test_nothing_happens_while_nobody_knows_the_time() -> None:
    grants = replace(GENERIC, schedule=OFFICE)
    story = play(LinkChanged(0.0, Link.ONLINE), ClockSet(0.0, None), grants=grants)
    assert story.later(7 * 86400).status is Status.AVAILABLE


def test_a_clock_that_ntp_sets_forward_brings_what_is_due() -> None:
    desk = Desk(*OFFICE, wall="2026-10-12T09:00")
    assert desk.jump("2026-10-12T21:00").status is Status.ABSENT


def test_what_a_wrong_clock_did_is_undone_when_it_is_set_right() -> None:
    desk = Desk(*OFFICE, wall="2030-01-07T19:00")
    assert desk.status is Status.ABSENT
    assert desk.jump("2026-10-12T09:00").status is Status.AVAILABLE
    assert desk.until("2026-10-12T18:01").status is Status.ABSENT


def test_what_was_chosen_by_hand_under_a_wrong_clock_stays() -> None:
    desk = Desk(*OFFICE, wall="2030-01-07T19:00").choose(Status.DND)
    assert desk.jump("2026-10-12T09:00").status is Status.DND
    assert desk.until("2026-10-12T18:01").status is Status.ABSENT


def test_a_clock_that_was_an_hour_ahead_swallows_no_change() -> None:
    desk = Desk(*OFFICE, wall="2026-10-12T18:02").jump("2026-10-12T17:02")
    assert desk.status is Status.AVAILABLE
    by_hand = Desk(*OFFICE, wall="2026-10-12T18:02").choose(Status.DND).jump("2026-10-12T17:02")
    assert by_hand.status is Status.DND
    assert by_hand.until("2026-10-12T18:01").status is Status.ABSENT


def test_a_limit_ends_where_the_schedule_wants_the_same_for_good() -> None:
    desk = Desk(Change(DAILY, 600, Status.DND), MORNING, wall="2026-10-12T09:30")
    desk.choose(Status.DND, For(3600))
    assert desk.until("2026-10-12T12:00").status is Status.DND


def test_a_change_that_the_pbx_refuses_is_tried_again() -> None:
    grants = replace(AT_FREEPBX, schedule=(Change(DAILY, 600, Status.DND),))
    begun = online(grants).then(ClockSet(0.0, _unix("2026-10-12T12:00"), 7200))
    refused = begun.then(CodeEnded(1.0, begun.job, done=False, reason="503 Service Unavailable"))
    assert refused.status is Status.AVAILABLE
    assert refused.later(61).dialled == ["*78"]


def test_a_clock_set_back_by_a_minute_repeats_nothing() -> None:
    desk = Desk(*OFFICE, wall="2026-10-12T17:59").until("2026-10-12T18:00:30")
    desk.choose(Status.AVAILABLE).jump("2026-10-12T17:59:30")
    assert desk.until("2026-10-12T18:05").status is Status.AVAILABLE


def test_an_hour_that_is_left_out_brings_its_change_as_it_ends() -> None:
    desk = Desk(Change(DAILY, 150, Status.DND), wall="2026-03-28T12:00").choose(Status.AVAILABLE)
    assert desk.until("2026-03-29T01:59").status is Status.AVAILABLE
    assert desk.until("2026-03-29T03:10").status is Status.DND


def test_an_hour_that_comes_twice_brings_its_change_once() -> None:
    desk = Desk(Change(DAILY, 150, Status.DND), wall="2026-10-24T12:00").choose(Status.AVAILABLE)
    assert desk.until("2026-10-25T02:31").status is Status.DND
    desk.choose(Status.AVAILABLE)
    assert desk.until("2026-10-25T02:45", fold=1).status is Status.AVAILABLE
    assert desk.until("2026-10-26T02:31").status is Status.DND


@pytest.mark.parametrize("night", ["2026-03-28", "2026-10-24"])
def test_until_a_time_is_that_time_on_daylight_saving_days(night: str) -> None:
    desk = Desk(wall=f"{night}T22:00").choose(Status.DND, Until(7 * 60 + 30))
    morning = {"2026-03-28": "2026-03-29", "2026-10-24": "2026-10-25"}[night]
    assert desk.until(f"{morning}T07:29").status is Status.DND
    assert desk.until(f"{morning}T07:31").status is Status.AVAILABLE


@pytest.mark.parametrize("night", ["2026-03-28T22:00", "2026-10-24T22:00"])
def test_so_many_hours_are_so_many_hours_on_daylight_saving_days(night: str) -> None:
    desk = Desk(wall=night).choose(Status.DND, For(8 * 3600))
    asked = desk.story
    assert asked.later(8 * 3600 - 1).status is Status.DND
    assert asked.later(8 * 3600 + 1).status is Status.AVAILABLE


def test_until_a_time_outlives_a_restart_across_the_change_of_the_clock() -> None:
    desk = Desk(wall="2026-10-24T22:00").choose(Status.DND, Until(7 * 60 + 30))
    desk = desk.restart("2026-10-25T06:00")
    assert desk.until("2026-10-25T07:29").status is Status.DND
    assert desk.until("2026-10-25T07:31").status is Status.AVAILABLE


def test_what_is_set_already_is_not_sent_again() -> None:
    grants = replace(AT_FREEPBX, schedule=(Change(DAILY, 600, Status.AVAILABLE),))
    story = play(LinkChanged(0.0, Link.ONLINE), grants=grants).later(10)
    assert story.then(ClockSet(10.0, _unix("2026-10-12T12:00"), 7200)).dialled == []


def test_a_scheduled_divert_goes_to_its_target() -> None:
    change = Change(DAILY, 600, Status.DIVERTED, "Mobile")
    desk = Desk(change, wall="2026-10-12T12:00")
    assert desk.story.state.mirror.choice.target == "+390612345678"


def test_leaving_is_to_be_absent_where_the_config_says_so() -> None:
    stays = play(LinkChanged(0.0, Link.ONLINE), grants=GENERIC).then(Leaving(1.0))
    assert stays.status is Status.AVAILABLE
    goes = replace(GENERIC, absent_at_shutdown=True)
    story = play(LinkChanged(0.0, Link.ONLINE), grants=goes).then(Leaving(1.0))
    assert (story.status, story.verdict) == (Status.ABSENT, MirrorState.CONFIRMED)
    assert story.state.mirror.choice.by is By.SCHEDULE


def test_who_left_is_back_as_before_when_the_program_begins_again() -> None:
    grants = replace(AT_SELECTOR, absent_at_shutdown=True)
    left = online(grants).then(Chosen(0.0, Status.DND, By.BUTTON)).code_done()
    gone = left.hint(Hint.BUSY, "*53100", "On the phone").then(Leaving(1.0))
    assert gone.dialled == ["*512"]
    begun = play(LinkChanged(0.0, Link.ONLINE), state=initial(grants, kept(gone.state), 0.0))
    assert begun.dialled == [], "the PBX speaks first"
    back = begun.hint(Hint.AWAY, "*53100", "Unavailable")
    assert (back.status, back.dialled) == (Status.DND, ["*511"])


changes = st.builds(
    Change,
    days=st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(tuple),
    minute=st.integers(0, 1439),
    status=st.sampled_from(Status),
)


@given(st.lists(changes, min_size=1, max_size=6), st.floats(0, 4e9))
def test_every_change_is_due_once_a_week(schedule: Sequence[Change], local: float) -> None:
    last, following = last_due(schedule, local), next_due(schedule, local)
    assert last
    assert following
    assert local - 7 * 86400 <= last.moment <= local < following.moment <= local + 7 * 86400
    between = next_due(schedule, last.moment)
    assert between
    assert between.moment == following.moment
