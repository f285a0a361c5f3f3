"""A nameserver for one name, on loopback: SRV and A, nothing else (RFC 1035, RFC 2782)."""

import socket
import struct
import threading
from typing import Self

SRV, A, IN = 33, 1, 1


HOST = "127.0.0.77"
"pjsua asks at port 53 only, so this is an address that nobody else listens at."


class Nameserver:
    """Says where `_sip._udp.<name>` is: at a name of 127.0.0.1, and a port.

    Raises OSError where port 53 is not for everybody.
    """

    def __init__(self, name: str, port: int) -> None:
        self.asked: list[str] = []
        self._name, self._sip_port = name, port
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind((HOST, 53))
        except OSError:
            self._socket.close()
            raise
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.sendto(b"", (HOST, 53))
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            data, place = self._socket.recvfrom(512)
            if not data:
                return
            self._socket.sendto(self._answer(data), place)

    def _answer(self, query: bytes) -> bytes:
        name, end = _name(query, 12)
        (kind,) = struct.unpack("!H", query[end : end + 2])
        self.asked.append(f"{name} {kind}")
        target = f"sip.{self._name}"
        found = b""
        if kind == SRV and name == f"_sip._udp.{self._name}":
            found = struct.pack("!HHH", 0, 0, self._sip_port) + _wire(target)
        elif kind == A and name == target:
            found = bytes((127, 0, 0, 1))
        # Flags: an authoritative answer; 3 is "no such name".
        flags = 0x8580 if found else 0x8583
        head = query[:2] + struct.pack("!HHHHH", flags, 1, 1 if found else 0, 0, 0)
        record = b"\xc0\x0c" + struct.pack("!HHIH", kind, IN, 60, len(found)) + found
        return head + query[12 : end + 4] + (record if found else b"")


def _name(packet: bytes, start: int) -> tuple[str, int]:
    labels = []
    while length := packet[start]:
        labels.append(packet[start + 1 : start + 1 + length].decode())
        start += 1 + length
    return ".".join(labels), start + 1


def _wire(name: str) -> bytes:
    return b"".join(bytes((len(label),)) + label.encode() for label in name.split(".")) + b"\0"
