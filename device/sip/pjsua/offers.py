"""Calls that come in: told of, answered, and told of when they end."""

import itertools
import logging
from dataclasses import dataclass, field
from typing import Any

from device.core.events import CallEnded, CallOffered, CallTurnedAway
from device.core.words import CallEnd
from device.pbx import diversion
from device.pbx.address import Party, caller
from device.pbx.reason import answered_elsewhere
from device.sip import settings
from device.sip.pjsua.call import Call
from device.sip.pjsua.desk import Desk, now
from device.sip.pjsua.echoes import Echoes
from device.sip.pjsua.lib import guarded, pj
from device.sip.wire import Message

log = logging.getLogger(__name__)

RING_SECONDS = 600.0
"""After so long nobody waits any more, and the CANCEL must have been lost. Proxies give up after
three minutes or more (RFC 3261 section 16.6, timer C)."""

MOST_RINGING = 3
"""The library holds four calls at once, a number built into it. One is kept for feature codes: who
is rung from all sides may well want to say so. A call to the user's own phone has one of these."""

NOT_HERE = 480
"""Our answer to a call of our own that comes back: it is for the desk phone, not for us. It has to
leave the other phones ringing, as no 6xx does (RFC 3261 section 16.7), and not to count as busy
where nobody lifts, as 486 may: of the answers of several phones the PBX picks one."""

_ids = itertools.count(1)


class Offer(Call):
    """One call that rings here."""

    def __init__(self, offers: "Offers", key: int) -> None:
        super().__init__(offers.desk.line, key, offers.desk.fault)
        self.number = next(_ids)
        self.since = now()
        self._offers = offers
        self._end: CallEnd | None = None

    def reply(self, code: int, contact: str = "") -> None:
        """Answer with 180, or for good."""
        prm = pj.CallOpParam()
        prm.statusCode = code
        if contact:
            header = pj.SipHeader()
            header.hName, header.hValue = "Contact", contact
            prm.txOption.headers.append(header)
        if code >= 300:
            self._end = CallEnd.CLOSED
        try:
            self.answer(prm)
        except pj.Error as error:
            # The caller was faster, or the connection broke; the library tells how it ended.
            log.debug("Call %d could not be answered: %s", self.number, error.reason)

    def alive(self) -> bool:
        """Whether the library still knows this call."""
        try:
            state = self.getInfo().state
        except pj.Error:
            return False
        return bool(state != pj.PJSIP_INV_STATE_DISCONNECTED)

    @guarded
    def onCallSdpCreated(self, prm: Any) -> None:  # noqa: N802 - the library's name
        """An answer is drafted, and nobody will ever get it: whatever is offered will do."""
        if prm.remSdp.wholeSdp:
            prm.sdp.wholeSdp = prm.remSdp.wholeSdp

    @guarded
    def onCallTsxState(self, prm: Any) -> None:  # noqa: N802 - the library's name
        """A CANCEL comes by here, and nowhere else does its Reason."""
        event = prm.e.body.tsxState
        if event.type != pj.PJSIP_EVENT_RX_MSG or event.tsx.method != "CANCEL":
            return
        reasons = Message.read(event.src.rdata.wholeMsg).all("reason")
        elsewhere = answered_elsewhere(reasons)
        self._end = self._end or (CallEnd.ANSWERED_ELSEWHERE if elsewhere else CallEnd.GIVEN_UP)

    @guarded
    def onCallState(self, _: Any) -> None:  # noqa: N802 - the library's name
        """The call began, or is over."""
        if not self.alive():
            self._offers.ended(self, self._end or CallEnd.GIVEN_UP)


@dataclass(slots=True)
class Offers:
    """All that ring now, by our own ids, which are never used again."""

    desk: Desk
    echoes: Echoes
    ringing: dict[int, Offer] = field(default_factory=dict)
    _latest: str = ""
    "The Call-ID that came in last: the library may refuse a call that it has offered."

    def offered(self, key: int, raw: str, welcome: bool) -> None:
        """A call came in: somebody else decides what becomes of it, unless we are logged out."""
        call, message = Offer(self, key), Message.read(raw)
        who = _caller(message)
        if not welcome or self.echoes.heard(message, who):
            self._refuse(call, NOT_HERE)
            return
        if self.full():
            self._refuse(call, 486)
            self.turned_away(raw)
            return
        self.ringing[call.number] = call
        self._latest = message.first("call-id")
        history = message.all("history-info")
        hops = diversion.hops(message.all("diversion"), history, self.desk.account.user)
        self.desk.post(CallOffered(now(), call.number, who.user, who.name, hops))

    def turned_away(self, raw: str) -> None:
        """There was no room for this one, or for its media; it is answered already."""
        message = Message.read(raw)
        who = _caller(message)
        if message.first("call-id") != self._latest and not self.echoes.heard(message, who):
            self.desk.post(CallTurnedAway(now(), who.user, who.name))

    def full(self) -> bool:
        """Whether one call more would leave no room for a feature code."""
        return len(self.ringing) + len(self.echoes) >= MOST_RINGING

    def _refuse(self, call: Offer, code: int) -> None:
        call.reply(code)
        self.desk.ended.append(call)

    def answer(self, number: int, code: int, target: str) -> None:
        """Answer a call, if it still rings."""
        call = self.ringing.get(number)
        if call is not None:
            contact = settings.contact(self.desk.account, target) if code == 302 else ""
            call.reply(code, contact)

    def ended(self, call: Offer, end: CallEnd) -> None:
        """A call rings no more; said once."""
        if self.ringing.pop(call.number, None) is not None:
            self.desk.ended.append(call)
            self.desk.post(CallEnded(now(), call.number, end))

    def close(self) -> None:
        """The link is gone: nothing that rings here can be told to stop by the PBX."""
        for call in tuple(self.ringing.values()):
            call.reply(480)
            self.ended(call, CallEnd.CLOSED)

    def check(self) -> None:
        """Ask after every call: pjsua may lose one without a word (pjproject#4992)."""
        for call in tuple(self.ringing.values()):
            if not call.alive():
                self.ended(call, CallEnd.GIVEN_UP)
            elif now() > call.since + RING_SECONDS:
                call.reply(480)
                self.ended(call, CallEnd.GIVEN_UP)


def _caller(message: Message) -> Party:
    asserted = message.all("p-asserted-identity")
    return caller(message.first("from"), asserted, message.first("privacy"))
