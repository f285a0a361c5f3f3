"""The PIN that the buttons ask for before they leave absent.

Digits are told apart from right and wrong outside the core, so that no state and no journal holds
any. Other surfaces, which the web's token guards, need no PIN; the schedule and a time limit, which
act by themselves, do not either.
"""

from dataclasses import replace

from device.core.gestures import Gestures
from device.core.state import Entry, Lock, State, View
from device.core.words import Page, Purpose, Status

LONGEST_WAIT = 300.0
"Seconds. Four digits then take five weeks to try."

OPEN_SECONDS = 30.0
"For which a right PIN lets one go through menus before a status is chosen."

WAYS_OUT = (Page.TIMES, Page.TARGETS, Page.NUMBER)
"Pages on which a status is chosen."

STAR = "*"


def asks(state: State) -> bool:
    """A status button wants the PIN first."""
    opened = state.lock.opened
    fresh = opened is not None and state.now < opened + OPEN_SECONDS
    absent = state.mirror.choice.status is Status.ABSENT
    return bool(state.grants.manners.pin_digits) and absent and not fresh


def ask(state: State, wanted: Status, held: bool) -> State:
    """Ask for the PIN; what was pressed is done when it was right."""
    entry = Entry(Purpose.UNLOCK)
    view = View(Page.PIN, status=wanted, held=held, since=state.now, entry=entry)
    return _hands_off(replace(state, view=view, balloons=()))


def asking(state: State) -> bool:
    """The PIN is being asked for."""
    return state.view.page is Page.PIN


def wait(wrong: int) -> float:
    """Seconds in which no PIN is taken, after so many wrong ones: 1, 2, 4, and so on."""
    return float(min(2 ** min(wrong - 1, 30), LONGEST_WAIT)) if wrong else 0.0


def waits(state: State) -> float:
    """Seconds until a PIN is taken again."""
    return max(state.lock.until - state.now, 0.0)


def typed(state: State, digits: int) -> State:
    """So many stars."""
    entry = Entry(Purpose.UNLOCK, STAR * max(digits, 0))
    view = replace(state.view, entry=entry, since=state.now)
    return replace(state, view=view) if asking(state) else state


def tried(state: State, right: bool) -> State:
    """Opened, or a longer wait than the last one. The page is left to whoever asked."""
    if not asking(state):
        return state
    if right:
        return _hands_off(replace(state, view=View(), lock=Lock(opened=state.now)))
    wrong = state.lock.wrong + 1
    return typed(replace(state, lock=Lock(wrong, state.now + wait(wrong))), 0)


def left(state: State) -> State:
    """Nothing was opened."""
    return _hands_off(replace(state, view=View())) if asking(state) else state


def settle(state: State) -> State:
    """When absent was left, the next time asks anew; and no menu stays open that leads out."""
    if asking(state) and state.mirror.choice.status is not Status.ABSENT:
        return left(state)  # absent has ended by itself
    if asking(state) and state.calls and state.view.entry != Entry(Purpose.UNLOCK):
        return typed(state, 0)  # as it is forgotten where it was typed
    if asks(state):
        return replace(state, view=View()) if state.view.page in WAYS_OUT else state
    if state.lock.opened is None or state.mirror.choice.status is Status.ABSENT:
        return state
    return replace(state, lock=Lock())


def deadline(state: State) -> float | None:
    """Each second, while somebody waits for a PIN to be taken again."""
    waiting = asking(state) and waits(state)
    return min(state.now + 1, state.lock.until) if waiting else None


def restarted(wrong: int, at: float) -> Lock:
    """After a restart the wait begins anew, or the power plug would be a way around it."""
    return Lock(wrong, at + wait(wrong) if wrong else 0.0)


def _hands_off(state: State) -> State:
    """The core does not hear how buttons move meanwhile, nor the last bounces of what it heard."""
    return replace(state, gestures=Gestures(deaf_since=state.now))
