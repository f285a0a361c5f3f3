"""A time server (RFC 5905, as much of it as a client that asks once needs), right or wrong."""

import fcntl
import socket
import struct
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

SINCE_1900 = 2_208_988_800
PORT = 123


class TimeServer:
    """Answers on 127.0.0.1 what a clock says: the host's, or one that stands.

    There is one port for it, so who wants another server waits until this one is closed.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self.asked = 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._thread = threading.Thread(target=self._serve, name="time server")
        self._turn = (Path(tempfile.gettempdir()) / "deskpanel-time-server").open("w")

    def __enter__(self) -> Self:
        fcntl.flock(self._turn, fcntl.LOCK_EX)
        self._socket.bind(("127.0.0.1", PORT))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Nobody wakes a thread that waits for a packet but a packet.
        self._socket.sendto(b"", ("127.0.0.1", PORT))
        self._thread.join()
        self._socket.close()
        self._turn.close()

    def _serve(self) -> None:
        while True:
            question, asker = self._socket.recvfrom(512)
            if not question:
                return
            self.asked += 1
            self._socket.sendto(answer(question, self._clock()), asker)


def answer(question: bytes, now: float) -> bytes:
    """Stratum 1, no leap second; the asker's own stamp goes back to it (figure 8)."""
    stamp = struct.pack("!2L", int(now) + SINCE_1900, int(now % 1 * (1 << 32)))
    head = struct.pack("!BBBb2L4s", 4 << 3 | 4, 1, 6, -20, 0, 0, b"TEST")
    return head + stamp + question[40:48] + stamp + stamp
