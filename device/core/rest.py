"""How long the glass has shown the same, and how it rests: an OLED wears where it is lit.

Anything that a user would look up for wakes it; the clock that goes on does not.
"""

from dataclasses import dataclass, replace
from enum import IntEnum

from device.core.pages import covered
from device.core.state import State

DIM_SECONDS = 30.0
WANDER_SECONDS = 300.0
DOT_SECONDS = 3600.0
"Of stillness, after which the glass rests more."

MOVE_SECONDS = 600.0
"Between moves of what wanders; each costs bytes on the bus."

SHIFT_SECONDS = 3600.0
"Between shifts of a page."


class Depth(IntEnum):
    """How deep the rest is."""

    AWAKE = 0
    DIM = 1
    WANDER = 2
    """Only a little picture is lit, and not always in the same place."""
    DOT = 3


BEGINS = {Depth.DIM: DIM_SECONDS, Depth.WANDER: WANDER_SECONDS, Depth.DOT: DOT_SECONDS}


@dataclass(frozen=True, slots=True)
class Rest:
    """How the glass rests at a moment; equal ones look the same."""

    depth: Depth = Depth.AWAKE
    turn: int = 0
    "How often the picture has moved: of a page, or of what wanders."


def rest(state: State) -> Rest:
    """How deep, and where."""
    depth = _depth(state)
    return Rest(depth, int(state.now // _every(depth)))


def deadline(state: State) -> float | None:
    """When time alone lets the glass rest more, or move."""
    begins = (state.woken + seconds for seconds in BEGINS.values())
    deeper = [at for at in begins if at > state.now and not covered(state)]
    every = _every(_depth(state))
    moves = (state.now // every + 1) * every
    return min([moves, *deeper])


def wake(before: State, after: State) -> State:
    """Something happened; if there is something new to see, the glass wakes."""
    return after if _seen(before) == _seen(after) else replace(after, woken=after.now)


def _depth(state: State) -> Depth:
    if covered(state):
        return Depth.AWAKE
    reached = (d for d, seconds in BEGINS.items() if state.now >= state.woken + seconds)
    return max(reached, default=Depth.AWAKE)


def _every(depth: Depth) -> float:
    """Seconds between moves of what is shown."""
    return MOVE_SECONDS if depth >= Depth.WANDER else SHIFT_SECONDS


def _seen(state: State) -> tuple[object, ...]:
    """What a user would look up for, and what they did at the panel themselves."""
    mirror = state.mirror
    return (
        state.touched,
        state.view,
        state.calls,
        state.calling,
        tuple((b.title, b.text) for b in state.balloons),
        mirror.standing(state.grants, state.link),
        mirror.choice.status,
        mirror.choice.target,
        mirror.refusal and mirror.refusal.at,
        state.link,
        state.lost,
        state.clock.offset is None,
        (state.missed.unseen, state.texts.unseen, state.voicemail.unseen),
    )
