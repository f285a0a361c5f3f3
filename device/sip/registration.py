"""When to register, when to give up hoping, and what to call it: the link, without any wire."""

from dataclasses import dataclass, field
from enum import Enum, auto

from device.core.events import LinkChanged
from device.core.words import Link
from device.sip.backoff import Backoff
from device.sip.phone import Account

KEEPALIVE_SECONDS = 30.0
"""How often a registration is renewed, where it does not have to be more often.

A PBX that dies silently under UDP is noticed at the next request only. That request might be
OPTIONS, but OPTIONS is answered as happily by a PBX that has restarted and knows us no more;
REGISTER finds out both, mends the second, and keeps a NAT's door open as well.
"""
PATIENCE_SECONDS = 6.0
"""How long an answer may take. A request over UDP is repeated after 0.5, 1.5 and 3.5 s (RFC 3261
section 17.1.2.2), so four in a row got no answer. The library itself waits 32 s, and goes on
repeating meanwhile: an answer that comes late is still heard."""

FORBIDDEN_SECONDS = 10.0
"""How soon a registration is first asked for again after a 403, then twice as late every time. So
Asterisk answers while it still believes in our last contact, from before the power went."""

LOGGED_OUT = "Logged out"

_WRONG_PASSWORD = {401, 407}
_NOT_ANSWERED = {408, 503}
_NAMELESS = ("PJ_ERESOLVE", "EDNS")
"In the library's reasons, where the system's or a nameserver's answer was no."
_PLAIN_REASONS = {"", "Request Timeout", "Service Unavailable"}


class Step(Enum):
    """What has to be sent."""

    REGISTER = auto()
    UNREGISTER = auto()


@dataclass(slots=True)
class Registration:
    """How the link stands. All times are monotonic seconds; what changes comes back as an event."""

    account: Account
    link: Link = Link.OFFLINE
    reason: str = ""
    wanted: bool = False
    _known: bool = False
    "The PBX has, or had when it was last heard, a registration of ours."
    _asked: float | None = None
    "Since when a request waits for its answer."
    _leaving: bool = False
    "That request is, or was, to unregister: its answer does not say that we are registered."
    _next: float | None = None
    "When to send the next request, if that is our business."
    _broke: str = ""
    "What became of the connection since the last request, in the library's words."
    _until: float | None = None
    "When the PBX forgets us, by its own word."
    _forbidden: Backoff = field(init=False)

    def __post_init__(self) -> None:
        self._forbidden = Backoff(FORBIDDEN_SECONDS, self.account.retry_refused)

    def want(self, wanted: bool, now: float) -> LinkChanged | None:
        """Somebody wants to be registered, or no longer."""
        if wanted == self.wanted:
            return None
        self.wanted, self._next = wanted, now
        if wanted:
            return self._become(Link.CONNECTING, "", now)
        # While the PBX has not heard of it, calls still come.
        return None if self.link is Link.ONLINE else self._become(Link.OFFLINE, LOGGED_OUT, now)

    def step(self, now: float) -> Step | None:
        """What to send now, if anything. One request at a time: the library allows no more."""
        if self._asked is not None:
            return None
        if self._next is None or now < self._next:
            return None
        if self.wanted:
            return Step.REGISTER
        return Step.UNREGISTER if self._known else None

    def sent(self, step: Step, now: float) -> None:
        """The step was taken; an answer is awaited."""
        self._asked, self._next, self._broke = now, None, ""
        self._leaving = step is Step.UNREGISTER
        self._known = self._known and not self._leaving

    def failed(self, why: str, now: float) -> LinkChanged | None:
        """The step could not be taken at all; in a while it may. The library may have said so."""
        if self._asked is None:
            return None
        return self.answered(503, why, 0, now)

    def answered(self, code: int, reason: str, expires: int, now: float) -> LinkChanged | None:
        """The PBX, or the library for a PBX that is silent, gave the final answer."""
        self._asked = None
        self._known = self._known or (code // 100 == 2 and not self._leaving)
        if self._leaving or not self.wanted:
            self._next, gone = now, not self.wanted and not self._known
            return self._become(Link.OFFLINE, LOGGED_OUT, now) if gone else None
        if code // 100 == 2:
            granted = expires or self.account.expires
            self._until = now + granted
            self._next = now + min(granted / 2, KEEPALIVE_SECONDS)
            self._forbidden.succeed()
            return self._become(Link.ONLINE, "", now)
        if code in _NOT_ANSWERED or code >= 500:
            return self._lost(_silence(self.account, code, reason, self._broke), now)
        wait = self._forbidden.fail() if code == 403 else self.account.retry_refused
        self._next = now + wait
        self._until, self._known = None, False
        return self._become(Link.REFUSED, _refusal(self.account, code, reason), now)

    def broke(self, why: str, now: float) -> LinkChanged | None:
        """A connection broke. Where a request waits for its answer, that says the rest."""
        self._broke = why
        if self._asked is not None or self.link is not Link.ONLINE:
            return None
        return self._lost(f"The connection to the PBX at {self.account.server} broke", now)

    def tick(self, now: float) -> LinkChanged | None:
        """Time has passed: an answer may be overdue, or the registration may have run out."""
        overdue = self._asked is not None and now >= self._asked + PATIENCE_SECONDS
        if overdue and self.link in (Link.CONNECTING, Link.ONLINE):
            why = _silence(self.account, 408, "", "") if self.wanted else LOGGED_OUT
            return self._become(Link.OFFLINE, why, now)
        if self._until is not None and now >= self._until and self.link is Link.ONLINE:
            unheard = _silence(self.account, 408, "", "")
            why = "The registration ran out" if self._asked is None else unheard
            return self._become(Link.OFFLINE, why, now)
        return None

    def open(self) -> bool:
        """Whether the PBX still has to hear from us, or we from it."""
        return self._known or self._asked is not None

    def deadline(self) -> float | None:
        """When `step` or `tick` will next have something to say."""
        patience = None if self._asked is None else self._asked + PATIENCE_SECONDS
        quiet = self.link in (Link.OFFLINE, Link.REFUSED)
        due = self._next if self._asked is None and (self.wanted or self._known) else None
        times = [due, None if quiet else patience, None if quiet else self._until]
        return min((time for time in times if time is not None), default=None)

    def _lost(self, reason: str, now: float) -> LinkChanged | None:
        self._until, self._next = None, now + self.account.retry
        return self._become(Link.OFFLINE, reason, now)

    def _become(self, link: Link, reason: str, now: float) -> LinkChanged | None:
        if (link, reason) == (self.link, self.reason):
            return None
        self.link, self.reason = link, reason
        return LinkChanged(now, link, reason)


def _refusal(account: Account, code: int, reason: str) -> str:
    if code in _WRONG_PASSWORD:
        why = "wrong password"
    elif code == 403:
        why = f"403 {reason}".strip() + " (perhaps too many contacts: max_contacts)"
    elif code == 404:
        why = "no such user"
    else:
        why = f"{code} {reason}".strip()
    return f"The PBX refused user {account.user}: {why}"


def _silence(account: Account, code: int, reason: str, broke: str) -> str:
    if any(word in reason for word in _NAMELESS):
        return f"The PBX at {account.server} cannot be reached: nobody knows that name"
    if code not in _NOT_ANSWERED:
        return f"The PBX at {account.server} is in trouble: {code} {reason}".strip()
    # The library says 503 for a connection that fails, with the system's word for why.
    why = broke or (reason if reason not in _PLAIN_REASONS else "")
    if why:
        return f"The PBX at {account.server} cannot be reached: {why.partition(' (PJ')[0]}"
    return f"The PBX at {account.server} does not answer"
