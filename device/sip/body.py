"""What a MESSAGE says (RFC 3428), whatever it is wrapped in."""

import re

from device.pbx.address import plain
from device.sip.wire import Message

_CHARSET = re.compile(r';\s*charset\s*=\s*"?([\w.:-]+)', re.IGNORECASE)
_MOST = 60
"Letters of a content type that are told."


def read(raw: str) -> str:
    """The text of a message; of what is no text, that there is something, and what it is.

    The library has answered it with 200, whatever it was, so the sender believes it was read.
    """
    message = Message.read(raw)
    kind = message.first("content-type").lower()
    if kind.startswith("message/cpim"):
        return _wrapped(raw)
    return _text(raw, kind)


def _wrapped(raw: str) -> str:
    """RFC 3862 section 2: header fields of the message, an empty line, and a MIME part."""
    part = _after(_after(raw))
    # Such a part is like a message without its first line.
    kind = Message.read(f"\n{part}").first("content-type").lower()
    return _text(f"\n{part}", kind) if kind else _unreadable("message/cpim")


def _text(raw: str, kind: str) -> str:
    if kind and not kind.startswith("text/"):
        return _unreadable(kind)
    charset = _CHARSET.search(kind)
    return Message.read(raw, charset[1] if charset else "utf-8").body


def _unreadable(kind: str) -> str:
    name = plain(kind.partition(";")[0])[:_MOST]
    return f"(a message of type {name}, which cannot be shown)"


def _after(text: str) -> str:
    found = re.search(r"\r?\n\r?\n", text)
    return text[found.end() :] if found else ""
