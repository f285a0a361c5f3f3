"""What is published of the user (RFC 3903), kept from expiring."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from device.core.events import Published
from device.core.profile import Publication
from device.pbx.address import plain
from device.sip import settings
from device.sip.digest import Login, prove
from device.sip.pjsua.desk import Desk, now
from device.sip.pjsua.lib import pj
from device.sip.publication import Answer, Publishing, Request, document
from device.sip.wire import Message, mend

# The library can publish by itself (`presConfig.publishEnabled`). It does not say what became of
# that, and knows three activities; so requests are made here, and only carried by the library. It
# does not answer challenges for those: it hands over the 401, and the proof is ours too.
_CHALLENGES = {401: "www-authenticate", 407: "proxy-authenticate"}
_PROOFS = {401: "Authorization", 407: "Proxy-Authorization"}
_FORGOTTEN = 412
"The PBX does not know what it took from us (RFC 3903 section 11.2.1)."
_SECONDS = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(slots=True)
class Publisher:
    """Makes the publication at the PBX what it should be."""

    desk: Desk
    forgotten: Callable[[], None]
    "Told when the PBX turns out to have forgotten us, which nobody else may have noticed."
    publishing: Publishing = field(init=False)
    _under_way: Request | None = None
    _proved: bool = False
    "The request under way went out with the proof of a password."

    def __post_init__(self) -> None:
        self.publishing = Publishing(self.desk.account)

    def be(self, wanted: Publication | None) -> None:
        """Publish this, or take back what was published."""
        self._tell(self.publishing.want(wanted, now()))

    def opened(self) -> None:
        """The link is up, perhaps again."""
        self.publishing.opened(now())

    def closed(self) -> None:
        """The link is gone: what was published may expire."""
        self.publishing.closed(now())

    def check(self) -> None:
        """Publish what is to be published, and refresh what is about to expire."""
        self._tell(self.publishing.tick(now()))
        request = self.publishing.step(now())
        if request is not None:
            self.publishing.sent(request, now())
            self._send(request, {})

    def deadline(self) -> float | None:
        """When `check` will next have something to do."""
        return self.publishing.deadline()

    def busy(self) -> bool:
        """Whether there is something to take back, or an answer to come."""
        return self.publishing.busy()

    def answered(self, code: int, reason: str, raw: str) -> None:
        """A PUBLISH got its answer; `raw` is empty where the library gave it."""
        answer = Message.read(raw)
        request = self._under_way
        if code in _CHALLENGES and request is not None and not self._proved:
            proof = self._proof(answer.all(_CHALLENGES[code]))
            if proof:
                self._proved = True
                self._send(request, {_PROOFS[code]: proof})
                return
        if code == _FORGOTTEN and request is not None and request.etag:
            self.forgotten()
        self._over(_answer(code, plain(mend(reason)), answer))

    def close(self) -> None:
        """Leave off, for good."""
        self._under_way = None

    @property
    def _uri(self) -> str:
        account = self.desk.account
        return settings.uri(account, account.user)

    def _proof(self, challenges: tuple[str, ...]) -> str:
        account = self.desk.account
        login = Login(account.auth_user or account.user, account.password)
        return prove(login, challenges, "PUBLISH", self._uri)

    def _send(self, request: Request, proof: dict[str, str]) -> None:
        self._under_way, self._proved = request, bool(proof)
        try:
            self.desk.line.sendRequest(self._parameters(request, proof))
        except pj.Error as error:
            # The library may have told already; then this is said to nobody.
            self._over(Answer(503, error.reason))

    def _parameters(self, request: Request, proof: dict[str, str]) -> Any:
        param = pj.SendRequestParam()
        param.method = "PUBLISH"
        param.txOption.targetUri = self._uri
        fields = {"Event": "presence", "Expires": str(request.expires)}
        fields |= {"SIP-If-Match": request.etag} if request.etag else {}
        for name, value in (fields | proof).items():
            header = pj.SipHeader()
            header.hName, header.hValue = name, value
            param.txOption.headers.append(header)
        if request.publication is not None:
            param.txOption.contentType = "application/pidf+xml"
            param.txOption.msgBody = document(self.desk.account, request.publication)
        return param

    def _over(self, answer: Answer) -> None:
        self._under_way = None
        self._tell(self.publishing.answered(answer, now()))

    def _tell(self, event: Published | None) -> None:
        if event is not None:
            self.desk.post(event)


def _answer(code: int, reason: str, answer: Message) -> Answer:
    expires = _SECONDS.match(answer.first("expires"))
    return Answer(
        code,
        reason,
        etag=answer.first("sip-etag"),
        expires=int(expires[0]) if expires else None,
        least=_number(answer.first("min-expires")),
        retry_after=_number(answer.first("retry-after")),
    )


def _number(value: str) -> int:
    """Seconds at the start of a header field; what follows may be a comment."""
    found = _SECONDS.match(value)
    return int(found[0]) if found else 0
