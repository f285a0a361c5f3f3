"""A scripted PBX at which calls of the panel are answered by hand, and that speaks in them."""

from dataclasses import dataclass, replace

from tests.sip.peer import SILENT_SDP, Act, Peer, PeerCall, Sip, reply

FRAGMENT = "message/sipfrag;version=2.0"


@dataclass
class Dialled(PeerCall):
    """A call from the panel. Its `lines` are those of the last request of ours in it."""

    cseq: int = 0

    def answer(self, code: int) -> None:
        """What the PBX says of it; 200 is somebody who lifted."""
        here = f"Contact: {self.peer.lines('', '', 0)['Contact']}"
        if code == 200:
            reply(self.invite, 200, here, "Content-Type: application/sdp", body=SILENT_SDP)
        else:
            reply(self.invite, code, here)

    @property
    def invite(self) -> Sip:
        """The latest INVITE of it, which has proved who sent it."""
        of = [r for r in self.peer.requests if r["call-id"] == self.lines["Call-ID"]]
        return [request for request in of if request.method == "INVITE"][-1]

    def notify(self, body: str, state: str = "active;expires=60", event: str = "refer") -> None:
        """Tell how it goes with whom the panel referred on."""
        self.ask(
            "NOTIFY",
            f"Event: {event}",
            f"Subscription-State: {state}",
            f"Content-Type: {FRAGMENT}",
            body=body,
        )

    def ask(self, method: str, *extra: str, body: str = "") -> None:
        """Any request in the call."""
        self.cseq += 1
        asked = self.invite
        ours = self.peer.lines(method, asked["to"] + ";tag=peer", self.cseq)
        self.lines = ours | {"To": asked["from"], "Call-ID": asked["call-id"]}
        self.peer.calls[asked["call-id"]] = self
        self._send(method, extra, body)

    def heard(self, answer: Sip) -> None:
        self.answers.append(answer)
        if answer.code >= 200 and answer["cseq"].endswith("INVITE"):
            self.lines |= {"CSeq": f"{self.cseq} ACK", "To": answer["to"]}
            self._send("ACK", ())

    def _send(self, method: str, extra: tuple[str, ...], body: str = "") -> None:
        lines = [f"{method} {self.uri} SIP/2.0", *(f"{k}: {v}" for k, v in self.lines.items())]
        head = [*lines, *extra, f"Content-Length: {len(body)}"]
        self.send("\r\n".join([*head, "", body]).encode())


class Exchange(Peer):
    """Calls to a user whom `codes` does not name are left for the test to answer."""

    def __init__(self, transport: str = "udp") -> None:
        self.dialled: list[Dialled] = []
        self.refer = [202]
        "Answer to REFER, and further header fields of it."
        self.refer_fields: tuple[str, ...] = ()
        self.agent = ""
        "What it calls itself in answers to REGISTER."
        super().__init__(transport)

    def lifted(self) -> Dialled:
        """The next call, answered."""
        call = self.rung()
        call.answer(200)
        self.got("ACK", len(self.dialled))
        return call

    def rung(self) -> Dialled:
        """The latest call of the panel's, as soon as there is one that was not asked for before."""
        before = self._known
        self.wait(lambda: len(self.dialled) > before)
        self._known = len(self.dialled)
        return self.dialled[-1]

    _known = 0

    def _acts(self) -> dict[str, Act]:
        return super()._acts() | {"REFER": self._refer, "REGISTER": self._named}

    def _refer(self, request: Sip) -> None:
        reply(request, self.refer[0], *self.refer_fields)

    def _invite(self, request: Sip) -> None:
        if request.user in self.codes or self.media not in request.body:
            super()._invite(request)
            return
        reply(request, 100)
        found = request["contact"].partition("<")[2].partition(">")[0]
        self.dialled.append(Dialled(self, {"Call-ID": request["call-id"]}, found, request.send))

    def _named(self, request: Sip) -> None:
        def send(data: bytes) -> None:
            request.send(data.replace(b"\r\nCSeq", f"\r\nServer: {self.agent}\r\nCSeq".encode()))

        self._register(replace(request, send=send) if self.agent else request)
