"""What is measured: of one PBX and one status, all that people meet."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

Json = Any

DESK_PHONE, PANEL, TARGET = "desk phone", "panel", "target"

PUT_THROUGH = 200


@dataclass(frozen=True, slots=True)
class Cell:
    """What became of calls while the panel had settled on a status."""

    rings: tuple[str, ...]
    "Which of desk phone, panel and divert target rang when the user was called."
    code: int
    "The final code of that call to its caller; 200 where someone who rang could answer."
    turned_away: tuple[str, ...]
    "How the panel listed calls that it did not let ring: dnd, absent or diverted."
    calls_out: int | None
    "The final code of a call from the user's desk phone to a colleague; none: not measured."
    seen: str
    "What the user's line hint tells a colleague: free, busy, away; empty: there is none."
    state: str
    "The panel's `mirror.state`."
    means: str
    "The panel's `mirror.means`."
    reason: str
    "The panel's `mirror.reason`, where the state is not confirmed."

    def json(self) -> Json:
        return {key: _plain(value) for key, value in asdict(self).items()}

    @staticmethod
    def of(json: Mapping[str, Json]) -> "Cell":
        lists = {key: tuple(json[key]) for key in ("rings", "turned_away")}
        return Cell(**{**json, **lists})


def _plain(value: Json) -> Json:
    return list(value) if isinstance(value, tuple) else value
