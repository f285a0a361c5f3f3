"""What is told in turn at rest: a trouble with the PBX, and what else is wrong here.

What is lost or wrong has its line on the page of rest; where that page has a trouble of its own to
tell there is none left, and it may be the very reason: a wrong wifi.txt, and so no network.
"""

from device.core.pages import covered
from device.core.rest import Depth, rest
from device.core.state import State
from device.core.words import MirrorState, Page

TURN_SECONDS = 5.0
"To read a hundred letters, twice."

TROUBLE = (MirrorState.UNKNOWN, MirrorState.REFUSED)


def turn(state: State) -> int | None:
    """Whose turn it is, counted on and on; 0 is the page's own, for whoever has just done something
    wants to see that. None where nothing is told in turn."""
    if not _takes_turns(state):
        return None
    return 0 if state.now < state.touched + TURN_SECONDS else int(state.now // TURN_SECONDS)


def deadline(state: State) -> float | None:
    """When the next one has their turn."""
    return (state.now // TURN_SECONDS + 1) * TURN_SECONDS if _takes_turns(state) else None


def _takes_turns(state: State) -> bool:
    """Not on a glass that rests deeply: what wanders there is meant to be little, and dark."""
    if not state.lost or state.view.page is not Page.IDLE or covered(state):
        return False
    awake = rest(state).depth < Depth.WANDER
    return awake and state.mirror.verdict(state.grants, state.link) in TROUBLE
