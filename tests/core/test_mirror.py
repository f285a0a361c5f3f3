"""The panel never claims what the PBX does not do, whatever the PBX does."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from device.core.events import Chosen
from device.core.profile import Grants
from device.core.words import By, MirrorState, Status
from device.views.lamps import lamps
from hw.ports import Pattern
from tests.core.pbx import Pbx
from tests.core.play import (
    AT_BLIND_SELECTOR,
    AT_FREEPBX,
    AT_NEAREST,
    AT_SELECTOR,
    DIVERT_HINT,
    PUBLISHED,
)

Deed = Callable[[Pbx], None]


@dataclass(frozen=True)
class Family:
    """A PBX to meet."""

    grants: Grants
    hintless: frozenset[str] = frozenset()

    def pbx(self) -> Pbx:
        return Pbx(self.grants, self.hintless)


FREEPBX = Family(AT_FREEPBX)
NO_DIVERT_HINT = Family(AT_FREEPBX, frozenset({DIVERT_HINT}))
FAMILIES = {
    "freepbx": FREEPBX,
    "freepbx without a hint for diverting": NO_DIVERT_HINT,
    "freepbx that keeps dnd for absent": Family(AT_NEAREST),
    "selector": Family(AT_SELECTOR),
    "selector without hints": Family(AT_BLIND_SELECTOR),
    "publishing": Family(PUBLISHED),
}
families = st.sampled_from(list(FAMILIES.values()))

DEEDS: tuple[Deed, ...] = (
    Pbx.come,
    Pbx.come,
    Pbx.go,
    Pbx.obey,
    Pbx.obey,
    Pbx.obey,
    Pbx.obey_in_silence,
    Pbx.mumble,
    Pbx.deliver,
    Pbx.deliver_twice,
    Pbx.deliver_out_of_order,
    Pbx.refuse,
    Pbx.ignore,
    Pbx.other_phone,
    Pbx.other_phone_diverts,
    Pbx.wait,
    Pbx.restart_panel,
    Pbx.end_a_subscription,
)


def choose(status: Status, target: str = "") -> Deed:
    def deed(pbx: Pbx) -> None:
        pbx.hear(pbx.panel.then(Chosen(pbx.now, status, By.WEB, target)))

    deed.__name__ = f"choose_{status}_{target}".strip("_")
    return deed


LASTING = [s for s in Status if s is not Status.LOGGED_OUT]
MOBILE = choose(Status.DIVERTED, "Mobile")
WISHES = (*(choose(s) for s in LASTING), MOBILE)
deeds = st.lists(st.sampled_from([*DEEDS, *WISHES, *WISHES]), max_size=25)


def steady(pbx: Pbx) -> list[Status]:
    return [s for s in LASTING if lamps(pbx.panel.state)[s].pattern is Pattern.STEADY]


def as_the_pbx_has_it(pbx: Pbx, shown: Status) -> bool:
    """Of the statuses that the PBX keeps, exactly the one that is shown is set."""
    profile = pbx.grants.profile
    kept = {profile.kept_as(shown)} & set(profile.switches) - {Status.AVAILABLE}
    return pbx.keeps() == kept


@settings(max_examples=600)
@given(families, deeds)
@example(
    NO_DIVERT_HINT,
    [Pbx.come, choose(Status.DIVERTED), Pbx.go, choose(Status.AVAILABLE), Pbx.come],
)
@example(NO_DIVERT_HINT, [Pbx.come, choose(Status.DIVERTED), Pbx.obey_in_silence, Pbx.wait])
@example(FREEPBX, [Pbx.come, choose(Status.DIVERTED), Pbx.obey, Pbx.other_phone])
@example(
    FREEPBX,
    [Pbx.come, choose(Status.DIVERTED), Pbx.obey, MOBILE, Pbx.obey_in_silence, Pbx.wait, Pbx.wait],
)
@example(
    FAMILIES["selector"],
    [
        Pbx.come,
        choose(Status.DIVERTED),
        Pbx.obey,
        MOBILE,
        Pbx.obey_in_silence,
        Pbx.go,
        choose(Status.DIVERTED),
        Pbx.come,
    ],
)
@example(FAMILIES["publishing"], [Pbx.come, choose(Status.DIVERTED), MOBILE, Pbx.wait, Pbx.wait])
def test_a_steady_lamp_is_what_the_pbx_does(family: Family, story: list[Deed]) -> None:
    pbx = family.pbx()
    for deed in story:
        deed(pbx)
        assert all(code.number not in ("*72", "*513") for code in pbx.codes), "to nowhere"
        for status in steady(pbx):
            assert pbx.up
            assert as_the_pbx_has_it(pbx, status)
            assert pbx.panel.state.mirror.choice.target in ("", pbx.target) or not pbx.target


@settings(max_examples=600)
@given(families, deeds, st.sampled_from(LASTING))
def test_a_pbx_that_obeys_again_ends_where_the_last_press_wanted_it(
    family: Family, story: list[Deed], last: Status
) -> None:
    pbx = family.pbx()
    for deed in (*story, choose(last), Pbx.go, Pbx.come, Pbx.wait, Pbx.wait, choose(last)):
        deed(pbx)
    for _ in range(12):
        pbx.obey()
        pbx.tell()
    assert (pbx.panel.status, pbx.panel.verdict) == (last, MirrorState.CONFIRMED)
    assert steady(pbx) == [last]
    assert as_the_pbx_has_it(pbx, last)


@given(families, deeds)
def test_a_pbx_that_never_obeys_is_not_called_for_ever(family: Family, story: list[Deed]) -> None:
    pbx = family.pbx()
    for deed in story:
        deed(pbx)
    for rounds in range(10):
        if not pbx.codes and not pbx.panel.state.mirror.step:
            break
        pbx.refuse()
        pbx.wait()
        assert rounds < 6


@settings(max_examples=300)
@given(families, deeds)
def test_a_pbx_that_means_the_opposite_is_found_out_at_its_first_code(
    family: Family, story: list[Deed]
) -> None:
    """A code that moves a hint the wrong way, or not at all, is the last one that is dialled."""
    pbx = family.pbx()
    pbx.contrary = True
    told = False
    for deed in story:
        dialled_before = list(pbx.codes)
        deed(pbx)
        if told and deed is not Pbx.come:
            assert all(c in dialled_before for c in pbx.codes)
        told = bool(pbx.panel.state.mirror.misfit)
        if told:
            assert steady(pbx) == []


TURNS = [(a, b) for a in LASTING for b in LASTING if a is not b]


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
@pytest.mark.parametrize(("first", "second"), TURNS)
def test_no_change_of_status_opens_a_gap(family: Family, first: Status, second: Status) -> None:
    """Between one status that keeps callers away and another, nobody gets through by accident."""
    pbx = family.pbx()
    profile = pbx.grants.profile
    for deed in (Pbx.come, choose(first), *[Pbx.obey] * 4):
        deed(pbx)
    guarded = {profile.kept_as(s) for s in (first, second)} <= set(profile.switches)
    away = guarded and Status.AVAILABLE not in (first, second)
    pbx.hear(pbx.panel.then(Chosen(pbx.now, second, By.WEB)))
    for _ in range(4):
        assert pbx.keeps() or not away, "reachable on the way"
        pbx.obey()
    assert as_the_pbx_has_it(pbx, second), "both set, or neither"
    assert pbx.panel.verdict is MirrorState.CONFIRMED
