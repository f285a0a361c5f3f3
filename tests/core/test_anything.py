"""What holds for every story, however unlikely."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from device.core import turns
from device.core.events import CallEnded, Event, Tick
from device.core.kept import initial, kept
from device.core.manners import Manners, Span
from device.core.mirror import Mirror
from device.core.profile import Colleague, Grants
from device.core.schedule import Change
from device.core.state import State
from device.core.update import deadline, update
from device.core.words import CallEnd, Status
from device.journal import Journal, load, replay
from device.views.lamps import lamps
from device.views.paint import paint
from device.views.screen import screen
from tests.core.anything import events, stories
from tests.core.play import (
    AT_FREEPBX,
    AT_NEAREST,
    AT_SELECTOR,
    GENERIC,
    PUBLISHED,
    online,
    play,
)

COLLEAGUES = (Colleague("Front desk", "101"), Colleague("Anna", "201"))
SCHEDULE = (Change((0, 1, 2, 3, 4), 8 * 60, Status.AVAILABLE), Change((6,), 0, Status.DND))

MANNERS = Manners(quiet=(Span(22 * 60, 7 * 60),), night=(Span(60, 120),), pin_digits=4)


def busy_office(grants: Grants) -> Grants:
    """With enough of everything for it to matter."""
    return replace(grants, colleagues=COLLEAGUES, schedule=SCHEDULE, manners=MANNERS)


grants = st.sampled_from(
    [
        GENERIC,
        AT_FREEPBX,
        replace(GENERIC, targets=(), manners=Manners(other_target=False)),
        busy_office(AT_NEAREST),
        busy_office(AT_SELECTOR),
        busy_office(PUBLISHED),
    ]
)


@given(grants, st.lists(events, max_size=30))
def test_no_sequence_of_events_raises(grants: Grants, story: list[Event]) -> None:
    state = play(*story, grants=grants).state
    lamps(state)
    paint(screen(state))


@given(grants, stories())
def test_the_core_never_asks_for_a_moment_that_is_past(grants: Grants, story: list[Event]) -> None:
    state = online(grants).state
    for event in story:
        state, _ = update(state, event)
        due = deadline(state)
        assert due is None or due > state.now


@given(grants, stories())
def test_time_alone_comes_to_rest(grants: Grants, story: list[Event]) -> None:
    """An hour without events takes sixty Ticks for the clock's minutes, a few for the glass, and
    up to six for each of the ten tries of a change that the schedule wants and the PBX refuses.

    Besides, what is told in turn takes one each time, until the glass rests deeply."""
    state = play(*story, state=online(grants).state).state
    end, ticks = state.now + 3600, 0
    while (due := deadline(state)) is not None and due < end:
        ticks += due != turns.deadline(state)
        state, _ = update(state, Tick(due))
        assert ticks < 60 + 20 + 10 * 6


@given(grants, stories(), st.integers(10, 20), st.sampled_from(CallEnd))
def test_a_stale_hang_up_changes_nothing(
    grants: Grants, story: list[Event], call: int, end: CallEnd
) -> None:
    before = play(*story, state=online(grants).state)
    stale = CallEnded(before.now, call, end)
    assert _but_for_time(before.then(stale).state) == _but_for_time(before.state)


def _but_for_time(state: State) -> tuple[object, ...]:
    return state.calls, state.missed, state.mirror, state.view, state.balloons, state.link


@given(grants, stories())
def test_a_replayed_journal_gives_the_same_state_lamps_and_screen(
    grants: Grants, story: list[Event]
) -> None:
    journal, state = Journal(keep=10), online(grants).state
    for event in story:
        journal.add(state, event)
        state, _ = update(state, event)
    if not story:
        return
    *_, again = replay(*load(journal.dump()))
    assert again == state
    assert lamps(again) == lamps(state)
    assert paint(screen(again)).tobytes() == paint(screen(state)).tobytes()


@given(grants, stories())
def test_what_is_kept_is_kept_again_the_same(grants: Grants, story: list[Event]) -> None:
    saved = kept(play(*story, state=online(grants).state).state)
    assert kept(initial(grants, saved, 7.0)) == saved


def test_a_mirror_without_switches_has_no_step_to_take() -> None:
    assert Mirror().next_goal(GENERIC) is None
