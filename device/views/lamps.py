"""What each lamp says, in the looks of a theme. Steady is kept for what the PBX confirmed."""

from dataclasses import replace

from device.core.colleagues import doing
from device.core.mirror import BLIP_SECONDS
from device.core.quiet import at_night
from device.core.state import State
from device.core.words import BUTTONS, COLLEAGUE_BUTTONS, MirrorState, Notice, Status
from device.views.looks import STANDARD, THEMES, UNSURE, Theme, theme
from hw.ports import DARK, Glow, Pattern

LOOKS = THEMES[STANDARD].status
"How a status looks where nothing else is chosen."

Lamps = dict[str, Glow]


def lamps(state: State) -> Lamps:
    """The look of every button's lamp, as levels."""
    shown = dict.fromkeys(BUTTONS, DARK)
    shown |= _standing(state) | _refused(state) | _notices(state) | _people(state)
    return {name: _dimmed(state, glow) for name, glow in shown.items()}


def status_lamp(state: State) -> Glow:
    """The one RGB lamp that some boards have: the status, and a wink for what is unseen."""
    refused = _refused(state)
    (glow,) = (refused or _standing(state)).values()
    return _dimmed(state, glow if refused else _winking(state, glow))


def _winking(state: State, glow: Glow) -> Glow:
    wink = _theme(state).wink
    unseen = state.missed.unseen or state.texts.unseen or state.voicemail.unseen
    if not unseen or wink is None or glow.pattern not in (Pattern.STEADY, Pattern.OFF):
        return glow
    return replace(glow, pattern=Pattern.PULSE, overlay=wink)


def _standing(state: State) -> Lamps:
    mirror, looks = state.mirror, _theme(state)
    status = mirror.choice.status
    match mirror.standing(state.grants, state.link):
        case MirrorState.CONFIRMED:
            return {status: DARK if status is Status.LOGGED_OUT else looks.status[status]}
        case MirrorState.PENDING:
            return {status: looks.asked(status, Pattern.FAST)}
        case _:
            return {status: UNSURE}


def _refused(state: State) -> Lamps:
    refusal = state.mirror.refusal
    if not refusal or state.now >= refusal.at + BLIP_SECONDS:
        return {}
    return {refusal.wanted: _theme(state).asked(refusal.wanted, Pattern.BLIP3)}


def _notices(state: State) -> Lamps:
    unseen = _theme(state).unseen
    return {
        Notice.MISSED: unseen if state.missed.unseen else DARK,
        Notice.MESSAGE: unseen if state.texts.unseen else DARK,
        Notice.VOICEMAIL: _voicemail(state),
    }


def _people(state: State) -> Lamps:
    """Each colleague's, in the order of the config."""
    people, looks = zip(COLLEAGUE_BUTTONS, state.grants.colleagues, strict=False), _theme(state)
    return {button: looks.colleague[doing(state, colleague)] for button, colleague in people}


def _voicemail(state: State) -> Glow:
    box, looks = state.voicemail, _theme(state)
    if not box.known:
        return UNSURE if box.boxes or box.waiting else DARK
    if box.unseen:
        return looks.urgent if box.urgent else looks.unseen
    return looks.seen if box.lit else DARK


def _dimmed(state: State, glow: Glow) -> Glow:
    """By night, where a lamp can be dimmed; what is off has no level."""
    if glow == DARK or not at_night(state):
        return glow
    return replace(glow, level=glow.level * state.grants.manners.night_level)


def _theme(state: State) -> Theme:
    return theme(state.grants.manners.theme)
