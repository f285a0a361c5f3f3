"""The panel in Prometheus' text format, version 0.0.4."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from device.core import colleagues
from device.core.state import State
from device.core.words import Hint, Line, Link, MirrorState, Status
from device.views.public import line

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def metrics(state: State) -> str:
    """One gauge per thing shown; of words, the one that holds is 1."""
    mirror = state.mirror
    verdict = mirror.verdict(state.grants, state.link)
    box = state.voicemail
    lines = [
        *_one_of("link", "Registration at the PBX", Link, state.link),
        *_one_of("status", "Status chosen", Status, mirror.choice.status),
        *_one_of("mirror", "What the PBX says of the status", MirrorState, verdict),
        *_one_of("line", "What the phone is doing", Line, line(state)),
        *_count("ringing", "Calls that ring here", len(state.calls)),
        *_count("missed_unseen", "Missed calls not looked at", state.missed.unseen),
        *_count("messages_unseen", "Texts not looked at", state.texts.unseen),
        *_count("voicemail_known", "1 while the PBX tells of the box", int(box.known)),
        *_count("voicemail_new", "New voicemail", box.new),
        *_count("voicemail_urgent", "Urgent ones of the new voicemail", box.urgent),
        *_count("misfit", "1 while the profile does not fit the PBX", int(bool(mirror.misfit))),
        *_colleagues(state),
        *_count("parts_lost", "Boards or displays that are missing", len(state.lost)),
    ]
    return "\n".join(lines) + "\n"


def _colleagues(state: State) -> list[str]:
    doing = Counter(colleagues.doing(state, c) for c in state.grants.colleagues)
    samples = [f'deskpanel_colleagues{{doing="{hint}"}} {doing[hint]}' for hint in Hint]
    return [*_head("colleagues", "Colleagues, by what they are doing"), *samples]


def _one_of(name: str, means: str, words: Iterable[StrEnum], held: StrEnum) -> list[str]:
    samples = [f'deskpanel_{name}{{{name}="{w}"}} {int(w is held)}' for w in words]
    return [*_head(name, means), *samples]


def _count(name: str, means: str, value: int) -> list[str]:
    return [*_head(name, means), f"deskpanel_{name} {value}"]


def _head(name: str, means: str) -> list[str]:
    return [f"# HELP deskpanel_{name} {means}.", f"# TYPE deskpanel_{name} gauge"]
