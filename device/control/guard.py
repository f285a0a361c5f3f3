"""Who may talk to the web server: this user's own programs and pages, and nobody else's page."""

import hmac
import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a request is not answered."""

    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int

    @classmethod
    def parse(cls, listen: str) -> "Address":
        """From `host:port`, IPv6 in brackets. Raises `ValueError` in words."""
        host, colon, port = listen.rpartition(":")
        if not colon or not port.isdecimal() or int(port) > 65535 or not host:
            raise ValueError(f"web.listen: expected host:port, found {listen!r}")
        return cls(host.removeprefix("[").removesuffix("]"), int(port))

    @property
    def loopback(self) -> bool:
        """Only programs of this machine get there."""
        found = _ip(self.host)
        return found.is_loopback if found else self.host == "localhost"

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Guard:
    """What a request must show before it is answered."""

    names: frozenset[str]
    "Host names, in small letters, that this panel goes by."
    token: str = ""
    "Asked for where it is not empty."

    @classmethod
    def of(cls, address: Address, token: str, names: Collection[str]) -> "Guard":
        """For a server at this address. Raises `ValueError` where others could get in."""
        if not address.loopback and not token:
            raise ValueError(f"web.listen: {address} is open to others, so web.token must be set")
        here = socket.gethostname()
        known = {"localhost", address.host, here, f"{here}.local", *names}
        return cls(frozenset(n.lower() for n in known), token)

    def refuses_page(self, host: str | None, origin: str | None) -> Refused | None:
        """A name that is not ours is a page that had its name pointed at us (DNS rebinding)."""
        if host is None:
            return Refused(400, "The request has no Host")
        if not self._is_ours(host):
            return Refused(403, f"This panel does not go by the name {host!a}; use its address")
        # Browsers send scheme://host:port, or `null` for pages that have no site of their own.
        if origin is not None and origin.partition("://")[2].lower() != host.lower():
            return Refused(403, "Pages of other sites may not use this panel")
        return None

    def refuses_stranger(self, shown: str) -> Refused | None:
        """Compare what was shown as the token, in a time that tells nothing."""
        if not self.token or hmac.compare_digest(_bytes(shown), _bytes(self.token)):
            return None
        return Refused(401, "This panel asks for its token" if not shown else "Wrong token")

    def _is_ours(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        # An address cannot be pointed elsewhere as a name can, so any address will do.
        return name in self.names or _ip(name) is not None


def bearer(authorization: str) -> str:
    """The token of an Authorization header (RFC 6750 section 2.1); empty where there is none."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _bytes(text: str) -> bytes:
    """As it came over the wire, whether that was UTF-8 or not."""
    return text.encode(errors="surrogateescape")


def _ip(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
