"""What wakes the SIP thread from any other."""

import socket
from contextlib import suppress


class Bell:
    """An empty line sent to a socket of the library's, whose sleep in select() that ends.

    The library knows of no queue of ours, and SIP ignores empty lines (RFC 3261 section 7.5).
    """

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def hang(self, host: str, port: int) -> None:
        """Say where it rings; until then it is silent."""
        self._socket.connect((host, port))

    def ring(self) -> None:
        """Wake the sleeper, or the next sleep at once. Silent where nobody is there."""
        with suppress(OSError):
            self._socket.send(b"\r\n")

    def close(self) -> None:
        """Twice does no harm."""
        self._socket.close()
