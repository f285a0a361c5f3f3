"""Lists to choose from, and what is entered with the buttons."""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

from device.core import lock
from device.core.calling import known_as
from device.core.colleagues import doing, has_set, warning
from device.core.entry import WHEEL
from device.core.pages import OTHER, TIMES
from device.core.profile import Colleague, Target
from device.core.state import Entry, State
from device.core.words import Hint, Means, Purpose, Status
from device.views.people import word
from device.views.screens import WITHHELD, WORDS, About, Menu, NumberPage, People, Person, Row

MEANS = {
    Means.HINT: "hints",
    Means.PUBLISH: "publishing",
    Means.CODE: "codes",
    Means.ANSWERS: "own answers",
}


def targets(state: State) -> Menu:
    """Where calls may be diverted to; whoever diverts as well is marked before it is too late."""
    rows = [_target(state, target) for target in state.grants.targets]
    other = [Row(OTHER)] if state.grants.manners.other_target else []
    return _menu("Divert to", rows + other, state.view.index)


def times(state: State) -> Menu:
    status = state.view.status or Status.AVAILABLE
    return _menu(f"{WORDS[status]} for", [Row(t.label) for t in TIMES], state.view.index)


def mute(state: State) -> Menu:
    return _menu("Silent for", [Row(t.label) for t in TIMES], state.view.index)


def reply(state: State, texts: Sequence[str]) -> Menu:
    """What may be answered to the text that is shown, without typing."""
    to = state.view.text
    whom = (to.name or to.number) if to else ""
    menu = _menu(f"Reply to {whom or WITHHELD}", [Row(text) for text in texts], state.view.index)
    does = "call" if state.view.index == 0 else "send"
    return replace(menu, keys=f"press: next   hold: {does}")


def about(state: State) -> About:
    """What the panel is, and how it stands."""
    facts = (Row(word, value) for word, value in state.grants.manners.facts)
    rows = (*facts, *(row for row in _standing(state) if row.detail))
    top = clamp(state.view.index, len(rows))
    return About(rows, top, place_of(top, len(rows)))


def _standing(state: State) -> tuple[Row, ...]:
    return (
        Row("Address", state.address or ""),
        Row("User", state.grants.user),
        Row("PBX", state.agent),
        Row("Profile", state.grants.profile.name),
        Row("Read back by", MEANS[state.mirror.means(state.grants)]),
        *(Row("Hardware", why or f"No {part}") for part, why in state.lost.items()),
    )


def number(state: State) -> NumberPage:
    """A number as far as it is typed, and whose it is."""
    entry = state.view.entry or Entry(Purpose.DIAL)
    divert = entry.purpose is Purpose.DIVERT
    title, keys = ("Divert to", "hold: set") if divert else ("Call", "hold: call")
    whose = known_as(state, entry.typed) if entry.typed else ""
    return NumberPage(title, entry.typed, WHEEL[entry.wheel], whose, keys)


def pin(state: State) -> NumberPage:
    """Stars, or how long no PIN is taken."""
    typed = state.view.entry.typed if state.view.entry else ""
    waits = ceil(lock.waits(state))
    told = f"wait {waits} s" if waits else ("Wrong PIN" if state.lock.wrong and not typed else "")
    return NumberPage("PIN", typed, told=told, digits=state.grants.manners.pin_digits)


def people(state: State) -> People:
    """The colleagues, and more of the chosen one."""
    everybody = state.grants.colleagues
    index = clamp(state.view.index, len(everybody))
    rows = tuple(_person(state, colleague) for colleague in everybody)
    if not rows:
        return People((), 0, "", "No colleagues", "")
    told, keys = _told(state, everybody[index]), _keys(state, everybody[index])
    return People(rows, index, place_of(index, len(everybody)), told, keys)


def clamp(index: int, length: int) -> int:
    return max(0, min(index, length - 1))


def place_of(index: int, length: int) -> str:
    return f"{index + 1}/{length}"


def _target(state: State, target: Target) -> Row:
    detail = target.number if target.name else ""
    return Row(target.name or target.number, "diverts" if warning(state, target.number) else detail)


def _menu(title: str, rows: Sequence[Row], index: int) -> Menu:
    index = clamp(index, len(rows))
    return Menu(title, tuple(rows), index, place_of(index, len(rows)) if rows else "")


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
