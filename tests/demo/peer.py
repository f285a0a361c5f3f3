"""A panel reduced to its wire: what it sends is scripted, what it hears is kept."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from hashlib import md5
from typing import Any, TypeVar

from sipmessage import URI, AuthCredentials, AuthParameters, Message, Request, Response

from device.core.profile import Profile
from device.demo.pbx import DemoPbx
from device.demo.transactions import Timing

USER, PASSWORD = "100", "correct horse"

STORY_SECONDS = 20
"No story takes so long; one that does hangs."

OFFER = b"""v=0\r
o=- 7 7 IN IP4 127.0.0.1\r
s=-\r
c=IN IP4 127.0.0.1\r
t=0 0\r
m=audio 4000 RTP/AVP 96 0 8\r
a=rtpmap:96 speex/16000\r
a=rtpmap:0 PCMU/8000\r
m=video 4002 RTP/AVP 97\r
a=rtpmap:97 H264/90000\r
"""

T = TypeVar("T")


class Peer(asyncio.DatagramProtocol):
    """One contact of user 100, over UDP."""

    def __init__(self, pbx: DemoPbx, password: str = PASSWORD) -> None:
        self.pbx = pbx
        self.password = password
        self.heard: list[Request | Response] = []
        self.polite = True
        "Answers 200 to all that is not an INVITE."
        self._news = asyncio.Event()
        self._socket: asyncio.DatagramTransport | None = None
        self._closed = asyncio.Event()

    async def __aenter__(self) -> "Peer":
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.socket.close()
        await self._closed.wait()

    @property
    def socket(self) -> asyncio.DatagramTransport:
        assert self._socket
        return self._socket

    @property
    def address(self) -> str:
        host, port = self.socket.get_extra_info("sockname")
        return f"{host}:{port}"

    # What it says

    def send(self, message: Request | Response | bytes) -> None:
        self.socket.sendto(bytes(message), ("127.0.0.1", self.pbx.port))

    async def ask(
        self, method: str, number: str = "", body: bytes = b"", **headers: str
    ) -> Response:
        """The final answer to a new request; a challenge is met with the password."""
        return await self.insist(self.request(method, number, body, **headers))

    async def insist(self, request: Request) -> Response:
        answer = await self.try_once(request)
        if answer.www_authenticate is None:
            return answer
        return await self.try_once(self.with_password(request, answer))

    async def challenged(self, request: Request) -> Request:
        """The same after a challenge, still to be sent."""
        return self.with_password(request, await self.try_once(request))

    def with_password(self, request: Request, answer: Response) -> Request:
        assert answer.www_authenticate
        parameters = self.credentials(request, answer.www_authenticate.parameters)
        request.authorization = AuthCredentials("Digest", parameters)
        return renewed(request)

    async def try_once(self, request: Request) -> Response:
        self.send(request)
        answer = await self.final(request)
        if request.method == "INVITE" and answer.code >= 300:
            self.send(follow(request, "ACK", answer))
        return answer

    async def final(self, request: Request) -> Response:
        """The final answer to this request, whenever it came."""
        return await self.until(
            lambda: next((m for m in self.responses(request) if m.code >= 200), None)
        )

    def responses(self, request: Request) -> list[Response]:
        """All answers to this request so far, repetitions among them."""
        mine = (request.via[0].parameters["branch"], request.method)
        return [
            m
            for m in self.heard
            if isinstance(m, Response) and (m.via[0].parameters["branch"], m.cseq.method) == mine
        ]

    def request(self, method: str, number: str = "", body: bytes = b"", **headers: str) -> Request:
        host = f"127.0.0.1:{self.pbx.port}"
        request = Request(method, URI.parse(f"sip:{number}@{host}" if number else f"sip:{host}"))
        request.body = body
        request.headers.add("Via", f"SIP/2.0/UDP {self.address};rport;branch={branch()}")
        request.headers.add("From", f'"Panel" <sip:{USER}@{host}>;tag={secrets.token_hex(4)}')
        request.headers.add("To", f"<sip:{number or USER}@{host}>")
        request.headers.add("Call-ID", secrets.token_hex(8))
        request.headers.add("CSeq", f"1 {method}")
        request.headers.add("Contact", f"<sip:{USER}@{self.address}>")
        for name, value in headers.items():
            request.headers.set(name.replace("_", "-"), value)
        return request

    def credentials(self, request: Request, challenge: AuthParameters) -> AuthParameters:
        """RFC 2617 section 3.2.2, written down a second time."""
        secret = f"{USER}:{challenge['realm']}:{self.password}"
        parts = [challenge["nonce"], "00000001", "c0ffee", "auth"]
        uri = str(request.uri)
        response = hashed(":".join([hashed(secret), *parts, hashed(f"{request.method}:{uri}")]))
        return AuthParameters(
            username=USER,
            realm=challenge["realm"],
            nonce=challenge["nonce"],
            uri=uri,
            response=response,
            algorithm="MD5",
            cnonce="c0ffee",
            nc="00000001",
            qop="auth",
        )

    async def dial(self, number: str) -> int:
        """Call a number as a phone does; the answer's status code."""
        request = self.request("INVITE", number, OFFER, Content_Type="application/sdp")
        answer = await self.insist(request)
        if answer.code == 200:
            self.send(follow(request, "ACK", answer))
        return answer.code

    async def watch(self, number: str, event: str = "presence", expires: int = 300) -> int:
        """Subscribe; the answer's status code."""
        return (await self.ask("SUBSCRIBE", number, Event=event, Expires=str(expires))).code

    async def register(self, expires: int = 300) -> Response:
        return await self.ask("REGISTER", Expires=str(expires))

    def respond(self, request: Request, code: int, phrase: str = "", **headers: str) -> None:
        answer = Response(code, phrase or "Said")
        for name in ("Via", "From", "Call-ID", "CSeq"):
            for value in request.headers.getlist(name):
                answer.headers.add(name, value)
        to = request.headers["To"]
        answer.headers.add("To", to if "tag=" in to else f"{to};tag={self.address[-5:]}")
        for name, value in headers.items():
            answer.headers.add(name, value)
        answer.headers.add("Content-Length", "0")
        self.send(answer)

    # What it hears

    def requests(self, method: str) -> list[Request]:
        return [m for m in self.heard if isinstance(m, Request) and m.method == method]

    async def asked(self, method: str, nth: int = 1) -> Request:
        """The nth request of this kind, repetitions counted."""
        await self.until(lambda: len(self.requests(method)) >= nth)
        return self.requests(method)[nth - 1]

    async def until(self, condition: Callable[[], T | None]) -> T:
        """What `condition` gives, looked at again with each message."""
        while not (found := condition()):
            self._news.clear()
            await self._news.wait()
        return found

    # For asyncio

    def connection_made(self, transport: Any) -> None:
        self._socket = transport

    def datagram_received(self, data: bytes, _addr: object) -> None:
        message = Message.parse(data)
        self.heard.append(message)
        if self.polite and isinstance(message, Request) and message.method not in ("INVITE", "ACK"):
            self.respond(message, 200)
        self._news.set()

    def connection_lost(self, _error: Exception | None) -> None:
        self._closed.set()


def branch() -> str:
    return f"z9hG4bK{secrets.token_hex(8)}"


def hashed(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def renewed(request: Request) -> Request:
    """The next request in its dialog, or the same one with credentials: a new transaction."""
    via = request.headers["Via"].rpartition("branch=")[0]
    request.headers.set("Via", f"{via}branch={branch()}")
    request.headers.set("CSeq", f"{request.cseq.sequence + 1} {request.method}")
    return request


def follow(request: Request, method: str, answer: Response) -> Request:
    """A request in the dialog that `answer` opened; ACK and CANCEL share the INVITE's number."""
    companion = method in ("ACK", "CANCEL")
    via, sequence = request.headers["Via"], request.cseq.sequence
    if not companion:
        via, sequence = f"{via.rpartition('branch=')[0]}branch={branch()}", sequence + 1
    later = Request(method, request.uri)
    later.headers.add("Via", via)
    for name in ("From", "Call-ID", "Contact"):
        later.headers.add(name, request.headers[name])
    later.headers.add("To", answer.headers["To"])
    later.headers.add("CSeq", f"{sequence} {method}")
    return later


async def changed(pbx: DemoPbx, condition: Callable[[dict[str, Any]], T | None]) -> T:
    """What `condition` gives of the snapshot, looked at again with each change."""
    news = asyncio.Event()
    pbx.on_change(news.set)
    while not (found := condition(pbx.snapshot())):
        news.clear()
        await news.wait()
    return found


Story = Callable[[DemoPbx, Peer], Awaitable[None]]


def story(test: Story) -> Callable[[], None]:
    """A test with a PBX that acts at once and a panel that has not registered yet."""
    return differing()(test)


def timed(timing: Timing) -> Callable[[Story], Callable[[], None]]:
    """A story for which SIP's timers are other than usual."""
    return differing(timing=timing)


def at(profile: Profile) -> Callable[[Story], Callable[[], None]]:
    """A story at another family of PBX."""
    return differing(profile=profile)


def differing(**differs: Any) -> Callable[[Story], Callable[[], None]]:
    """A story for which the PBX is other than usual."""

    def wrap(test: Story) -> Callable[[], None]:
        def run() -> None:
            asyncio.run(_play(test, differs))

        run.__doc__ = test.__doc__
        return run

    return wrap


async def _play(test: Story, differs: dict[str, Any]) -> None:
    bugs: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: bugs.append(context))
    async with DemoPbx(USER, PASSWORD, **differs) as pbx, Peer(pbx) as panel:
        pbx.slow(0)
        pbx.moods.far_seconds = 0
        async with asyncio.timeout(STORY_SECONDS):
            await test(pbx, panel)
    assert not bugs, bugs
