"""Choosing a status: the rules of diverting, time limits, and what the mirror does about it."""

from dataclasses import replace

from device.core import pages
from device.core.effects import DialCode, Effect, EndCode
from device.core.events import Chosen, For, Published, Until
from device.core.mirror import Choice, Refusal, Step
from device.core.profile import Target
from device.core.schedule import Change, last_due, next_due
from device.core.state import Outcome, State
from device.core.words import By, Link, Status

MINUTES_A_DAY = 1440

WRONG_CLOCK_SECONDS = 3 * 3600
"What was seen lies so far ahead only by a wrong clock; daylight saving days take two hours back."


def choose(state: State, wish: Chosen) -> State:
    """Somebody wants a status. A wish that breaks a rule is refused in words, here and at once."""
    target = state.grants.target(wish.target) if wish.status is Status.DIVERTED else None
    refusal = _refusal(state, wish, target)
    if refusal:
        return refuse(state, wish.status, refusal)
    choice = Choice(wish.status, target.number if target else "", wish.by)
    mirror = state.mirror.choose(_limited(state, choice, wish.limit), state.grants)
    # What was not possible before is no longer of interest.
    news = tuple(b for b in state.balloons if b.notice is not None)
    return replace(state, mirror=mirror, balloons=news)


def refuse(state: State, wanted: Status, reason: str) -> State:
    """Say why not: the lamp blips, a balloon tells, every surface has the same sentence."""
    mirror = state.mirror.refuse(wanted, reason, state.now)
    return pages.refuse(replace(state, mirror=mirror), reason)


def deadline(state: State) -> float | None:
    """When time alone moves a status, or the lamp that tells of it."""
    mirror = state.mirror.deadline(state.grants, state.link, state.now)
    times = (mirror, _next_change(state))
    return min((t for t in times if t is not None), default=None)


def registered(state: State) -> bool:
    """The panel should be known at the PBX; a level. Logging out waits for what comes first."""
    mirror = state.mirror
    out = mirror.choice.status is Status.LOGGED_OUT
    return not out or (mirror.wish and state.link is Link.ONLINE)


def clock_set(state: State) -> State:
    """A time limit is carried over from before a restart, or made ready to be."""
    wall, local = state.clock.wall(state.now), state.clock.local(state.now)
    if wall is None or local is None:
        return state
    return replace(state, mirror=state.mirror.clock_set(state.now, wall, local))


def clock_was_wrong(state: State) -> State:
    """It was ahead. What the schedule did by it is undone, what was chosen by hand is not."""
    local = state.clock.local(state.now)
    due = None if local is None else last_due(state.grants.schedule, local)
    if due is None or state.mirror.choice.by is By.SCHEDULE:
        return replace(state, scheduled=None)
    return replace(state, scheduled=due.moment)


def pass_time(state: State) -> Outcome:
    """A limit is over, the schedule has come to a change, or a code's time has run out."""
    state = replace(state, mirror=state.mirror.pass_time(state.grants, state.now))
    choice = state.mirror.choice
    if choice.until is not None and state.now >= choice.until:
        back = replace((choice.then or Choice()).again(), by=By.SCHEDULE)
        state = replace(state, mirror=state.mirror.choose(back, state.grants))
    state = _keep_schedule(state)
    step = state.mirror.step
    if step and state.now >= step.deadline:
        return _out_of_time(state, step)
    return state, ()


def leave(state: State) -> State:
    """The program is about to end, which is to go away where the config says so."""
    here = state.mirror.choice.status not in (Status.ABSENT, Status.LOGGED_OUT)
    if not state.grants.absent_at_shutdown or not here:
        return state
    gone = choose(state, Chosen(state.now, Status.ABSENT, By.SCHEDULE))
    if gone.mirror.choice.status is not Status.ABSENT:
        return gone  # refused
    back = replace(state.mirror.choice, until=None)
    choice = replace(gone.mirror.choice, leaving=True, then=back)
    return replace(gone, mirror=replace(gone.mirror, choice=choice))


def published(state: State, event: Published) -> State:
    """A PUBLISH got its answer; a refusal is told."""
    now, before = state.now, state.mirror.refusal
    answer = event.publication, event.ok, event.reason
    mirror = state.mirror.published(*answer, state.grants, now)
    return _tell(replace(state, mirror=mirror), before)


def advance(state: State) -> Outcome:
    """Take the next step from what the PBX does to what the user wants, if one is due."""
    mirror, grants = state.mirror, state.grants
    if mirror.step and mirror.step_reached(grants):
        ended = replace(state, mirror=mirror.carried_out(grants))
        return _and(_hang_up(mirror.step), *advance(ended))
    if _logged_out(state):
        return replace(state, mirror=mirror.settle()), ()
    if not mirror.may_move(grants, state.link, state.now):
        return state, ()
    if not mirror.wish:
        mirror = mirror.follow(grants)
    return _move(replace(state, mirror=mirror))


def answered(state: State, job: int) -> State:
    return replace(state, mirror=state.mirror.answered(job, state.grants, state.now))


def ended(state: State, job: int, done: bool, reason: str) -> State:
    """A code's call is over; a refusal is told."""
    before = state.mirror.refusal
    mirror = state.mirror.ended(job, done, reason, state.grants, state.now)
    return _tell(replace(state, mirror=mirror), before)


def _keep_schedule(state: State) -> State:
    """Do what the schedule's last change asks, once; a choice by hand holds until the next."""
    local = state.clock.local(state.now)
    due = None if local is None else last_due(state.grants.schedule, local)
    if due is None or local is None:
        return state
    if state.scheduled is not None and state.scheduled > local + WRONG_CLOCK_SECONDS:
        state = clock_was_wrong(state)
    if state.scheduled is not None and due.moment <= state.scheduled:
        return state
    return _obey(replace(state, scheduled=due.moment), due.change)


def _obey(state: State, change: Change) -> State:
    choice = state.mirror.choice
    same = choice.status is change.status is not Status.DIVERTED and not choice.limited
    if same:
        return state
    return choose(state, Chosen(state.now, change.status, By.SCHEDULE, change.target))


def _next_change(state: State) -> float | None:
    local = state.clock.local(state.now)
    due = None if local is None else next_due(state.grants.schedule, local)
    # A millisecond late, so that rounding never makes it too early.
    return None if due is None or local is None else state.now + due.moment - local + 0.001


def _move(state: State) -> Outcome:
    mirror = state.mirror
    if not mirror.wish:
        return state, ()
    goal = mirror.next_goal(state.grants)
    if goal is None:
        return replace(state, mirror=mirror.settle()), ()
    job = state.jobs + 1
    begun = mirror.begin(state.grants, goal, job, state.now)
    after = replace(state, mirror=begun, jobs=job)
    if begun.step is None or begun.step_reached(state.grants):
        return advance(after)  # it was published already
    return after, (DialCode(job, begun.step.code),) if begun.step.code else ()


def _logged_out(state: State) -> bool:
    """Nothing more to do at the PBX: the registration is gone, as was wished."""
    mirror = state.mirror
    out = mirror.wish and mirror.choice.status is Status.LOGGED_OUT
    return out and state.link is not Link.ONLINE


def _out_of_time(state: State, step: Step) -> Outcome:
    mirror, grants = state.mirror, state.grants
    if step.answered and not mirror.step_readable(grants):
        return replace(state, mirror=mirror.carried_out(grants)), _hang_up(step)
    if mirror.unproved(grants):
        after = mirror.unfit(grants, state.now)
    else:
        after = mirror.failed(_untold(step), grants, state.now)
    return _tell(replace(state, mirror=after), mirror.refusal), _hang_up(step)


def _untold(step: Step) -> str:
    """What the PBX did not say in time."""
    if not step.code:
        what = "show" if step.answered else "take"
        return f"The PBX did not {what} {step.goal.status} as it was published"
    return f"The PBX did not {'confirm' if step.answered else 'answer'} {step.code}"


def _hang_up(step: Step) -> tuple[Effect, ...]:
    return (EndCode(step.job),) if step.code else ()


def _tell(state: State, before: Refusal | None) -> State:
    refusal = state.mirror.refusal
    if refusal is None or refusal == before:
        return state
    return pages.refuse(state, refusal.reason)


def _refusal(state: State, wish: Chosen, target: Target | None) -> str:
    if state.mirror.misfit and wish.status is not Status.LOGGED_OUT:
        return state.mirror.misfit
    if wish.status is Status.DIVERTED:
        reason = state.grants.refusal(target)
        if reason:
            return reason
    if isinstance(wish.limit, Until) and state.clock.minute(state.now) is None:
        return "The time is not known yet"
    return ""


def _limited(state: State, choice: Choice, limit: For | Until | None) -> Choice:
    if limit is None:
        return choice
    until = state.now + _seconds(state, limit)
    by_clock = isinstance(limit, Until)
    ends = (state.clock.local if by_clock else state.clock.wall)(until)
    then = _after(state.mirror.choice, choice.status)
    return replace(choice, until=until, ends=ends, by_clock=by_clock, then=then)


def _after(before: Choice, status: Status) -> Choice:
    """What a limit leads back to: never to another limit, nor to the limited status itself."""
    lasting = (before.then or Choice()) if before.limited else before
    return Choice() if lasting.status is status else lasting


def _seconds(state: State, limit: For | Until) -> float:
    """How long from now; a minute that is now or was today is tomorrow's."""
    if isinstance(limit, For):
        return max(limit.seconds, 0.0)
    day_second = (state.clock.local(state.now) or 0.0) % (MINUTES_A_DAY * 60)
    return (limit.minute * 60 - day_second) % (MINUTES_A_DAY * 60) or MINUTES_A_DAY * 60


def _and(first: tuple[Effect, ...], state: State, effects: tuple[Effect, ...]) -> Outcome:
    return state, first + effects
