"""A PBX that does as it is told: scripted SIP over UDP, TCP or TLS, on loopback, for tests only."""

import hashlib
import itertools
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self, TypeVar

Send = Callable[[bytes], None]
Found = TypeVar("Found")

SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
SILENT_SDP = SDP + "m=audio 9 RTP/AVP 0\r\nc=IN IP4 127.0.0.1\r\na=inactive\r\n"
KEY = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + "A" * 40 + "\r\n"
"What encrypted sound needs to be offered (RFC 4568)."
RINGING_SDP = SDP + "m=audio 40000 RTP/AVP 0 8\r\nc=IN IP4 127.0.0.1\r\n"

_serial = itertools.count(1)


@dataclass(frozen=True)
class Sip:
    """One message, split but not understood."""

    start: str
    fields: tuple[tuple[str, str], ...]
    body: str
    send: Send = field(compare=False, repr=False)

    @classmethod
    def read(cls, raw: bytes, send: Send) -> Self:
        head, _, body = raw.decode("utf-8", "surrogateescape").partition("\r\n\r\n")
        start, *lines = head.split("\r\n")
        fields = [line.partition(":")[::2] for line in lines]
        return cls(start, tuple((k.strip().lower(), v.strip()) for k, v in fields), body, send)

    @property
    def method(self) -> str:
        return self.start.partition(" ")[0]

    @property
    def code(self) -> int:
        return int(self.start.split(" ")[1])

    @property
    def user(self) -> str:
        """The user part of the request URI, as it was on the wire."""
        found = re.match(r"\S+ sip:(?:([^@; ]*)@)?", self.start)
        return (found[1] or "") if found else ""

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key == name]

    def __getitem__(self, name: str) -> str:
        return next(iter(self.all(name)), "")


Act = Callable[[Sip], None]


@dataclass
class PeerCall:
    """A call from the PBX to the panel."""

    peer: "Peer"
    lines: dict[str, str]
    uri: str
    send: Send
    answers: list[Sip] = field(default_factory=list)

    def code(self, code: int) -> Sip:
        """Wait for an answer with this code."""
        return self.peer.wait(lambda: next((a for a in self.answers if a.code == code), None))

    def cancel(self, *reasons: str) -> None:
        """Give up, or tell that another phone answered."""
        extra = tuple(f"Reason: {reason}" for reason in reasons)
        self._request("CANCEL", extra)

    def heard(self, answer: Sip) -> None:
        self.answers.append(answer)
        if answer.code >= 300 and answer["cseq"].endswith("INVITE"):
            self._request("ACK", (), answer["to"])

    def _request(self, method: str, extra: tuple[str, ...], to: str = "") -> None:
        lines = self.lines | {"CSeq": f"1 {method}"} | ({"To": to} if to else {})
        self.send(_packet(f"{method} {self.uri} SIP/2.0", lines, "", *extra))


@dataclass
class Subscription:
    """One subscription of the panel's."""

    peer: "Peer"
    asked: Sip
    tag: str
    cseq: int = 0

    @property
    def event(self) -> str:
        return self.asked["event"]

    def notify(self, body: str, state: str = "active;expires=600") -> None:
        """Tell the panel what it subscribed to."""
        self.cseq += 1
        kind = "application/pidf+xml"
        if self.event == "message-summary":
            kind = "application/simple-message-summary"
        lines = self.peer.lines("NOTIFY", self.asked["to"] + self.tag, self.cseq)
        lines |= {"To": self.asked["from"], "Call-ID": self.asked["call-id"]}
        lines |= {"Event": self.event, "Subscription-State": state, "Content-Type": kind}
        self.asked.send(_packet(f"NOTIFY {_uri(self.asked['contact'])} SIP/2.0", lines, body))


class Peer:
    """Registrar, notifier, caller and callee for one panel. What it does are its attributes."""

    def __init__(self, transport: str = "udp", port: int = 0, tls: ssl.SSLContext | None = None):
        self.password = ""
        "With one, requests are challenged (RFC 2617 digest)."
        self.register_code = 200
        self.deaf = False
        "Nothing is answered, as if the machine were gone."
        self.mute = False
        "Everything is heard, and no request is answered."
        self.grant = 0
        "Seconds a registration is granted; 0: as asked."
        self.codes: dict[str, int] = {}
        "Answers to INVITE by user; a missing one: 404."
        self.media = ""
        "What has to stand in an offer; else it is answered 488."
        self.text_code = 200
        self.bodies: dict[tuple[str, str], str] = {}
        "What a subscription to an event of a user is told; a missing one: 404."
        self.requests: list[Sip] = []
        self.subscriptions: list[Subscription] = []
        self.contact = ""
        self.transport = transport
        self._route: Send | None = None
        self.calls: dict[str, PeerCall] = {}
        self._news = threading.Condition()
        self._tls = tls
        kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
        self._socket = socket.socket(socket.AF_INET, kind)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        if kind == socket.SOCK_STREAM:
            self._socket.listen()
        self.port = int(self._socket.getsockname()[1])
        self._open: list[socket.socket] = [self._socket]
        self._ended = False
        self._threads: list[threading.Thread] = []
        self._start(self._datagrams if transport == "udp" else self._accept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """As a PBX that is killed."""
        self._ended = True
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            if each.type == socket.SOCK_DGRAM:
                self._wake()
            each.close()
        for thread in self._threads:
            thread.join()

    # What a test does

    def wait(self, find: Callable[[], Found | None], seconds: float = 8.0) -> Found:
        """What `find` finds, as soon as it does."""
        end = time.monotonic() + seconds
        with self._news:
            while not (found := find()):
                left = end - time.monotonic()
                if left <= 0 or not self._news.wait(left):
                    seen = [f"{r.start} {r['event']}" for r in self.requests]
                    raise AssertionError(f"not within {seconds} s; seen: {seen}")
        return found

    def got(self, method: str, count: int = 1, seconds: float = 8.0) -> Sip:
        """The latest request of a method, as soon as there are so many."""

        def enough() -> Sip | None:
            seen = [request for request in self.requests if request.method == method]
            return seen[-1] if len(seen) >= count else None

        return self.wait(enough, seconds)

    def watched(self, user: str, event: str = "presence") -> Subscription:
        """The latest subscription to somebody."""

        def there() -> Subscription | None:
            found = [s for s in self.subscriptions if s.asked.user == user and s.event == event]
            return found[-1] if found else None

        return self.wait(there)

    def forget(self) -> None:
        """As a PBX that was restarted and has kept nothing."""
        with self._news:
            self.contact = ""
            self.subscriptions.clear()
            self.requests.clear()

    def call(self, caller: str, *extra: str, sdp: str = RINGING_SDP) -> PeerCall:
        """Call the panel; `caller` is a From value."""
        contact, route = self.wait(lambda: self.contact), self._route
        assert route is not None
        lines = self.lines("INVITE", f"{caller};tag={next(_serial)}", 1)
        call = PeerCall(self, lines, contact, route)
        self.calls[lines["Call-ID"]] = call
        route(
            _packet(
                f"INVITE {contact} SIP/2.0", lines, sdp, "Content-Type: application/sdp", *extra
            )
        )
        return call

    def text(self, sender: str, body: str, kind: str = "text/plain") -> PeerCall:
        """Send the panel a MESSAGE."""
        contact, route = self.wait(lambda: self.contact), self._route
        assert route is not None
        lines = self.lines("MESSAGE", f"{sender};tag={next(_serial)}", 1) | {"Content-Type": kind}
        call = self.calls[lines["Call-ID"]] = PeerCall(self, lines, contact, route)
        route(_packet(f"MESSAGE {contact} SIP/2.0", lines, body))
        return call

    def tell(self, body: str) -> None:
        """An unsolicited NOTIFY about voicemail."""
        contact, route = self.wait(lambda: self.contact), self._route
        assert route is not None
        lines = self.lines("NOTIFY", f"<sip:100@127.0.0.1>;tag={next(_serial)}", 1)
        lines |= {"Event": "message-summary", "Subscription-State": "terminated"}
        lines |= {"Content-Type": "application/simple-message-summary"}
        route(_packet(f"NOTIFY {contact} SIP/2.0", lines, body))

    def lines(self, method: str, sender: str, cseq: int) -> dict[str, str]:
        """The header fields every request of ours has."""
        branch = f"z9hG4bK{next(_serial)}"
        return {
            "Via": f"SIP/2.0/{self.transport.upper()} 127.0.0.1:{self.port};branch={branch}",
            "Max-Forwards": "70",
            "From": sender,
            "To": "<sip:100@127.0.0.1>",
            "Call-ID": f"{branch}@peer",
            "CSeq": f"{cseq} {method}",
            "Contact": f"<sip:peer@127.0.0.1:{self.port};transport={self.transport}>",
        }

    # What it does by itself

    def _heard(self, raw: bytes, send: Send) -> None:
        if not raw.strip() or self.deaf:
            return
        message = Sip.read(raw, send)
        with self._news:
            if message.method == "SIP/2.0":
                if call := self.calls.get(message["call-id"]):
                    call.heard(message)
            else:
                self.requests.append(message)
                if not self.mute:
                    self._do(message)
            self._news.notify_all()

    def _acts(self) -> dict[str, Act]:
        """What is done about a request, once its sender has proved who it is."""
        return {
            "REGISTER": self._register,
            "SUBSCRIBE": self._subscribe,
            "INVITE": self._invite,
            "MESSAGE": lambda message: reply(message, self.text_code),
        }

    def _do(self, request: Sip) -> None:
        acts = self._acts()
        if request.method in acts and self.password and not _proves(request, self.password):
            reply(request, 401, 'WWW-Authenticate: Digest realm="peer",nonce="n1",algorithm=MD5')
        elif request.method in acts:
            acts[request.method](request)
        elif request.method == "CANCEL":
            self._cancel(request)
        elif request.method != "ACK":
            reply(request, 200)

    def _register(self, request: Sip) -> None:
        if self.register_code != 200:
            reply(request, self.register_code)
            return
        asked = int(request["expires"] or 300)
        granted = min(asked, self.grant or asked)
        self._route = request.send
        self.contact = _uri(request["contact"]) if granted else ""
        reply(request, 200, f"Contact: {request['contact']};expires={granted}")

    def _subscribe(self, request: Sip) -> None:
        known = [s for s in self.subscriptions if s.asked["call-id"] == request["call-id"]]
        body = self.bodies.get((request["event"], request.user))
        if ";tag=" in request["to"] and not known:
            reply(request, 481)
        elif not known and body is None:
            reply(request, 404)
        else:
            self._accept_subscription(request, known, body or "")

    def _accept_subscription(self, request: Sip, known: list[Subscription], body: str) -> None:
        tag = "" if known else f";tag={next(_serial)}"
        ends = request["expires"] == "0"
        here = f"Contact: <sip:peer@127.0.0.1:{self.port};transport={self.transport}>"
        reply(request, 200, here, f"Expires: {request['expires'] or 600}", tag=tag)
        if not known:
            known = [Subscription(self, request, tag)]
            self.subscriptions += known
        known[0].notify(
            body, "terminated;reason=timeout" if ends else f"active;expires={request['expires']}"
        )
        if ends:
            self.subscriptions.remove(known[0])

    def _invite(self, request: Sip) -> None:
        code = self.codes.get(request.user, 404)
        if self.media not in request.body:
            reply(request, 488)
        elif code == 200:
            here = f"Contact: <sip:peer@127.0.0.1:{self.port};transport={self.transport}>"
            keyed = SILENT_SDP.replace("RTP/AVP", "RTP/SAVP") + KEY
            body = keyed if "RTP/SAVP" in request.body else SILENT_SDP
            reply(request, 200, here, "Content-Type: application/sdp", body=body)
        else:
            reply(request, code)

    def _cancel(self, request: Sip) -> None:
        reply(request, 200)
        of = [
            r for r in self.requests if r.method == "INVITE" and r["call-id"] == request["call-id"]
        ]
        reply(of[-1], 487)

    # Sockets

    def _start(self, work: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=work, args=args)
        self._threads.append(thread)
        thread.start()

    def _wake(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker, suppress(OSError):
            waker.sendto(b"", ("127.0.0.1", self.port))

    def _datagrams(self) -> None:
        while not self._ended:
            try:
                raw, place = self._socket.recvfrom(65535)
            except OSError:
                return

            def send(data: bytes, place: tuple[str, int] = place) -> None:
                with suppress(OSError):
                    self._socket.sendto(data, place)

            self._heard(raw, send)

    def _accept(self) -> None:
        while not self._ended:
            try:
                near, _ = self._socket.accept()
            except OSError:
                return
            self._start(self._stream, near)

    def _stream(self, near: socket.socket) -> None:
        self._open.append(near)
        near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with near, suppress(OSError):
            if self._tls is not None:
                near = self._tls.wrap_socket(near, server_side=True)
                self._open.append(near)
            for raw in _frames(near):
                self._heard(raw, near.sendall)


def _frames(near: socket.socket) -> Iterator[bytes]:
    """Messages out of a stream, by their Content-Length (RFC 3261 section 18.3)."""
    buffer = b""
    while piece := near.recv(65535):
        buffer += piece
        while b"\r\n\r\n" in (buffer := buffer.lstrip(b"\r\n")):
            head, _, rest = buffer.partition(b"\r\n\r\n")
            found = re.search(rb"(?im)^(?:content-length|l)\s*:\s*(\d+)", head)
            length = int(found[1]) if found else 0
            if len(rest) < length:
                break
            yield head + b"\r\n\r\n" + rest[:length]
            buffer = rest[length:]


def _packet(start: str, lines: dict[str, str], body: str, *extra: str) -> bytes:
    data = body.encode("utf-8", "surrogateescape")
    head = [start, *(f"{name}: {value}" for name, value in lines.items()), *extra]
    head.append(f"Content-Length: {len(data)}")
    return "\r\n".join(head).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + data


def reply(request: Sip, code: int, *extra: str, tag: str = "", body: str = "") -> None:
    """Answer a request; `extra` are header fields."""
    vias = [f"Via: {via}" for via in request.all("via")]
    to = request["to"] if ";tag=" in request["to"] else request["to"] + (tag or ";tag=peer")
    lines = {"From": request["from"], "To": to, "Call-ID": request["call-id"]}
    lines |= {"CSeq": request["cseq"]}
    words = {200: "OK", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
    words |= {488: "Not Acceptable Here"}
    request.send(_packet(f"SIP/2.0 {code} {words.get(code, 'No')}", lines, body, *vias, *extra))


def _proves(request: Sip, password: str) -> bool:
    told = dict(re.findall(r'(\w+)="?([^",]+)"?', request["authorization"]))
    secret = _md5(f"{told.get('username')}:peer:{password}")
    what = _md5(f"{request.method}:{told.get('uri')}")
    return told.get("response") == _md5(f"{secret}:n1:{what}")


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _uri(contact: str) -> str:
    found = re.search(r"<([^>]+)>", contact)
    return found[1] if found else contact.partition(";")[0]
