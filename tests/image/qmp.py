"""Orders to a running QEMU, in its own protocol (QMP), over one end of a pair of sockets."""

import json
import socket
from typing import Any

ANSWER_SECONDS = 30


class Qmp:
    """One machine's monitor."""

    def __init__(self, ours: socket.socket) -> None:
        """Returns when QEMU takes orders."""
        ours.settimeout(ANSWER_SECONDS)
        self._socket = ours
        self._lines = ours.makefile("rb")
        self._read()  # the greeting
        self.do("qmp_capabilities")

    def do(self, order: str, **arguments: object) -> Any:
        """What the order gives. Raises `RuntimeError` where QEMU refuses it."""
        asked = {"execute": order, "arguments": arguments}
        self._socket.sendall(json.dumps(asked).encode() + b"\n")
        while True:
            heard = self._read()
            if "error" in heard:
                raise RuntimeError(f"{order}: {heard['error']['desc']}")
            if "return" in heard:
                return heard["return"]
            # Anything else is an event.

    def close(self) -> None:
        self._lines.close()
        self._socket.close()

    def _read(self) -> dict[str, Any]:
        line = self._lines.readline()
        if not line:
            raise ConnectionError("QEMU has ended")
        heard: dict[str, Any] = json.loads(line)
        return heard
