"""A person at a terminal: lines out, lines in, and a limit to how long is waited for one."""

import os
import select
import sys
import time


class Terminal:
    """Standard input and output, without any command of a terminal's own."""

    def __init__(self, descriptor: int = 0) -> None:
        self._descriptor = descriptor
        self._read = b""
        self._ended = False

    def say(self, text: str) -> None:
        print(text, flush=True)  # noqa: T201

    def ask(self, question: str, seconds: float) -> str | None:
        """The line that is typed; None where none comes in this time, or none can come."""
        print(question, end=" ", flush=True)  # noqa: T201
        line = self._line(time.monotonic() + seconds)
        if line is None:
            self.say("")
        return line

    def forget(self) -> None:
        """Drop what was typed before it was asked for; answers from a file are none of that."""
        if not os.isatty(self._descriptor):
            return
        while self._more(time.monotonic()):
            pass
        self._read = b""

    def _line(self, end: float) -> str | None:
        while b"\n" not in self._read:
            if not self._more(end):
                return None
        line, _, self._read = self._read.partition(b"\n")
        return line.decode(errors="replace").strip()

    def _more(self, end: float) -> bool:
        """Whether something came in before the end."""
        if self._ended or not self._awaited(max(0.0, end - time.monotonic())):
            return False
        # Not sys.stdin: it reads ahead, and what it has read nobody can wait for.
        data = os.read(self._descriptor, 4096)
        self._read += data
        self._ended = not data
        return bool(data)

    def _awaited(self, seconds: float) -> bool:
        if sys.platform == "win32":  # select waits on sockets only there
            return True
        return bool(select.select([self._descriptor], [], [], seconds)[0])
