"""SIP messages as the demo PBX sees them: checked once at the door, trusted afterwards.

`sipmessage` parses and prints. What has to come back letter for letter (Via, From, To) is copied
from the raw headers, since a parsed value may be quoted differently when it is printed.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from sipmessage import (
    URI,
    Address,
    AuthCredentials,
    CSeq,
    MediaType,
    Message,
    Request,
    Response,
    Via,
)

COOKIE = "z9hG4bK"
"Every branch begins so (RFC 3261 section 8.1.1.7)."

Header = tuple[str, str]

M = TypeVar("M", Request, Response)

PHRASES = {
    100: "Trying",
    180: "Ringing",
    200: "OK",
    202: "Accepted",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    412: "Conditional Request Failed",
    415: "Unsupported Media Type",
    423: "Interval Too Brief",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    489: "Bad Event",
    500: "Server Internal Error",
    501: "Not Implemented",
    503: "Service Unavailable",
    603: "Decline",
}

_FOLD = re.compile(rb"\r\n[ \t]+")
_RPORT = re.compile(r";\s*rport\s*(?=[;,]|$)")


@dataclass(frozen=True, slots=True)
class Contact:
    """An address in a Contact header, and how long it asks to be kept."""

    uri: URI
    expires: int | None = None
    "Seconds; None: as the Expires header says."


@dataclass(frozen=True, slots=True)
class Common:
    """What every message that passed the door is known to have."""

    via: str
    "Raw, the first of them."
    to: str
    "Raw."
    branch: str
    "Of the first Via."
    cseq: CSeq
    call_id: str
    from_tag: str
    to_tag: str
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Asked(Common):
    """A request."""

    message: Request
    caller: Address
    "From."
    everywhere: bool
    "Contact is `*` (RFC 3261 section 10.2.2)."
    expires: int | None
    event: str
    "The package alone, without parameters."
    credentials: AuthCredentials | None
    content_type: str

    @property
    def method(self) -> str:
        return self.message.method

    @property
    def number(self) -> str:
        """Who is asked for: the user part of the Request-URI."""
        return self.message.uri.user or ""


@dataclass(frozen=True, slots=True)
class Told(Common):
    """A response."""

    code: int
    phrase: str

    @property
    def final(self) -> bool:
        return self.code >= 200

    @property
    def well(self) -> bool:
        return 200 <= self.code < 300


def read(data: bytes) -> Asked | Told:
    """The message in a datagram. Raises `ValueError` for anything that is not quite one."""
    try:
        message = _sized(Message.parse(_unfold(data)))
        return _asked(message) if isinstance(message, Request) else _told(message)
    except (KeyError, IndexError, TypeError) as error:
        # A missing header is a KeyError of sipmessage, a parameter called `self` a TypeError.
        raise ValueError(f"not a SIP message: {error!r}") from error


def token() -> str:
    """A tag, or the end of a branch or Call-ID: 64 random bits."""
    return secrets.token_hex(8)


def line(text: str) -> str:
    """Text that may go into a header: in one line, so that no second header hides in it."""
    return " ".join(text.split())


def response(
    asked: Asked, code: int, tag: str, headers: Iterable[Header] = (), body: bytes = b""
) -> Response:
    """An answer to a request, with our tag in To (RFC 3261 section 8.2.6)."""
    answer = Response(code, PHRASES[code], body)
    for via in asked.message.headers.getlist("Via"):
        answer.headers.add("Via", via)
    answer.headers.add("From", asked.message.headers["From"])
    answer.headers.add("To", asked.message.headers["To"] + ("" if asked.to_tag else f";tag={tag}"))
    answer.headers.add("Call-ID", asked.call_id)
    answer.headers.add("CSeq", str(asked.cseq))
    return finish(answer, headers)


def reflect(asked: Asked, host: str, port: int) -> None:
    """Note in the first Via where the request really came from (RFC 3581 section 4)."""
    vias = asked.message.headers.getlist("Via")
    vias[0] = _RPORT.sub(f";rport={port};received={host}", vias[0], count=1)


def finish(message: M, headers: Iterable[Header]) -> M:
    """Add the headers, and the length of the body, which comes last."""
    for name, value in headers:
        message.headers.add(name, value)
    message.headers.add("Content-Length", str(len(message.body)))
    return message


def _unfold(data: bytes) -> bytes:
    """One line for each header (RFC 3261 section 7.3.1)."""
    head, end, body = data.partition(b"\r\n\r\n")
    return _FOLD.sub(b" ", head) + end + body


def _sized(message: Request | Response) -> Request | Response:
    """Without what follows the body in its datagram (RFC 3261 section 18.3)."""
    length = message.content_length
    if length is not None:
        if not 0 <= length <= len(message.body):
            raise ValueError(f"{length} bytes of body announced, {len(message.body)} came")
        message.body = message.body[:length]
    return message


def _asked(message: Request) -> Asked:
    raw = message.headers.get("Contact")
    return Asked(
        *_common(message),
        message=message,
        caller=_address(message, "From"),
        everywhere=raw == "*",
        expires=_seconds(message.headers.get("Expires")),
        event=(message.headers.get("Event") or "").partition(";")[0].strip().lower(),
        credentials=message.authorization,
        content_type=_media_type(message),
    )


def _told(message: Response) -> Told:
    if not 100 <= message.code <= 699:
        raise ValueError(f"no such status code: {message.code}")
    return Told(*_common(message), message.code, message.phrase)


def _common(
    message: Request | Response,
) -> tuple[str, str, str, CSeq, str, str, str, tuple[Contact, ...]]:
    via = message.headers["Via"]
    branch = Via.parse_many(via)[0].parameters["branch"] or ""
    from_tag = _address(message, "From").parameters.get("tag") or ""
    to_tag = _address(message, "To").parameters.get("tag") or ""
    contacts = _contacts(message)
    to, call_id = message.headers["To"], message.call_id
    return via, to, branch, message.cseq, call_id, from_tag, to_tag, contacts


def _address(message: Request | Response, header: str) -> Address:
    return Address.parse(message.headers[header])


def _contacts(message: Request | Response) -> tuple[Contact, ...]:
    if message.headers.get("Contact") == "*":
        return ()
    return tuple(Contact(a.uri, _seconds(a.parameters.get("expires"))) for a in message.contact)


def _seconds(value: str | None) -> int | None:
    return None if value is None else max(0, int(value))


def _media_type(message: Request) -> str:
    value = message.headers.get("Content-Type")
    return "" if value is None else MediaType.parse(value).mime_type.lower()
