"""What outlives the program: a view of the state that the store keeps, and the way back."""

from dataclasses import dataclass, field, replace

from device.core.mirror import Choice, Mirror, Setting
from device.core.notices import CallList, Stamp, TextList, Voicemail
from device.core.profile import Grants
from device.core.state import State
from device.core.words import Status


@dataclass(frozen=True, slots=True)
class Kept:
    """Free of monotonic times, which mean nothing to the next run."""

    choice: Choice = field(default_factory=Choice)
    settings: dict[Status, Setting] = field(default_factory=dict)
    missed: CallList = field(default_factory=CallList)
    texts: TextList = field(default_factory=TextList)
    voicemail: Voicemail = field(default_factory=Voicemail)


def kept(state: State) -> Kept:
    """What must survive a power cut at this moment."""
    settings = state.mirror.settings
    missed = tuple(replace(e, last=_lasting(e.last)) for e in state.missed.entries)
    texts = tuple(replace(t, came=_lasting(t.came)) for t in state.texts.entries)
    return Kept(
        choice=replace(state.mirror.choice, until=None),
        settings={s: Setting(said=v.said, target=v.target) for s, v in settings.items()},
        missed=CallList(missed),
        texts=TextList(texts),
        voicemail=replace(state.voicemail, known=False),
    )


def initial(grants: Grants, before: Kept, at: float) -> State:
    """The state a run begins with. The status is what was chosen; whether it holds, the PBX says.

    Where our own SIP answers or an unreadable code are the means, the choice is made anew; what
    the PBX's hints tell is right whatever we remember.
    """
    mirror = Mirror(before.choice, settled=before.choice, settings=before.settings)
    state = State(grants, now=at, mirror=mirror, missed=before.missed, texts=before.texts)
    return replace(state, link_since=at, voicemail=before.voicemail)


def _lasting(stamp: Stamp) -> Stamp:
    return replace(stamp, at=None)
