"""What is published of the user, and when to say it again: PUBLISH (RFC 3903), without any wire."""

import re
import uuid
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from device.core.answers import NOT_PUBLISHED
from device.core.events import Published
from device.core.profile import Publication
from device.pbx.activities import ACTIVITIES
from device.pbx.address import plain
from device.sip.backoff import Backoff
from device.sip.phone import Account
from device.sip.resubscribe import MOST_SECONDS

PUBLISHED_SECONDS = 120
"""How long a publication is asked to stand, unless registrations are for less. So long do others
believe a panel that had its plug pulled."""
SOON_SECONDS = 5.0
"How long after a failure the next try comes; then twice as long every time."
LEAST_SECONDS = 1.0
"Nobody has us refresh more often, whatever they grant."
OVERDUE_SECONDS = 40.0
"""An answer that is not there by then never comes. The library gives up after 32 s (RFC 3261 timer
F), and says so."""
FAREWELL_SECONDS = 2.0
"For how long after unregistering a publication may still be taken back."

_NOBODY = 408
_TOO_BRIEF = 423

_NO_XML = re.compile("[\ufffe\uffff\ud800-\udfff]")
"Beside control characters, what no document may have in it (XML 1.0 section 2.2)."
_PANELS = uuid.UUID("5b0a8e0e-8f0f-4f7a-9d52-6a6a5f1d8a10")
"What names of panels without an instance are derived from."


@dataclass(frozen=True, slots=True)
class Request:
    """One PUBLISH.

    It has the document in it even where nothing changed, as the RFC has it of a modification. It
    could be refreshed without (section 4.1), but a Kamailio 6.1 that keeps publications in memory
    (`publ_cache` 2) tells watchers then that nothing is published.
    """

    publication: Publication | None
    "None: what stands is taken back."
    etag: str
    "SIP-If-Match; empty: the first one of a publication."
    expires: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one PUBLISH."""

    code: int
    reason: str = ""
    etag: str = ""
    expires: int | None = None
    least: int = 0
    "Min-Expires."
    retry_after: int = 0


@dataclass(slots=True)
class Publishing:
    """How the publication stands. All times are monotonic seconds.

    One request at a time: the tag of an answer is what the next one refers to. What became of a
    wish comes back as an event: success once, every failure.
    """

    account: Account
    wanted: Publication | None = None
    _open: bool = False
    _etag: str = ""
    _until: float = 0.0
    "When the PBX forgets it."
    _asked: Request | None = None
    _asked_at: float = 0.0
    _next: float = 0.0
    _told: bool = False
    "Somebody was told that what is wanted stands."
    _barred: str = ""
    "Why nothing can be published here, while this registration lasts."
    _farewell: float = 0.0
    _expires: int = field(init=False)
    _waits: Backoff = field(init=False)

    def __post_init__(self) -> None:
        self._expires = min(self.account.expires, PUBLISHED_SECONDS)
        self._waits = Backoff(SOON_SECONDS, self.account.retry_refused)

    def want(self, wanted: Publication | None, now: float) -> Published | None:
        """Somebody wants this to stand published, or nothing."""
        if wanted == self.wanted:
            return None
        self.wanted, self._told, self._next = wanted, False, now
        self._waits.succeed()
        return self._refusal(self._barred, now) if self._open and self._barred else None

    def opened(self, now: float) -> None:
        """The link is up, perhaps again. The PBX may have forgotten everything, or have learnt.

        Where it may still have our last publication that is what we refer to, as it would stand
        beside a new one until it runs out. A PBX that has forgotten says so (412).
        """
        self._open, self._told, self._barred = True, False, ""
        self._next = now
        self._waits.succeed()

    def closed(self, now: float) -> None:
        """The link is gone; if that was our own wish, the publication may still be taken back."""
        self._open, self._farewell = False, now + FAREWELL_SECONDS

    def step(self, now: float) -> Request | None:
        """What to send now, if anything."""
        if self._asked is not None or now < self._next:
            return None
        if self.wanted is None:
            reached = self._open or now < self._farewell
            return Request(None, self._etag, 0) if self._etag and reached else None
        if not self._open or self._barred:
            return None
        return Request(self.wanted, self._etag, self._expires)

    def sent(self, request: Request, now: float) -> None:
        """The step was taken; an answer is awaited."""
        self._asked, self._asked_at = request, now

    def answered(self, answer: Answer, now: float) -> Published | None:
        """The PBX, or the library for a PBX that is silent, gave the final answer."""
        request, self._asked = self._asked, None
        if request is None:
            return None
        if answer.code // 100 == 2:
            return self._accepted(request, answer, now)
        if answer.code == _TOO_BRIEF and answer.least > request.expires > 0:
            self._expires, self._next = answer.least, now
            return None
        if request.etag and _turned_down(answer.code):
            # 412 says that the PBX does not know what we refer to (RFC 3903 section 11.2.1); any
            # other may mean it. Whatever it is, without a reference it is said again.
            self._etag, self._next = "", now
            return None
        return self._failed(request, answer, now)

    def tick(self, now: float) -> Published | None:
        """Time has passed: the PBX has forgotten, or an answer never comes."""
        if self._etag and now >= self._until:
            self._etag = ""
        if self._asked is None or now < self._asked_at + OVERDUE_SECONDS:
            return None
        return self.answered(Answer(408, "Request Timeout"), now)

    def deadline(self) -> float | None:
        """When `step` will next have something to say."""
        idle = self._asked is None and self.wanted is not None and self._open
        return self._next if idle and not self._barred else None

    def busy(self) -> bool:
        """Whether the PBX still has to hear from us, or we from it."""
        return self._asked is not None or (self.wanted is None and self._etag != "")

    def _accepted(self, request: Request, answer: Answer, now: float) -> Published | None:
        self._waits.succeed()
        self._etag = ""
        if request.publication is not None:
            granted = min(answer.expires or request.expires, request.expires)
            self._etag, self._until = answer.etag, now + granted
            self._next = now + min(max(granted / 2, LEAST_SECONDS), MOST_SECONDS)
        if request.publication != self.wanted:
            self._next = now
        if self.wanted is None or request.publication != self.wanted or self._told:
            return None
        self._told = True
        return Published(now, self.wanted, ok=True)

    def _failed(self, request: Request, answer: Answer, now: float) -> Published | None:
        why = f"{answer.code} {answer.reason}".strip()
        if answer.code in NOT_PUBLISHED and request.publication is not None:
            self._barred = why
        elif request.publication != self.wanted:
            return None
        self._next = now + max(self._waits.fail(), min(answer.retry_after, MOST_SECONDS))
        self._told = False
        return self._refusal(why, now)

    def _refusal(self, why: str, now: float) -> Published | None:
        return Published(now, self.wanted, ok=False, reason=why) if self.wanted else None


def _turned_down(code: int) -> bool:
    """The PBX gave that answer, and would give it again."""
    return code // 100 == 4 and code != _NOBODY


DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"\
 xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" entity={entity}>
<tuple id="t{panel}"><status><basic>{basic}</basic></status>{note}</tuple>
<dm:person id="p{panel}">{activities}{dm_note}</dm:person>
</presence>
"""


def document(account: Account, publication: Publication) -> str:
    """A presence document (RFC 3863) of one tuple and one person (RFC 4479, RFC 4480).

    Both are named after the panel. So Kamailio shows both of two panels, and of one that came back
    from a power cut one document: by its database the new one, from memory the old one until that
    runs out. The note is in both, as some look for it here and some there.
    """
    panel = account.instance or str(uuid.uuid5(_PANELS, f"{account.user}@{account.server}"))
    note = _text(publication.note)
    return DOCUMENT.format(
        entity=quoteattr(f"sip:{account.user}@{account.server}"),
        panel=re.sub(r"[^\w.-]", "", panel, flags=re.ASCII),
        basic="open" if publication.open else "closed",
        activities=_activities(_text(publication.activity)),
        note=f"<note>{note}</note>" if note else "",
        dm_note=f"<dm:note>{note}</dm:note>" if note else "",
    )


def _activities(activity: str) -> str:
    if not activity:
        return ""
    # Any other word would be no element; RFC 4480 section 3.2 has one for such words.
    known = f"<rpid:{activity}/>"
    other = f"<rpid:other>{activity}</rpid:other>"
    one = known if activity in ACTIVITIES else other
    return f"<rpid:activities>{one}</rpid:activities>"


def _text(text: str) -> str:
    return escape(_NO_XML.sub("", plain(text)))
