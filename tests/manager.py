"""A service manager's end of sd_notify(3), for tests."""

import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

LIMIT_SECONDS = 10.0


class FakeManager:
    """Listens as systemd does; `told` is everything so far, a datagram each."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.told: list[dict[str, str]] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(f"\0{address[1:]}" if address.startswith("@") else address)

    @classmethod
    def under(cls, folder: Path) -> Self:
        return cls(str(folder / "notify"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def hear(self) -> list[dict[str, str]]:
        """Take what is there, without waiting; everything so far."""
        self._socket.setblocking(False)
        while True:
            try:
                self._take()
            except BlockingIOError:
                return self.told

    def until(
        self, fits: Callable[[dict[str, str]], bool], seconds: float = LIMIT_SECONDS
    ) -> dict[str, str]:
        """The next datagram that fits."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                told = self._take()
            except TimeoutError:
                break
            if fits(told):
                return told
        raise AssertionError(f"told only {self.told}")

    def until_status(self, begin: str, seconds: float = LIMIT_SECONDS) -> dict[str, str]:
        return self.until(lambda told: told.get("STATUS", "").startswith(begin), seconds)

    def _take(self) -> dict[str, str]:
        lines = self._socket.recv(65536).decode().splitlines()
        told = dict(line.partition("=")[::2] for line in lines)
        self.told.append(told)
        return told
