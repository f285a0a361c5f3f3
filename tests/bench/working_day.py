"""A working day at one desk, played on the real core: what the glass shows, and how long.

The clock changes each minute, from midnight to midnight. Between nine and six 40 calls come in, of
which most are answered on the user's phone; 15 texts come, most of which are read; the status is
changed 30 times, by button, by menu or from elsewhere, at a PBX that takes a second for it. The
same seed is the same day.
"""

import heapq
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from device.core.effects import DialCode, Effect
from device.core.events import (
    CallEnded,
    CallOffered,
    Chosen,
    ClockSet,
    CodeAnswered,
    CodeEnded,
    Event,
    HintHeard,
    LinkChanged,
    Pressed,
    TextReceived,
    Tick,
)
from device.core.kept import Kept, initial
from device.core.profile import Grants
from device.core.state import State
from device.core.update import deadline, update
from device.core.words import By, CallEnd, Hint, Link, Notice, Status
from device.views.screen import screen
from device.views.screens import Screen
from tests.core.play import AT_FREEPBX

HOUR = 3600.0
BEGIN, END = 9 * HOUR, 18 * HOUR
"When somebody is there. Monotonic seconds are those since midnight, on this day."
MIDNIGHT = 20_000 * 86_400
"Unix seconds of that midnight; any would do."

CALLS, TEXTS, CHANGES = 40, 15, 30

PEOPLE = (
    ("101", "Reception"),
    ("102", "Anna Rossi"),
    ("117", "Jürgen Groß"),
    ("+390612345678", ""),
    ("+4930901820", "Alessandra Pellegrini Sammartano"),
    ("", ""),
)
TEXT = (
    "Lunch at one?",
    (
        "The supplier moved tomorrow's delivery to 08:30, so could somebody be at the loading bay "
        "by a quarter past? Ask for Jürgen; he has the papers, and he will sign for the pallets."
    ),
    "Please call back about the offer.",
)
AWAY = (Status.DND, Status.DIVERTED, Status.ABSENT)
"What the user sets in turn, each time to be available again some minutes later."


@dataclass(frozen=True, slots=True)
class Stood:
    """A screen, and how many seconds it stood."""

    screen: Screen
    seconds: float


@dataclass
class Day:
    """A panel, its PBX, and everything that is still to happen."""

    begin: float = 0.0
    end: float = 24 * HOUR
    grants: Grants = AT_FREEPBX
    state: State = field(init=False)
    screens: list[tuple[float, Screen]] = field(default_factory=list)
    _ahead: list[tuple[float, int, Event]] = field(default_factory=list)
    _count: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.state = initial(self.grants, Kept(), self.begin)
        self.plan(self.begin, ClockSet(0.0, MIDNIGHT + self.begin), LinkChanged(0.0, Link.ONLINE))
        self.plan(self.begin, *(HintHeard(0.0, h, Hint.FREE) for h in self.grants.watched))

    def plan(self, at: float, *events: Event) -> None:
        """Let events happen at a moment of the day."""
        for event in events:
            heapq.heappush(self._ahead, (at, next(self._count), event))

    def live(self) -> list[Stood]:
        """The whole day, one screen after the other."""
        while (at := self._next()) < self.end:
            self._take(at)
        ends = [at for at, _ in self.screens[1:]] + [self.end]
        return [Stood(s, end - at) for (at, s), end in zip(self.screens, ends, strict=True)]

    def _next(self) -> float:
        due = deadline(self.state)
        return min(self.end if due is None else due, self._ahead[0][0] if self._ahead else self.end)

    def _take(self, at: float) -> None:
        event = heapq.heappop(self._ahead)[2] if self._planned(at) else Tick(at)
        self.state, effects = update(self.state, _at(event, at))
        for effect in effects:
            self._obey(effect)
        shown = screen(self.state)
        if not self.screens or shown != self.screens[-1][1]:
            self.screens.append((at, shown))

    def _planned(self, at: float) -> bool:
        return bool(self._ahead) and self._ahead[0][0] <= at

    def _obey(self, effect: Effect) -> None:
        """The PBX carries a code out in about a second, and its hints tell of it."""
        if isinstance(effect, DialCode):
            now = self.state.now
            self.plan(now + 0.3, CodeAnswered(0.0, effect.job))
            self.plan(now + 0.6, *self._hints_after(effect.number))
            self.plan(now + 1.2, CodeEnded(0.0, effect.job, done=True))

    def _hints_after(self, code: str) -> Iterator[HintHeard]:
        for switch in self.grants.profile.switches.values():
            hint = switch.hint.format(user=self.grants.user)
            if code == switch.off:
                yield HintHeard(0.0, hint, Hint.FREE)
            elif code.startswith(switch.on.partition("{")[0]):
                yield HintHeard(0.0, hint, Hint.BUSY)


def _at(event: Event, at: float) -> Event:
    return replace(event, at=at)


def working_day(begin: float = 0.0, end: float = 24 * HOUR, seed: int = 4) -> list[Stood]:
    """What the glass shows from one moment of the day to another, in seconds since midnight."""
    day = Day(begin, end)
    fill(day, seed)
    return day.live()


def fill(day: Day, seed: int = 4) -> None:
    """Plan what happens at a desk where somebody works."""
    dice = random.Random(seed)
    for call, at in enumerate(_moments(dice, CALLS)):
        _call(day, dice, call + 1, at)
    for at in _moments(dice, TEXTS):
        _text(day, dice, at)
    for turn in range(CHANGES // 2):
        _away(day, dice, AWAY[turn % len(AWAY)], turn)


def _moments(dice: random.Random, count: int) -> list[float]:
    return sorted(dice.uniform(BEGIN + 60, END - 600) for _ in range(count))


def _call(day: Day, dice: random.Random, call: int, at: float) -> None:
    number, name = dice.choice(PEOPLE)
    answered, rings = dice.random() < 0.6, dice.uniform(5, 25)
    day.plan(at, CallOffered(0.0, call, number, name, ("600",) if dice.random() < 0.2 else ()))
    end = CallEnd.ANSWERED_ELSEWHERE if answered else CallEnd.GIVEN_UP
    day.plan(at + rings, CallEnded(0.0, call, end))
    if answered:
        user, talk = day.grants.user, dice.uniform(30, 480)
        day.plan(at, HintHeard(0.0, user, Hint.RINGING))
        day.plan(at + rings, HintHeard(0.0, user, Hint.BUSY))
        day.plan(at + rings + talk, HintHeard(0.0, user, Hint.FREE))
    elif dice.random() < 0.6:
        _look(day, dice, Notice.MISSED, at + rings)


def _text(day: Day, dice: random.Random, at: float) -> None:
    number, name = dice.choice(PEOPLE[:3])
    day.plan(at, TextReceived(0.0, number, name, dice.choice(TEXT)))
    if dice.random() < 0.8:
        _look(day, dice, Notice.MESSAGE, at)


def _look(day: Day, dice: random.Random, notice: Notice, came: float) -> None:
    """Open the page of a notice some time later, and step on in it."""
    at = came + dice.uniform(2, 900)
    for step in range(dice.choice((1, 1, 2, 3))):
        day.plan(at + 4.0 * step, Pressed(0.0, notice))


def _away(day: Day, dice: random.Random, status: Status, turn: int) -> None:
    """Two changes: there, and back."""
    room = (END - BEGIN) / (CHANGES // 2)
    at = BEGIN + room * (turn + dice.uniform(0.1, 0.3))
    _change(day, dice, status, at)
    back = at + room * dice.uniform(0.1, 0.6)
    day.plan(back, Pressed(0.0, Status.AVAILABLE, by=By.BUTTON))


def _change(day: Day, dice: random.Random, status: Status, at: float) -> None:
    if status is Status.DIVERTED:
        target = dice.choice(day.grants.targets).number
        day.plan(at, Chosen(0.0, status, By.WEB, target))
    elif status is Status.DND and dice.random() < 0.5:
        _from_menu(day, dice, status, at)
    else:
        day.plan(at, Pressed(0.0, status, by=By.BUTTON))


def _from_menu(day: Day, dice: random.Random, status: Status, at: float) -> None:
    """Hold for the times, step to one of them, hold to take it."""
    steps = dice.randrange(4)
    day.plan(at, Pressed(0.0, status, held=True, by=By.BUTTON))
    for step in range(steps):
        day.plan(at + 0.8 * (step + 1), Pressed(0.0, status, by=By.BUTTON))
    day.plan(at + 0.8 * (steps + 2), Pressed(0.0, status, held=True, by=By.BUTTON))
