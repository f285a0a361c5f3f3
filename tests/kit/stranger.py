"""Phones that say what no phone would say, but anybody with a login may."""

import re
import secrets
import socket
from dataclasses import dataclass
from types import TracebackType

from device.sip.digest import Login, prove

ANSWER_SECONDS = 10

SDP = "\r\n".join(
    [
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=-",
        "c=IN IP4 127.0.0.1",
        "t=0 0",
        "m=audio 9 RTP/AVP 0",
        "",
    ]
)
"Sound goes to the discard port."


def register(server: str, login: Login, contact: str, agent: str) -> int:
    """Register this address (RFC 3261 section 10.2); the final code. Nobody answers there."""
    with _wire(server) as wire:
        return _register(wire, server, login, f"Contact: <{contact}>", f"User-Agent: {agent}")


@dataclass(frozen=True, slots=True)
class Talk:
    """A call that was answered, by its INVITE and our tag."""

    asked: str
    tag: str

    @property
    def contact(self) -> str:
        return self.header("Contact").strip("<>")

    def header(self, name: str) -> str:
        return _header(self.asked, name)


class Mover:
    """A phone that sends calls elsewhere: while they ring with 302 (RFC 3261 section 21.3.3), or
    by a transfer. It says so in the words that it is given."""

    def __init__(self, server: str, login: Login, agent: str = "phone") -> None:
        self._wire = _wire(server)
        self._here = "{}:{}".format(*self._wire.getsockname())
        contact = f"Contact: <sip:{login.user}@{self._here}>"
        assert _register(self._wire, server, login, contact, f"User-Agent: {agent}") == 200

    def __enter__(self) -> "Mover":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._wire.close()

    def moves(self, contact: str, *more: str) -> None:
        """The next call, to this SIP address and with these headers; returns when that is heard."""
        asked = self._asked("INVITE")
        self._say(asked, "302 Moved", secrets.token_hex(4), f"Contact: <{contact}>", *more)
        self._asked("ACK")

    def answers(self) -> Talk:
        """The next call is answered, and its caller knows."""
        asked = self._asked("INVITE")
        tag = secrets.token_hex(4)
        more = [f"Contact: <sip:here@{self._here}>", "Content-Type: application/sdp"]
        self._say(asked, "200 OK", tag, *more, body=SDP)
        self._asked("ACK")
        return Talk(asked, tag)

    def transfers(self, talk: Talk, target: str) -> None:
        """Whom we talk to is sent to this SIP address (RFC 3515); returns when that is accepted."""
        theirs, ours, call_id = (talk.header(name) for name in ("From", "To", "Call-ID"))
        lines = [
            f"REFER {talk.contact} SIP/2.0",
            f"Via: SIP/2.0/UDP {self._here};rport;branch=z9hG4bK{secrets.token_hex(8)}",
            f"From: {ours};tag={talk.tag}",
            f"To: {theirs}",
            f"Call-ID: {call_id}",
            "CSeq: 1 REFER",
            f"Contact: <sip:here@{self._here}>",
            f"Refer-To: <{target}>",
            "Max-Forwards: 70",
            "Content-Length: 0",
        ]
        self._wire.send("\r\n".join([*lines, "", ""]).encode())
        self._asked("SIP/2.0 202")

    def _say(self, asked: str, status: str, tag: str, *more: str, body: str = "") -> None:
        kept = re.findall(r"^(?:Via|From|Call-ID|CSeq): .*(?=\r$)", asked, re.MULTILINE)
        to = f"{_header(asked, 'To')};tag={tag}"
        lines = [f"SIP/2.0 {status}", *kept, f"To: {to}", *more, f"Content-Length: {len(body)}"]
        self._wire.send("\r\n".join([*lines, "", body]).encode())

    def _asked(self, method: str) -> str:
        while not (message := self._wire.recv(65536).decode()).startswith(method):
            pass
        return message


def _header(message: str, name: str) -> str:
    (found,) = re.findall(rf"^{name}: (.*)\r$", message, re.MULTILINE)
    return str(found)


def _wire(server: str) -> socket.socket:
    host, _, port = server.partition(":")
    wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    wire.settimeout(ANSWER_SECONDS)
    wire.connect((host, int(port)))
    return wire


def _register(wire: socket.socket, server: str, login: Login, *more: str) -> int:
    asked = _ask(wire, server, login, 1, *more)
    challenges = re.findall(r"^WWW-Authenticate: (.*)\r$", asked, re.MULTILINE)
    proof = f"Authorization: {prove(login, challenges, 'REGISTER', f'sip:{server}')}"
    return int(_ask(wire, server, login, 2, *more, proof).split()[1])


def _ask(wire: socket.socket, server: str, login: Login, cseq: int, *more: str) -> str:
    here = "{}:{}".format(*wire.getsockname())
    lines = [
        f"REGISTER sip:{server} SIP/2.0",
        f"Via: SIP/2.0/UDP {here};rport;branch=z9hG4bK{secrets.token_hex(8)}",
        f"From: <sip:{login.user}@{server}>;tag={secrets.token_hex(4)}",
        f"To: <sip:{login.user}@{server}>",
        f"Call-ID: {secrets.token_hex(8)}",
        f"CSeq: {cseq} REGISTER",
        "Expires: 60",
        "Max-Forwards: 70",
        *more,
        "Content-Length: 0",
    ]
    wire.send("\r\n".join([*lines, "", ""]).encode())
    return wire.recv(65536).decode()
