"""The panel never claims what the PBX does not do, whatever the PBX does."""

from collections.abc import Callable

from hypothesis import example, given, settings
from hypothesis import strategies as st

from device.core.events import Chosen
from device.core.words import By, MirrorState, Status
from device.views.lamps import lamps
from hw.ports import Pattern
from tests.core.pbx import Pbx
from tests.core.play import AT_FREEPBX, play

Deed = Callable[[Pbx], None]

DEEDS: tuple[Deed, ...] = (
    Pbx.come,
    Pbx.go,
    Pbx.obey,
    Pbx.obey,
    Pbx.obey_in_silence,
    Pbx.refuse,
    Pbx.ignore,
    Pbx.other_phone,
    Pbx.other_phone_diverts,
    Pbx.wait,
    Pbx.restart_panel,
)


def choose(status: Status) -> Deed:
    def deed(pbx: Pbx) -> None:
        pbx.hear(pbx.panel.then(Chosen(pbx.now, status, By.WEB)))

    deed.__name__ = f"choose_{status}"
    return deed


WISHES = tuple(choose(s) for s in Status if s is not Status.LOGGED_OUT)
deeds = st.lists(st.sampled_from([*DEEDS, *WISHES, *WISHES]), max_size=25)


def steady(pbx: Pbx) -> list[Status]:
    return [s for s in Status if lamps(pbx.panel.state)[s].pattern is Pattern.STEADY]


@settings(max_examples=400)
@given(deeds, st.booleans())
@example([Pbx.come, choose(Status.DIVERTED), Pbx.go, choose(Status.AVAILABLE), Pbx.come], False)
@example([Pbx.come, choose(Status.DIVERTED), Pbx.obey_in_silence, Pbx.wait], False)
@example([Pbx.come, choose(Status.DIVERTED), Pbx.obey, Pbx.other_phone], True)
def test_a_steady_lamp_is_what_the_pbx_does(story: list[Deed], tells_of_forward: bool) -> None:
    pbx = Pbx(play(grants=AT_FREEPBX), tells_of_forward)
    for deed in story:
        deed(pbx)
        assert all(code.number != "*72" for code in pbx.codes), "diverted to nowhere"
        for status in steady(pbx):
            assert pbx.up
            assert pbx.dnd == (status is Status.DND)
            assert bool(pbx.forward) == (status is Status.DIVERTED)
            assert pbx.panel.state.mirror.choice.target in ("", pbx.forward)


@settings(max_examples=400)
@given(deeds, st.sampled_from([s for s in Status if s is not Status.LOGGED_OUT]), st.booleans())
def test_a_pbx_that_obeys_again_ends_where_the_last_press_wanted_it(
    story: list[Deed], last: Status, tells_of_forward: bool
) -> None:
    pbx = Pbx(play(grants=AT_FREEPBX), tells_of_forward)
    for deed in (*story, choose(last), Pbx.come, Pbx.wait, Pbx.wait, choose(last)):
        deed(pbx)
    for _ in range(12):
        pbx.obey()
        pbx.tell()
    assert (pbx.panel.status, pbx.panel.verdict) == (last, MirrorState.CONFIRMED)
    assert steady(pbx) == [last]
    assert pbx.dnd == (last is Status.DND)
    assert bool(pbx.forward) == (last is Status.DIVERTED)


@given(deeds, st.booleans())
def test_a_pbx_that_never_obeys_is_not_called_for_ever(
    story: list[Deed], tells_of_forward: bool
) -> None:
    pbx = Pbx(play(grants=AT_FREEPBX), tells_of_forward)
    for deed in story:
        deed(pbx)
    for rounds in range(10):
        if not pbx.codes and not pbx.panel.state.mirror.step:
            break
        pbx.refuse()
        pbx.wait()
        assert rounds < 6
