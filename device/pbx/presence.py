"""What a watched extension is doing, read from a presence document (PIDF, RFC 3863)."""

from dataclasses import dataclass, field
from xml.parsers import expat

from device.core.words import Hint
from device.pbx.address import plain

MOST_BYTES = 65_536
"A longer document is not read. Asterisk's have about 900 bytes."

# Asterisk tells an extension's state by the note; the rest of the document cannot tell ringing.
_NOTES = {
    "ready": Hint.FREE,
    "ringing": Hint.RINGING,
    "on the phone": Hint.BUSY,
    "on hold": Hint.BUSY,
    "busy": Hint.BUSY,
    "unavailable": Hint.AWAY,
}
# RPID activities (RFC 4480 section 3.2) that say something of the phone, or of the person.
_ACTIVITIES = {
    "on-the-phone": Hint.BUSY,
    "busy": Hint.BUSY,
    "meeting": Hint.BUSY,
    "away": Hint.AWAY,
    "vacation": Hint.AWAY,
    "holiday": Hint.AWAY,
    "permanent-absence": Hint.AWAY,
    "sleeping": Hint.AWAY,
    "meal": Hint.AWAY,
    "lunch": Hint.AWAY,
    "in-transit": Hint.AWAY,
    "travel": Hint.AWAY,
}
_BASIC = {"open": Hint.FREE, "closed": Hint.AWAY}


def read(body: str) -> tuple[Hint, str] | None:
    """The hint and the note of a document, or None where it is no presence document.

    Safe against what a stranger may send: nothing declared in a DTD is believed, and a document
    is read up to `MOST_BYTES` only.
    """
    data = body.encode("utf-8", "replace")
    if len(data) > MOST_BYTES:
        return None
    reader = _Reader()
    try:
        reader.read(data)
    except (expat.ExpatError, _DeclaresError):
        return None
    return (reader.hint(), plain(reader.note)) if reader.root == "presence" else None


class _DeclaresError(ValueError):
    """The document declares things; an honest one has no need to."""


@dataclass(slots=True)
class _Reader:
    """Walks a document and keeps the few words that matter, whatever their namespaces."""

    root: str = ""
    basic: str = ""
    note: str = ""
    activities: list[str] = field(default_factory=list)
    _path: list[str] = field(default_factory=list)

    def read(self, data: bytes) -> None:
        parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(data, True)

    def hint(self) -> Hint:
        """Closed beats everything, then the note, then the activities, then open."""
        basic = _BASIC.get(self.basic.strip().lower(), Hint.UNKNOWN)
        if basic is Hint.AWAY:
            return basic
        told = _NOTES.get(self.note.strip().lower())
        doing = [_ACTIVITIES[name] for name in self.activities if name in _ACTIVITIES]
        return told or (Hint.BUSY if Hint.BUSY in doing else doing[0] if doing else basic)

    def _refuse(self, *_: object) -> None:
        raise _DeclaresError

    def _start(self, tag: str, _: object) -> None:
        name = tag.rpartition(" ")[2]
        self.root = self.root or name
        if self._path and self._path[-1] == "activities":
            self.activities.append(name)
        self._path.append(name)

    def _end(self, _: str) -> None:
        self._path.pop()

    def _text(self, text: str) -> None:
        if self._path[-1] == "basic":
            self.basic += text
        elif self._path[-1] == "note":
            self.note += text
