"""What is in the voicemail boxes, read from a message summary (RFC 3842 section 5.2)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from device.core.events import Counts

MOST = 2**32 - 1
"The largest count a summary may carry (RFC 3842 section 5.2); a larger one is taken for this."

_COUNTS = re.compile(r"(\d+)\s*/\s*(\d+)(?:\s*\(\s*(\d+)\s*/\s*(\d+)\s*\))?\s*", re.ASCII)
_URI = re.compile(r"<([^>]*)>")


@dataclass(frozen=True, slots=True)
class Summary:
    """What a NOTIFY told: the boxes it counted, and whether it said that messages wait."""

    boxes: tuple[tuple[str, Counts], ...] = ()
    "Account (empty where not said) and its voice messages, in the order told."
    waiting: bool = False


def read(body: str) -> Summary | None:
    """The summary in a NOTIFY's body, or None where there is none in it.

    Tolerant: any line end, any spacing, any header case; a line that makes no sense is passed
    over. Where Messages-Waiting is not said, new messages stand for a yes.
    """
    boxes: dict[str, Counts] = {}
    waiting: bool | None = None
    account = ""
    for name, value in _lines(body):
        if name == "messages-waiting":
            waiting = _yes(value) or bool(waiting)
        elif name == "message-account":
            account = _account(value)
        elif name == "voice-message" and (counts := _counts(value)):
            boxes[account] = counts
    if waiting is None and not boxes:
        return None
    found = any(counts.new for counts in boxes.values())
    return Summary(tuple(boxes.items()), found if waiting is None else waiting)


def _lines(body: str) -> Iterator[tuple[str, str]]:
    # Not splitlines(): it also splits at characters that may stand inside a line.
    for line in re.split(r"\r\n|\r|\n", body):
        name, colon, value = line.partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


def _yes(value: str) -> bool:
    return value.lower() == "yes"


def _account(value: str) -> str:
    """`100@pbx` out of `<sip:100@pbx;transport=udp>`."""
    inner = _URI.search(value)
    uri = inner[1] if inner else value
    return re.sub(r"^sips?:", "", uri.strip(), flags=re.IGNORECASE).partition(";")[0]


def _counts(value: str) -> Counts | None:
    """`2/8 (1/2)`: new, old, and of them urgent."""
    told = _COUNTS.fullmatch(value)
    if told is None:
        return None
    new, old, urgent = (_count(told[n] or "0") for n in (1, 2, 3))
    return Counts(new, old, min(urgent, new))


def _count(digits: str) -> int:
    # The length first: int() refuses more than 4300 digits, and a hostile body may have them.
    significant = digits.lstrip("0") or "0"
    return MOST if len(significant) > len(str(MOST)) else min(int(significant), MOST)
