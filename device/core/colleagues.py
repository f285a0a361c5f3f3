"""Other extensions that are watched: what each is doing, and whom to tell of when free.

A colleague is watched by the hints that tell of ourselves, with their number in place of ours: the
one of the line, and those of the statuses that the PBX keeps.
"""

from dataclasses import replace

from device.core.pages import home, open_colleague, pop_up
from device.core.profile import Colleague
from device.core.state import State, Word
from device.core.words import Hint, Page, Status

NOT_TOLD = Word()


def doing(state: State, colleague: Colleague) -> Hint:
    """Free, ringing, busy, away or unknown: the line first, then the status."""
    line = _word(state, state.grants.profile.tells_lines, colleague).hint
    if line in (Hint.RINGING, Hint.BUSY):
        return line
    if _untold(state, colleague):
        return Hint.UNKNOWN
    if has_set(state, colleague, Status.DND):
        return Hint.BUSY
    if has_set(state, colleague, Status.ABSENT) or has_set(state, colleague, Status.LOGGED_OUT):
        return Hint.AWAY
    return line


def has_set(state: State, colleague: Colleague, status: Status) -> bool:
    """The PBX is heard to keep this status for a colleague."""
    switch = state.grants.profile.switches.get(status)
    if switch is None or not switch.hint:
        return False
    word = _word(state, switch.hint, colleague)
    return switch.told_by(word.hint, word.note)


def warning(state: State, number: str) -> str:
    """Why calls diverted to this number may come to nothing, in a sentence; empty: they do not.

    A PBX diverts once: a call that is sent to somebody who diverts as well goes nowhere.
    """
    colleague = state.grants.colleague(number) if number else None
    if colleague is None or not has_set(state, colleague, Status.DIVERTED):
        return ""
    return f"{colleague.name} diverts calls too: yours would be refused there"


def press(state: State, index: int) -> State:
    """Show a colleague; pressed again, ask to be told when they are free."""
    if index >= len(state.grants.colleagues):
        return state
    if state.view.page is not Page.COLLEAGUES or state.view.index != index:
        return open_colleague(state, index)
    colleague = state.grants.colleagues[index]
    if doing(state, colleague) is Hint.FREE:
        return home(state)
    return tell(state, colleague, wanted=colleague.number not in state.tell_free)


def tell(state: State, colleague: Colleague, *, wanted: bool) -> State:
    """Tell, once, when this colleague is free; or leave it."""
    number = frozenset((colleague.number,))
    if not wanted:
        after = replace(state, tell_free=state.tell_free - number)
        return (
            pop_up(after, None, colleague.name, "You will not be told") if after != state else after
        )
    after = replace(state, tell_free=state.tell_free | number)
    if doing(after, colleague) is Hint.FREE:
        return told(after)
    return pop_up(after, None, colleague.name, "You will be told when free")


def told(state: State) -> State:
    """Tell of whoever is free now and was waited for."""
    for colleague in state.grants.colleagues:
        if colleague.number in state.tell_free and doing(state, colleague) is Hint.FREE:
            left = state.tell_free - {colleague.number}
            state = pop_up(replace(state, tell_free=left), None, colleague.name, "is free now")
    return state


def _untold(state: State, colleague: Colleague) -> bool:
    """A status of theirs is still to be heard of, and might be in the way."""
    switches = state.grants.profile.switches.values()
    words = (_word(state, s.hint, colleague) for s in switches if s.hint and not s.optional)
    return any(word == NOT_TOLD for word in words)


def _word(state: State, hint: str, colleague: Colleague) -> Word:
    return state.hints.get(hint.format(user=colleague.number), NOT_TOLD)
