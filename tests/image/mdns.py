"""A question for a name of the local link, and who answers it (RFC 6762), as whole frames."""

import struct
from ipaddress import IPv4Address

GROUP, PORT = IPv4Address("224.0.0.251"), 5353
GROUP_MAC = bytes.fromhex("01005e0000fb")  # RFC 1112, 6.4
OUR_MAC = bytes.fromhex("020000000099")
A, IN = 1, 1
_UDP, _IPV4 = 17, 0x0800


def question(name: str, asker: IPv4Address) -> bytes:
    """The frame that asks the link for the name's address."""
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    return _frame(
        asker, struct.pack("!6H", 0, 0, 1, 0, 0, 0) + labels + struct.pack("!BHH", 0, A, IN)
    )


def address(frame: bytes, name: str) -> IPv4Address | None:
    """The address that a frame gives the name, if it is such an answer."""
    message = _payload(frame)
    if len(message) < 12 or not message[2] & 0x80:  # QR: an answer
        return None
    _, _, questions, *answers = struct.unpack_from("!6H", message)
    at = 12
    for _ in range(questions):
        at = _name(message, at)[1] + 4
    for _ in range(sum(answers)):
        owner, at = _name(message, at)
        kind, _, _, length = struct.unpack_from("!HHLH", message, at)
        at += 10
        if kind == A and owner.lower() == name.lower():
            return IPv4Address(message[at : at + length])
        at += length
    return None


def _name(message: bytes, at: int) -> tuple[str, int]:
    """The name that begins there, and where it ends (RFC 1035, 4.1.4)."""
    labels, end = list[str](), 0
    while length := message[at]:
        if length & 0xC0:
            end = end or at + 2
            at = struct.unpack_from("!H", message, at)[0] & 0x3FFF
        else:
            labels.append(message[at + 1 : at + 1 + length].decode(errors="replace"))
            at += 1 + length
    return ".".join(labels), end or at + 1


def _payload(frame: bytes) -> bytes:
    """What is in a UDP packet from the port of mDNS; nothing of any other frame."""
    if len(frame) < 42 or frame[12:14] != _IPV4.to_bytes(2, "big") or frame[23] != _UDP:
        return b""
    udp = 14 + 4 * (frame[14] & 0x0F)
    source, _, length = struct.unpack_from("!3H", frame, udp)
    return frame[udp + 8 : udp + length] if source == PORT else b""


def _frame(source: IPv4Address, message: bytes) -> bytes:
    # A UDP checksum of 0: none was made, which IPv4 allows.
    udp = struct.pack("!4H", PORT, PORT, 8 + len(message), 0) + message
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0, 255, _UDP, 0)
    head += source.packed + GROUP.packed
    head = head[:10] + _checksum(head).to_bytes(2, "big") + head[12:]
    return GROUP_MAC + OUR_MAC + _IPV4.to_bytes(2, "big") + head + udp


def _checksum(head: bytes) -> int:
    """RFC 791: the ones' complement of the sum, in ones' complement."""
    total: int = sum(struct.unpack("!10H", head))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF
