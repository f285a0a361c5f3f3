"""What a PBX writes into NOTIFY bodies: presence, message counts, and how a transfer goes."""

from dataclasses import dataclass, replace
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from device.core.events import Counts
from device.core.profile import Publication
from device.demo.messages import PHRASES

PIDF = "application/pidf+xml"
SUMMARY = "application/simple-message-summary"
SIPFRAG = "message/sipfrag;version=2.0"


@dataclass(frozen=True, slots=True)
class Document:
    """What a presence document says: its note, whether it is open, and RPID activities."""

    note: str = ""
    open: bool = True
    activities: tuple[str, ...] = ()

    @classmethod
    def of(cls, publication: Publication, note: str = "") -> "Document":
        activities = (publication.activity,) if publication.activity else ()
        return cls(publication.note or note, publication.open, activities)

    @classmethod
    def read(cls, body: bytes) -> "Document":
        """One that was published. Raises `ValueError` where it is no presence document."""
        try:
            root = ElementTree.fromstring(body)
        except ElementTree.ParseError as error:
            raise ValueError(str(error)) from error
        found = [(_name(element), element) for element in root.iter()]
        if not found or found[0][0] != "presence":
            raise ValueError("no presence document")
        texts = {name: (element.text or "").strip() for name, element in reversed(found)}
        doing = [child for name, element in found if name == "activities" for child in element]
        open_ = texts.get("basic", "open").lower() == "open"
        return cls(texts.get("note", ""), open_, tuple(_name(child) for child in doing))

    def on_the_phone(self) -> "Document":
        """The same of somebody who talks meanwhile."""
        doing = ON_THE_PHONE.activities
        return replace(self, activities=tuple(dict.fromkeys(self.activities + doing)))


READY = Document("Ready")
RINGING = Document("Ringing", activities=("on-the-phone",))
ON_THE_PHONE = Document("On the phone", activities=("on-the-phone",))
ON_HOLD = Document("On hold", activities=("on-the-phone",))
UNAVAILABLE = Document("Unavailable", open=False)

BY_NOTE = {d.note: d for d in (READY, RINGING, ON_THE_PHONE, ON_HOLD, UNAVAILABLE)}
"All that Asterisk 22 says, by the note."


def presence(number: str, host: str, document: Document) -> bytes:
    """A PIDF document (RFC 3863) with RPID (RFC 4480), laid out as Asterisk does."""
    doing = "".join(f"<rpid:{activity} />" for activity in document.activities)
    activities = f"<rpid:activities>{doing}</rpid:activities>" if doing else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<presence entity={quoteattr(f"sip:{number}@{host}")} xmlns="urn:ietf:params:xml:ns:pidf"\
 xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid">
 <note>{escape(document.note)}</note>
 <tuple id={quoteattr(number)}>
  <status>
   <basic>{"open" if document.open else "closed"}</basic>
  </status>
 </tuple>
 <dm:person>{activities}</dm:person>
</presence>
""".encode()


def summary(mailbox: str, host: str, counts: Counts) -> bytes:
    """Message counts (RFC 3842 section 5.2)."""
    waiting = "yes" if counts.new else "no"
    voice = f"{counts.new}/{counts.old} ({counts.urgent}/0)"
    return (
        f"Messages-Waiting: {waiting}\r\n"
        f"Message-Account: sip:{mailbox}@{host}\r\n"
        f"Voice-Message: {voice}\r\n"
    ).encode()


def sipfrag(code: int) -> bytes:
    """How far a transfer has come (RFC 3515 section 2.4.5)."""
    return f"SIP/2.0 {code} {PHRASES[code]}\r\n".encode()


def _name(element: ElementTree.Element) -> str:
    """The tag without its namespace."""
    return element.tag.rpartition("}")[2]
