"""A SIP message as it came over the wire: header fields and body, read tolerantly."""

import re
from dataclasses import dataclass
from typing import Self

# RFC 3261 section 7.3.3, and the event and privacy extensions we look at.
_COMPACT = {"f": "from", "c": "content-type", "o": "event", "l": "content-length", "i": "call-id"}
# A stranger chooses the charset, and Python has codecs ("idna", "unicode_escape") that raise, warn
# or spell surrogates; these are the ones that texts are written in.
_CHARSETS = re.compile(
    r"us-ascii|utf-(8|16|16be|16le)|iso-8859-\d\d?|windows-125\d|koi8-[ru]"
    r"|gb18030|gbk|gb2312|big5|shift_jis|euc-(jp|kr)|iso-2022-jp",
    re.IGNORECASE,
)
_FOLD = re.compile(r"\r?\n[ \t]+")


@dataclass(frozen=True, slots=True)
class Message:
    """One request or response; names of header fields in lower case, long form."""

    fields: tuple[tuple[str, str], ...]
    body: str

    @classmethod
    def read(cls, raw: str, charset: str = "utf-8") -> Self:
        """Out of the text the library hands over; whatever makes no sense is passed over."""
        head, _, body = _parted(raw)
        head, body = mend(head), mend(body, charset)
        # Not splitlines(): it also splits at characters that may stand inside a line.
        lines = re.split(r"\r\n|\r|\n", _FOLD.sub(" ", head))[1:]
        return cls(tuple(_field(line) for line in lines if ":" in line), body)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a header field, in the order received."""
        return tuple(value for key, value in self.fields if key == name)

    def first(self, name: str) -> str:
        """The first value of a header field; empty where there is none."""
        return next(iter(self.all(name)), "")


def mend(text: str, charset: str = "utf-8") -> str:
    """Text from the library, whose bytes may not be UTF-8, with what is no text replaced.

    The binding turns a byte it cannot decode into a lone surrogate (PEP 383); nothing that
    writes text later, a store or a web page, would take one.
    """
    data = text.encode("utf-8", "surrogateescape")
    try:
        return data.decode(charset if _CHARSETS.fullmatch(charset) else "utf-8", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _parted(text: str) -> tuple[str, str, str]:
    crlf = text.partition("\r\n\r\n")
    return crlf if crlf[1] else text.partition("\n\n")


def _field(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    key = name.strip().lower()
    return _COMPACT.get(key, key), value.strip()
