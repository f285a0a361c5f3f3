"""A profile is proved before it is trusted: the same code means its opposite elsewhere."""

from dataclasses import replace

from device.core.effects import DialCode
from device.core.events import Chosen, CodeAnswered, LinkChanged, PbxSeen
from device.core.mirror import LATE_SECONDS, READBACK_SECONDS
from device.core.words import By, Hint, Link, MirrorState, Status
from tests.core.pbx import Pbx
from tests.core.play import (
    AT_BLIND_SELECTOR,
    AT_FREEPBX,
    AT_SELECTOR,
    Played,
    online,
    play,
)

NO_FIT = "The profile freepbx does not fit this PBX: it has dnd not set after *78"


def choose(story: Played, status: Status) -> Played:
    return story.then(Chosen(story.now, status, By.BUTTON))


def opposite() -> Played:
    """The code is answered, and its hint says the opposite."""
    return choose(online(AT_FREEPBX), Status.DND).code_done().later(READBACK_SECONDS)


def test_a_first_code_that_its_hint_contradicts_means_that_the_profile_does_not_fit() -> None:
    story = opposite()
    assert (story.verdict, story.reason) == (MirrorState.REFUSED, NO_FIT)
    assert story.state.mirror.misfit == NO_FIT
    [balloon] = story.state.balloons
    assert balloon.text == NO_FIT


def test_a_profile_that_does_not_fit_sends_no_more_codes() -> None:
    story = opposite()
    for status in (Status.DND, Status.DIVERTED, Status.AVAILABLE, Status.ABSENT):
        pressed = choose(story, status)
        assert not any(isinstance(e, DialCode) for e in pressed.effects)
        assert pressed.reason == NO_FIT
        story = Played(pressed.state).later(120)
        assert story.dialled == []


def test_what_does_not_fit_is_never_claimed() -> None:
    story = opposite().later(120)
    assert story.verdict is MirrorState.UNKNOWN
    mirror, grants = story.state.mirror, story.state.grants
    assert mirror.reason(grants, Link.ONLINE, story.now) == NO_FIT
    assert story.hint(Hint.BUSY).verdict is MirrorState.UNKNOWN


def test_to_log_out_is_possible_all_the_same() -> None:
    out = choose(opposite(), Status.LOGGED_OUT)
    assert out.dialled == []
    story = out.then(LinkChanged(out.now, Link.OFFLINE))
    assert story.verdict is MirrorState.CONFIRMED


def test_a_link_made_anew_gives_the_profile_another_chance() -> None:
    lost = opposite().then(LinkChanged(50.0, Link.OFFLINE), LinkChanged(51.0, Link.ONLINE))
    assert lost.state.mirror.misfit == ""


def test_a_code_that_clears_is_proved_as_well() -> None:
    set_elsewhere = online(AT_FREEPBX).hint(Hint.BUSY)
    story = choose(set_elsewhere, Status.AVAILABLE).code_done().later(READBACK_SECONDS)
    why = "The profile freepbx does not fit this PBX: it has dnd not cleared after *79"
    assert story.state.mirror.misfit == why


def test_a_code_nobody_answered_says_nothing_of_the_profile() -> None:
    story = choose(online(AT_FREEPBX), Status.DND).later(60)
    assert story.state.mirror.misfit == ""


def test_a_hint_that_is_late_but_right_proves_the_profile() -> None:
    asked = choose(online(AT_FREEPBX), Status.DND)
    story = asked.then(CodeAnswered(asked.now, asked.job)).later(READBACK_SECONDS - 1)
    assert story.hint(Hint.BUSY).state.mirror.proved == {Status.DND}


def test_a_hint_that_comes_after_all_acquits_the_profile() -> None:
    story = opposite().later(1).hint(Hint.BUSY)
    assert story.state.mirror.misfit == ""
    assert (story.status, story.verdict) == (Status.DND, MirrorState.CONFIRMED)
    assert opposite().later(LATE_SECONDS + 1).hint(Hint.BUSY).state.mirror.misfit == NO_FIT


def test_a_pbx_of_another_name_gets_no_code_at_all() -> None:
    ucm = replace(AT_FREEPBX, strangers=(("UCM", "grandstream-ucm"),))
    met = play(
        PbxSeen(0.0, "Grandstream UCM6302 1.0.20"), LinkChanged(0.0, Link.ONLINE), grants=ucm
    )
    told = "The PBX seems to be grandstream-ucm, and the profile is freepbx"
    pressed = choose(met, Status.DND)
    assert (pressed.dialled, pressed.reason) == ([], told)
    late = play(LinkChanged(0.0, Link.ONLINE), PbxSeen(0.1, "Grandstream UCM6302"), grants=ucm)
    assert late.state.mirror.misfit == told
    again = late.then(LinkChanged(1.0, Link.OFFLINE), LinkChanged(2.0, Link.ONLINE))
    assert again.state.mirror.misfit == told
    assert play(PbxSeen(0.0, "Asterisk PBX 22"), grants=ucm).state.mirror.misfit == ""


def test_a_note_that_only_the_family_has_weighs_more_than_a_name() -> None:
    kit = replace(AT_SELECTOR, strangers=(("FPBX", "freepbx"),))
    story = play(PbxSeen(0.0, "FPBX-16.0.40"), LinkChanged(0.0, Link.ONLINE), grants=kit)
    assert story.state.mirror.misfit
    told = story.hint(Hint.FREE, "*53100", "Ready")
    assert (told.state.mirror.misfit, told.verdict) == ("", MirrorState.CONFIRMED)
    assert told.then(PbxSeen(2.0, "FPBX-16.0.40")).state.mirror.misfit == ""


def test_a_contrary_pbx_gets_one_code() -> None:
    pbx = Pbx(AT_FREEPBX, contrary=True)
    pbx.come()
    pbx.hear(choose(pbx.panel, Status.DND))
    pbx.obey()
    pbx.wait()
    assert pbx.panel.state.mirror.misfit == NO_FIT
    assert pbx.codes == []


# Selectors: a PBX that keeps one status at a time


def test_a_selector_is_set_and_never_cleared() -> None:
    pbx = Pbx(AT_SELECTOR)
    pbx.come()
    dialled = []
    for status in (Status.DND, Status.DIVERTED, Status.AVAILABLE):
        story = choose(pbx.panel, status)
        dialled += story.dialled
        pbx.hear(story)
        pbx.obey()
        assert (pbx.panel.status, pbx.panel.verdict) == (status, MirrorState.CONFIRMED)
    assert dialled == ["*511", "*513101", "*510"]


def test_one_hint_tells_all_statuses_apart_by_its_note() -> None:
    story = online(AT_SELECTOR)
    notes = {"Ready": Status.AVAILABLE, "On the phone": Status.DND, "Unavailable": Status.ABSENT}
    for note, status in notes.items():
        story = story.hint(Hint.UNKNOWN, "*53100", note)
        assert (story.status, story.verdict) == (status, MirrorState.CONFIRMED)


def test_a_note_that_the_profile_does_not_know_is_unknown() -> None:
    story = online(AT_SELECTOR).hint(Hint.UNKNOWN, "*53100", "Out to lunch")
    assert story.verdict is MirrorState.UNKNOWN


def test_a_selector_without_hints_is_in_doubt_until_a_first_press() -> None:
    story = online(AT_BLIND_SELECTOR)
    assert story.verdict is MirrorState.UNKNOWN
    told = story.state.mirror.reason(AT_BLIND_SELECTOR, Link.ONLINE, story.now)
    assert told == "Nobody knows what the PBX has set: press to be sure"


def test_a_selector_without_hints_takes_the_codes_word() -> None:
    story = choose(online(AT_BLIND_SELECTOR), Status.DND)
    assert story.dialled == ["*32"]
    done = story.code_done()
    assert (done.status, done.verdict) == (Status.DND, MirrorState.CONFIRMED)
    assert choose(done, Status.AVAILABLE).dialled == ["*30"]
