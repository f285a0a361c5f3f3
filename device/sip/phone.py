"""The phone protocol: what the panel asks of SIP, whoever speaks it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from device.core.events import Event
from device.core.profile import Publication


class Transport(StrEnum):
    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class Account:
    """Who registers where, and how."""

    server: str
    "Host name or address; IPv6 without brackets."
    user: str
    password: str = field(repr=False)
    transport: Transport = Transport.UDP
    port: int | None = None
    "None: SRV is looked up, else 5060, or 5061 for TLS (RFC 3263)."
    auth_user: str = ""
    "Digest user name where it is not `user`."
    name: str = ""
    "Display name in From."
    ca_file: Path | None = None
    "Certificates to trust for TLS; None: the system's."
    verify: bool = True
    "Check the TLS server's certificate."
    instance: str = ""
    "A UUID that stays with this panel, for +sip.instance (RFC 5626 section 4.1)."
    expires: int = 300
    "Seconds a registration is asked for (RFC 3261 section 10.2)."
    retry: int = 10
    "Seconds between attempts while the PBX does not answer."
    retry_refused: int = 120
    "Seconds between attempts after a wrong password or a 403."


@dataclass(frozen=True, slots=True)
class Presence:
    """What the phone should be now: a level, compared with what it is."""

    registered: bool = False
    watched: frozenset[str] = frozenset()
    "Extensions and feature codes whose hints are subscribed to."
    published: Publication | None = None
    "What is published of the user (RFC 3903) and kept from expiring; None: nothing, or no more."


class Phone(Protocol):
    """Hand over and return: nothing here waits, and all answers come as events."""

    def open(self, post: Callable[[Event], None]) -> None:
        """Start the thread that owns SIP. `post` is called from it."""

    def be(self, presence: Presence) -> None:
        """Register or unregister, watch or leave off watching."""

    def answer(self, call: int, code: int, target: str = "") -> None:
        """Answer an offered call; with 302 `target` is the number for Contact."""

    def dial(self, job: int, number: str) -> None:
        """Call a feature code. `CodeAnswered` and `CodeEnded` follow."""

    def ring_own(self, job: int, number: str) -> None:
        """Call the user's own phone. `OwnRings`, `OwnLifted` and `DialEnded` follow."""

    def refer(self, job: int, number: str) -> None:
        """Refer the user's phone, once lifted, to a number (RFC 3515). `Referred` follows."""

    def hang_up(self, job: int) -> None:
        """End a call of ours, be it to a feature code or to the user's own phone."""

    def send_text(self, job: int, to: str, text: str) -> None:
        """Send a MESSAGE. `TextSent` follows."""

    def close(self) -> None:
        """Unregister and end, within two seconds. Twice does no harm."""
