"""What may be wrong with a PBX: moods that no real one has at will."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from device.core.profile import Profile

ACT_SECONDS = 0.3
"A real FreePBX waits a second after it picks up, and speaks before it hangs up."


class Telling(StrEnum):
    """How hints speak."""

    PLAIN = "plain"
    OPPOSITE = "opposite"
    "Of a status they say the contrary of what the PBX does."
    LATE = "late"
    "`Moods.late` seconds after it became so."
    TWICE = "twice"
    SWAPPED = "swapped"
    "The later of two comes first; one that stays alone comes late."
    SILENT = "silent"
    "Subscribed to, and never heard."


class FarEnd(StrEnum):
    """What somebody outside does who is called."""

    ANSWERS = "answers"
    BUSY = "busy"
    SILENT = "silent"


@dataclass(slots=True)
class Moods:
    """All of them; as it begins, nothing is wrong."""

    acts: float = ACT_SECONDS
    "Seconds from picking up a code until it takes effect."
    refusing: int = 0
    "The answer to every feature code; 0: they are understood."
    deaf: bool = False
    "Codes are heard to have come (100), and nothing more."
    telling: Telling = Telling.PLAIN
    late: float = 0.3
    "Seconds."
    denied: dict[str, int] = field(default_factory=dict)
    "Answers to SUBSCRIBE, by the extension or the event package."
    shortest_publication: int = 0
    "Seconds; less is too brief (423)."
    forks: bool = True
    "A call to the user's own number rings the panel that makes it as well, as real PBXs do."
    names_sessions: bool = False
    "Then it says in Session-ID which call it is (RFC 7989); many a PBX does not."
    far_end: FarEnd = FarEnd.ANSWERS
    far_seconds: float = 0.5
    "Seconds until whoever is called answers, or does not."
    no_refer: int = 0
    "The answer to REFER; 0: it is done."
    tells_refer: bool = True
    "NOTIFYs tell how a transfer goes (RFC 3515 section 2.4.4)."


def opposite(profile: Profile) -> Profile:
    """A family in which every code means the contrary, as `*78` does at one and at another."""
    turned = {s: replace(w, on=w.off, off=w.on) for s, w in profile.switches.items()}
    return replace(profile, switches=turned)
