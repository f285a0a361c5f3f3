"""Why a call was cancelled, read from Reason header fields (RFC 3326 section 2)."""

import re
from collections.abc import Iterable

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_CAUSE = re.compile(r";\s*cause\s*=\s*0*(\d{1,9})(?!\d)", re.IGNORECASE)
# 200: the INVITE was answered on another branch (RFC 3326 section 3.1).
# 26: non-selected user clearing, which says the same in ISDN's words (Q.850 table 1).
_ELSEWHERE = {("sip", 200), ("q.850", 26)}


def answered_elsewhere(values: Iterable[str]) -> bool:
    """Whether any value of any Reason field says that another phone took the call.

    `values` are header field values, each perhaps a list with commas. Asterisk sends two fields,
    and only one of them may be known to us, so all are asked. The text is never looked at.
    """
    return any(_told(part) in _ELSEWHERE for value in values for part in _parts(value))


def _parts(value: str) -> list[str]:
    return _QUOTED.sub("", value).split(",")


def _told(part: str) -> tuple[str, int]:
    protocol = part.partition(";")[0].strip().lower()
    cause = _CAUSE.search(part)
    return protocol, int(cause[1]) if cause else 0
