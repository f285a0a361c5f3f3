"""What Asterisk writes into NOTIFY bodies: presence and message counts."""

from enum import Enum
from xml.sax.saxutils import quoteattr

from device.core.events import Counts

PIDF = "application/pidf+xml"
SUMMARY = "application/simple-message-summary"


class Device(Enum):
    """What a hint shows: note, basic status, RPID activity, as Asterisk 22 words them."""

    NOT_INUSE = ("Ready", "open", "")
    RINGING = ("Ringing", "open", "on-the-phone")
    BUSY = ("On the phone", "open", "on-the-phone")
    UNAVAILABLE = ("Unavailable", "closed", "")


def presence(number: str, host: str, device: Device) -> bytes:
    """A PIDF document (RFC 3863) with RPID (RFC 4480)."""
    note, basic, activity = device.value
    activities = f"<rpid:activities><rpid:{activity} /></rpid:activities>" if activity else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<presence entity={quoteattr(f"sip:{number}@{host}")} xmlns="urn:ietf:params:xml:ns:pidf"\
 xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid">
 <note>{note}</note>
 <tuple id={quoteattr(number)}>
  <status>
   <basic>{basic}</basic>
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
