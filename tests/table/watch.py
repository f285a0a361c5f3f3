"""What a subscriber is told of somebody, asked once."""

import secrets
import socket
from dataclasses import dataclass

from device.pbx.presence import read
from device.sip.digest import Login, prove

ANSWER_SECONDS = 10

PROOFS = {
    401: ("WWW-Authenticate", "Authorization"),
    407: ("Proxy-Authenticate", "Proxy-Authorization"),
}
"How a challenge is asked, and answered (RFC 3261 section 22)."


def seen(server: str, login: Login, number: str) -> str:
    """What this number's presence says: free, ringing, busy, away, unknown; empty: there is none.

    Subscribes (RFC 6665), and ends that by refusing the notification with 481 (section 4.2.2).
    Raises `TimeoutError` where nothing comes.
    """
    host, _, port = server.partition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.settimeout(ANSWER_SECONDS)
        wire.connect((host, int(port)))
        document = _Subscriber(wire, login, f"sip:{number}@{server}").document()
    if document is None:
        return ""
    told = read(document)
    return told[0].value if told else "unknown"


@dataclass(frozen=True, slots=True)
class _Message:
    first: str
    headers: tuple[tuple[str, str], ...]
    body: str

    @staticmethod
    def parse(data: str) -> "_Message":
        head, _, body = data.partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        pairs = (line.partition(":") for line in lines)
        return _Message(first, tuple((name, value.strip()) for name, _, value in pairs), body)

    @property
    def code(self) -> int:
        """Of an answer; 0 for a request."""
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0") else 0

    def values(self, *names: str) -> list[str]:
        return [value for name, value in self.headers if name in names]


class _Subscriber:
    def __init__(self, wire: socket.socket, login: Login, uri: str) -> None:
        self._wire = wire
        self._login = login
        self._uri = uri
        self._id, self._tag = secrets.token_hex(8), secrets.token_hex(4)

    def document(self) -> str | None:
        """The body of the first notification; None where there is nothing to subscribe to."""
        self._ask(1)
        while (heard := self._receive()).code or not heard.first.startswith("NOTIFY"):
            if heard.code in PROOFS:
                self._ask(2, self._proof(heard))
            elif heard.code >= 300:
                return None
        self._answer(heard, "481 Subscription does not exist")
        return heard.body

    def _proof(self, challenge: _Message) -> str:
        asked, proof = PROOFS[challenge.code]
        return f"{proof}: {prove(self._login, challenge.values(asked), 'SUBSCRIBE', self._uri)}"

    def _ask(self, cseq: int, *more: str) -> None:
        here = "{}:{}".format(*self._wire.getsockname())
        self._send(
            f"SUBSCRIBE {self._uri} SIP/2.0",
            f"Via: SIP/2.0/UDP {here};rport;branch=z9hG4bK{secrets.token_hex(8)}",
            f"From: <sip:{self._login.user}@{self._uri.partition('@')[2]}>;tag={self._tag}",
            f"To: <{self._uri}>",
            f"Call-ID: {self._id}",
            f"CSeq: {cseq} SUBSCRIBE",
            f"Contact: <sip:{self._login.user}@{here}>",
            "Event: presence",
            "Accept: application/pidf+xml",
            "Expires: 60",
            "Max-Forwards: 70",
            *more,
        )

    def _answer(self, request: _Message, how: str) -> None:
        copied = ("Via", "From", "To", "Call-ID", "CSeq")
        kept = [f"{name}: {value}" for name, value in request.headers if name in copied]
        self._send(f"SIP/2.0 {how}", *kept)

    def _send(self, *lines: str) -> None:
        self._wire.send("\r\n".join([*lines, "Content-Length: 0", "", ""]).encode())

    def _receive(self) -> _Message:
        return _Message.parse(self._wire.recv(65536).decode())
