"""What the PBX and the panel agree to call the same conversation (RFC 3261 section 12)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sipmessage import URI, Address, CSeq, Parameters, Request

from device.demo.messages import Asked, Header, Told, finish, token
from device.demo.transactions import Errand, Question, via
from device.demo.wire import Flow

DialogId = tuple[str, str, str]
"""Call-ID, our tag, the panel's tag."""


def named_by(asked: Asked) -> DialogId:
    """The dialog that a request of the panel belongs to."""
    return asked.call_id, asked.to_tag, asked.from_tag


def contact(flow: Flow) -> Header:
    """Where requests within a dialog reach us."""
    host, port = flow.local
    transport = "" if flow.transport == "UDP" else f";transport={flow.transport.lower()}"
    return "Contact", f"<sip:{host}:{port}{transport}>"


def first(
    method: str,
    caller: Address,
    uri: URI,
    flow: Flow,
    headers: Iterable[Header] = (),
    body: bytes = b"",
) -> Request:
    """A request that belongs to no dialog yet."""
    sender = replace(caller, parameters=Parameters(tag=token()))
    dialog = Dialog((token(), "", ""), str(sender), f"<{uri}>", uri, flow)
    return dialog.request(method, headers, body)


@dataclass(slots=True)
class Dialog:
    """Our half. No route set: between two ends on loopback nobody stands in the way."""

    id: DialogId
    local: str
    "From of our requests, raw."
    remote: str
    "To of our requests, raw."
    target: URI
    flow: Flow
    sequence: int = 0
    "CSeq of our last request."

    @classmethod
    def accepted(cls, question: Question) -> "Dialog":
        """The dialog that a request of the panel opens."""
        asked, tag = question.asked, question.tag
        target = asked.contacts[0].uri if asked.contacts else asked.caller.uri
        local, remote = f"{asked.to};tag={tag}", asked.message.headers["From"]
        return cls((asked.call_id, tag, asked.from_tag), local, remote, target, question.flow)

    @classmethod
    def opened(cls, errand: Errand, told: Told) -> "Dialog":
        """The dialog that a request of ours has opened."""
        mine = errand.request
        target = told.contacts[0].uri if told.contacts else mine.uri
        name = (told.call_id, told.from_tag, told.to_tag)
        sequence = mine.cseq.sequence
        return cls(name, mine.headers["From"], told.to, target, errand.flow, sequence)

    def request(self, method: str, headers: Iterable[Header] = (), body: bytes = b"") -> Request:
        """The next request within."""
        self.sequence += 1
        request = Request(method, self.target, body)
        request.headers.add("Via", via(self.flow))
        request.headers.add("Max-Forwards", "70")
        request.headers.add("From", self.local)
        request.headers.add("To", self.remote)
        request.headers.add("Call-ID", self.id[0])
        request.headers.add("CSeq", str(CSeq(self.sequence, method)))
        return finish(request, headers)
