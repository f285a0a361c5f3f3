"""Each lamp rule is a promise to the person at the desk."""

from dataclasses import replace
from itertools import combinations

import pytest

from device.core.events import Counts
from device.core.manners import Manners, Span
from device.core.mirror import BLIP_SECONDS
from device.core.notices import CallEntry, CallList, Stamp, Text, TextList, Voicemail
from device.core.profile import Profile, Switch
from device.core.state import Incoming, State
from device.core.words import BUTTONS, CallKind, Hint, Link, Status
from device.views.lamps import lamps, status_lamp
from device.views.looks import THEMES
from device.views.tone import ringing
from hw.patterns import BEATS, seen
from hw.ports import DARK, Colour, Glow, Pattern
from tests.views.states import NOW, QUIET, asked, chosen, office, offline, refused

STAMP = Stamp(NOW, None)
MISSED = CallList((CallEntry("101", "", CallKind.MISSED, STAMP),))
TEXTS = TextList((Text("101", "", "hello", STAMP),))


def lit(state: State) -> dict[str, Glow]:
    """The lamps that are not dark, by name."""
    return {str(name): glow for name, glow in lamps(state).items() if glow != DARK}


def box(new: int = 0, urgent: int = 0, seen: int = 0, known: bool = True) -> State:
    boxes = (("100", Counts(new, 0, urgent)),)
    return replace(QUIET, voicemail=Voicemail(boxes, new > 0, known, seen))


def test_every_button_has_a_lamp() -> None:
    assert tuple(lamps(QUIET)) == BUTTONS


@pytest.mark.parametrize(
    ("status", "glow"),
    [
        (Status.AVAILABLE, Glow(Colour.GREEN, Pattern.STEADY)),
        (Status.DND, Glow(Colour.AMBER, Pattern.STEADY)),
        (Status.ABSENT, Glow(Colour.WHITE, Pattern.STEADY, 0.3)),
        (Status.DIVERTED, Glow(Colour.BLUE, Pattern.STEADY)),
    ],
)
def test_a_confirmed_status_is_steady_in_its_colour(status: Status, glow: Glow) -> None:
    assert lit(chosen(status)) == {status: glow}


@pytest.mark.parametrize(
    ("status", "glow"),
    [
        (Status.AVAILABLE, Glow(Colour.GREEN, Pattern.FAST)),
        (Status.DND, Glow(Colour.AMBER, Pattern.FAST)),
        (Status.ABSENT, Glow(Colour.WHITE, Pattern.FAST, 0.3)),
        (Status.DIVERTED, Glow(Colour.BLUE, Pattern.FAST)),
        (Status.LOGGED_OUT, Glow(Colour.WHITE, Pattern.FAST)),
    ],
)
def test_a_pending_status_blinks_fast_and_alone(status: Status, glow: Glow) -> None:
    assert lit(asked(status)) == {status: glow}


def test_logged_out_is_dark_once_the_registration_is_gone() -> None:
    assert lit(offline(chosen(Status.LOGGED_OUT))) == {}


@pytest.mark.parametrize("link", [Link.OFFLINE, Link.CONNECTING, Link.REFUSED])
@pytest.mark.parametrize("status", [s for s in Status if s is not Status.LOGGED_OUT])
def test_without_a_link_no_status_is_claimed(link: Link, status: Status) -> None:
    unsure = Glow(Colour.WHITE, Pattern.DASH)
    assert lit(offline(chosen(status), link)) == {status: unsure}


def test_a_status_that_cannot_be_read_back_is_not_claimed() -> None:
    switches = {Status.DND: Switch("*78", "*79", "*76{user}")}
    grants = replace(QUIET.grants, profile=Profile("freepbx", switches))
    state = replace(chosen(Status.DND), grants=grants)
    assert lit(state) == {"dnd": Glow(Colour.WHITE, Pattern.DASH)}


def test_a_refused_wish_blips_beside_what_stands() -> None:
    assert lit(refused(Status.DIVERTED, "no")) == {
        "available": Glow(Colour.GREEN, Pattern.STEADY),
        "diverted": Glow(Colour.BLUE, Pattern.BLIP3),
    }


def test_the_blips_come_to_an_end() -> None:
    assert lit(refused(Status.DIVERTED, "no", ago=BLIP_SECONDS)) == lit(QUIET)


def test_a_refusal_of_the_standing_status_blips_on_its_own_lamp() -> None:
    glow = Glow(Colour.GREEN, Pattern.BLIP3)
    assert lit(refused(Status.AVAILABLE, "no")) == {"available": glow}


def test_an_unseen_missed_call_blinks_slowly_until_seen() -> None:
    unseen = replace(QUIET, missed=MISSED)
    assert lamps(unseen)["missed"] == Glow(Colour.RED, Pattern.SLOW)
    assert lamps(replace(unseen, missed=MISSED.seen()))["missed"] == DARK


def test_an_unseen_text_blinks_slowly_until_seen() -> None:
    unseen = replace(QUIET, texts=TEXTS)
    assert lamps(unseen)["message"] == Glow(Colour.RED, Pattern.SLOW)
    assert lamps(replace(unseen, texts=TEXTS.seen()))["message"] == DARK


@pytest.mark.parametrize(
    ("state", "pattern"),
    [
        (box(new=0), Pattern.OFF),
        (box(new=2), Pattern.SLOW),
        (box(new=2, urgent=1), Pattern.FAST),
        (box(new=2, urgent=1, seen=2), Pattern.STEADY),
        (box(new=3, seen=2), Pattern.SLOW),
        (box(new=2, known=False), Pattern.DASH),
        (replace(QUIET, voicemail=Voicemail()), Pattern.OFF),
        (replace(QUIET, voicemail=Voicemail(waiting=True, known=True)), Pattern.SLOW),
    ],
    ids=["empty", "new", "urgent", "seen", "more", "lost", "never-known", "no-counts"],
)
def test_the_voicemail_lamp_tells_what_waits(state: State, pattern: Pattern) -> None:
    glow = lamps(state)["voicemail"]
    colour = Colour.WHITE if pattern is Pattern.DASH else Colour.RED
    assert glow == (DARK if pattern is Pattern.OFF else Glow(colour, pattern))


def test_a_waiting_call_rings_only_for_the_available() -> None:
    call = (Incoming(1, "101", "", NOW),)
    assert ringing(replace(chosen(Status.AVAILABLE), calls=call))
    assert not ringing(replace(chosen(Status.DND), calls=call))
    assert not ringing(chosen(Status.AVAILABLE))


def test_the_one_rgb_lamp_carries_the_status_and_winks_for_what_is_unseen() -> None:
    quiet = chosen(Status.DND)
    assert status_lamp(quiet) == Glow(Colour.AMBER, Pattern.STEADY)
    told = status_lamp(replace(quiet, missed=MISSED))
    assert told == Glow(Colour.AMBER, Pattern.PULSE, overlay=Colour.RED)


def test_the_one_rgb_lamp_claims_no_more_than_the_others() -> None:
    assert status_lamp(replace(offline(QUIET), missed=MISSED)) == Glow(Colour.WHITE, Pattern.DASH)
    assert status_lamp(refused(Status.DND, "no")).pattern is Pattern.BLIP3


def test_every_colleague_has_a_lamp_in_the_order_of_the_config() -> None:
    assert tuple(lamps(office())) == (*BUTTONS, "colleague-1", "colleague-2", "colleague-3")


@pytest.mark.parametrize(
    ("hint", "glow"),
    [
        (Hint.FREE, DARK),
        (Hint.RINGING, Glow(Colour.RED, Pattern.FAST)),
        (Hint.BUSY, Glow(Colour.RED, Pattern.STEADY)),
        (Hint.AWAY, Glow(Colour.WHITE, Pattern.STEADY, 0.3)),
        (Hint.UNKNOWN, Glow(Colour.WHITE, Pattern.DASH)),
    ],
)
def test_a_colleague_s_lamp_tells_what_they_are_doing(hint: Hint, glow: Glow) -> None:
    assert lamps(office(h102=hint))["colleague-2"] == glow


def test_a_colleague_in_do_not_disturb_looks_busy() -> None:
    told = lamps(office(h102=Hint.FREE, h76102=Hint.BUSY))
    assert told["colleague-2"] == Glow(Colour.RED, Pattern.STEADY)


def test_a_colleague_of_whom_nothing_was_heard_is_not_claimed_to_be_free() -> None:
    assert lamps(office())["colleague-1"] == Glow(Colour.WHITE, Pattern.DASH)


def themed(state: State, theme: str) -> State:
    return replace(state, grants=replace(state.grants, manners=Manners(theme=theme)))


def grey(glow: Glow) -> tuple[bool, ...]:
    """What an eye without colours sees of a lamp in eight seconds, fifty times a second."""
    return tuple(seen(glow, n / 50) is not Colour.OFF for n in range(400))


STANDING: dict[str, State] = {
    **{status.value: chosen(status) for status in Status if status is not Status.LOGGED_OUT},
    "logged out": offline(chosen(Status.LOGGED_OUT)),
    "asked for": asked(Status.DND),
    "refused": refused(Status.DND, "no"),
    "unknown": offline(QUIET),
}


@pytest.mark.parametrize(("one", "other"), list(combinations(STANDING, 2)))
def test_without_colours_the_theme_of_patterns_still_tells_all_apart(one: str, other: str) -> None:
    lamp_one, lamp_other = (status_lamp(themed(STANDING[s], "patterns")) for s in (one, other))
    assert grey(lamp_one) != grey(lamp_other)


@pytest.mark.parametrize("status", list(Status))
def test_without_colours_what_is_unseen_does_not_look_like_another_status(status: Status) -> None:
    state = chosen(status)
    quiet = status_lamp(themed(state, "patterns"))
    assert status_lamp(themed(replace(state, missed=MISSED), "patterns")) == quiet


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_has_a_look_for_everything(theme: str) -> None:
    looks = THEMES[theme]
    assert set(looks.status) == set(Status)
    assert set(looks.colleague) == set(Hint)
    assert looks.about


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("status", list(Status))
def test_no_theme_lets_the_confirmed_look_like_what_is_not(theme: str, status: Status) -> None:
    """To be fast is to be asked for, to blip is to be refused, and a dash is not known."""
    kept_for = {Pattern.FAST, Pattern.BLIP3, Pattern.DASH}
    assert THEMES[theme].status[status].pattern not in kept_for


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("status", list(Status))
def test_in_every_theme_what_is_asked_for_blinks_in_a_colour(theme: str, status: Status) -> None:
    (glow,) = lit(themed(asked(status), theme)).values()
    assert glow.pattern is Pattern.FAST
    assert glow.colour is not Colour.OFF


def test_a_theme_that_has_gone_leaves_the_standard_one() -> None:
    assert lamps(themed(QUIET, "neon")) == lamps(QUIET)


def at_hour(hour: float, state: State = QUIET) -> State:
    """The same desk, whose nights are from ten to seven."""
    manners = Manners(night=(Span(22 * 60, 7 * 60),), night_level=0.2)
    clock = replace(state.clock, offset=hour * 3600 - state.now)
    return replace(state, clock=clock, grants=replace(state.grants, manners=manners))


def test_by_night_every_lamp_burns_lower_and_says_the_same() -> None:
    day, night = (replace(at_hour(h, chosen(Status.ABSENT)), missed=MISSED) for h in (12, 23))
    for name, glow in lamps(day).items():
        low = lamps(night)[name]
        assert replace(low, level=glow.level) == glow
        assert low.level == (glow.level if glow == DARK else glow.level * 0.2)
    assert status_lamp(night).level == status_lamp(day).level * 0.2


@pytest.mark.parametrize(("hour", "level"), [(21.99, 1.0), (22.0, 0.2), (6.99, 0.2), (7.0, 1.0)])
def test_the_night_is_as_long_as_it_says(hour: float, level: float) -> None:
    assert lamps(at_hour(hour))["available"].level == level


def test_the_patterns_are_those_of_the_grammar() -> None:
    assert set(BEATS) == set(Pattern) - {Pattern.OFF, Pattern.STEADY}
