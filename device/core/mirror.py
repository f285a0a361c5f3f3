"""What the user wants, what the PBX does, and the way from one to the other.

The PBX keeps some statuses for us, one `Switch` each: a feature code sets it, another clears it,
and perhaps a hint tells how it stands. Or it keeps one status at a time, a selector: setting one
ends the others. Or the status is published, and read back as any watcher reads it. All other
statuses live in our own SIP answers and hold as soon as we are registered.

Nothing here is a queue. After every event the mirror compares what the choice asks for with what
is known of each switch, and the first difference is the next step. So rapid presses need no care:
the step under way ends, and the next one leads to the newest choice.

    choose ──► wish ──► step ──► heard as wanted ──► settled
                │        │
                │        └─ turned down, or silence ──► refusal, back to the last settled choice
                └─ no link: waits, and is asked again when the link is back

While there is no wish, the PBX is right: a hint that changes is followed.

A profile is proved before it is trusted. The same code means one thing to one family and its
opposite to another, so a switch whose first code is answered, and whose hint then says the
opposite, ends all dialling: the profile does not fit this PBX.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from device.core.answers import NOT_PUBLISHED
from device.core.profile import Grants, Publication
from device.core.switches import Goal, Setting, Switches
from device.core.words import By, Hint, Link, Means, MirrorState, Status

CODE_SECONDS = 8.0
"A feature code that nobody picked up by then was not understood."

LINGER_SECONDS = 4.0
"FreePBX answers a code first and acts on it after a second: hanging up at once would undo it."

READBACK_SECONDS = 6.0
"From the code's answer to the hint that must tell of it."

FIRST_READING_SECONDS = 4.0
"Hints that have not spoken by then, after a registration, are not waited for."

LATE_SECONDS = 30.0
"Up to when a hint that comes after all acquits its profile."

NO_PUBLISH = tuple(map(str, sorted(NOT_PUBLISHED)))
"How a PBX says, at the start of its reason, that it takes no publications."

NOT_FOUND = "404"
"How a PBX says that it does not know a code (RFC 3261 section 21.4.5)."

BLIP_SECONDS = 1.2
"How long the lamp of a refused wish blips: one frame of three."

MOST_TRIES = 10
"Of a change by the schedule, a minute apart."

REFUSAL_SECONDS = 60.0
"How long a refusal is told; after that the panel shows just what holds."


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
    """The same in Unix seconds, or in local seconds where `by_clock`, once that is known: it
    outlives the program."""
    by_clock: bool = False
    "It ends at a time of day, wherever the clock may jump; else after so long."
    then: "Choice | None" = None
    "What comes back after `until`; never limited itself. Or, when the program begins again."
    leaving: bool = False
    "Chosen because the program ended."
    tries: int = 1
    "How often this has been asked of the PBX; the schedule has patience."

    @property
    def limited(self) -> bool:
        return self.until is not None or self.ends is not None

    def again(self) -> "Choice":
        """What can be chosen again: a divert set elsewhere, nobody here knows where to, can not."""
        lost = self.status is Status.DIVERTED and not self.target
        return Choice() if lost else self

    def for_good(self) -> "Choice":
        """The same without its limit."""
        return replace(self, until=None, ends=None, by_clock=False, then=None)

    def timed(self, now: float, wall: float, local: float) -> "Choice":
        """With both ends of its limit right, now that the clock on the wall shows this."""
        if not self.limited:
            return self
        shown = local if self.by_clock else wall
        if self.ends is not None and (self.by_clock or self.until is None):
            return replace(self, until=now + self.ends - shown)
        return replace(self, ends=shown + (self.until or now) - now)


@dataclass(frozen=True, slots=True)
class Step:
    """From dialling, or publishing, until the PBX is heard to have done it."""

    job: int
    goal: Goal
    code: str
    "Empty where the goal is reached by publishing: that is a level, and nothing to dial."
    deadline: float
    before: Setting
    "What was known of the switch, should the code be turned down."
    stale: bool
    "The hint said so already, perhaps of another target: only the code's end says more."
    answered: bool = False
    over: bool = False
    "The call has ended; only the hint is still waited for."


@dataclass(frozen=True, slots=True)
class Refusal:
    """A wish that was not granted."""

    wanted: Status
    reason: str
    at: float
    again: Choice | None = None
    "What is tried once more when this has been told: nobody was there to see the refusal."


@dataclass(frozen=True, slots=True)
class Unmet:
    """A goal whose code was answered, while its hint went on saying the opposite."""

    goal: Goal
    at: float


@dataclass(frozen=True, slots=True)
class Mirror:
    choice: Choice = Choice()
    settled: Choice = Choice()
    "The last choice that held; what a refusal rolls back to."
    wish: bool = False
    "The choice is still to be made true."
    switches: Switches = field(default_factory=Switches)
    step: Step | None = None
    refusal: Refusal | None = None
    repairing: bool = False
    "A wish was turned down half way, and what it left is being put right."
    read_by: float = 0.0
    "Until when first words of hints are waited for."
    proved: frozenset[Status] = frozenset()
    "Switches that a code was seen to move as it should."
    misfit: str = ""
    "Why the profile is not trusted, in a sentence; until the link is made anew."
    by_name: bool = False
    "It is mistrusted for the PBX's name alone; a note that only its own family has, weighs more."
    unmet: "Unmet | None" = None
    "The goal whose hint said the opposite."
    acknowledged: Publication | None = None
    "What the PBX said it has, of what we publish."
    unpublishable: str = ""
    "How the PBX refused to take publications at all; our own answers must do."

    # What to tell

    def verdict(self, grants: Grants, link: Link) -> MirrorState:
        """What the PBX says of the choice, and of the last wish if it was refused."""
        if self.refusal and not self.wish:
            return MirrorState.REFUSED
        return self.standing(grants, link)

    def standing(self, grants: Grants, link: Link) -> MirrorState:
        """What the PBX says of the choice alone."""
        if self.choice.status is Status.LOGGED_OUT and not self.wish:
            return MirrorState.PENDING if link is Link.ONLINE else MirrorState.CONFIRMED
        if link is not Link.ONLINE or self.misfit:
            return MirrorState.UNKNOWN
        if self.step or self.wish:
            return MirrorState.PENDING
        # Nobody asks for more, and yet the PBX has it otherwise: several set at once, or a doubt.
        unsure = self.switches.unseen(grants) or self.next_goal(grants)
        return MirrorState.UNKNOWN if unsure else MirrorState.CONFIRMED

    def reason(self, grants: Grants, link: Link, now: float) -> str:
        """Why the choice is not confirmed, in a sentence; empty: it is, or is about to be."""
        if self.refusal:
            return self.refusal.reason
        if self.misfit:
            return self.misfit
        if link is not Link.ONLINE or self._reading(grants, now):
            return ""
        unknown = self.standing(grants, link) is MirrorState.UNKNOWN
        return self.switches.trouble(grants) if unknown else ""

    def means(self, grants: Grants) -> Means:
        """How well the PBX can confirm the choice."""
        if self.unpublishable:
            return Means.ANSWERS
        return self.switches.means(grants, self.choice.status)

    def deadline(self, grants: Grants, link: Link, now: float) -> float | None:
        """When time alone moves the mirror."""
        times = [self.choice.until]
        if self.step:
            times.append(self.step.deadline)
        if self.refusal:
            times += [t for t in _ends_of(self.refusal) if t > now]
        if link is Link.ONLINE and self._reading(grants, now):
            times.append(self.read_by)
        return min((t for t in times if t is not None), default=None)

    def next_goal(self, grants: Grants) -> Goal | None:
        """The first switch that does not stand as the choice asks."""
        goals = self.goals(grants)
        return next((g for g in goals if not self.switches.agrees(grants, g)), None)

    def goals(self, grants: Grants) -> Iterator[Goal]:
        """How every switch should stand; the one to set comes first, so that no gap opens."""
        profile, keeps = grants.profile, self.keeps(grants)
        if self.misfit or self.unpublishable:
            return
        if keeps in profile.switches:
            yield Goal(keeps, on=True, target=self.choice.target)
        for status in () if profile.selector else profile.switches:
            if status is not keeps:
                yield Goal(status, on=False)

    def publication(self, grants: Grants, link: Link) -> Publication | None:
        """What is published of the user now; a level. Not before there is a link, nor logged out.

        It is ours, and gone by itself when we are: so nothing need be read before it is sent.
        """
        keeps = grants.profile.switches.get(self.keeps(grants))
        out = self.choice.status is Status.LOGGED_OUT and not self.wish
        silent = link is not Link.ONLINE or self.unpublishable or out
        return None if silent or keeps is None else keeps.published

    def keeps(self, grants: Grants) -> Status:
        """The status that the PBX is to keep for what was chosen."""
        profile, chosen = grants.profile, self.choice.status
        if chosen is Status.LOGGED_OUT and grants.absent_at_logout:
            chosen = Status.ABSENT
        kept = profile.kept_as(chosen)
        return Status.AVAILABLE if profile.selector and kept not in profile.switches else kept

    def step_reached(self, grants: Grants) -> bool:
        """The hint tells what the step was for."""
        step = self.step
        if not step or not step.answered or not self.step_readable(grants):
            return False
        told = self.switches[step.goal.status].heard is step.goal.on
        return told and (step.over or not step.stale)

    def step_readable(self, grants: Grants) -> bool:
        """A hint tells whether the step was carried out."""
        return bool(self.step) and self.switches.readable(grants, self._under_way.goal.status)

    def may_move(self, grants: Grants, link: Link, now: float) -> bool:
        """Registered, nothing under way, and the PBX has had its first word."""
        return link is Link.ONLINE and not self.step and not self._reading(grants, now)

    # What happens

    def choose(self, choice: Choice, grants: Grants) -> "Mirror":
        """Somebody wants this now; whatever was wanted before is forgotten."""
        unsure = replace(self, switches=self.switches.doubt_unreadable(grants))
        return replace(unsure, choice=choice, wish=True, refusal=None, repairing=False)

    def refuse(self, wanted: Status, reason: str, now: float) -> "Mirror":
        """A wish that breaks a rule never reaches the PBX."""
        return replace(self, refusal=Refusal(wanted, reason, now))

    def pass_time(self, grants: Grants, now: float) -> "Mirror":
        """A refusal has been told long enough; what the schedule wanted is tried once more."""
        refusal = self.refusal
        if not refusal or now < refusal.at + REFUSAL_SECONDS:
            return self
        told = replace(self, refusal=None)
        return told.choose(refusal.again, grants) if refusal.again and not self.misfit else told

    def clock_set(self, now: float, wall: float, local: float) -> "Mirror":
        """The wall clock is known, perhaps anew: time limits are carried over from before."""
        choice = self.choice.timed(now, wall, local)
        settled = self.settled.timed(now, wall, local)
        return replace(self, choice=choice, settled=settled)

    def online(self, grants: Grants, now: float) -> "Mirror":
        """Registered, perhaps again: what was heard before counts no more."""
        switches = self.switches.forget_hints(self.keeps(grants))
        anew = replace(self, switches=switches, step=None, read_by=now + FIRST_READING_SECONDS)
        return replace(
            anew, misfit="", by_name=False, unmet=None, acknowledged=None, unpublishable=""
        )

    def meet(self, grants: Grants, agent: str) -> "Mirror":
        """The PBX has told its name; no code is sent to one of another family."""
        family = grants.stranger(agent)
        if not family or self.switches.told_by_note(grants):
            return self
        told = f"The PBX seems to be {family}, and the profile is {grants.profile.name}"
        return replace(self, misfit=told, by_name=True)

    def offline(self) -> "Mirror":
        """A step under way is lost with the link, its outcome in doubt; the wish stays."""
        return replace(self, step=None)

    def heard(self, grants: Grants, number: str, hint: Hint, note: str, now: float) -> "Mirror":
        """A hint spoke. Late is better than never: what it agrees to now, fits."""
        after = replace(self, switches=self.switches.heard(grants, number, hint, note))
        if after.by_name and after.switches.told_by_note(grants):
            after = replace(after, misfit="", by_name=False)
        return after._absolved(now)

    def lost(self, grants: Grants, number: str, reason: str) -> "Mirror":
        """A hint can be seen no longer."""
        return replace(self, switches=self.switches.lost(grants, number, reason))

    def begin(self, grants: Grants, goal: Goal, job: int, now: float) -> "Mirror":
        """Dial what leads to the goal."""
        switch, setting = grants.profile.switches[goal.status], self.switches[goal.status]
        code = (switch.on if goal.on else switch.off).format(target=goal.target, user=grants.user)
        stale = setting.heard is goal.on
        step = Step(job, goal, code, now + CODE_SECONDS, before=setting, stale=stale)
        begun = replace(self, step=step, switches=self.switches.doubt(goal.status))
        stands = switch.published is not None and switch.published == self.acknowledged
        return begun._taken(grants, now) if stands else begun

    def answered(self, job: int, grants: Grants, now: float) -> "Mirror":
        """The PBX is at work on the code."""
        if not self.step or self.step.job != job:
            return self
        wait = READBACK_SECONDS if self.step_readable(grants) else LINGER_SECONDS
        return replace(self, step=replace(self.step, answered=True, deadline=now + wait))

    def ended(self, job: int, done: bool, reason: str, grants: Grants, now: float) -> "Mirror":
        """The code's call is over: done, still to be read back, or turned down."""
        if not self.step or self.step.job != job:
            return self
        if not done and self._has_nothing_to_clear(grants, reason):
            return self.carried_out(grants)
        if not done:
            switches = self.switches.restore(self.step.goal.status, self.step.before)
            why = f"The PBX refused {self.step.code}: {reason}"
            return replace(self, switches=switches).failed(why, grants, now)
        if self.step_readable(grants):
            return replace(self, step=replace(self.step, answered=True, over=True))
        return self.carried_out(grants)

    def carried_out(self, grants: Grants) -> "Mirror":
        """The step's code counts as done; a hint, where there is one, has said so."""
        step = self._under_way
        switches = self.switches.carried_out(grants, step.goal)
        proved = self.step_readable(grants) and not step.stale
        trusted = self.proved | {step.goal.status} if proved else self.proved
        return replace(self, switches=switches, step=None, proved=trusted)

    def published(
        self, publication: Publication, ok: bool, reason: str, grants: Grants, now: float
    ) -> "Mirror":
        """A PUBLISH got its answer; one that no longer matters says nothing."""
        if not ok and reason.startswith(NO_PUBLISH):
            blind = self.switches.unpublished(grants, reason)
            return replace(self, switches=blind, step=None, unpublishable=reason)
        told = replace(self, acknowledged=publication if ok else None)
        if not ok:
            told = replace(told, switches=told.switches.doubt(self.keeps(grants)))
        step = self.step
        if not step or publication != grants.profile.switches[step.goal.status].published:
            return told
        if ok:
            return told._taken(grants, now)
        return told.failed(f"The PBX refused the publication: {reason}", grants, now)

    def unproved(self, grants: Grants) -> bool:
        """The PBX answered the step's code, never proved before, and did the opposite."""
        step = self._under_way
        asked = step.code and step.answered and step.goal.status not in self.proved
        return bool(asked) and self.switches.contradicts(grants, step.goal)

    def unfit(self, grants: Grants, now: float) -> "Mirror":
        """No code is to be trusted here; what the hints tell may be as wrong."""
        step = self._under_way
        wanted = "set" if step.goal.on else "cleared"
        why = f"The profile {grants.profile.name} does not fit this PBX"
        told = f"{why}: it has {step.goal.status} not {wanted} after {step.code}"
        given_up = replace(self, step=None, wish=False, repairing=False, misfit=told)
        given_up = replace(given_up, unmet=Unmet(step.goal, now))
        refusal = Refusal(self.choice.status, told, now)
        return replace(given_up, choice=self.settled.again(), refusal=refusal)

    def failed(self, reason: str, grants: Grants, now: float) -> "Mirror":
        """The step led nowhere: back to what held before, once; after that we give up.

        A step whose wish was given up meanwhile is nobody's loss.
        """
        if self._under_way.goal not in self.goals(grants):
            return replace(self, step=None)
        refusal = Refusal(self.choice.status, reason, now, self._again())
        left = replace(self, step=None, refusal=refusal)
        if self.repairing:
            return replace(left, wish=False, repairing=False)
        back = self.settled.again()
        if back.until is not None and back.until <= now:
            back = back.for_good()
        return replace(left, choice=back, repairing=True)

    def settle(self) -> "Mirror":
        """Every switch stands as the choice asks."""
        refusal = self.refusal if self.repairing or not self.wish else None
        settled = replace(self, settled=self.choice, wish=False)
        return replace(settled, refusal=refusal, repairing=False)

    def follow(self, grants: Grants) -> "Mirror":
        """Somebody changed the status elsewhere: the PBX is right."""
        told = self._told(grants)
        if told is None or told == self.choice.status:
            return self
        choice = Choice(told, self.switches[told].target, By.PBX)
        return replace(self, choice=choice, settled=choice, refusal=None)

    # Helpers

    def _again(self) -> Choice | None:
        choice = self.choice
        mine = choice.by is By.SCHEDULE and not self.repairing and choice.tries < MOST_TRIES
        return replace(choice, tries=choice.tries + 1) if mine else None

    def _absolved(self, now: float) -> "Mirror":
        """A hint that was slow, and no lie, acquits the profile."""
        unmet = self.unmet
        if unmet is None or now > unmet.at + LATE_SECONDS:
            return self
        if self.switches[unmet.goal.status].heard is not unmet.goal.on:
            return self
        proved = self.proved | {unmet.goal.status}
        return replace(self, misfit="", unmet=None, proved=proved)

    def _taken(self, grants: Grants, now: float) -> "Mirror":
        """The PBX has what is published; it is still to be read back where it can be."""
        job = self._under_way.job
        return self.answered(job, grants, now).ended(job, True, "", grants, now)

    @property
    def _under_way(self) -> Step:
        assert self.step, "no code is under way"
        return self.step

    def _has_nothing_to_clear(self, grants: Grants, reason: str) -> bool:
        """A PBX that does not know the code cannot have set what we never set there."""
        goal = self._under_way.goal
        strange = not goal.on and reason.startswith(NOT_FOUND)
        ours = self._under_way.before.target
        return strange and not ours and not self.step_readable(grants)

    def _told(self, grants: Grants) -> Status | None:
        """The status that the hints tell of; None where they say nothing about the choice."""
        own, kept = self.choice.status, grants.profile.kept_as(self.choice.status)
        if own is Status.LOGGED_OUT or grants.profile.publishes:
            return None  # what is published is ours: others cannot change it, but add their own
        on = self.switches.that_are_on(grants)
        heard = [s for s in on if self.switches.readable(grants, s)]
        if heard:
            return own if kept in heard else heard[0]
        if grants.profile.selector:
            return None
        was_set = kept in grants.profile.switches and grants.profile.switches[kept].hint
        cleared = was_set and self.switches[kept].heard is False
        return (on[0] if on else Status.AVAILABLE) if cleared else None

    def _reading(self, grants: Grants, now: float) -> bool:
        soft = grants.profile.publishes
        return not soft and now < self.read_by and self.switches.unread(grants)


def _ends_of(refusal: Refusal) -> tuple[float, float]:
    return refusal.at + BLIP_SECONDS, refusal.at + REFUSAL_SECONDS
