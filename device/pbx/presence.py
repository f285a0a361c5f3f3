"""What a watched extension is doing, read from a presence document.

That is PIDF (RFC 3863) with persons (RFC 4479) and their activities (RFC 4480), as Asterisk,
FreeSWITCH and phones write it; and as Kamailio composes it of what several of them published for
one user, tuples and persons one after the other.

Each part says what it knows, and of several the most telling is right:

- where nothing is open, the user is away, whatever else is said;
- else, of what the parts say, ringing before busy before away before free. A closed part says
  nothing then: a phone that is off is no matter while another is on.

The note is that of the most telling part that has one. A note that a phone made up, for a call,
gives way to one that somebody wrote.
"""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from device.core.words import Hint
from device.pbx.activities import ACTIVITIES, CALL
from device.pbx.address import plain

MOST_BYTES = 65_536
"A longer document is not read. Asterisk's have about 900 bytes."
MOST_ELEMENTS = 2_000
"Nor is one of more elements. Ten phones of one user, well described, have about 200."
MOST_DEPTH = 20
"Nor a deeper one. An honest one is five or six deep."

_ENCODINGS = {"", "utf-8", "us-ascii", "ascii", "iso-8859-1"}
"""What a document may say it is written in. It is read as UTF-8 all the same: FreeSWITCH says
ISO-8859-1 and passes on whatever it was given. Others are not for SIP, but for getting past
somebody's guard."""

# Asterisk tells an extension's state by the note; the rest of the document cannot tell ringing.
_NOTES = {
    "ready": Hint.FREE,
    "ringing": Hint.RINGING,
    "on the phone": Hint.BUSY,
    "on hold": Hint.BUSY,
    "busy": Hint.BUSY,
    "unavailable": Hint.AWAY,
}
# FreeSWITCH has `on-the-phone` for every call, and tells one that rings (`Ring 101`) by the note.
# Somebody's own words begin with anything, so they are looked at only beside that activity.
_RINGS = re.compile(r"ring(\s|$)", re.IGNORECASE)

_TELLING = (Hint.UNKNOWN, Hint.FREE, Hint.AWAY, Hint.BUSY, Hint.RINGING)
"The most telling last."
_PARTS = {"tuple", "person", "device"}


def read(body: str) -> tuple[Hint, str] | None:
    """The hint and the note of a document, or None where it is no presence document.

    Safe against what a stranger may send: nothing declared in a DTD is believed, and a document
    is read within the limits above only. Never raises.
    """
    data = body.encode("utf-8", "replace")
    if len(data) > MOST_BYTES:
        return None
    reader = _Reader()
    try:
        reader.read(data)
    except (expat.ExpatError, _UnlikelyError):
        return None
    return _decide(reader.parts) if reader.root == "presence" else None


@dataclass(slots=True)
class _Part:
    """What the document itself says, or one tuple or person in it."""

    basic: str = ""
    notes: list[str] = field(default_factory=list)
    activities: list[str] = field(default_factory=list)

    @property
    def closed(self) -> bool:
        return self.basic.strip().lower() == "closed"

    @property
    def open(self) -> bool:
        return self.basic.strip().lower() == "open"

    @property
    def note(self) -> str:
        """In one line; of several, in several languages perhaps, the first."""
        return next((note for note in map(plain, self.notes) if note), "")

    @property
    def of_a_call(self) -> bool:
        """The note is a phone's."""
        return self.note.lower() in _NOTES or CALL in self.activities

    def hint(self) -> Hint:
        """What it says by itself: closed beats the note, that the activities, those open."""
        if self.closed:
            return Hint.AWAY
        if CALL in self.activities and _RINGS.match(self.note):
            return Hint.RINGING
        doing = {ACTIVITIES.get(name, Hint.UNKNOWN) for name in self.activities} - {Hint.UNKNOWN}
        plainly = Hint.FREE if self.open else Hint.UNKNOWN
        return _NOTES.get(self.note.lower()) or max(doing, key=_TELLING.index, default=plainly)


def _decide(parts: list[_Part]) -> tuple[Hint, str]:
    reachable = [part for part in parts if not part.closed]
    shut = len(reachable) < len(parts) and not any(part.open for part in parts)
    hints = (part.hint() for part in reachable)
    return Hint.AWAY if shut else max(hints, key=_TELLING.index), _note(parts)


def _note(parts: list[_Part]) -> str:
    noted = [part for part in parts if part.note]
    written = [part for part in noted if not part.of_a_call] or noted
    return max(written, key=lambda part: _TELLING.index(part.hint()), default=_Part()).note


class _UnlikelyError(ValueError):
    """No honest document declares things, is so deep or has so many elements."""


@dataclass(slots=True)
class _Reader:
    """Walks a document and keeps the few words that matter, whatever their namespaces."""

    root: str = ""
    parts: list[_Part] = field(default_factory=lambda: [_Part()])
    "The document itself first."
    _path: list[str] = field(default_factory=list)
    _elements: int = 0

    def read(self, data: bytes) -> None:
        parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(data, True)

    def _refuse(self, *_: object) -> None:
        raise _UnlikelyError

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "").lower() not in _ENCODINGS:
            raise _UnlikelyError

    def _start(self, tag: str, _: object) -> None:
        name = tag.rpartition(" ")[2]
        self._elements += 1
        if self._elements > MOST_ELEMENTS or len(self._path) >= MOST_DEPTH:
            raise _UnlikelyError
        self.root = self.root or name
        if len(self._path) == 1 and name in _PARTS:
            self.parts.append(_Part())
        if name == "note":
            self._part.notes.append("")
        elif self._path and self._path[-1] == "activities":
            self._part.activities.append(name)
        self._path.append(name)

    def _end(self, _: str) -> None:
        self._path.pop()

    def _text(self, text: str) -> None:
        if self._path[-1] == "basic":
            self._part.basic += text
        elif self._path[-1] == "note":
            self._part.notes[-1] += text

    @property
    def _part(self) -> _Part:
        """The part we are in; outside of all of them, the document."""
        inside = len(self._path) > 1 and self._path[1] in _PARTS
        return self.parts[-1 if inside else 0]
