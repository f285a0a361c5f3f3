"""Lists to choose from, as the window around the chosen line."""

from collections.abc import Sequence
from typing import TypeVar

from device.core.colleagues import doing, has_set, warning
from device.core.pages import TIMES
from device.core.profile import Colleague, Target
from device.core.state import State
from device.core.words import Hint, Status
from device.views.people import word
from device.views.screens import WORDS, Menu, People, Person, Row

MENU_ROWS = 4
"Lines of a menu that are shown at a time."

PEOPLE_ROWS = 3
"Colleagues that are shown at a time."

T = TypeVar("T")


def targets(state: State) -> Menu:
    """Where calls may be diverted to; whoever diverts as well is marked before it is too late."""
    rows = [_target(state, target) for target in state.grants.targets]
    return _menu("Divert to", rows, state.view.index)


def times(state: State) -> Menu:
    status = state.view.status or Status.AVAILABLE
    return _menu(f"{WORDS[status]} for", [Row(t.label) for t in TIMES], state.view.index)


def people(state: State) -> People:
    """The colleagues, and more of the chosen one."""
    everybody = state.grants.colleagues
    index = clamp(state.view.index, len(everybody))
    window, chosen = _window(everybody, index, PEOPLE_ROWS)
    rows = tuple(_person(state, colleague) for colleague in window)
    if not rows:
        return People((), 0, "", "No colleagues", "")
    told, keys = _told(state, everybody[index]), _keys(state, everybody[index])
    return People(rows, chosen, place_of(index, len(everybody)), told, keys)


def clamp(index: int, length: int) -> int:
    return max(0, min(index, length - 1))


def place_of(index: int, length: int) -> str:
    return f"{index + 1}/{length}"


def _target(state: State, target: Target) -> Row:
    detail = target.number if target.name else ""
    return Row(target.name or target.number, "diverts" if warning(state, target.number) else detail)


def _menu(title: str, rows: Sequence[Row], index: int) -> Menu:
    index = clamp(index, len(rows))
    window, chosen = _window(rows, index, MENU_ROWS)
    return Menu(title, tuple(window), chosen, place_of(index, len(rows)) if rows else "")


def _window(rows: Sequence[T], index: int, room: int) -> tuple[Sequence[T], int]:
    """The rows around one of them, and where it is among those."""
    first = clamp(index - room // 2, max(len(rows) - room, 0) + 1)
    return rows[first : first + room], index - first


def _person(state: State, colleague: Colleague) -> Person:
    diverts = has_set(state, colleague, Status.DIVERTED)
    awaited = colleague.number in state.tell_free
    return Person(colleague.name, doing(state, colleague), diverts, awaited)


def _told(state: State, colleague: Colleague) -> str:
    diverts = has_set(state, colleague, Status.DIVERTED)
    return word(state, colleague) + (", diverts" if diverts else "")


def _keys(state: State, colleague: Colleague) -> str:
    if doing(state, colleague) is Hint.FREE:
        return "hold: call"
    awaited = colleague.number in state.tell_free
    return f"press: {'forget' if awaited else 'tell me'}   hold: call"
