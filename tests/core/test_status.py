"""Stories about the five statuses and the PBX that keeps them."""

from dataclasses import replace

import pytest

from device.core.effects import EndCode
from device.core.events import (
    Chosen,
    ClockSet,
    CodeAnswered,
    CodeEnded,
    For,
    HintHeard,
    HintLost,
    LinkChanged,
    Tick,
    Until,
)
from device.core.kept import initial, kept
from device.core.mirror import CODE_SECONDS, MOST_TRIES, READBACK_SECONDS, REFUSAL_SECONDS
from device.core.profile import Grants, Profile, Switch
from device.core.status import registered
from device.core.words import By, Hint, Link, Means, MirrorState, Status
from tests.core.play import (
    AT_FREEPBX,
    DIVERT_HINT,
    DND_HINT,
    GENERIC,
    Played,
    click,
    online,
    online_without_divert_hint,
    play,
)


def choose(story: Played, status: Status, target: str = "") -> Played:
    return story.then(Chosen(story.now, status, By.WEB, target))


def dnd_set(story: Played) -> Played:
    return choose(story, Status.DND).code_done().hint(Hint.BUSY)


def diverted() -> Played:
    return choose(online(AT_FREEPBX), Status.DIVERTED).code_done().hint(Hint.BUSY, DIVERT_HINT)


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


def test_a_code_that_worked_before_and_changes_nothing_now_is_refused() -> None:
    proved = choose(dnd_set(online(AT_FREEPBX)), Status.AVAILABLE).code_done().hint(Hint.AWAY)
    story = choose(proved, Status.DND).code_done().later(READBACK_SECONDS)
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
    cleared = asked.code_done().hint(Hint.BUSY, DIVERT_HINT)
    assert cleared.dialled == ["*79"]
    story = cleared.code_done().hint(Hint.FREE)
    assert (story.status, story.verdict) == (Status.DIVERTED, MirrorState.CONFIRMED)


def test_leaving_diverted_clears_it() -> None:
    asked = choose(diverted(), Status.AVAILABLE)
    assert asked.dialled == ["*73"]
    assert asked.code_done().hint(Hint.AWAY, DIVERT_HINT).verdict is MirrorState.CONFIRMED


def test_another_target_is_sent_again() -> None:
    assert choose(diverted(), Status.DIVERTED, "Mobile").dialled == ["*72+390612345678"]


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
    assert back.hint(Hint.FREE).hint(Hint.FREE, DIVERT_HINT).dialled == ["*78"]


def test_the_pbx_speaks_first_when_the_link_is_back() -> None:
    lost = dnd_set(online(AT_FREEPBX)).then(LinkChanged(1.0, Link.OFFLINE))
    back = lost.then(LinkChanged(9.0, Link.ONLINE))
    assert back.verdict is MirrorState.UNKNOWN
    assert back.dialled == []
    told = back.hint(Hint.FREE).hint(Hint.FREE, DIVERT_HINT)
    assert told.status is Status.AVAILABLE


def test_a_lost_hint_is_unknown_and_says_why() -> None:
    story = dnd_set(online(AT_FREEPBX))
    blind = story.then(HintLost(story.now, DND_HINT, "404 Not Found"))
    assert blind.verdict is MirrorState.UNKNOWN
    why = blind.state.mirror.reason(AT_FREEPBX, Link.ONLINE, blind.now)
    assert why == "The PBX does not show *76100: 404 Not Found"


def test_a_divert_set_on_another_phone_is_followed_without_its_target() -> None:
    story = diverted().hint(Hint.AWAY, DIVERT_HINT).hint(Hint.BUSY, DIVERT_HINT)
    assert (story.status, story.verdict) == (Status.DIVERTED, MirrorState.CONFIRMED)
    assert story.state.mirror.choice.target == ""


def test_two_statuses_set_at_once_are_no_status_to_be_sure_of() -> None:
    both = diverted().hint(Hint.BUSY)
    assert both.verdict is MirrorState.UNKNOWN
    why = both.state.mirror.reason(AT_FREEPBX, Link.ONLINE, both.now)
    assert why == "The PBX has dnd and diverted set at once: press one to be sure"
    assert choose(both, Status.DND).dialled == ["*73"]


def test_without_a_hint_the_codes_answer_must_do() -> None:
    asked = choose(online_without_divert_hint(), Status.DIVERTED)
    assert asked.dialled == ["*72101"]
    done = asked.code_done()
    assert done.verdict is MirrorState.CONFIRMED
    assert done.state.mirror.switches.means(AT_FREEPBX, Status.DIVERTED) is Means.CODE


def test_without_a_hint_a_press_always_clears_what_another_phone_may_have_set() -> None:
    asked = choose(online_without_divert_hint(), Status.AVAILABLE)
    assert asked.dialled == ["*73"]
    assert asked.code_done().verdict is MirrorState.CONFIRMED


def test_a_pbx_that_knows_no_such_code_has_nothing_to_clear() -> None:
    asked = choose(online_without_divert_hint(), Status.AVAILABLE)
    unknown = asked.then(CodeEnded(0.0, asked.job, done=False, reason="404 Not Found"))
    assert unknown.verdict is MirrorState.CONFIRMED


def test_a_divert_of_ours_that_cannot_be_cleared_is_not_passed_over() -> None:
    set_here = choose(online_without_divert_hint(), Status.DIVERTED).code_done()
    asked = choose(set_here, Status.AVAILABLE)
    failed = asked.then(CodeEnded(0.0, asked.job, done=False, reason="404 Not Found"))
    assert failed.state.mirror.refusal is not None


def test_without_a_hint_a_divert_is_in_doubt_after_the_link_was_lost() -> None:
    """Somebody may have cancelled it on a phone, and it must not come back by itself."""
    story = choose(online_without_divert_hint(), Status.DIVERTED).code_done()
    lost = story.then(LinkChanged(1.0, Link.OFFLINE), LinkChanged(2.0, Link.ONLINE))
    back = lost.hint(Hint.FREE).then(HintLost(2.0, DIVERT_HINT, "404 Not Found"))
    assert (back.status, back.verdict) == (Status.DIVERTED, MirrorState.UNKNOWN)
    assert back.later(600).dialled == []
    why = back.state.mirror.reason(AT_FREEPBX, Link.ONLINE, back.now)
    assert why == "Nobody knows how the PBX has diverted: press to be sure"
    assert choose(back, Status.DIVERTED).dialled == ["*72101"]


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


@pytest.mark.parametrize("slip", ["Recepton", "*97", "00#", "12 3"])
def test_a_slip_in_a_target_is_not_dialled(slip: str) -> None:
    story = choose(online(), Status.DIVERTED, slip)
    assert story.reason == f"There is no target called {slip}"
    assert story.status is Status.AVAILABLE


def test_a_new_choice_takes_the_refusal_off_the_glass() -> None:
    refused = choose(online(), Status.DIVERTED, "100")
    assert choose(refused, Status.DND).state.balloons == ()


@pytest.mark.parametrize(
    ("story", "status", "means"),
    [
        (online(AT_FREEPBX), Status.AVAILABLE, Means.HINT),
        (online(AT_FREEPBX), Status.DND, Means.HINT),
        (online(AT_FREEPBX), Status.DIVERTED, Means.HINT),
        (online(AT_FREEPBX), Status.ABSENT, Means.ANSWERS),
        (online_without_divert_hint(), Status.AVAILABLE, Means.CODE),
        (online_without_divert_hint(), Status.DND, Means.HINT),
        (online_without_divert_hint(), Status.DIVERTED, Means.CODE),
        (online(), Status.AVAILABLE, Means.ANSWERS),
        (online(), Status.DND, Means.ANSWERS),
    ],
)
def test_it_is_known_how_well_the_pbx_confirms(story: Played, status: Status, means: Means) -> None:
    assert story.state.mirror.switches.means(story.state.grants, status) is means


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


def expired_dnd_refused() -> Played:
    limited = online(AT_FREEPBX).then(Chosen(0.0, Status.DND, By.WEB, limit=For(60)))
    over = limited.code_done().hint(Hint.BUSY).later(60)
    return over.then(CodeEnded(over.now, over.job, done=False, reason="403 Forbidden"))


def test_an_ended_limit_that_the_pbx_refuses_is_not_dialled_for_ever() -> None:
    story = expired_dnd_refused()
    assert (story.status, story.verdict) == (Status.DND, MirrorState.REFUSED)
    assert 1 < len(story.later(24 * 3600).dialled) <= MOST_TRIES


def test_a_refused_press_is_not_dialled_again() -> None:
    asked = choose(online(AT_FREEPBX), Status.DND)
    refused = asked.then(CodeEnded(asked.now, asked.job, done=False, reason="403 Forbidden"))
    assert refused.later(3600).dialled == []


def test_a_lost_retarget_leaves_the_target_in_doubt() -> None:
    asked = choose(diverted(), Status.DIVERTED, "Mobile")
    lost = asked.later(CODE_SECONDS + READBACK_SECONDS)
    assert lost.dialled == ["*72101"], "back to where calls went before"
    assert lost.verdict is not MirrorState.CONFIRMED


def test_a_refusal_of_the_press_before_does_not_touch_the_newest() -> None:
    first = choose(online(AT_FREEPBX), Status.DND)
    newest = choose(first, Status.DIVERTED)
    story = newest.then(CodeEnded(newest.now, first.job, done=False, reason="403 Forbidden"))
    assert story.dialled == ["*72101"]
    assert story.status is Status.DIVERTED


def test_a_code_under_way_when_the_link_was_lost_leaves_a_doubt() -> None:
    lost = choose(online(AT_FREEPBX), Status.DIVERTED).then(LinkChanged(1.0, Link.OFFLINE))
    changed = choose(lost, Status.AVAILABLE)
    back = changed.then(LinkChanged(2.0, Link.ONLINE)).hint(Hint.FREE)
    blind = back.then(HintLost(2.0, DIVERT_HINT, "404 Not Found"))
    assert blind.dialled == ["*73"], "it may have been carried out"


def test_a_wish_made_without_a_link_outlives_the_program() -> None:
    lost = online(AT_FREEPBX).then(LinkChanged(1.0, Link.OFFLINE))
    saved = kept(choose(lost, Status.DND).state)
    again = online(AT_FREEPBX, saved)
    assert again.status is Status.DND
    assert again.state.mirror.step, "it is asked for, though the hint says that it is not set"


def test_what_a_hint_said_is_known_when_it_is_blind() -> None:
    blind = dnd_set(online(AT_FREEPBX)).then(HintLost(0.0, DND_HINT, "gone"))
    assert choose(blind, Status.AVAILABLE).dialled == ["*79"]


def test_absent_at_logout_does_not_undo_the_logout() -> None:
    switches = {Status.ABSENT: Switch("*81", "*82", "*83{user}")}
    grants = Grants("100", Profile("kit", switches), absent_at_logout=True)
    asked = choose(online(grants), Status.LOGGED_OUT)
    assert asked.dialled == ["*81"]
    done = asked.code_done().then(HintHeard(0.0, "*83100", Hint.BUSY), Tick(0.1))
    assert done.status is Status.LOGGED_OUT
    assert not registered(done.state)


def test_a_limit_on_the_status_that_holds_already_leads_to_available() -> None:
    story = choose(online(), Status.DND)
    limited = story.then(Chosen(0.0, Status.DND, By.WEB, limit=For(60)))
    assert limited.later(60).status is Status.AVAILABLE


def test_until_a_time_follows_the_clock_and_for_a_time_does_not() -> None:
    noon = online().then(ClockSet(0.0, 12 * 3600))
    until = noon.then(Chosen(0.0, Status.DND, By.WEB, limit=Until(13 * 60)))
    for_hour = noon.then(Chosen(0.0, Status.DND, By.WEB, limit=For(3600)))
    jump = ClockSet(1.0, 12.5 * 3600 + 1)
    assert until.then(jump).later(1800).status is Status.AVAILABLE
    assert for_hour.then(jump).later(1800).status is Status.DND
    assert for_hour.then(jump).later(3600).status is Status.AVAILABLE


def test_a_limit_is_kept_when_another_wish_is_refused_after_a_restart() -> None:
    story = online().then(ClockSet(0.0, 1000.0), Chosen(0.0, Status.DND, By.WEB, limit=For(600)))
    again = play(LinkChanged(0.0, Link.ONLINE), state=initial(GENERIC, kept(story.state), 0.0))
    dated = again.then(ClockSet(0.0, 1000.0), Chosen(0.0, Status.DIVERTED, By.WEB, "100"))
    assert dated.later(600).status is Status.AVAILABLE


def test_the_mobile_is_meant_by_its_name() -> None:
    grants = replace(GENERIC, mobile="+39333", targets=())
    assert choose(online(grants), Status.DIVERTED, "mobile").state.mirror.choice.target == "+39333"
    assert choose(online(replace(grants, mobile="")), Status.DIVERTED, "mobile").reason == (
        "There is no number to divert to"
    )


def test_a_refusal_is_told_for_a_while_and_then_forgotten() -> None:
    story = choose(online(), Status.DIVERTED, "100")
    assert story.later(REFUSAL_SECONDS - 1).verdict is MirrorState.REFUSED
    assert story.later(REFUSAL_SECONDS).verdict is MirrorState.CONFIRMED


def test_another_target_of_a_readable_divert_waits_for_the_codes_end() -> None:
    switches = {Status.DIVERTED: Switch("*72{target}", "*73", "*74{user}")}
    grants = Grants("100", Profile("kit", switches))
    first = choose(online(grants), Status.DIVERTED, "101").code_done()
    diverted = first.then(HintHeard(0.0, "*74100", Hint.BUSY))
    assert diverted.verdict is MirrorState.CONFIRMED
    asked = choose(diverted, Status.DIVERTED, "102")
    talking = asked.then(CodeAnswered(0.0, asked.job))
    assert talking.verdict is MirrorState.PENDING, "the hint spoke of the target before"
    assert asked.code_done().verdict is MirrorState.CONFIRMED
