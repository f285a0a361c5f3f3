"""Calls by the thousand, and what they leave behind: `python -m tests.sip.many_calls tcp 2000`.

Prints the resident memory in kB after a warm-up and at the end. A program of its own, because the
memory of a test run is everybody's.
"""

import gc
import queue
import sys
from pathlib import Path

from device.core.events import CallEnded, CallOffered, Event
from device.sip.phone import Account, Presence, Transport
from device.sip.pjsua import PjsuaPhone
from tests.sip.peer import Peer

WARM_UP = 300


class Exchange:
    """A phone, a PBX, and what the phone says."""

    def __init__(self, transport: str) -> None:
        self.peer = Peer(transport)
        account = Account("127.0.0.1", "100", "", Transport(transport), self.peer.port)
        self.phone = PjsuaPhone(account, self.fault)
        self.events: queue.SimpleQueue[Event | BaseException] = queue.SimpleQueue()
        self.phone.open(self.events.put)
        self.phone.be(Presence(registered=True))

    def fault(self, fault: BaseException) -> None:
        """Have the main thread raise it."""
        self.events.put(fault)

    def until(self, kind: type[CallOffered] | type[CallEnded]) -> int:
        """The call the next event of this kind is about."""
        while True:
            event = self.events.get(timeout=20)
            if isinstance(event, BaseException):
                raise event
            if isinstance(event, kind):
                return event.call

    def call(self, number: int) -> None:
        """One call, ended in one of three ways."""
        call = self.peer.call('"Anna" <sip:200@pbx>')
        offered = self.until(CallOffered)
        code = (180, 302, 486)[number % 3]
        self.phone.answer(offered, code, "101")
        call.code(code)
        if code == 180:
            call.cancel("SIP;cause=200")
            call.code(487)
        assert self.until(CallEnded) == offered
        self.peer.requests.clear()
        self.peer.calls.clear()

    def close(self) -> None:
        """End both."""
        self.phone.close()
        self.peer.close()


def resident() -> int:
    """This process's resident memory in kB (proc(5), statm)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4


def main() -> None:
    """Place the calls."""
    transport, calls = sys.argv[1], int(sys.argv[2])
    exchange = Exchange(transport)
    # The collector at its busiest: an object of the library that it may end, it will end.
    gc.set_threshold(1)
    warm = 0
    for number in range(calls):
        exchange.call(number)
        if number == WARM_UP:
            warm = resident()
    sys.stdout.write(f"{warm} {resident()}\n")
    exchange.close()


if __name__ == "__main__":
    main()
