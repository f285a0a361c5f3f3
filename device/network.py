"""Where this computer is on the network."""

import contextlib
import socket


def own_address() -> str:
    """This machine's address on the way to the world; empty: there is no way.

    Nothing is sent: to connect a datagram socket is to ask the routing table (RFC 5737 and RFC
    3849 have addresses that are nobody's).
    """
    for family, nobody in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asking:
            asking.connect((nobody, 9))
            return str(asking.getsockname()[0])
    return ""


def own_name() -> str:
    """What others in the same network find it by, where it answers to mDNS (RFC 6762)."""
    return f"{socket.gethostname().partition('.')[0]}.local"
