"""The library at work for one account: everything here happens in the SIP thread."""

from collections.abc import Callable
from typing import Protocol

from device.core.events import Event, LinkChanged, PbxSeen
from device.core.words import Link
from device.pbx.address import plain
from device.sip import sdp, settings
from device.sip.phone import Account, Presence
from device.sip.pjsua.bell import Bell
from device.sip.pjsua.calling import Calling
from device.sip.pjsua.codes import Code
from device.sip.pjsua.desk import Desk, now
from device.sip.pjsua.echoes import Echoes
from device.sip.pjsua.endpoint import Endpoint
from device.sip.pjsua.hints import Hints
from device.sip.pjsua.lib import pj
from device.sip.pjsua.line import Line
from device.sip.pjsua.offers import Offers
from device.sip.pjsua.outgoing import OutgoingCalls
from device.sip.pjsua.publisher import Publisher
from device.sip.pjsua.texts import Texts
from device.sip.pjsua.voicemail import Voicemail
from device.sip.registration import Registration, Step
from device.sip.wire import Message, mend

# Who drives the library? One thread of ours sleeps in it, and a datagram (`Bell`) wakes it for
# orders. Measured by `python -m tests.bench.sip_idle --idle 20 --times 300` on two quiet x86-64
# cores; milliseconds are the median and the worst of a hundred:
#
#                                idle CPU   INVITE to 180   order to packet
#     asleep, woken by the bell    0.02 %     0.8    2.1      0.2     0.8
#     polled every 10 ms           1.6  %     0.6    2.0      0.2    10 (while nothing comes in)
#     polled every 50 ms           0.3  %     0.7    2.3      0.3    51
#     the library's own thread     0.9  %     0.7    1.5      0.3     0.6
#
# So the bell is as quick as the library's thread, at a fiftieth of its idle cost, and callbacks
# come in the thread that asked for them: no lock of the library's is ever held against ours.
REST_SECONDS = 1.0
"The longest sleep; packets, the library's timers and orders end it sooner."
GOODBYE_SECONDS = 1.0
"How long the PBX may take to answer when we unregister for good."

AGENT_LETTERS = 100
"How much is told of what the PBX calls itself."


class Piece(Protocol):
    """What has to be looked after now and then."""

    def check(self) -> None: ...


class Session:
    """From the library's start to its end. Hears it (`Ears`, `Listener`) and gives it work."""

    def __init__(self, account: Account, post: Callable[[Event], None], bell: Bell) -> None:
        self.desk = Desk(account, post)
        self._nameservers = settings.nameservers(account)
        self.registration = Registration(account)
        echoes = Echoes(account.user)
        self.offers = Offers(self.desk, echoes)
        self.calls = OutgoingCalls(self.desk, echoes)
        self.calling = Calling(self.calls, self.offers)
        self.hints = Hints(self.desk)
        self.publisher = Publisher(self.desk, self.hints.renew)
        self.texts = Texts(self.desk)
        self.voicemail = Voicemail(self.desk)
        self._agent = ""
        "What the PBX called itself when it was last told of."
        self._endpoint = Endpoint(account, self, bell)
        self.desk.line = Line(account, self._endpoint.transport, self)

    def be(self, presence: Presence) -> None:
        """Register or unregister, watch or leave off watching."""
        self._tell(self.registration.want(presence.registered, now()))
        self.hints.be(presence.watched)
        self.publisher.be(presence.published)

    def dial(self, job: int, number: str) -> None:
        """Call a feature code."""
        self.calls.make(Code(self.calls, job, number))

    def turn(self, longest: float = REST_SECONDS) -> None:
        """Do what is due, then sleep until something happens. Raises what a callback raised."""
        self._tell(self.registration.tick(now()))
        self._step()
        for piece in self._pieces():
            piece.check()
        self._endpoint.wait(self._rest(longest))
        self.desk.ended.clear()
        for fault in self.desk.faults:
            raise fault

    def stale(self) -> bool:
        """Whether another session might succeed where this does not.

        The library reads the list of nameservers once, and a Pi is up before its network is.
        """
        known = self._nameservers
        return not self.desk.online and settings.nameservers(self.desk.account) != known

    def leave(self) -> None:
        """Unregister, take back what was published, and wait a moment for the answers."""
        self.be(Presence())
        end = now() + GOODBYE_SECONDS
        while (self.registration.open() or self.publisher.busy()) and now() < end:
            self.turn(0.05)

    def close(self) -> None:
        """Give every object back: calls and subscriptions, then the library, then the line.

        The line last: what is still in flight ends with the library and is told to its line, and
        the library aborts the process where that is gone already.
        """
        self.desk.online = False
        for piece in (self.offers, self.calls, self.hints, self.publisher):
            piece.close()
        self.desk.ended.clear()
        self._endpoint.close()
        self.texts.close()
        self.desk.ended.clear()
        del self._endpoint, self.desk.line

    # What the library tells

    def fault(self, fault: BaseException) -> None:
        """A bug of ours, found inside a callback."""
        self.desk.fault(fault)

    def registered(self, code: int, reason: str, expires: int, raw: str) -> None:
        """A REGISTER got its final answer."""
        self._tell(self.registration.answered(code, plain(mend(reason)), expires, now()))
        self._see(Message.read(raw))

    def cut(self, why: str) -> None:
        """A connection to the PBX broke or could not be made."""
        self._tell(self.registration.broke(why, now()))

    def offered(self, key: int, raw: str) -> None:
        """An INVITE came in."""
        self.offers.offered(key, raw, self.registration.wanted)

    def coming(self, raw: str) -> None:
        """A request came in: before a call of encrypted sound, the line is told to expect one.

        Always to expect it will not do: an offer of DTLS (RFC 5763) would end the process then,
        as the library forgets a call that cannot have its media and looks at it once more.
        """
        if raw.startswith("INVITE "):
            self.desk.line.encrypt(sdp.sdes(raw))

    def turned_away(self, raw: str) -> None:
        """A call the library refused."""
        self.offers.turned_away(raw)

    def summary(self, raw: str, subscribed: bool) -> None:
        """A NOTIFY about voicemail."""
        self.voicemail.heard(Message.read(raw), subscribed)

    def text(self, raw: str) -> None:
        """A MESSAGE."""
        self.texts.heard(raw)

    def text_sent(self, to: str, body: str, code: int, reason: str) -> None:
        """A MESSAGE of ours got its final answer."""
        self.texts.sent(to, body, code, reason)

    def answered(self, code: int, reason: str, raw: str) -> None:
        """A PUBLISH got its answer; no other request is of our own making."""
        self.publisher.answered(code, reason, raw)

    # What we do about it

    def _step(self) -> None:
        step = self.registration.step(now())
        if step is None:
            return
        self.registration.sent(step, now())
        try:
            self.desk.line.setRegistration(step is Step.REGISTER)
        except pj.Error as error:
            self._tell(self.registration.failed(error.reason, now()))

    def _rest(self, longest: float) -> float:
        pieces = (self.registration, self.hints, self.publisher, self.calling)
        ends = (piece.deadline() for piece in pieces)
        due = min((end for end in ends if end is not None), default=None)
        return longest if due is None else max(0.0, min(longest, due - now()))

    def _tell(self, change: LinkChanged | None) -> None:
        """The link changed, and with it what may be believed and done."""
        if change is None:
            return
        was, self.desk.online = self.desk.online, change.link is Link.ONLINE
        self.desk.post(change)
        if self.desk.online:
            self.hints.opened()
            self.voicemail.opened()
            self.publisher.opened()
        elif was:
            self._agent = ""
            self.hints.closed(change.reason)
            self.voicemail.closed(change.reason)
            self.publisher.closed()
            self.offers.close()
            self.calls.close()

    def _see(self, answer: Message) -> None:
        """What the PBX calls itself, once for as long as the link lasts."""
        agent = plain(answer.first("server") or answer.first("user-agent"))[:AGENT_LETTERS]
        if agent and agent != self._agent:
            self._agent = agent
            self.desk.post(PbxSeen(now(), agent))

    def _pieces(self) -> "tuple[Piece, ...]":
        return (
            self.offers,
            self.calls,
            self.calling,
            self.hints,
            self.voicemail,
            self.publisher,
        )
