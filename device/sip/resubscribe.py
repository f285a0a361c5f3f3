"""When to subscribe again after a subscription has ended (RFC 6665 section 4.1.2), and whether."""

import re
from dataclasses import dataclass, field
from typing import Self

from device.core.answers import NOT_KNOWN
from device.sip.backoff import Backoff
from device.sip.wire import Message

SOON_SECONDS = 2.0
"How long after its end a subscription is asked for again where nobody says more."
MOST_SECONDS = 3600
"Nobody has us wait longer."

_AT_ONCE = {"deactivated", "timeout"}
"""The PBX has moved house, or we have overslept: it would like to hear from us."""
_NO_MORE = {"rejected", "invariant", "badfilter"}
"""Asking again would be answered the same. Not among them is `noresource`, with which the RFC would
have us give up as well: Asterisk says that of every hint while it reads its dialplan anew, which
takes a second or two, and FreeSWITCH of a subscription that has run out. So it is asked again, less
and less often."""
_GONE = 481
"The PBX knows nothing of the subscription: it has restarted, and wants a new one."

_SECONDS = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class End:
    """How a subscription ended: turned down by an answer, or ended by a NOTIFY."""

    code: int = 200
    "Of the answer to SUBSCRIBE; below 300 where a NOTIFY ended it."
    reason: str = ""
    "Of Subscription-State, in lower case."
    after: int = 0
    "Seconds the PBX would have us wait; 0: it does not say."

    @classmethod
    def read(cls, message: Message, code: int = 200) -> Self:
        """Out of the NOTIFY that ended it, or of the answer that turned it down."""
        state = message.first("subscription-state").lower()
        parts = (part.partition("=") for part in state.split(";")[1:])
        told = {name.strip(): value.strip() for name, _, value in parts}
        after = _SECONDS.match(told.get("retry-after", message.first("retry-after")))
        reason = told.get("reason", "") if code < 300 else ""
        return cls(code, reason, min(int(after[0]), MOST_SECONDS) if after else 0)


@dataclass(slots=True)
class Resubscription:
    """How the tries for one extension are spaced, while one registration lasts."""

    longest: float
    "Seconds between tries, at most."
    _heard: bool = False
    "The subscription brought news before it ended."
    _waits: Backoff = field(init=False)

    def __post_init__(self) -> None:
        self._waits = Backoff(SOON_SECONDS, self.longest)

    def heard(self) -> None:
        """News came: the next end is a first one."""
        self._heard = True
        self._waits.succeed()

    def wait(self, end: End) -> float | None:
        """Seconds until the next try; None: none while this registration lasts.

        A subscription that ends before it brought any news is never asked for again at once,
        whatever the PBX says: it might say so a thousand times a second.
        """
        heard, self._heard = self._heard, False
        if end.code in NOT_KNOWN or end.code >= 600 or end.reason in _NO_MORE:
            return None
        if heard and (end.code == _GONE or end.reason in _AT_ONCE):
            return 0.0
        return max(self._waits.fail(), end.after)
