"""What each lamp says. Steady is kept for what the PBX confirmed."""

from dataclasses import replace

from device.core.colleagues import doing
from device.core.mirror import BLIP_SECONDS
from device.core.notices import Voicemail
from device.core.state import State
from device.core.words import BUTTONS, COLLEAGUE_BUTTONS, Hint, MirrorState, Notice, Status
from hw.ports import DARK, Colour, Glow, Pattern

LOOKS: dict[Status, Glow] = {
    Status.AVAILABLE: Glow(Colour.GREEN, Pattern.STEADY),
    Status.DND: Glow(Colour.AMBER, Pattern.STEADY),
    Status.ABSENT: Glow(Colour.WHITE, Pattern.STEADY, level=0.3),
    Status.DIVERTED: Glow(Colour.BLUE, Pattern.STEADY),
    Status.LOGGED_OUT: Glow(Colour.WHITE, Pattern.STEADY),
}
"How a status looks; `LOGGED_OUT` is seen only on the way there, for to be logged out is dark."

UNSURE = Glow(Colour.WHITE, Pattern.DASH)

PEOPLE: dict[Hint, Glow] = {
    Hint.FREE: DARK,
    Hint.RINGING: Glow(Colour.RED, Pattern.FAST),
    Hint.BUSY: Glow(Colour.RED, Pattern.STEADY),
    Hint.AWAY: Glow(Colour.WHITE, Pattern.STEADY, level=0.3),
    Hint.UNKNOWN: UNSURE,
}
"""How a colleague looks: lit is not to be reached. So a lamp of one colour can tell it as well;
desk phones do the same where their keys have one colour, and others have other tables."""


def lamps(state: State) -> dict[str, Glow]:
    """The look of every button's lamp, as levels."""
    dark = dict.fromkeys(BUTTONS, DARK)
    return dark | _standing(state) | _refused(state) | _notices(state) | _people(state)


def status_lamp(state: State) -> Glow:
    """The one RGB lamp that some boards have: the status, and a red wink for what is unseen."""
    refused = _refused(state)
    if refused:
        return next(iter(refused.values()))
    (glow,) = _standing(state).values()
    unseen = state.missed.unseen or state.texts.unseen or state.voicemail.unseen
    if unseen and glow.pattern in (Pattern.STEADY, Pattern.OFF):
        return replace(glow, pattern=Pattern.PULSE, overlay=Colour.RED)
    return glow


def _standing(state: State) -> dict[str, Glow]:
    mirror = state.mirror
    status = mirror.choice.status
    match mirror.standing(state.grants, state.link):
        case MirrorState.CONFIRMED:
            return {status: DARK if status is Status.LOGGED_OUT else LOOKS[status]}
        case MirrorState.PENDING:
            return {status: replace(LOOKS[status], pattern=Pattern.FAST)}
        case _:
            return {status: UNSURE}


def _refused(state: State) -> dict[str, Glow]:
    refusal = state.mirror.refusal
    if not refusal or state.now >= refusal.at + BLIP_SECONDS:
        return {}
    return {refusal.wanted: replace(LOOKS[refusal.wanted], pattern=Pattern.BLIP3)}


def _notices(state: State) -> dict[str, Glow]:
    return {
        Notice.MISSED: _red(Pattern.SLOW if state.missed.unseen else Pattern.OFF),
        Notice.MESSAGE: _red(Pattern.SLOW if state.texts.unseen else Pattern.OFF),
        Notice.VOICEMAIL: _voicemail(state.voicemail),
    }


def _people(state: State) -> dict[str, Glow]:
    """Each colleague's, in the order of the config."""
    people = zip(COLLEAGUE_BUTTONS, state.grants.colleagues, strict=False)
    return {button: PEOPLE[doing(state, colleague)] for button, colleague in people}


def _voicemail(box: Voicemail) -> Glow:
    if not box.known:
        return UNSURE if box.boxes or box.waiting else DARK
    if box.unseen:
        return _red(Pattern.FAST if box.urgent else Pattern.SLOW)
    return _red(Pattern.STEADY if box.lit else Pattern.OFF)


def _red(pattern: Pattern) -> Glow:
    return DARK if pattern is Pattern.OFF else Glow(Colour.RED, pattern)
