"""A vocabulary for stories: play events on a panel, and see what it says and asks."""

import re
from dataclasses import dataclass, replace

from device.core.effects import DialCode, Effect
from device.core.events import (
    CodeAnswered,
    CodeEnded,
    Edge,
    Event,
    HintHeard,
    HintLost,
    LinkChanged,
    Tick,
)
from device.core.kept import Kept, initial
from device.core.profile import Grants, Profile, Publication, Switch, Target
from device.core.state import State
from device.core.update import deadline, update
from device.core.words import Hint, Link, MirrorState, Status

FREEPBX = Profile(
    "freepbx",
    switches={
        Status.DND: Switch("*78", "*79", "*76{user}"),
        Status.DIVERTED: Switch("*72{target}", "*73", "*740{user}", optional=True),
    },
    voicemail="*97",
)
TARGETS = (Target("Reception", "101"), Target("Mobile", "+390612345678"))
GENERIC = Grants("100", Profile("generic"), targets=TARGETS)
AT_FREEPBX = Grants(
    "100",
    FREEPBX,
    targets=TARGETS,
    allowed=(re.compile(r"^\d{3}$"), re.compile(r"^\+39")),
    forbidden=("600",),
)
SELECTOR = Profile(
    "deskpanel",
    switches={
        Status.AVAILABLE: Switch("*510", hint="*53{user}", note="Ready"),
        Status.DND: Switch("*511", hint="*53{user}", note="On the phone"),
        Status.ABSENT: Switch("*512", hint="*53{user}", note="Unavailable"),
        Status.DIVERTED: Switch("*513{target}", hint="*53{user}", note="On hold"),
        Status.LOGGED_OUT: Switch("*514", hint="*53{user}", note="Ringing"),
    },
    own_phone="*55",
)
BLIND_SELECTOR = Profile(
    "3cx",
    switches={
        Status.AVAILABLE: Switch("*30"),
        Status.DND: Switch("*32"),
        Status.ABSENT: Switch("*31"),
        Status.DIVERTED: Switch("*33{target}"),
    },
)
PUBLISHING = Profile(
    "presence",
    line="",
    switches={
        Status.AVAILABLE: Switch(
            hint="{user}", note="Available", published=Publication(note="Available")
        ),
        Status.DND: Switch(hint="{user}", note="Busy", published=Publication(True, "busy", "Busy")),
        Status.ABSENT: Switch(
            hint="{user}", note="Away", published=Publication(False, "away", "Away")
        ),
        Status.DIVERTED: Switch(
            hint="{user}", note="Elsewhere", published=Publication(note="Elsewhere")
        ),
    },
)
NEAREST = replace(FREEPBX, nearest={Status.ABSENT: Status.DND})
AT_SELECTOR = Grants("100", SELECTOR, targets=TARGETS)
AT_BLIND_SELECTOR = Grants("100", BLIND_SELECTOR, targets=TARGETS)
PUBLISHED = Grants("100", PUBLISHING, targets=TARGETS)
AT_NEAREST = Grants("100", NEAREST, targets=TARGETS)
DND_HINT, DIVERT_HINT = "*76100", "*740100"


@dataclass(frozen=True)
class Played:
    """Where a story has come to: the state, and every pulse asked for on the way."""

    state: State
    effects: tuple[Effect, ...] = ()

    def then(self, *events: Event) -> "Played":
        return play(*events, state=self.state)

    def later(self, seconds: float) -> "Played":
        """Let time pass, with a Tick at every deadline on the way."""
        end, told = self.state.now + seconds, Played(self.state)
        while (due := deadline(told.state)) is not None and due <= end:
            told = told.and_then(Tick(due))
        return told.and_then(Tick(end))

    def and_then(self, event: Event) -> "Played":
        state, effects = update(self.state, event)
        return Played(state, self.effects + effects)

    @property
    def now(self) -> float:
        return self.state.now

    @property
    def status(self) -> Status:
        return self.state.mirror.choice.status

    @property
    def verdict(self) -> MirrorState:
        return self.state.mirror.verdict(self.state.grants, self.state.link)

    @property
    def reason(self) -> str:
        refusal = self.state.mirror.refusal
        return refusal.reason if refusal else ""

    @property
    def dialled(self) -> list[str]:
        return [e.number for e in self.effects if isinstance(e, DialCode)]

    @property
    def job(self) -> int:
        step = self.state.mirror.step
        assert step is not None, "no code is under way"
        return step.job

    def code_done(self) -> "Played":
        """The PBX picks the code up, and hangs up after it."""
        job = self.job
        story = self.then(CodeAnswered(self.now, job), CodeEnded(self.now, job, done=True))
        return Played(story.state, self.effects + story.effects)

    def hint(self, hint: Hint, number: str = DND_HINT, note: str = "") -> "Played":
        return self.then(HintHeard(self.now, number, hint, note))


def play(*events: Event, state: State | None = None, grants: Grants = GENERIC) -> Played:
    story = Played(state or initial(grants, Kept(), 0.0))
    for event in events:
        story = story.and_then(event)
    return story


def online(grants: Grants = GENERIC, kept: Kept | None = None) -> Played:
    """A panel that is registered, and whose PBX has said that nothing is set."""
    begun = initial(grants, kept or Kept(), 0.0)
    story = play(LinkChanged(0.0, Link.ONLINE), state=begun)
    for hint in sorted(grants.watched):
        story = story.then(HintHeard(0.0, hint, Hint.FREE))
    return replace(story, effects=())


def online_without_divert_hint() -> Played:
    """The same at a PBX that has no hint for diverting."""
    story = online(AT_FREEPBX).then(HintLost(0.0, DIVERT_HINT, "404 Not Found"))
    return replace(story, effects=())


def click(button: str, at: float, down_for: float = 0.1) -> tuple[Event, ...]:
    """A clean press of a button."""
    return Edge(at, button, True), Edge(at + down_for, button, False)
