"""What a NOTIFY tells of a call that somebody was referred to (RFC 3515 section 2.4.5)."""

import re
from dataclasses import dataclass
from typing import Self

from device.pbx.address import plain

_STATUS_LINE = re.compile(r"\s*SIP/2\.0[ \t]+([1-6]\d\d)(?![^ \t\r\n])([^\r\n]*)", re.IGNORECASE)
_MOST = 60
"Letters of a reason that are told."


@dataclass(frozen=True, slots=True)
class Progress:
    """The status line of an answer."""

    code: int
    "SIP status code."
    reason: str = ""

    @classmethod
    def read(cls, body: str) -> Self | None:
        """Out of a message/sipfrag body (RFC 3420); None where it has no status line."""
        found = _STATUS_LINE.match(body)
        return cls(int(found[1]), plain(found[2])[:_MOST]) if found else None
