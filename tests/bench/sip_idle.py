"""Who should drive the SIP library? `python -m tests.bench.sip_idle` measures the three ways.

`bell` is one thread of ours that sleeps in the library and is woken by a datagram; `poll N` is the
same without the datagram, looking at its orders every N ms; `thread` is the library's own worker,
with a second thread for orders. Measured are the CPU of an idle process, the time from an INVITE
to the 180 that another thread of ours ordered, and the time from an order to its packet.
"""

import argparse
import queue
import statistics
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from device.sip import settings
from device.sip.phone import Account
from device.sip.pjsua.bell import Bell
from device.sip.pjsua.lib import hush, pj
from tests.sip.peer import Peer

Order = Callable[[], None]


class Rig(pj.Account):  # type: ignore[misc]  # pjsua2 carries no types
    """The least that registers, rings and sends, driven in one of the ways."""

    def __init__(self, way: str, peer: Peer) -> None:
        super().__init__()
        self.way, self.peer = way, peer
        self.orders: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        self.calls: list[Any] = []
        self.bell = Bell()
        self.account = Account("127.0.0.1", "100", "", port=peer.port)
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def onIncomingCall(self, prm: Any) -> None:  # noqa: N802 - the library's name
        """Let another thread decide, as the panel does."""
        call = pj.Call(self, prm.callId)
        self.calls.append(call)
        threading.Thread(target=self.order, args=(lambda: self.answer(call),)).start()

    def answer(self, call: Any) -> None:
        """Ring."""
        prm = pj.CallOpParam()
        prm.statusCode = 180
        call.answer(prm)

    def send(self) -> None:
        """Anything that makes a packet."""
        prm = pj.SendRequestParam()
        prm.method = "OPTIONS"
        prm.txOption.targetUri = settings.uri(self.account, "")
        self.sendRequest(prm)

    def order(self, order: Order | None) -> None:
        """Hand over, from any thread."""
        self.orders.put(order)
        if self.way == "bell":
            self.bell.ring()

    def run(self) -> None:
        """Own the library from its beginning to its end."""
        endpoint = self.begin()
        if self.way == "thread":
            while order := self.orders.get():
                order()
        else:
            self.poll(endpoint, 1000 if self.way == "bell" else int(self.way.split()[1]))
        endpoint.libStopWorkerThreads()
        self.calls.clear()
        endpoint.libDestroy(pj.PJSUA_DESTROY_NO_NETWORK)

    def poll(self, endpoint: Any, milliseconds: int) -> None:
        """Sleep in the library, and obey between two sleeps."""
        while True:
            while not self.orders.empty():
                order = self.orders.get()
                if order is None:
                    return
                order()
            endpoint.libHandleEvents(milliseconds)

    def begin(self) -> Any:
        """Start the library, register."""
        endpoint = pj.Endpoint()
        hush()
        endpoint.libCreate()
        config = pj.EpConfig()
        settings.fill_endpoint(config, self.account)
        config.uaConfig.threadCnt = 1 if self.way == "thread" else 0
        endpoint.libInit(config)
        transport = endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, pj.TransportConfig())
        port = int(endpoint.transportGetInfo(transport).localName.rpartition(":")[2])
        self.bell.hang("127.0.0.1", port)
        endpoint.libStart()
        endpoint.audDevManager().setNoDev()
        line = pj.AccountConfig()
        settings.fill_account(line, self.account)
        self.create(line)
        self.setRegistration(True)
        return endpoint


def ring(peer: Peer) -> float:
    """Seconds from an INVITE to its 180."""
    begun = time.perf_counter()
    call = peer.call("<sip:200@peer>")
    call.code(180)
    took = time.perf_counter() - begun
    call.cancel()
    call.code(487)
    return took


def packet(peer: Peer, rig: Rig) -> float:
    """Seconds from an order to its packet."""
    peer.requests.clear()
    begun = time.perf_counter()
    rig.order(rig.send)
    peer.got("OPTIONS")
    return time.perf_counter() - begun


def measure(way: str, idle: float, times: int) -> str:
    """One line of the table."""
    with Peer() as peer:
        rig = Rig(way, peer)
        peer.wait(lambda: peer.contact)
        cpu, wall = time.process_time(), time.perf_counter()
        threading.Event().wait(idle)
        busy = (time.process_time() - cpu) / (time.perf_counter() - wall)
        rings = [ring(peer) for _ in range(times)]
        packets = [packet(peer, rig) for _ in range(times)]
        rig.order(None)
        rig.thread.join()
    return f"{way:9}  {busy:7.3%}   {told(rings)}   {told(packets)}"


def told(seconds: list[float]) -> str:
    """Median and the worst of a hundred, in milliseconds."""
    worst = statistics.quantiles(seconds, n=100)[98]
    return f"{statistics.median(seconds) * 1e3:6.2f} {worst * 1e3:7.2f}"


def main() -> None:
    """Measure every way and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--idle", type=float, default=10.0, help="seconds of doing nothing")
    parser.add_argument("--times", type=int, default=200, help="calls, and packets")
    args = parser.parse_args()
    out = sys.stdout.write
    out("way        idle CPU  180: ms, 99 %    packet: ms, 99 %\n")
    for way in ("bell", "poll 10", "poll 50", "thread"):
        out(measure(way, args.idle, args.times) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
