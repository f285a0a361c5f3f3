"""Addresses in SIP header fields (RFC 3261 section 20.10), read tolerantly."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self
from urllib.parse import unquote

_QUOTED = re.compile(r'\s*"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
# Control characters (C0, DEL and C1), and those that turn the direction of what stands around them
# (Unicode's Bidi_Control): a caller chooses the name, and it goes to terminals, logs and pages.
_CONTROL = re.compile(r"[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SCHEME = re.compile(r"(sips?|tel):", re.IGNORECASE)
_NAMELESS = {"anonymous", "unknown"}

USER_PART = re.compile(r"[\w.!~*'()&=+$,;?/#-]{1,64}", re.ASCII)
"""What can be written before the @ as it is: a number, a name or a code (RFC 3261 section 25.1, and
the # that it would have escaped, which every phone sends)."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody at the other end: the user part of the URI, and the name shown with it."""

    user: str = ""
    "Percent-decoded; empty where the caller is withheld or the URI has none."
    name: str = ""

    @classmethod
    def read(cls, value: str) -> Self:
        """Out of `"Anna \\"A\\" Rossi" <sip:100@pbx>;tag=1`, or of a bare URI. Never raises."""
        quoted = _QUOTED.match(value)
        rest = value[quoted.end() :] if quoted else value
        before, opened, after = rest.partition("<")
        uri = after.partition(">")[0] if opened else before
        name = _ESCAPED.sub(r"\1", quoted[1]) if quoted else before if opened else ""
        return cls(_user(uri.strip()), _shown(name))


def caller(sender: str, asserted: Iterable[str] = (), privacy: str = "") -> Party:
    """Who calls: whom the PBX vouches for (RFC 3325 section 9.1), else who is in From.

    `asserted` are P-Asserted-Identity values, each perhaps a list; `privacy` is Privacy (RFC 3323
    section 4.2, RFC 3325 section 9.3), with which an identity is not for us to look at.
    """
    told = Party.read(sender)
    values = [
        one for value in asserted for one in split(value) if "@" in one or "tel:" in one.lower()
    ]
    if not values or {"id", "user"} & set(re.split(r"[;\s]+", privacy.lower())):
        return told
    known = next((party for party in map(Party.read, values) if party.user), Party())
    name = told.name if known.user and known.user == told.user else ""
    return Party(known.user, known.name or name)


def plain(text: str) -> str:
    """A name, number or note in one line, without what a stranger could do harm with."""
    return " ".join(_CONTROL.sub("", " ".join(text.split())).split())


def legible(text: str) -> str:
    """A text without the same; its lines and tabs stay, and no line is written over."""
    lines = re.sub(r"\r(?!\n)", "\n", text)
    return re.sub(r"[^\r\n\t]+", lambda part: _CONTROL.sub("", part[0]), lines)


def split(value: str) -> Iterator[str]:
    """The members of a list with commas; those inside quotes or angle brackets separate nothing."""
    start, quoted, bracketed, skip = 0, False, False, False
    for place, letter in enumerate(value):
        if skip:
            skip = False
        elif letter == "\\" and quoted:
            skip = True
        elif letter == '"' and not bracketed:
            quoted = not quoted
        elif not quoted and letter in "<>":
            bracketed = letter == "<"
        elif letter == "," and not quoted and not bracketed:
            yield value[start:place]
            start = place + 1
    yield value[start:]


def _user(uri: str) -> str:
    scheme = _SCHEME.match(uri)
    rest = uri[scheme.end() :] if scheme else uri
    if scheme and scheme[1].lower() == "tel":
        return plain(unquote(re.split(r"[;?]", rest, maxsplit=1)[0]))
    user, at, host = rest.rpartition("@")
    # RFC 3261 section 25.1: user parameters and an old-style password may follow the user.
    user = plain(unquote(re.split(r"[;:]", user, maxsplit=1)[0]))
    # RFC 3323 section 4.1.1.3: what a withheld caller is called. Others have other words before the
    # domain that cannot exist (RFC 2606 section 2).
    place = re.split(r"[;:?>]", host, maxsplit=1)[0].lower()
    withheld = user.lower() == "anonymous" or place.endswith(".invalid")
    return user if at and not withheld else ""


def _shown(name: str) -> str:
    shown = plain(name)
    return "" if shown.lower() in _NAMELESS else shown
