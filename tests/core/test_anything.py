"""What holds for every story, however unlikely."""

from hypothesis import example, given
from hypothesis import strategies as st

from device.core.effects import DialCode
from device.core.events import CallEnded, Chosen, CodeAnswered, CodeEnded, Event, Tick
from device.core.kept import initial, kept
from device.core.mirror import Mirror
from device.core.profile import Grants
from device.core.state import State
from device.core.update import deadline, update
from device.core.words import By, CallEnd, Hint, Link, MirrorState, Status
from device.journal import Journal, load, replay
from device.views.lamps import lamps
from device.views.paint import paint
from device.views.screen import screen
from tests.core.anything import events, stories
from tests.core.play import AT_FREEPBX, DND_HINT, GENERIC, Played, online, play

grants = st.sampled_from([GENERIC, AT_FREEPBX])


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
    """An hour without events takes sixty Ticks for the clock's minutes, and a few."""
    state = play(*story, state=online(grants).state).state
    end, ticks = state.now + 3600, 0
    while (due := deadline(state)) is not None and due < end:
        state, _ = update(state, Tick(due))
        ticks += 1
        assert ticks < 100


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


@given(grants, stories())
def test_no_lamp_is_steady_that_the_pbx_did_not_confirm(grants: Grants, story: list[Event]) -> None:
    state = play(*story, grants=grants).state
    steady = [s for s in Status if lamps(state)[s].pattern == "steady"]
    if steady:
        assert steady == [state.mirror.choice.status]
        assert state.link is Link.ONLINE
        standing = state.mirror.standing(grants, state.link, state.now)
        assert standing is MirrorState.CONFIRMED


@given(
    st.lists(st.sampled_from(Status), min_size=1, max_size=6),
    st.lists(st.sampled_from(["code", "late hint", "time"]), max_size=30),
)
@example([Status.DND, Status.AVAILABLE], ["code", "code"])
def test_the_pbx_ends_where_the_last_press_wanted_it(
    wishes: list[Status], order: list[str]
) -> None:
    """A PBX that answers now or late, and a user who changes their mind in between."""
    pbx, story = Pbx(), online(AT_FREEPBX)
    turns = iter(order)
    for wish in wishes:
        story = pbx.serve(story.then(Chosen(story.now, wish, By.WEB)), next(turns, "code"))
    for _ in range(20):
        story = pbx.serve(story, "code")
    wanted = story.state.mirror
    assert story.verdict in (MirrorState.CONFIRMED, MirrorState.PENDING, MirrorState.REFUSED)
    assert not wanted.wish
    assert (wanted.choice.status is Status.DND) == pbx.dnd
    assert (wanted.choice.status is Status.DIVERTED) == bool(pbx.forward)


class Pbx:
    """The PBX of a story: it carries out what is dialled, and tells of it by its hint."""

    def __init__(self) -> None:
        self.dnd, self.forward = False, ""
        self.waiting: list[DialCode] = []

    def serve(self, story: Played, turn: str) -> Played:
        self.waiting += [e for e in story.effects if isinstance(e, DialCode)]
        if turn == "time":
            return self._more(story.later(0.5))
        if not self.waiting:
            return Played(story.state)
        code = self.waiting.pop(0)
        self._do(code.number)
        done = Played(story.state).then(
            CodeAnswered(story.now, code.job), CodeEnded(story.now, code.job, done=True)
        )
        told = self._more(done)
        if turn == "late hint":
            told = self._more(told.later(0.5))
        return self._more(told.hint(Hint.BUSY if self.dnd else Hint.AWAY, DND_HINT))

    def _more(self, story: Played) -> Played:
        self.waiting += [e for e in story.effects if isinstance(e, DialCode)]
        return Played(story.state)

    def _do(self, code: str) -> None:
        match code[:3]:
            case "*78":
                self.dnd = True
            case "*79":
                self.dnd = False
            case "*72":
                self.forward = code[3:]
            case "*73":
                self.forward = ""


def test_a_mirror_without_switches_has_no_step_to_take() -> None:
    assert Mirror().next_goal(GENERIC) is None
