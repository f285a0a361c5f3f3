"""How lamps move: pure functions of what is shown and of monotonic seconds.

Every lamp counts from the same zero, so equal patterns are in phase without talking to each other.
"""

from hw.beats import Beat
from hw.ports import Colour, Glow, Pattern
from hw.tunes import RINGING, TUNES

__all__ = ["BEATS", "RINGING", "TUNES", "Beat", "lit", "next_change", "seen"]

_MS = 1_000

BEATS = {
    Pattern.FAST: Beat((0, 200 * _MS), 400 * _MS),
    Pattern.SLOW: Beat((0, 1_000 * _MS), 2_000 * _MS),
    Pattern.BLIP3: Beat(tuple(n * 100 * _MS for n in range(6)), 1_200 * _MS),
    Pattern.DASH: Beat((0, 100 * _MS), 2_000 * _MS),
    Pattern.PULSE: Beat((0, 150 * _MS), 4_000 * _MS),  # up is the overlay
}


def lit(glow: Glow, at: float) -> float:
    """How brightly a lamp of one colour burns at this moment: 0, or the glow's level."""
    return glow.level if _burns(glow, at) else 0.0


def seen(glow: Glow, at: float) -> Colour:
    """The colour that an RGB lamp has at this moment."""
    if glow.pattern is Pattern.PULSE and BEATS[Pattern.PULSE].up(at):
        return glow.overlay
    if glow.pattern is Pattern.PULSE:
        return glow.colour
    return glow.colour if _burns(glow, at) else Colour.OFF


def next_change(glow: Glow, at: float) -> float | None:
    """When this lamp next turns, later than `at`, if it moves at all."""
    moving = glow.colour is not Colour.OFF or _flashes(glow)
    return BEATS[glow.pattern].next_turn(at) if moving and glow.pattern in BEATS else None


def _burns(glow: Glow, at: float) -> bool:
    match glow.pattern:
        case Pattern.OFF:
            return False
        case Pattern.STEADY:
            return glow.colour is not Colour.OFF
        case Pattern.PULSE:
            return _pulses(glow, at)
        case _:
            return glow.colour is not Colour.OFF and BEATS[glow.pattern].up(at)


def _pulses(glow: Glow, at: float) -> bool:
    # A lamp of one colour cannot change it, so the overlay is a wink, or a flash from the dark.
    if BEATS[Pattern.PULSE].up(at):
        return glow.colour is Colour.OFF and _flashes(glow)
    return glow.colour is not Colour.OFF


def _flashes(glow: Glow) -> bool:
    return glow.pattern is Pattern.PULSE and glow.overlay is not Colour.OFF
