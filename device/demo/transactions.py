"""Who waits for whom: repetition of what may have been lost (RFC 3261 section 17)."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from sipmessage import URI, CSeq, Request

from device.demo.chores import Chores
from device.demo.messages import (
    COOKIE,
    Asked,
    Header,
    Told,
    finish,
    read,
    reflect,
    response,
    token,
)
from device.demo.wire import Flow


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one waits: timers of RFC 3261, table 4, and the patience of people."""

    t1: float = 0.5
    "Seconds to the first repetition."
    t2: float = 4.0
    "Seconds between repetitions, at most."
    caller: float = 30.0
    "Seconds until a caller gives up, or has said all to whom the call was diverted."
    shown: float = 2.0
    "Seconds until a panel is left alone that was shown a call and says nothing of use."

    @property
    def patience(self) -> float:
        """Seconds after which nobody is there."""
        return 64 * self.t1

    def waits(self) -> Iterator[float]:
        """Seconds between one sending and the next."""
        wait, left = self.t1, self.patience
        while left > 0:
            yield wait
            left -= wait
            wait = min(2 * wait, self.t2)


@dataclass(frozen=True, slots=True)
class Tuning:
    """What is the same for all answers."""

    timing: Timing
    agent: str = ""
    "What the PBX calls itself (RFC 3261 section 20.35); empty: nothing."

    @property
    def server(self) -> list[Header]:
        return [("Server", self.agent)] if self.agent else []


class Question:
    """A request of the panel, and our answer to it."""

    def __init__(self, asked: Asked, flow: Flow, chores: Chores, tuning: "Tuning") -> None:
        self.asked = asked
        self.flow = flow
        self.tag = token()
        "Ours, in To."
        self.open = True
        "There is no final answer yet."
        self.on_cancel: Callable[[], None] = lambda: None
        "Called when the panel takes its INVITE back, which is answered 487 by then."
        self._chores = chores
        self._tuning = tuning
        self._answer = b""
        self._acknowledged = asyncio.Event()

    def respond(self, code: int, headers: Iterable[Header] = (), body: bytes = b"") -> None:
        """Provisional answers may be several; there is one final one."""
        self.open = code < 200
        told = [*self._tuning.server, *headers]
        self._answer = bytes(response(self.asked, code, self.tag, told, body))
        self.repeat()
        if self.asked.method == "INVITE" and code >= 200:
            self._chores.start(self._until_acknowledged())

    def cancel(self) -> None:
        """The panel takes it back; too late, and nothing changes (RFC 3261 section 9.2)."""
        if self.open:
            self.respond(487)
            self.on_cancel()

    def repeat(self) -> None:
        """The request came once more, so our last word goes out once more."""
        if self._answer:
            self.flow.send(self._answer)

    def acknowledge(self) -> None:
        self._acknowledged.set()

    def is_invite_of(self, later: Asked) -> bool:
        """Whether this ACK or CANCEL belongs here."""
        mine = (self.asked.call_id, self.asked.from_tag, self.asked.cseq.sequence)
        theirs = (later.call_id, later.from_tag, later.cseq.sequence)
        return self.asked.method == "INVITE" and mine == theirs

    async def _until_acknowledged(self) -> None:
        for wait in self._tuning.timing.waits():
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._acknowledged.wait()
                    return
            self.repeat()


class Errand:
    """A request of ours, and what the panel says to it."""

    def __init__(self, request: Request, flow: Flow, timing: Timing) -> None:
        self.request = request
        self.flow = flow
        self.heard = asyncio.Event()
        "Somebody is there: a first response came."
        self._final: asyncio.Future[Told | None] = asyncio.get_running_loop().create_future()
        self._timing = timing

    async def run(self) -> Told | None:
        """The final answer; None if there was only silence."""
        await self._ask()
        if not self.heard.is_set():
            return None
        # Once somebody has picked an INVITE up, it rings for as long as it likes.
        limit = None if self.request.method == "INVITE" else self._timing.patience
        return await self.ending(limit)

    async def ending(self, seconds: float | None) -> Told | None:
        """The final answer, if it comes by then."""
        done, _ = await asyncio.wait([self._final], timeout=seconds)
        return self._final.result() if done else None

    def told(self, told: Told) -> None:
        """A response came, perhaps once more."""
        self.heard.set()
        if told.final and not self._final.done():
            self._final.set_result(told)
        if told.final and self.request.method == "INVITE":
            self.flow.send(bytes(self._acknowledgement(told)))

    @property
    def over(self) -> bool:
        return self._final.done()

    def abandon(self) -> None:
        """No answer is waited for any more."""
        if not self.over:
            self._final.set_result(None)

    def cancel_request(self, headers: Iterable[Header]) -> Request:
        """A CANCEL for this INVITE (RFC 3261 section 9.1): same branch, same number."""
        return self._companion("CANCEL", self.request.uri, _same(self.request), headers)

    async def _ask(self) -> None:
        self.flow.send(bytes(self.request))
        for wait in self._timing.waits():
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self.heard.wait()
                    return
            if self.flow.transport == "UDP":
                self.flow.send(bytes(self.request))

    def _acknowledgement(self, told: Told) -> Request:
        """ACK: part of the transaction after a refusal, a new one after 2xx (13.2.2.4)."""
        to = told.to
        if told.well and told.contacts:
            return self._companion("ACK", told.contacts[0].uri, via(self.flow), to=to)
        return self._companion("ACK", self.request.uri, _same(self.request), to=to)

    def _companion(
        self, method: str, uri: URI, via: str, headers: Iterable[Header] = (), to: str = ""
    ) -> Request:
        request, mine = Request(method, uri), self.request.headers
        request.headers.add("Via", via)
        request.headers.add("Max-Forwards", "70")
        request.headers.add("From", mine["From"])
        request.headers.add("To", to or mine["To"])
        request.headers.add("Call-ID", mine["Call-ID"])
        request.headers.add("CSeq", str(CSeq(self.request.cseq.sequence, method)))
        return finish(request, headers)


def _key(request: Request) -> tuple[str, str]:
    return request.via[0].parameters["branch"] or "", request.method


def via(flow: Flow) -> str:
    """A Via for a new transaction."""
    host, port = flow.local
    return f"SIP/2.0/{flow.transport} {host}:{port};rport;branch={COOKIE}{token()}"


def _same(request: Request) -> str:
    return request.headers["Via"]


class Transactions:
    """Sorts what comes in: new requests go to `handle`, the rest to whom it belongs."""

    def __init__(self, handle: Callable[[Question], None], chores: Chores, tuning: Tuning) -> None:
        self._handle = handle
        self._chores = chores
        self._tuning = tuning
        self._timing = tuning.timing
        self._questions: dict[tuple[str, str, str], Question] = {}
        self._errands: dict[tuple[str, str], Errand] = {}

    def receive(self, flow: Flow, data: bytes) -> None:
        """What came over the wire. Junk is dropped: there is nobody to answer."""
        try:
            message = read(data)
        except ValueError:
            return
        if isinstance(message, Told):
            self._told(message)
        elif message.method == "ACK":
            self._acknowledged(message)
        else:
            self._asked(message, flow)

    async def ask(self, flow: Flow, request: Request) -> Told | None:
        """Send a request; the final answer, or None if there was only silence."""
        return await self.run(self.errand(flow, request))

    def errand(self, flow: Flow, request: Request) -> Errand:
        """A request that will be sent, for those who may want to take it back."""
        errand = self._errands[_key(request)] = Errand(request, flow, self._timing)
        return errand

    async def run(self, errand: Errand) -> Told | None:
        try:
            return await errand.run()
        finally:
            # The answer may come once more, and an INVITE's wants its ACK each time.
            key = _key(errand.request)
            self._chores.later(self._timing.patience, lambda: self._errands.pop(key, None))

    async def cancel(self, errand: Errand, headers: Iterable[Header]) -> None:
        """Take an INVITE back as soon as that is allowed, which is after its first response."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._timing.patience):
                await errand.heard.wait()
                if not errand.over:
                    await self.ask(errand.flow, errand.cancel_request(headers))
        await errand.ending(self._timing.patience)
        errand.abandon()

    def forget(self) -> None:
        """Whoever waits, waits in vain."""
        self._questions.clear()
        self._errands.clear()

    def _told(self, told: Told) -> None:
        if errand := self._errands.get((told.branch, told.cseq.method)):
            errand.told(told)

    def _acknowledged(self, ack: Asked) -> None:
        for question in self._questions.values():
            if question.is_invite_of(ack):
                question.acknowledge()

    def _asked(self, asked: Asked, flow: Flow) -> None:
        # RFC 3261 section 17.2.3: branch, sent-by and method.
        key = (asked.branch, asked.via.partition(";")[0], asked.method)
        if known := self._questions.get(key):
            return known.repeat()
        reflect(asked, *flow.peer)
        question = self._questions[key] = Question(asked, flow, self._chores, self._tuning)
        self._chores.later(self._timing.patience, lambda: self._grow_old(key, question))
        if asked.method == "CANCEL":
            self._cancelled(question)
        else:
            self._handle(question)
        return None

    def _grow_old(self, key: tuple[str, str, str], question: Question) -> None:
        """It will not come again; one that still rings may be taken back at any time."""
        if question.open and question.asked.method == "INVITE":
            self._chores.later(self._timing.patience, lambda: self._grow_old(key, question))
        else:
            self._questions.pop(key, None)

    def _cancelled(self, cancel: Question) -> None:
        known = [q for q in self._questions.values() if q.is_invite_of(cancel.asked)]
        cancel.respond(200 if known else 481)
        for question in known:
            question.cancel()
