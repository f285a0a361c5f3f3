"""What the service manager is told, where one started us and wants to know: sd_notify(3).

Its protocol is a datagram with a word and a value a line. Nothing here waits, and nothing fails: a
manager that cannot be told is a moment without one, and a feeding that is lost comes again.
"""

import contextlib
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manager:
    """Where it listens, and what it expects."""

    address: str = ""
    "Of a socket, an `@` standing for the zero that begins an abstract one; empty: nobody listens."
    watchdog: float | None = None
    "Seconds in which we are taken for dead without a sign of life; None: for ever."

    @classmethod
    def of(cls, environ: Mapping[str, str] = os.environ) -> "Manager":
        """The one that started this process."""
        return cls(environ.get("NOTIFY_SOCKET", ""), _watchdog(environ))

    def ready(self, status: str) -> None:
        """The service is there, and this is how it stands."""
        self._tell(READY="1", STATUS=status)

    def status(self, told: str) -> None:
        """How it stands now, in a sentence that `systemctl status` shows."""
        self._tell(STATUS=told)

    def alive(self) -> None:
        """Feed the watchdog."""
        self._tell(WATCHDOG="1")

    def stopping(self) -> None:
        """The end has begun."""
        self._tell(STOPPING="1")

    def wait(self, seconds: float) -> None:
        """What is under way, a start for one, may take so long from now."""
        self._tell(EXTEND_TIMEOUT_USEC=str(round(seconds * 1e6)))

    def _tell(self, **words: str) -> None:
        if not self.address:
            return
        lines = (f"{word}={' '.join(value.split())}" for word, value in words.items())
        message, address = "\n".join(lines).encode(), _real(self.address)
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
            to.setblocking(False)
            to.sendto(message, address)


def _real(address: str) -> str:
    """An abstract address begins with a zero byte (unix(7))."""
    return f"\0{address[1:]}" if address.startswith("@") else address


def _watchdog(environ: Mapping[str, str]) -> float | None:
    """Only what is meant for this process counts: sd_watchdog_enabled(3)."""
    if environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    given = environ.get("WATCHDOG_USEC", "")
    return int(given) / 1e6 if given.isdecimal() and int(given) else None
