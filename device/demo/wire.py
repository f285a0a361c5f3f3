"""Sockets of the demo PBX: UDP, and TCP on the same port (RFC 3261 section 18)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

MAX_MESSAGE = 65535
"Bytes; a TCP peer that sends a longer one is cut off."

PORT_ATTEMPTS = 20
"The system picks a port for UDP; it may be taken for TCP."

PONG = b"\r\n"
"Answer to the two line ends that keep a stream alive (RFC 5626 section 3.5.1)."


class Flow(Protocol):
    """The way to one peer, and back: requests go where the registration came from."""

    @property
    def transport(self) -> str:
        """As in Via: `UDP`, `TCP`."""

    @property
    def peer(self) -> tuple[str, int]:
        """Address and port of the far end."""

    @property
    def local(self) -> tuple[str, int]:
        """Address and port of this end."""

    def send(self, data: bytes) -> None:
        """Hand over; nobody tells whether it arrived."""


Receive = Callable[[Flow, bytes], None]
"""Called with each datagram, and with each message of a stream."""


@dataclass(frozen=True, slots=True)
class UdpFlow:
    socket: asyncio.DatagramTransport
    peer: tuple[str, int]
    transport: str = "UDP"

    @property
    def local(self) -> tuple[str, int]:
        host, port = self.socket.get_extra_info("sockname")
        return host, port

    def send(self, data: bytes) -> None:
        if not self.socket.is_closing():
            self.socket.sendto(data, self.peer)


@dataclass(frozen=True, slots=True)
class TcpFlow:
    stream: asyncio.StreamWriter
    peer: tuple[str, int]
    local: tuple[str, int]
    transport: str = "TCP"

    def send(self, data: bytes) -> None:
        if not self.stream.is_closing():
            self.stream.write(data)


class Wire:
    """Both sockets. Opened and closed as often as wanted; the port, once found, stays."""

    def __init__(self, host: str, port: int, receive: Receive) -> None:
        self.host = host
        self.port = port
        "0 until the system has picked one."
        self._receive = receive
        self._udp: asyncio.DatagramTransport | None = None
        self._udp_closed: asyncio.Future[None] | None = None
        self._tcp: asyncio.Server | None = None
        self._streams: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}

    async def open(self) -> None:
        """Raises `OSError` where the port is taken."""
        for _ in range(PORT_ATTEMPTS if not self.port else 1):
            try:
                return await self._open()
            except OSError as error:
                await self.close()
                failure = error
        raise failure

    async def close(self) -> None:
        """Gone at once: streams are cut, not ended. Twice does no harm."""
        if self._tcp:
            self._tcp.close()
        for stream, task in tuple(self._streams.items()):
            stream.transport.abort()
            if task:
                await asyncio.wait([task])
        if self._udp and self._udp_closed:
            self._udp.close()
            await self._udp_closed
        self._tcp = self._udp = self._udp_closed = None

    async def _open(self) -> None:
        loop = asyncio.get_running_loop()
        self._udp_closed = loop.create_future()
        datagrams = _Datagrams(self._receive, self._udp_closed)
        self._udp, _ = await loop.create_datagram_endpoint(
            lambda: datagrams, local_addr=(self.host, self.port)
        )
        port: int = self._udp.get_extra_info("sockname")[1]
        self._tcp = await asyncio.start_server(self._accepted, self.host, port, limit=MAX_MESSAGE)
        self.port = port

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._tcp is None:
            return writer.transport.abort()  # let in, and closed before it was served
        self._streams[writer] = asyncio.current_task()
        name = writer.get_extra_info
        flow = TcpFlow(writer, name("peername")[:2], name("sockname")[:2])
        try:
            await self._converse(reader, flow)
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the peer went, or talks no SIP; either way there is nobody to tell
        finally:
            del self._streams[writer]
            writer.transport.abort()

    async def _converse(self, reader: asyncio.StreamReader, flow: Flow) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lstrip(b"\r\n")
            if head:
                self._receive(flow, head + await reader.readexactly(body_length(head)))
            else:
                flow.send(PONG)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, receive: Receive, closed: asyncio.Future[None]) -> None:
        self._receive = receive
        self._closed = closed
        self._socket: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # typeshed says BaseTransport
        self._socket = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self._socket:
            self._receive(UdpFlow(self._socket, addr), data)

    def connection_lost(self, _error: Exception | None) -> None:
        self._closed.set_result(None)


def body_length(head: bytes) -> int:
    """Bytes of body that follow, by Content-Length. Raises `ValueError`."""
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() in (b"content-length", b"l"):
            length = int(value)
            if not 0 <= length <= MAX_MESSAGE:
                raise ValueError(f"a body of {length} bytes")
            return length
    return 0
