"""Stories about the five statuses and the PBX that keeps them."""

import pytest

from device.core.effects import EndCode
from device.core.events import (
    Chosen,
    ClockSet,
    CodeAnswered,
    CodeEnded,
    For,
    HintLost,
    LinkChanged,
    Until,
)
from device.core.kept import initial, kept
from device.core.mirror import CODE_SECONDS, READBACK_SECONDS
from device.core.profile import Grants, Profile
from device.core.status import registered
from device.core.words import By, Hint, Link, MirrorState, Status
from tests.core.play import AT_FREEPBX, DND_HINT, GENERIC, Played, click, online, play


def choose(story: Played, status: Status, target: str = "") -> Played:
    return story.then(Chosen(story.now, status, By.WEB, target))


def dnd_set(story: Played) -> Played:
    return choose(story, Status.DND).code_done().hint(Hint.BUSY)


@pytest.mark.parametrize("status", [Status.DND, Status.ABSENT, Status.DIVERTED])
def test_sip_answers_hold_as_soon_as_the_panel_is_registered(status: Status) -> None:
    story = choose(online(), status)
    assert (story.status, story.verdict) == (status, MirrorState.CONFIRMED)


def test_nothing_is_confirmed_without_a_link() -> None:
    story = choose(play(), Status.DND)
    assert (story.status, story.verdict) == (Status.DND, MirrorState.UNKNOWN)


def test_dnd_is_pending_until_the_hint_tells_of_it() -> None:
    asked = choose(online(AT_FREEPBX), Status.DND)
    assert asked.dialled == ["*78"]
    assert asked.verdict is MirrorState.PENDING
    done = asked.code_done()
    assert done.verdict is MirrorState.PENDING
    assert done.hint(Hint.BUSY).verdict is MirrorState.CONFIRMED


def test_a_hint_that_speaks_first_ends_the_code_call() -> None:
    asked = choose(online(AT_FREEPBX), Status.DND)
    talking = asked.then(CodeAnswered(asked.now, asked.job))
    told = talking.hint(Hint.BUSY)
    assert told.effects == (EndCode(asked.job),)
    assert told.verdict is MirrorState.CONFIRMED


def test_a_code_the_pbx_does_not_know_is_refused_and_rolls_back() -> None:
    asked = choose(online(AT_FREEPBX), Status.DND)
    story = asked.then(CodeEnded(asked.now, asked.job, done=False, reason="404 Not Found"))
    assert (story.status, story.verdict) == (Status.AVAILABLE, MirrorState.REFUSED)
    assert story.reason == "The PBX refused *78: 404 Not Found"


def test_silence_to_a_code_is_refused_in_time() -> None:
    asked = choose(online(AT_FREEPBX), Status.DND)
    story = asked.later(CODE_SECONDS)
    assert story.verdict is MirrorState.REFUSED
    assert story.reason == "The PBX did not answer *78"
    assert EndCode(asked.job) in story.effects


def test_a_code_that_changes_nothing_is_refused() -> None:
    story = choose(online(AT_FREEPBX), Status.DND).code_done().later(READBACK_SECONDS)
    assert (story.status, story.verdict) == (Status.AVAILABLE, MirrorState.REFUSED)
    assert story.reason == "The PBX did not confirm *78"


def test_dnd_cleared_on_another_phone_is_followed() -> None:
    story = dnd_set(online(AT_FREEPBX)).hint(Hint.AWAY)
    assert (story.status, story.verdict) == (Status.AVAILABLE, MirrorState.CONFIRMED)
    assert story.state.mirror.choice.by is By.PBX
    assert story.dialled == []


def test_dnd_set_on_another_phone_is_followed() -> None:
    story = online(AT_FREEPBX).hint(Hint.BUSY)
    assert (story.status, story.verdict) == (Status.DND, MirrorState.CONFIRMED)


def test_diverting_dials_the_target_and_clears_dnd_after() -> None:
    asked = choose(dnd_set(online(AT_FREEPBX)), Status.DIVERTED, "Reception")
    assert asked.dialled == ["*72101"]
    cleared = asked.code_done()
    assert cleared.dialled == ["*72101", "*79"]
    story = cleared.code_done().hint(Hint.FREE)
    assert (story.status, story.verdict) == (Status.DIVERTED, MirrorState.CONFIRMED)


def test_leaving_diverted_clears_it() -> None:
    diverted = choose(online(AT_FREEPBX), Status.DIVERTED).code_done()
    asked = choose(diverted, Status.AVAILABLE)
    assert asked.dialled == ["*73"]
    assert asked.code_done().verdict is MirrorState.CONFIRMED


def test_another_target_is_sent_again() -> None:
    diverted = choose(online(AT_FREEPBX), Status.DIVERTED, "101").code_done()
    assert choose(diverted, Status.DIVERTED, "Mobile").dialled == ["*72+390612345678"]


def test_the_last_of_rapid_presses_wins() -> None:
    first = choose(online(AT_FREEPBX), Status.DND)
    story = choose(choose(first, Status.DIVERTED), Status.AVAILABLE)
    assert story.dialled == []
    back = Played(story.state).code_done().hint(Hint.BUSY)
    assert back.dialled == ["*79"]
    assert back.status is Status.AVAILABLE


def test_a_wish_is_asked_again_when_the_link_is_back() -> None:
    lost = choose(online(AT_FREEPBX), Status.DND).then(LinkChanged(1.0, Link.OFFLINE, "gone"))
    assert (lost.status, lost.verdict) == (Status.DND, MirrorState.UNKNOWN)
    back = lost.then(LinkChanged(9.0, Link.ONLINE))
    assert back.dialled == [], "the PBX has the first word"
    assert back.hint(Hint.FREE).dialled == ["*78"]


def test_the_pbx_speaks_first_when_the_link_is_back() -> None:
    lost = dnd_set(online(AT_FREEPBX)).then(LinkChanged(1.0, Link.OFFLINE))
    back = lost.then(LinkChanged(9.0, Link.ONLINE))
    assert back.verdict is MirrorState.UNKNOWN
    assert back.dialled == []
    assert back.hint(Hint.FREE).status is Status.AVAILABLE


def test_a_lost_hint_is_unknown_and_says_why() -> None:
    story = dnd_set(online(AT_FREEPBX))
    blind = story.then(HintLost(story.now, DND_HINT, "404 Not Found"))
    assert blind.verdict is MirrorState.UNKNOWN
    why = blind.state.mirror.blindness(AT_FREEPBX)
    assert why == "The PBX does not show *76100: 404 Not Found"


def test_a_divert_that_no_hint_tells_of_is_renewed_after_the_link_was_lost() -> None:
    diverted = choose(online(AT_FREEPBX), Status.DIVERTED).code_done()
    lost = diverted.then(LinkChanged(1.0, Link.OFFLINE), LinkChanged(2.0, Link.ONLINE))
    assert lost.verdict is MirrorState.UNKNOWN
    back = lost.hint(Hint.FREE)
    assert back.dialled == ["*72101"]
    assert back.code_done().verdict is MirrorState.CONFIRMED


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("100", "A user cannot divert to their own number"),
        ("600", "600 may not be a divert target"),
        ("4711", "4711 does not match divert.allowed"),
    ],
)
def test_a_forbidden_target_is_refused_in_words(target: str, why: str) -> None:
    story = choose(online(AT_FREEPBX), Status.DIVERTED, target)
    assert (story.status, story.verdict) == (Status.AVAILABLE, MirrorState.REFUSED)
    assert story.reason == why
    assert story.state.balloons[0].text == why
    assert story.dialled == []


def test_diverting_needs_the_right_to() -> None:
    grants = Grants("100", Profile("generic"), divert_allowed=False)
    story = choose(online(grants), Status.DIVERTED, "101")
    assert story.reason == "Diverting is not allowed for this user"


def test_a_new_choice_forgets_the_refusal() -> None:
    story = choose(choose(online(), Status.DIVERTED, "100"), Status.DND)
    assert story.verdict is MirrorState.CONFIRMED


def test_logging_out_is_confirmed_when_the_registration_is_gone() -> None:
    asked = choose(online(), Status.LOGGED_OUT)
    assert not registered(asked.state)
    assert asked.verdict is MirrorState.PENDING
    gone = asked.then(LinkChanged(1.0, Link.OFFLINE, "logged out"))
    assert gone.verdict is MirrorState.CONFIRMED
    assert registered(choose(gone, Status.AVAILABLE).state)


def test_logging_out_clears_what_the_pbx_keeps_first() -> None:
    asked = choose(dnd_set(online(AT_FREEPBX)), Status.LOGGED_OUT)
    assert asked.dialled == ["*79"]
    assert registered(asked.state)
    assert not registered(asked.code_done().hint(Hint.FREE).state)


def test_a_time_limit_brings_the_earlier_status_back() -> None:
    story = online()
    limited = story.then(Chosen(0.0, Status.DND, By.WEB, limit=For(1500)))
    assert limited.later(1499).status is Status.DND
    over = limited.later(1500)
    assert (over.status, over.state.mirror.choice.by) == (Status.AVAILABLE, By.SCHEDULE)


def test_a_second_limit_does_not_come_back_to_the_first() -> None:
    first = online().then(Chosen(0.0, Status.DND, By.WEB, limit=For(100)))
    second = first.then(Chosen(1.0, Status.ABSENT, By.WEB, limit=For(10)))
    assert second.later(10).status is Status.AVAILABLE


def test_until_a_time_needs_to_know_the_time() -> None:
    wish = Chosen(0.0, Status.DND, By.WEB, limit=Until(14 * 60 + 30))
    assert online().then(wish).reason == "The time is not known yet"
    noon = 12 * 3600
    story = online().then(ClockSet(0.0, noon, 3600), wish)
    assert story.state.mirror.choice.until == 90 * 60.0


def test_a_time_limit_outlives_the_program() -> None:
    story = online().then(ClockSet(0.0, 1000.0), Chosen(0.0, Status.DND, By.WEB, limit=For(60)))
    again = play(ClockSet(500.0, 1030.0), state=initial(GENERIC, kept(story.state), 500.0))
    assert again.status is Status.DND
    assert again.later(30).status is Status.AVAILABLE


def test_a_button_sets_its_status_when_it_comes_up() -> None:
    down, up = click("dnd", at=1.0)
    assert online().then(down).status is Status.AVAILABLE
    assert online().then(down, up, *click("missed", at=2.0)).status is Status.DND
