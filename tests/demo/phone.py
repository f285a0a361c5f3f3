"""The panel's phone in a process of its own: a library that aborts does not end the tests with it.

Orders come in on stdin, events go out on stdout, pickled and in base64, one to a line.
"""

import asyncio
import base64
import pickle
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from device.core.events import Event
from device.sip.phone import Account

E = TypeVar("E", bound=Event)

Order = tuple[str, tuple[Any, ...]]
"""A method of `Phone` and its arguments."""


class FarPhone:
    """This side of it: gives orders, and waits for events, each once."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._heard: list[Event] = []

    def tell(self, method: str, *arguments: Any) -> None:
        """Call this method of the phone over there."""
        assert self._process.stdin
        self._process.stdin.write(_packed((method, arguments)))

    async def heard(self, kind: type[E], **said: Any) -> E:
        """The next event of this kind that says so."""
        while not (found := self._find(kind, said)):
            self._heard.append(await self._next())
        self._heard.remove(found)
        return found

    def _find(self, kind: type[E], said: dict[str, Any]) -> E | None:
        for event in self._heard:
            if isinstance(event, kind) and all(getattr(event, k) == v for k, v in said.items()):
                return event
        return None

    async def _next(self) -> Event:
        assert self._process.stdout
        line = await self._process.stdout.readline()
        assert line, f"the phone's process has ended; heard so far: {self._heard}"
        event: Event = _unpacked(line)
        return event


@asynccontextmanager
async def far_phone(account: Account) -> AsyncIterator[FarPhone]:
    """Opened there; closed in the end, which must go well."""
    pipe = asyncio.subprocess.PIPE
    program = (sys.executable, "-m", "tests.demo.phone")
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(*program, stdin=pipe, stdout=pipe, cwd=root)
    phone = FarPhone(process)
    try:
        phone.tell("open", account)
        yield phone
        await process.communicate(b"")  # no more orders
        assert process.returncode == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


def main() -> None:
    """That side."""
    from device.sip.pjsua import PjsuaPhone

    output, faults, lock = sys.stdout.buffer, list[BaseException](), threading.Lock()

    def post(event: Event) -> None:
        with lock:
            output.write(_packed(event))
            output.flush()

    account = _unpacked(sys.stdin.buffer.readline())[1][0]
    phone = PjsuaPhone(account, faults.append)
    phone.open(post)
    for line in sys.stdin.buffer:
        method, arguments = _unpacked(line)
        getattr(phone, method)(*arguments)
    phone.close()
    sys.exit(repr(faults) if faults else 0)


def _packed(value: object) -> bytes:
    return base64.b64encode(pickle.dumps(value)) + b"\n"


def _unpacked(line: bytes) -> Any:
    return pickle.loads(base64.b64decode(line))


if __name__ == "__main__":
    main()
