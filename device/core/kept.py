"""What outlives the program: a view of the state that the store keeps, and the way back."""

from dataclasses import dataclass, field, replace

from device.core.lock import restarted
from device.core.mirror import Choice, Mirror
from device.core.notices import CallList, Stamp, TextList, Voicemail
from device.core.profile import Grants
from device.core.quiet import lasting
from device.core.state import Mute, State
from device.core.switches import Switches


@dataclass(frozen=True, slots=True)
class Kept:
    """Free of monotonic times, which mean nothing to the next run."""

    choice: Choice = field(default_factory=Choice)
    settled: Choice = field(default_factory=Choice)
    wish: bool = False
    switches: Switches = field(default_factory=Switches)
    missed: CallList = field(default_factory=CallList)
    texts: TextList = field(default_factory=TextList)
    voicemail: Voicemail = field(default_factory=Voicemail)
    scheduled: float | None = None
    mute: Mute | None = None
    wrong_pins: int = 0


def kept(state: State) -> Kept:
    """What must survive a power cut at this moment."""
    missed = tuple(replace(e, last=_lasting(e.last)) for e in state.missed.entries)
    texts = tuple(replace(t, came=_lasting(t.came)) for t in state.texts.entries)
    return Kept(
        choice=replace(state.mirror.choice, until=None),
        settled=replace(state.mirror.settled, until=None),
        wish=state.mirror.wish,
        switches=state.mirror.switches.lasting(),
        missed=CallList(missed),
        texts=TextList(texts),
        voicemail=replace(state.voicemail, known=False),
        scheduled=state.scheduled,
        mute=lasting(state.mute),
        wrong_pins=state.lock.wrong,
    )


def initial(grants: Grants, before: Kept, at: float) -> State:
    """The state a run begins with: what was chosen, and whether it was still to be done.

    Whether it holds, the PBX says; what its hints tell is right whatever we remember.
    """
    mirror = Mirror(before.choice, before.settled, before.wish, switches=before.switches)
    if before.choice.leaving and before.choice.then:
        mirror = replace(mirror, choice=before.choice.then, wish=True)  # here again
    state = State(grants, now=at, mirror=mirror, missed=before.missed, texts=before.texts)
    lock = restarted(before.wrong_pins, at)
    again = replace(state, voicemail=before.voicemail, scheduled=before.scheduled)
    return replace(again, link_since=at, woken=at, mute=before.mute, lock=lock)


def _lasting(stamp: Stamp) -> Stamp:
    return replace(stamp, at=None)
