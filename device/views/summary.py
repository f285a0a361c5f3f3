"""How the panel stands, in a line for those who look after computers."""

from device.core.state import State
from device.core.words import Link, MirrorState
from device.views.phrases import DOINGS


def summary(state: State, server: str) -> str:
    """The link's word, a colon, and a sentence; whoever judges a start reads the word."""
    whose = f"{state.grants.user} at {server}"
    told = f"{whose}, {_status(state)}" if state.link is Link.ONLINE else whose
    why = "" if state.link is Link.ONLINE else state.link_reason
    return f"{state.link}: {told}" + (f": {why}" if why else "")


def _status(state: State) -> str:
    verdict = state.mirror.verdict(state.grants, state.link)
    word = DOINGS[state.mirror.choice.status]
    return word if verdict is MirrorState.CONFIRMED else f"{word} ({verdict})"
