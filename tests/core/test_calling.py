"""The panel is no phone: it rings the user's own, and refers it on."""

from dataclasses import replace

import pytest

from device.core import pages
from device.core.calling import (
    CONNECT_SECONDS,
    DONE_SECONDS,
    LAST_WORD_SECONDS,
    LIFT_SECONDS,
)
from device.core.effects import Answer, EndDial, Refer, RingOwn
from device.core.events import (
    CallEnded,
    CallOffered,
    Chosen,
    DialCancelled,
    DialEnded,
    DialWanted,
    Event,
    LinkChanged,
    OwnLifted,
    OwnRings,
    Pressed,
    Referred,
    TextReceived,
)
from device.core.profile import Colleague
from device.core.words import By, CallEnd, CallingStage, Link, Page, Status
from tests.core.play import AT_FREEPBX, AT_SELECTOR, GENERIC, Played, online

ANNA = Colleague("Anna", "102")
DESK = replace(AT_FREEPBX, colleagues=(ANNA,))


def hold(story: Played, button: str) -> Played:
    return story.then(Pressed(story.now, button, held=True))


def missed(number: str = "201", name: str = "Rossi") -> Played:
    return online(DESK).then(CallOffered(1.0, 9, number, name), given_up(9))


def given_up(call: int) -> Event:
    return CallEnded(4.0, call, CallEnd.GIVEN_UP)


def job(story: Played) -> int:
    assert story.state.calling
    return story.state.calling.job


def stage(story: Played) -> CallingStage | None:
    return story.state.calling.stage if story.state.calling else None


def ringing(number: str = "201") -> Played:
    begun = online(DESK).then(DialWanted(1.0, number))
    return begun.then(OwnRings(1.1, job(begun)))


def lifted() -> Played:
    story = ringing()
    return story.then(OwnLifted(3.0, job(story)))


def test_a_call_rings_the_users_own_phone_first() -> None:
    story = online(DESK).then(DialWanted(1.0, "201"))
    assert story.effects == (RingOwn(job(story), "100"),)
    assert stage(story) is CallingStage.LIFT


def test_the_profile_knows_a_better_number_for_it() -> None:
    story = online(AT_SELECTOR).then(DialWanted(1.0, "201"))
    assert story.effects == (RingOwn(job(story), "*55"),)


def test_a_lifted_phone_is_referred_to_the_number() -> None:
    story = lifted()
    assert story.effects == (Refer(job(story), "201"),)
    assert stage(story) is CallingStage.CONNECTING


def test_what_answers_without_ringing_is_voicemail_and_calls_nobody() -> None:
    begun = online(DESK).then(DialWanted(1.0, "201"))
    story = begun.then(OwnLifted(1.2, job(begun)))
    assert story.effects == (EndDial(job(begun)),)
    assert story.state.calling
    assert story.state.calling.reason == "Your phone did not ring"


def test_the_other_end_that_picks_up_ends_our_part() -> None:
    story = lifted()
    on_the_way = story.then(Referred(4.0, job(story), 100, "Trying"))
    assert stage(on_the_way) is CallingStage.CONNECTING
    done = on_the_way.then(Referred(5.0, job(story), 200, "OK"))
    assert (stage(done), done.effects) == (CallingStage.CONNECTED, (EndDial(job(story)),))
    assert done.later(DONE_SECONDS).state.calling is None


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (486, "201 is busy"),
        (600, "201 is busy"),
        (404, "201 was not reached: 404 So"),
        (603, "201 was not reached: 603 So"),
    ],
)
def test_an_end_that_is_not_reached_is_told(code: int, told: str) -> None:
    story = lifted()
    failed = story.then(Referred(4.0, job(story), code, "So"))
    assert failed.state.calling
    assert failed.state.calling.reason == told


def test_a_last_word_that_comes_after_our_part_is_over_still_counts() -> None:
    story = lifted()
    over = story.then(DialEnded(4.0, job(story)))
    assert stage(over) is CallingStage.CONNECTING
    assert stage(over.then(Referred(4.5, job(story), 200, "OK"))) is CallingStage.CONNECTED


def test_a_phone_put_down_before_the_other_end_answers_is_no_connection() -> None:
    story = lifted().then(DialEnded(4.0, job(lifted()))).later(LAST_WORD_SECONDS)
    assert story.state.calling
    assert story.state.calling.reason == "Nobody knows what became of the call to 201"


def test_who_was_called_back_is_not_news_any_more() -> None:
    story = missed()
    assert story.state.missed.unseen == 1
    assert hold(story, "missed").state.missed.unseen == 0
    text = online(DESK).then(TextReceived(1.0, "205", "Bruni", "Hello"))
    assert hold(text, "message").state.texts.unseen == 0


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("486 Busy Here", "Your own phone is busy at the PBX"),
        ("404 Not Found", "Your own phone cannot be rung: 404 Not Found"),
        ("", "Your own phone cannot be rung: it hung up"),
    ],
)
def test_an_own_phone_that_cannot_be_rung_is_told(reason: str, told: str) -> None:
    story = ringing()
    failed = story.then(DialEnded(2.0, job(story), reason))
    assert failed.state.calling
    assert failed.state.calling.reason == told


def test_a_phone_nobody_lifts_rings_no_longer_than_that() -> None:
    story = ringing().later(LIFT_SECONDS)
    assert any(isinstance(e, EndDial) for e in story.effects)
    assert story.state.calling
    assert story.state.calling.reason == "Your phone was not picked up"


def test_silence_after_the_referral_is_told_as_such() -> None:
    story = lifted().later(CONNECT_SECONDS)
    assert story.state.calling
    assert story.state.calling.reason == "Nobody knows what became of the call to 201"


def test_what_is_heard_of_another_call_changes_nothing() -> None:
    story, strange = lifted(), 99
    events = (OwnRings(4.0, strange), OwnLifted(4.0, strange), DialEnded(4.0, strange))
    for event in (*events, Referred(4.0, strange, 200)):
        assert story.then(event).state.calling == story.state.calling


def test_a_press_or_a_word_stops_it() -> None:
    story = ringing()
    for event in (DialCancelled(2.0), Pressed(2.0, "missed"), Pressed(2.0, "colleague-1")):
        stopped = story.then(event)
        assert (stopped.state.calling, stopped.effects) == (None, (EndDial(job(story)),))


def test_one_call_at_a_time() -> None:
    story = ringing().then(DialWanted(2.0, "102"))
    assert story.effects == ()
    assert story.state.balloons[0].text == "Another call is being made"


def test_our_own_call_that_is_forked_back_to_us_neither_rings_nor_is_listed() -> None:
    story = ringing().then(CallOffered(1.5, 5, "100"))
    assert story.effects == (Answer(5, 480),)
    assert (story.state.calls, story.state.missed.entries) == ((), ())


def test_a_caller_covers_the_call_we_make_and_goes_again() -> None:
    story = ringing()
    assert pages.page(story.state) is Page.CALLING
    assert pages.page(story.then(CallOffered(1.5, 5, "300")).state) is Page.RINGING


# Whom to call


def test_hold_calls_back_the_newest_or_the_one_that_is_shown() -> None:
    story = missed()
    assert hold(story, "missed").state.calling
    shown = story.then(CallOffered(3.0, 8, "202", "Verdi"), given_up(8), Pressed(5.0, "missed"))
    newest, older = hold(shown, "missed"), hold(shown.then(Pressed(6.0, "missed")), "missed")
    assert newest.state.calling
    assert newest.state.calling.number == "202"
    assert older.state.calling
    assert older.state.calling.number == "201"


def test_hold_on_a_text_calls_its_writer_and_on_voicemail_the_box() -> None:
    story = online(DESK).then(TextReceived(1.0, "205", "Bruni", "Hello"))
    called = hold(story, "message").state.calling
    assert called
    assert (called.number, called.name) == ("205", "Bruni")
    box = hold(story, "voicemail").state.calling
    assert box
    assert (box.number, box.name) == ("*97", "Voicemail")


def test_hold_on_a_colleague_calls_them() -> None:
    story = hold(online(DESK), "colleague-1").state.calling
    assert story
    assert (story.number, story.name) == ("102", "Anna")


@pytest.mark.parametrize("number", ["*78", "#31#201", "*72900123", "100;x=1", "sip:1@x", "٣٤"])
def test_a_number_from_outside_is_never_dialled_as_a_code(number: str) -> None:
    story = hold(missed(number), "missed")
    assert not any(isinstance(e, RingOwn | Refer) for e in story.effects)
    assert story.state.balloons[0].text == f"{number} is not a telephone number"


def test_a_withheld_number_cannot_be_called_back() -> None:
    story = hold(missed("", ""), "missed")
    assert story.state.balloons[0].text == "The caller's number is not known"


def test_nobody_to_call_back_is_said() -> None:
    for button in ("missed", "message"):
        story = hold(online(DESK), button)
        assert story.state.balloons[0].text == "There is nobody to call back"
    assert hold(online(GENERIC), "voicemail").state.balloons[0].text == "There is no number to call"


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (Status.ABSENT, "No calls from the panel while absent"),
        (Status.DIVERTED, "No calls from the panel while diverted"),
        (Status.LOGGED_OUT, "No calls from the panel while logged out"),
    ],
)
def test_who_is_away_calls_nobody(status: Status, told: str) -> None:
    away = online(DESK).then(Chosen(1.0, status, By.BUTTON))
    story = away.then(DialWanted(2.0, "201"))
    assert not any(isinstance(e, RingOwn) for e in story.effects)
    assert story.state.balloons[0].text == told


@pytest.mark.parametrize("status", [Status.ABSENT, Status.DIVERTED, Status.LOGGED_OUT])
def test_who_goes_away_while_the_phone_rings_is_not_referred(status: Status) -> None:
    story = ringing().then(Chosen(1.5, status, By.BUTTON))
    assert EndDial(job(ringing())) in story.effects
    assert not story.then(OwnLifted(2.0, job(ringing()))).effects


def test_a_caller_who_shows_a_code_of_ours_is_not_called_back_with_it() -> None:
    story = hold(missed("*97", "Voicemail"), "missed")
    assert not any(isinstance(e, RingOwn) for e in story.effects)
    assert story.state.balloons[0].text == "*97 is not a telephone number"


def test_a_call_that_shows_our_own_number_rings_when_we_make_none() -> None:
    story = online(DESK).then(CallOffered(1.5, 5, "100"))
    assert [c.call for c in story.state.calls] == [5]


def test_do_not_disturb_is_no_reason_not_to_call() -> None:
    story = online(DESK).then(Chosen(1.0, Status.DND, By.BUTTON), DialWanted(2.0, "201"))
    assert any(isinstance(e, RingOwn) for e in story.effects)


def test_own_number_and_no_link_are_told() -> None:
    own = online(DESK).then(DialWanted(1.0, "100"))
    assert own.state.balloons[0].text == "That is your own number"
    alone = online(DESK).then(LinkChanged(1.0, Link.OFFLINE), DialWanted(2.0, "201"))
    assert alone.state.balloons[0].text == "There is no PBX"
