"""The state, told as one of the screens."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.core.events import Counts
from device.core.manners import Manners
from device.core.mirror import Refusal
from device.core.notices import CallEntry, CallList, Stamp, Text, TextList, Voicemail
from device.core.pages import OTHER, TIMES
from device.core.profile import Grants, Profile, Switch, Target
from device.core.room import Room
from device.core.schedule import Change
from device.core.state import Balloon, Calling, Clock, Entry, Incoming, Lock, Mute, State, View
from device.core.turns import TURN_SECONDS
from device.core.words import (
    CallingStage,
    CallKind,
    Hint,
    Line,
    Link,
    MirrorState,
    Notice,
    Page,
    Purpose,
    Status,
)
from device.views.menus import reply
from device.views.screen import Screen, screen
from device.views.screens import (
    About,
    Badge,
    BalloonUp,
    Bar,
    CallingPage,
    CallsPage,
    Idle,
    Menu,
    NothingPage,
    NumberPage,
    People,
    Person,
    Ringing,
    Row,
    TextPage,
    Trouble,
    VoicemailPage,
)
from tests.views.states import (
    GRANTS,
    NOW,
    OFFICE,
    QUIET,
    WALL,
    asked,
    chosen,
    office,
    offline,
    refused,
)

BAR = Bar("14:30", "100", Link.ONLINE, Line.FREE)
OFF = Bar("14:30", "100", Link.OFFLINE, Line.UNKNOWN)
AVAILABLE = Idle(BAR, Status.AVAILABLE, MirrorState.CONFIRMED)
DAY = 86400.0


def stamp(ago: float = 0.0) -> Stamp:
    return Stamp(NOW - ago, WALL - ago)


def call(number: str = "101", name: str = "", ago: float = 0.0) -> CallEntry:
    return CallEntry(number, name, CallKind.MISSED, stamp(ago))


def text(body: str = "Lunch?", name: str = "Anna") -> Text:
    return Text("102", name, body, stamp())


def at(page: Page, state: State = QUIET, index: int = 0, part: int = 0) -> State:
    return replace(state, view=View(page, index, part, since=NOW))


CALLED = replace(QUIET, missed=CallList((call(), call("102", "Anna"))))
WRITTEN = replace(QUIET, texts=TextList((text(), text("word " * 60))))


def box(state: State = QUIET, *boxes: tuple[str, Counts], known: bool = True) -> State:
    waiting = any(counts.new for _, counts in boxes)
    return replace(state, voicemail=Voicemail(boxes, waiting, known))


# The page of rest


def test_a_quiet_desk_shows_status_extension_and_time() -> None:
    assert screen(QUIET) == AVAILABLE


def test_nobody_knows_the_time_and_says_so() -> None:
    assert screen(replace(QUIET, clock=Clock())) == replace(
        AVAILABLE, bar=replace(BAR, clock="--:--")
    )


def test_the_time_is_told_in_the_users_zone() -> None:
    shown = screen(replace(QUIET, clock=Clock(WALL - NOW, zone=7200)))
    assert shown == replace(AVAILABLE, bar=replace(BAR, clock="16:30"))


def test_a_busy_phone_is_told_and_the_status_stays() -> None:
    shown = screen(replace(QUIET, line_hint=Hint.BUSY))
    assert shown == replace(AVAILABLE, bar=replace(BAR, line=Line.BUSY))


def test_the_divert_target_is_told_by_name_while_diverted() -> None:
    shown = screen(chosen(Status.DIVERTED, "101"))
    assert shown == replace(AVAILABLE, status=Status.DIVERTED, target="Reception")


def test_a_divert_target_without_a_name_is_told_by_number() -> None:
    shown = screen(chosen(Status.DIVERTED, "105"))
    assert shown == replace(AVAILABLE, status=Status.DIVERTED, target="105")


def test_a_time_limit_is_told_by_the_clock() -> None:
    shown = screen(chosen(Status.DND, until=NOW + 1500))
    assert shown == replace(AVAILABLE, status=Status.DND, until="until 14:55")


def test_a_time_limit_without_a_clock_is_told_in_minutes() -> None:
    shown = screen(replace(chosen(Status.DND, until=NOW + 1441), clock=Clock()))
    assert isinstance(shown, Idle)
    assert shown.until == "25 min left"


def test_a_wish_under_way_is_told() -> None:
    shown = screen(asked(Status.DND))
    assert shown == Idle(BAR, Status.DND, MirrorState.PENDING, news="Setting…")


def test_logging_out_is_told_while_it_lasts_and_after() -> None:
    going = screen(asked(Status.LOGGED_OUT))
    assert going == Idle(BAR, Status.LOGGED_OUT, MirrorState.PENDING, news="Logging out…")
    gone = screen(offline(chosen(Status.LOGGED_OUT)))
    assert gone == Idle(OFF, Status.LOGGED_OUT, MirrorState.CONFIRMED, news="No calls arrive here")


def test_a_refusal_says_why() -> None:
    assert screen(refused(Status.DIVERTED, "not you")) == replace(AVAILABLE, news="not you")


def test_a_refusal_while_the_old_status_is_put_right_waits() -> None:
    state = asked(Status.AVAILABLE)
    mirror = replace(state.mirror, refusal=Refusal(Status.DND, "no", NOW), repairing=True)
    shown = screen(replace(state, mirror=mirror))
    assert shown == Idle(BAR, Status.AVAILABLE, MirrorState.PENDING, news="Setting…")


def test_what_cannot_be_read_back_is_told() -> None:
    switches = {Status.DND: Switch("*78", "*79", "*76{user}")}
    state = replace(chosen(Status.DND), grants=replace(GRANTS, profile=Profile("x", switches)))
    shown = screen(state)
    assert isinstance(shown, Idle)
    assert (shown.standing, shown.news) == (
        MirrorState.UNKNOWN,
        "The PBX does not show *76100: no answer",
    )
    asking = screen(replace(state, mirror=replace(state.mirror, read_by=NOW + 1)))
    assert isinstance(asking, Idle)
    assert asking.news == "Asking the PBX…"


def test_a_missing_part_is_told_with_its_reason() -> None:
    shown = screen(replace(QUIET, lost={"board": "GPIO: no pins", "oled": ""}))
    assert shown == replace(AVAILABLE, news="GPIO: no pins; No oled")


CARD = "wifi.txt:2: password: expected 8 to 63 characters, or none for an open network"


@pytest.mark.parametrize(
    "troubled",
    [
        replace(offline(QUIET), address=""),
        offline(QUIET, reason="The PBX at pbx.example.com does not answer"),
        offline(QUIET, Link.CONNECTING),
        offline(QUIET, Link.REFUSED, "The PBX refused user 100: wrong password"),
        replace(QUIET, mirror=replace(QUIET.mirror, misfit="The profile x does not fit this PBX")),
        refused(Status.DIVERTED, "There is no number to divert to"),
    ],
    ids=["no-network", "offline", "connecting", "refused", "misfit", "not-granted"],
)
def test_what_is_wrong_here_is_told_in_full_in_turn_with_the_trouble(troubled: State) -> None:
    told = replace(troubled, lost={"card": CARD}, woken=NOW)
    seen = [screen(replace(told, now=NOW + n * TURN_SECONDS)) for n in range(4)]
    own = screen(replace(troubled, now=NOW + 1))
    assert seen[0] == seen[2] == own
    assert seen[1] == seen[3]
    page = seen[1]
    assert isinstance(page, TextPage)
    assert f"{page.sender}: {' '.join(page.lines)}" == CARD


def test_every_screenful_of_everything_that_is_wrong_has_its_turn() -> None:
    """On a glass of one line, and with a part that does not say why it is missing."""
    small = replace(QUIET.grants, room=Room(15, 1, 11, 1, sender_first=True))
    state = replace(offline(QUIET), grants=small, lost={"card": CARD, "board": ""}, woken=NOW)
    seen = [screen(replace(state, now=NOW + n * TURN_SECONDS)) for n in range(20)]
    told = dict.fromkeys(" ".join(s.lines) for s in seen if isinstance(s, TextPage) and s.lines)
    assert " ".join(told) == f"{CARD.partition(': ')[2]} No board"
    assert sum(isinstance(s, Trouble) for s in seen) == 2


def test_who_does_something_sees_what_it_did_first() -> None:
    later = NOW + TURN_SECONDS
    state = replace(offline(QUIET), lost={"card": CARD}, now=later, woken=later)
    assert isinstance(screen(state), TextPage)
    assert isinstance(screen(replace(state, touched=state.now - 1)), Trouble)
    assert isinstance(screen(replace(state, touched=state.now - TURN_SECONDS)), TextPage)


def test_a_page_that_somebody_leads_through_is_not_taken_away_in_turn() -> None:
    state = replace(offline(QUIET), lost={"card": CARD}, now=NOW + TURN_SECONDS)
    assert isinstance(screen(replace(state, view=View(Page.ABOUT))), About)


def test_what_waits_unseen_has_a_badge() -> None:
    state = replace(CALLED, texts=WRITTEN.texts)
    state = box(state, ("100", Counts(2, 1, 1)))
    assert screen(state) == replace(
        AVAILABLE,
        badges=(
            Badge(Notice.MISSED, 2, fresh=True),
            Badge(Notice.MESSAGE, 2, fresh=True),
            Badge(Notice.VOICEMAIL, 2, fresh=True, urgent=True),
        ),
    )


def test_what_was_seen_has_no_badge_but_voicemail_keeps_waiting() -> None:
    state = box(replace(QUIET, missed=CALLED.missed.seen(), texts=WRITTEN.texts.seen()))
    state = box(state, ("100", Counts(2, 1)))
    state = replace(state, voicemail=state.voicemail.look())
    assert screen(state) == replace(AVAILABLE, badges=(Badge(Notice.VOICEMAIL, 2, fresh=False),))


def test_voicemail_that_is_no_longer_told_of_is_doubted() -> None:
    shown = screen(box(QUIET, ("100", Counts(2)), known=False))
    badge = Badge(Notice.VOICEMAIL, 2, fresh=False, known=False)
    assert shown == replace(AVAILABLE, badges=(badge,))


def test_without_a_pbx_no_status_is_claimed() -> None:
    shown = screen(offline(chosen(Status.DIVERTED, "101"), reason="The PBX at pbx does not answer"))
    assert shown == Trouble(OFF, "No PBX", "since 14:02", "pbx does not answer", "→ Reception")


def test_a_refused_registration_is_told_in_words() -> None:
    shown = screen(offline(QUIET, Link.REFUSED, "wrong password"))
    bar = replace(OFF, link=Link.REFUSED)
    assert shown == Trouble(bar, "PBX refused", "", "wrong password", "Available")


def test_a_panel_that_connects_says_so() -> None:
    shown = screen(offline(QUIET, Link.CONNECTING))
    assert shown == Trouble(replace(OFF, link=Link.CONNECTING), "Connecting", "", "", "Available")


def test_a_profile_that_does_not_fit_claims_no_status() -> None:
    told = "The profile freepbx does not fit this PBX: it has dnd not set after *78"
    shown = screen(replace(QUIET, mirror=replace(QUIET.mirror, misfit=told)))
    assert shown == Trouble(BAR, "Wrong profile", "", "freepbx: it has dnd not set after *78", "")


def test_a_target_that_diverts_as_well_is_warned_of_below_its_name() -> None:
    shown = screen(office(chosen(Status.DIVERTED, "102"), h74102=Hint.BUSY))
    assert isinstance(shown, Idle)
    assert shown.target == "Anna"
    assert shown.news == "diverts calls too: yours would be refused there"


EVENING = Change((0, 1, 2, 3, 4), 18 * 60, Status.ABSENT)
MORNING = Change((3,), 8 * 60, Status.DND)


@pytest.mark.parametrize(
    ("schedule", "state", "told"),
    [
        ((EVENING,), QUIET, "Absent at 18:00"),
        ((MORNING,), QUIET, "Do not disturb Thu 08:00"),
        ((EVENING,), chosen(Status.ABSENT), ""),
        ((EVENING,), chosen(Status.DND, until=NOW + 1500), "until 14:55"),
        ((EVENING,), chosen(Status.DND, until=NOW + 5 * 3600), "Absent at 18:00"),
        ((EVENING,), chosen(Status.ABSENT, until=NOW + 5 * 3600), "Absent at 18:00"),
        ((EVENING,), replace(QUIET, clock=Clock()), ""),
        ((EVENING,), refused(Status.DND, "no"), ""),
    ],
    ids=[
        "today",
        "tomorrow",
        "no-change",
        "limit-first",
        "schedule-first",
        "same",
        "clock",
        "news",
    ],
)
def test_what_ends_a_status_first_is_told(
    schedule: tuple[Change, ...], state: State, told: str
) -> None:
    shown = screen(replace(state, grants=replace(GRANTS, schedule=schedule)))
    assert isinstance(shown, Idle)
    assert shown.until == told


# A call, and news


@pytest.mark.parametrize("stage", CallingStage)
def test_a_call_that_is_made_covers_the_page_but_not_the_news(stage: CallingStage) -> None:
    calling = Calling(1, "102", "Anna", NOW + 4, stage, reason="why")
    state = replace(at(Page.MISSED, CALLED), calling=calling)
    assert screen(state) == CallingPage("102", "Anna", stage, "why")
    news = Balloon(None, "Not possible", "Another call is being made", NOW + 5)
    assert isinstance(screen(replace(state, balloons=(news,))), BalloonUp)


def test_a_call_covers_everything() -> None:
    calls = (Incoming(1, "101", "Reception", NOW, ("105", "106")), Incoming(2, "7", "", NOW))
    news = Balloon(None, "Not possible", "no", NOW + 4)
    state = replace(at(Page.MISSED, CALLED), calls=calls, balloons=(news,))
    assert screen(state) == Ringing("101", "Reception", "105", 1, meant="106")


def test_who_diverted_a_call_is_told_by_name_where_that_is_known() -> None:
    calls = (Incoming(1, "7", "", NOW, ("101",)),)
    assert screen(replace(QUIET, calls=calls)) == Ringing("7", "", via="Reception")


def test_what_cannot_be_done_with_a_call_is_told_over_it() -> None:
    calling = replace(QUIET, calls=(Incoming(1, "101", "Reception", NOW),))
    before, after = (
        Balloon(None, "Not possible", "no", NOW + 4.5),
        Balloon(None, "Not possible", "no", NOW + 5.5),
    )
    assert isinstance(screen(replace(calling, balloons=(before,))), Ringing)
    assert isinstance(screen(replace(calling, balloons=(after,))), BalloonUp)
    news = replace(after, title="Anna")
    assert isinstance(screen(replace(calling, balloons=(news,))), Ringing)


def test_news_cover_the_page_the_oldest_first() -> None:
    news = Balloon(Notice.MISSED, "Missed call", "Anna", NOW + 5)
    later = Balloon(None, "Not possible", "no", NOW + 10)
    state = replace(at(Page.MISSED, CALLED), balloons=(news, later))
    assert screen(state) == BalloonUp(Notice.MISSED, "Missed call", "Anna")


# Lists


def test_the_newest_call_comes_first() -> None:
    shown = CallsPage("101", "", CallKind.MISSED, 1, "14:30", "1/2")
    assert screen(at(Page.MISSED, CALLED)) == shown
    second = replace(shown, number="102", name="Anna", place="2/2")
    assert screen(at(Page.MISSED, CALLED, index=1)) == second


@pytest.mark.parametrize(
    ("ago", "told"),
    [
        (0.0, "14:30"),
        (14.5 * 3600, "00:00"),
        (14.5 * 3600 + 1, "Tue 23:59"),
        (6 * DAY, "Thu 14:30"),
        (7 * DAY, "7 Oct 14:30"),
        (-DAY, "15 Oct 14:30"),
    ],
)
def test_a_call_is_dated_as_shortly_as_can_be(ago: float, told: str) -> None:
    shown = screen(at(Page.MISSED, replace(QUIET, missed=CallList((call(ago=ago),)))))
    assert isinstance(shown, CallsPage)
    assert shown.when == told


def test_a_call_from_before_the_time_was_known_says_so() -> None:
    entry = replace(call(), last=Stamp(NOW, None))
    state = replace(QUIET, clock=Clock(), missed=CallList((entry,)))
    shown = screen(at(Page.MISSED, state))
    assert isinstance(shown, CallsPage)
    assert shown.when == "time unknown"


def test_a_long_text_is_told_in_parts() -> None:
    first = screen(at(Page.MESSAGE, WRITTEN, index=1))
    assert first == TextPage("Anna", "14:30", ("word word word word",) * 5, "2/2", 0, 3)
    last = screen(at(Page.MESSAGE, WRITTEN, index=1, part=2))
    assert last == replace(first, part=2)


def test_empty_lists_say_that_they_are_empty() -> None:
    assert screen(at(Page.MISSED)) == NothingPage(Notice.MISSED, "No missed calls")
    assert screen(at(Page.MESSAGE)) == NothingPage(Notice.MESSAGE, "No messages")
    assert screen(at(Page.VOICEMAIL, box())) == NothingPage(Notice.VOICEMAIL, "No voicemail")


def test_voicemail_nobody_told_of_is_unknown_and_not_nothing() -> None:
    assert screen(at(Page.VOICEMAIL)) == NothingPage(Notice.VOICEMAIL, "Voicemail unknown")


def test_each_voicemail_box_has_its_page() -> None:
    state = box(QUIET, ("100", Counts(2, 5, 1)), ("sales", Counts(0, 1)))
    assert screen(at(Page.VOICEMAIL, state)) == VoicemailPage("100", 2, 5, 1, "1/2")
    assert screen(at(Page.VOICEMAIL, state, 1)) == VoicemailPage("sales", 0, 1, 0, "2/2")


def test_voicemail_that_was_not_counted_is_some() -> None:
    some = replace(QUIET, voicemail=Voicemail((), waiting=True, known=True))
    assert screen(at(Page.VOICEMAIL, some)) == VoicemailPage("", None, 0, 0)


# Menus


def test_the_targets_are_offered_by_name_and_number() -> None:
    rows = (Row("Reception", "101"), Row("Mobile", "+390612345678"), Row(OTHER))
    assert screen(at(Page.TARGETS, index=1)) == Menu("Divert to", rows, 1, "2/3")


def test_another_number_is_not_offered_where_none_may_be_entered() -> None:
    grants = replace(GRANTS, manners=Manners(other_target=False))
    shown = screen(at(Page.TARGETS, replace(QUIET, grants=grants)))
    assert isinstance(shown, Menu)
    assert Row(OTHER) not in shown.rows


def entering(entry: Entry, page: Page = Page.NUMBER, state: State = QUIET) -> Screen:
    return screen(replace(state, view=View(page, since=NOW, entry=entry)))


def test_a_number_is_entered_digit_by_digit() -> None:
    shown = entering(Entry(Purpose.DIVERT, "+39", wheel=4))
    assert shown == NumberPage("Divert to", "+39", "4", "", "hold: set")


def test_whose_number_is_typed_is_told() -> None:
    shown = entering(Entry(Purpose.DIAL, "101"))
    assert shown == NumberPage("Call", "101", "0", "Reception", "hold: call")


def test_of_a_pin_only_its_length_is_shown() -> None:
    assert entering(Entry(Purpose.UNLOCK, "**"), Page.PIN) == NumberPage("PIN", "**")


def test_how_many_digits_a_pin_has_is_shown() -> None:
    grants = replace(GRANTS, manners=Manners(pin_digits=4))
    shown = entering(Entry(Purpose.UNLOCK, "**"), Page.PIN, replace(QUIET, grants=grants))
    assert shown == NumberPage("PIN", "**", digits=4)


def test_a_wrong_pin_is_told_and_how_long_to_wait() -> None:
    asked = Entry(Purpose.UNLOCK)
    locked = replace(QUIET, lock=Lock(wrong=2, until=NOW + 1.5))
    assert entering(asked, Page.PIN, locked) == NumberPage("PIN", "", told="wait 2 s")
    again = replace(QUIET, lock=Lock(wrong=2, until=NOW))
    assert entering(asked, Page.PIN, again) == NumberPage("PIN", "", told="Wrong PIN")


def test_how_long_to_be_silent_is_asked() -> None:
    shown = screen(at(Page.MUTE, index=2))
    assert isinstance(shown, Menu)
    assert (shown.title, shown.rows[shown.chosen].label) == ("Silent for", "1 hour")


def test_a_silent_panel_says_so() -> None:
    shown = screen(replace(QUIET, mute=Mute()))
    assert shown == replace(AVAILABLE, bar=replace(BAR, muted=True))


def test_the_replies_are_offered_to_whoever_wrote() -> None:
    view = View(Page.REPLY, index=1, since=NOW, text=text())
    shown = reply(replace(WRITTEN, view=view), ("Yes", "No"))
    assert (shown.title, shown.chosen, shown.place) == ("Reply to Anna", 1, "2/2")
    assert shown.keys == "press: next   hold: send"
    first = reply(replace(WRITTEN, view=replace(view, index=0)), ("Call back", "OK"))
    assert first.keys == "press: next   hold: call"
    assert reply(QUIET, ("Yes",)).title == "Reply to Unknown caller"


def test_the_panel_tells_of_itself() -> None:
    grants = replace(GRANTS, manners=Manners(facts=(("Version", "0.1.0"),)))
    state = replace(QUIET, grants=grants, agent="Asterisk PBX 22", lost={"oled": ""})
    shown = screen(at(Page.ABOUT, replace(state, address="10.0.0.7"), index=9))
    assert isinstance(shown, About)
    assert {row.label: row.detail for row in shown.rows} == {
        "Version": "0.1.0",
        "Address": "10.0.0.7",
        "User": "100",
        "PBX": "Asterisk PBX 22",
        "Profile": "generic",
        "Read back by": "own answers",
        "Hardware": "No oled",
    }
    assert (shown.top, shown.place) == (6, "7/7")


def test_no_network_is_told_from_no_pbx_and_an_address_is_shown() -> None:
    cut = screen(offline(replace(QUIET, address=""), reason="no answer"))
    assert isinstance(cut, Trouble)
    assert (cut.title, cut.address) == ("No network", "")
    alone = screen(offline(replace(QUIET, address="10.0.0.7"), reason="no answer"))
    assert isinstance(alone, Trouble)
    assert (alone.title, alone.address) == ("No PBX", "10.0.0.7")


def test_a_text_is_divided_as_the_glass_has_room() -> None:
    small = replace(WRITTEN, grants=replace(GRANTS, room=Room(10, 2)))
    shown = screen(at(Page.MESSAGE, small, index=1, part=1))
    assert isinstance(shown, TextPage)
    assert shown.lines == ("word word", "word word")


@pytest.mark.parametrize("index", range(len(TIMES)))
def test_the_chosen_time_is_always_in_sight(index: int) -> None:
    state = replace(QUIET, view=View(Page.TIMES, index, status=Status.DND))
    shown = screen(state)
    assert isinstance(shown, Menu)
    assert shown.title == "Do not disturb for"
    assert shown.rows[shown.chosen] == Row(TIMES[index].label)


def test_a_target_that_diverts_as_well_is_marked_before_it_is_chosen() -> None:
    shown = screen(at(Page.TARGETS, office(h74102=Hint.BUSY)))
    assert isinstance(shown, Menu)
    assert shown.rows[-2] == Row("Anna", "diverts")


def test_colleagues_are_listed_around_the_chosen_one() -> None:
    state = office(h101=Hint.FREE, h102=Hint.FREE, h74102=Hint.BUSY, h103=Hint.BUSY)
    rows = (
        Person("Reception", Hint.FREE),
        Person("Anna", Hint.FREE, diverts=True),
        Person("Bruno", Hint.BUSY),
    )
    shown = screen(at(Page.COLLEAGUES, state, 1))
    assert shown == People(rows, 1, "2/3", "free, diverts", "hold: call")


def test_a_busy_colleague_can_be_waited_for_and_forgotten() -> None:
    state = office(h103=Hint.BUSY)
    asked_for = screen(at(Page.COLLEAGUES, state, 2))
    assert isinstance(asked_for, People)
    assert (asked_for.told, asked_for.keys) == ("in a call", "press: tell me   hold: call")
    waited = screen(at(Page.COLLEAGUES, replace(state, tell_free=frozenset({"103"})), 2))
    assert isinstance(waited, People)
    assert waited.rows[2] == Person("Bruno", Hint.BUSY, waited_for=True)
    assert waited.keys == "press: forget   hold: call"


@pytest.mark.parametrize(
    ("hints", "told"),
    [
        ({"h103": Hint.RINGING}, "ringing"),
        ({"h103": Hint.FREE, "h76103": Hint.BUSY}, "do not disturb"),
        ({"h103": Hint.FREE, "h80103": Hint.BUSY}, "absent"),
        ({"h103": Hint.AWAY}, "away"),
        ({}, "unknown"),
    ],
)
def test_what_a_colleague_is_doing_is_a_word_or_two(hints: dict[str, Hint], told: str) -> None:
    shown = screen(at(Page.COLLEAGUES, office(QUIET, **hints), 2))
    assert isinstance(shown, People)
    assert shown.told == told


# Whatever


@settings(deadline=None)
@given(
    page=st.sampled_from(Page),
    index=st.integers(),
    part=st.integers(),
    state=st.sampled_from([QUIET, CALLED, WRITTEN, box(QUIET, ("100", Counts(2)))]),
    offset=st.none() | st.floats(-1e15, 1e15),
    targets=st.sampled_from([(), (Target("", "1"),), tuple(Target("x", "1") for _ in range(9))]),
    grants=st.sampled_from([GRANTS, replace(OFFICE, schedule=(EVENING, MORNING))]),
)
def test_any_place_in_any_state_is_a_screen(
    page: Page,
    index: int,
    part: int,
    state: State,
    offset: float | None,
    targets: tuple[Target, ...],
    grants: Grants,
) -> None:
    state = replace(state, clock=Clock(offset), grants=replace(grants, targets=targets))
    first, second = (screen(at(page, state, index, part)) for _ in range(2))
    assert first == second
