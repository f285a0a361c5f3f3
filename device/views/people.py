"""Colleagues in a word or two, the same on every surface."""

from device.core.colleagues import doing, has_set
from device.core.profile import Colleague
from device.core.state import State
from device.core.words import Hint, Status

WORDS = {
    Hint.FREE: "free",
    Hint.RINGING: "ringing",
    Hint.BUSY: "in a call",
    Hint.AWAY: "away",
    Hint.UNKNOWN: "unknown",
}

REASONS = {
    Hint.BUSY: ((Status.DND, "do not disturb"),),
    Hint.AWAY: ((Status.ABSENT, "absent"), (Status.LOGGED_OUT, "logged out")),
}
"Statuses that say more than the word, where the PBX keeps them."


def word(state: State, colleague: Colleague) -> str:
    """What they are doing; that they divert is told beside it, for they look free."""
    found = doing(state, colleague)
    why = (told for status, told in REASONS.get(found, ()) if has_set(state, colleague, status))
    return next(why, WORDS[found])
