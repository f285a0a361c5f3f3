"""What the user wants, what the PBX does, and the way from one to the other.

The PBX keeps some statuses for us, one `Switch` each: a feature code sets it, another clears it,
and perhaps a hint tells how it stands. All other statuses live in our own SIP answers and hold as
soon as we are registered.

Nothing here is a queue. After every event the mirror compares what the choice asks for with what
is known of each switch, and the first difference is the next step. So rapid presses need no care:
the step under way ends, and the next one leads to the newest choice.

    choose ──► wish ──► step ──► heard as wanted ──► settled
                │        │
                │        └─ turned down, or silence ──► refusal, back to the last settled choice
                └─ no link: waits, and is asked again when the link is back

While there is no wish, the PBX is right: a hint that changes is followed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from device.core.profile import Grants, Switch
from device.core.words import By, Hint, Link, MirrorState, Status

CODE_SECONDS = 8.0
"A feature code that nobody picked up by then was not understood."

LINGER_SECONDS = 4.0
"FreePBX answers a code first and acts on it after a second: hanging up at once would undo it."

READBACK_SECONDS = 6.0
"From the code's answer to the hint that must tell of it."

FIRST_READING_SECONDS = 4.0
"Hints that have not spoken by then, after a registration, are not waited for."

BLIP_SECONDS = 1.2
"How long the lamp of a refused wish blips: one frame of three."


@dataclass(frozen=True, slots=True)
class Choice:
    """A status somebody chose."""

    status: Status = Status.AVAILABLE
    target: str = ""
    "Number that calls are diverted to."
    by: By = By.PBX
    until: float | None = None
    "Monotonic seconds at which it ends by itself."
    ends: float | None = None
    "The same in Unix seconds, once that is known: it outlives the program."
    then: "Choice | None" = None
    "What comes back after `until`."


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of one switch."""

    heard: bool | None = None
    "The hint's last word; None before it spoke."
    said: bool = False
    "The last code that the PBX carried out for us set it; off until we hear or do otherwise."
    target: str = ""
    "The divert target that went with `said`."
    blind: str = ""
    "Why the hint cannot be seen."

    def is_set(self, switch: Switch) -> bool | None:
        """How the switch stands, by the best evidence there is."""
        return self.heard if switch.hint and not self.blind else self.said

    def agrees(self, switch: Switch, goal: "Goal") -> bool:
        if self.is_set(switch) is not goal.on:
            return False
        return not goal.on or self.target == goal.target or not goal.target


@dataclass(frozen=True, slots=True)
class Goal:
    """How one switch should stand."""

    status: Status
    on: bool
    target: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A feature code under way, from dialling until the PBX is heard to have done it."""

    job: int
    goal: Goal
    code: str
    deadline: float
    answered: bool = False
    over: bool = False
    "The call has ended; only the hint is still waited for."


@dataclass(frozen=True, slots=True)
class Refusal:
    """A wish that was not granted."""

    wanted: Status
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class Mirror:
    choice: Choice = Choice()
    settled: Choice = Choice()
    "The last choice that held; what a refusal rolls back to."
    wish: bool = False
    "The choice is still to be made true."
    renew: bool = False
    "The choice held, but no hint can tell whether it still does: its code is sent once more."
    settings: dict[Status, Setting] = field(default_factory=dict)
    step: Step | None = None
    refusal: Refusal | None = None
    repairing: bool = False
    "A wish was turned down half way, and what it left is being put right."
    read_by: float = 0.0
    "Until when first words of hints are waited for."

    # What to tell

    def verdict(self, grants: Grants, link: Link, now: float) -> MirrorState:
        """What the PBX says of the choice, and of the last wish if it was refused."""
        if self.refusal and not self.wish:
            return MirrorState.REFUSED
        return self.standing(grants, link, now)

    def standing(self, grants: Grants, link: Link, now: float) -> MirrorState:
        """What the PBX says of the choice alone."""
        if self.choice.status is Status.LOGGED_OUT and not self.wish:
            return MirrorState.PENDING if link is Link.ONLINE else MirrorState.CONFIRMED
        if link is not Link.ONLINE:
            return MirrorState.UNKNOWN
        if self.step or self.wish:
            return MirrorState.PENDING
        unsure = self.renew or self._reading(grants, now) or self.blindness(grants)
        return MirrorState.UNKNOWN if unsure else MirrorState.CONFIRMED

    def blindness(self, grants: Grants) -> str:
        """Why some switch cannot be read back, in a sentence; empty: all can."""
        for status, switch in grants.profile.switches.items():
            setting = self._setting(status)
            if switch.hint and setting.heard is None:
                why = setting.blind or "no answer"
                return f"The PBX does not show {switch.hint.format(user=grants.user)}: {why}"
        return ""

    def deadline(self, grants: Grants, link: Link, now: float) -> float | None:
        """When time alone moves the mirror."""
        times = [self.choice.until]
        if self.step:
            times.append(self.step.deadline)
        if link is Link.ONLINE and self._reading(grants, now):
            times.append(self.read_by)
        return min((t for t in times if t is not None), default=None)

    def next_goal(self, grants: Grants) -> Goal | None:
        """The first switch that does not stand as the choice asks."""
        for goal in self.goals(grants):
            again = self.renew and goal.on
            switch = grants.profile.switches[goal.status]
            if again or not self._setting(goal.status).agrees(switch, goal):
                return goal
        return None

    def goals(self, grants: Grants) -> Iterator[Goal]:
        """How every switch should stand; the one to set comes first, so that no gap opens."""
        keeps = self._keeps(grants)
        if keeps in grants.profile.switches:
            yield Goal(keeps, on=True, target=self.choice.target)
        for status in grants.profile.switches:
            if status is not keeps:
                yield Goal(status, on=False)

    # What happens

    def choose(self, choice: Choice) -> "Mirror":
        """Somebody wants this now; whatever was wanted before is forgotten."""
        fresh = replace(self, choice=choice, wish=True, renew=False)
        return replace(fresh, refusal=None, repairing=False)

    def refuse(self, wanted: Status, reason: str, now: float) -> "Mirror":
        """A wish that breaks a rule never reaches the PBX."""
        return replace(self, refusal=Refusal(wanted, reason, now))

    def online(self, grants: Grants, now: float) -> "Mirror":
        """Registered, perhaps again: what was heard before counts no more."""
        fresh = {s: replace(v, heard=None, blind="") for s, v in self.settings.items()}
        own = grants.profile.switches.get(self.choice.status)
        renew = own is not None and not own.hint
        read_by = now + FIRST_READING_SECONDS
        return replace(self, settings=fresh, step=None, renew=renew, read_by=read_by)

    def offline(self) -> "Mirror":
        """A step under way is lost with the link; the wish stays."""
        return replace(self, step=None)

    def heard(self, grants: Grants, number: str, hint: Hint) -> "Mirror":
        """A hint spoke: busy while its status is set, anything else while it is not."""
        return self._hint(grants, number, heard=hint is Hint.BUSY, blind="")

    def lost(self, grants: Grants, number: str, reason: str) -> "Mirror":
        """A hint can be seen no longer."""
        return self._hint(grants, number, heard=None, blind=reason or "no answer")

    def begin(self, grants: Grants, goal: Goal, job: int, now: float) -> "Mirror":
        """Dial what leads to the goal."""
        switch = grants.profile.switches[goal.status]
        code = (switch.on if goal.on else switch.off).format(target=goal.target, user=grants.user)
        return replace(self, step=Step(job, goal, code, now + CODE_SECONDS))

    def answered(self, job: int, grants: Grants, now: float) -> "Mirror":
        """The PBX is at work on the code."""
        if not self.step or self.step.job != job:
            return self
        wait = READBACK_SECONDS if self.readable(grants, self.step) else LINGER_SECONDS
        return replace(self, step=replace(self.step, answered=True, deadline=now + wait))

    def ended(self, job: int, done: bool, reason: str, grants: Grants, now: float) -> "Mirror":
        """The code's call is over: done, still to be read back, or turned down."""
        if not self.step or self.step.job != job:
            return self
        if not done:
            return self.failed(f"The PBX refused {self.step.code}: {reason}", now)
        if self.readable(grants, self.step):
            return replace(self, step=replace(self.step, answered=True, over=True))
        return self.carried_out()

    def carried_out(self) -> "Mirror":
        """The step's code counts as done; a hint, where there is one, has said so."""
        if not self.step:
            return self
        goal = self.step.goal
        setting = replace(self._setting(goal.status), said=goal.on, target=goal.target)
        settings = self.settings | {goal.status: setting}
        return replace(self, settings=settings, step=None, renew=False)

    def failed(self, reason: str, now: float) -> "Mirror":
        """The step led nowhere: back to what held before, once; after that we give up."""
        if not self.step:
            return self
        refusal = Refusal(self.choice.status, reason, now)
        left = replace(self, step=None, renew=False, refusal=refusal)
        if self.repairing:
            return replace(left, wish=False, repairing=False)
        return replace(left, choice=self.settled, wish=True, repairing=True)

    def settle(self) -> "Mirror":
        """Every switch stands as the choice asks."""
        refusal = self.refusal if self.repairing or not self.wish else None
        fresh = replace(self, settled=self.choice, wish=False, renew=False)
        return replace(fresh, refusal=refusal, repairing=False)

    def follow(self, grants: Grants) -> "Mirror":
        """Somebody changed the status elsewhere: the PBX is right."""
        told = self._told(grants)
        if told is None or told == self.choice.status:
            return self
        target = self._setting(told).target
        choice = Choice(told, target, By.PBX)
        return replace(self, choice=choice, settled=choice, renew=False, refusal=None)

    def step_reached(self, grants: Grants) -> bool:
        """The hint already tells what the step was for."""
        if not self.step or not self.readable(grants, self.step):
            return False
        goal = self.step.goal
        return self.step.answered and self._setting(goal.status).heard is goal.on

    def may_move(self, grants: Grants, link: Link, now: float) -> bool:
        """Registered, nothing under way, and the PBX has had its first word."""
        return link is Link.ONLINE and not self.step and not self._reading(grants, now)

    # Helpers

    def _told(self, grants: Grants) -> Status | None:
        """The status that the hints tell of; None where they say nothing about the choice."""
        switches = grants.profile.switches
        standing = [s for s, w in switches.items() if self._setting(s).is_set(w)]
        heard = [s for s in standing if switches[s].hint]
        if heard:
            return self.choice.status if self.choice.status in heard else heard[0]
        own = switches.get(self.choice.status)
        if own and own.hint and self._setting(self.choice.status).heard is False:
            return standing[0] if standing else Status.AVAILABLE
        return None

    def _keeps(self, grants: Grants) -> Status:
        if self.choice.status is Status.LOGGED_OUT and grants.absent_at_logout:
            return Status.ABSENT
        return self.choice.status

    def _setting(self, status: Status) -> Setting:
        return self.settings.get(status, Setting())

    def readable(self, grants: Grants, step: Step) -> bool:
        """A hint tells whether this step was carried out."""
        switch = grants.profile.switches[step.goal.status]
        return bool(switch.hint) and not self._setting(step.goal.status).blind

    def _unread(self, grants: Grants) -> bool:
        settings = ((w, self._setting(s)) for s, w in grants.profile.switches.items())
        return any(w.hint and v.heard is None and not v.blind for w, v in settings)

    def _reading(self, grants: Grants, now: float) -> bool:
        return now < self.read_by and self._unread(grants)

    def _hint(self, grants: Grants, number: str, heard: bool | None, blind: str) -> "Mirror":
        settings = dict(self.settings)
        for status, switch in grants.profile.switches.items():
            if switch.hint and switch.hint.format(user=grants.user) == number:
                settings[status] = replace(self._setting(status), heard=heard, blind=blind)
        return replace(self, settings=settings)
