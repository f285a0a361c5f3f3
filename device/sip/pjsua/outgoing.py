"""Calls we make: to feature codes, and to the user's own phone."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

from device.sip import settings
from device.sip.pjsua.call import Call
from device.sip.pjsua.desk import Desk
from device.sip.pjsua.echoes import Echoes
from device.sip.pjsua.lib import guarded, pj
from device.sip.wire import mend

NOT_ACCEPTABLE = 488
"Not Acceptable Here (RFC 3261 section 21.4.26): the PBX does not like the offer of media."
UNSPEAKABLE = "the PBX insists on a codec or an encryption (DTLS) that cannot be had here"
OFFLINE = "The PBX is offline"


class Outgoing(Call):
    """One call of ours. What becomes of it are the methods at the end, for others to fill in."""

    def __init__(self, calls: "OutgoingCalls", job: int, number: str) -> None:
        super().__init__(calls.desk.line, pj.PJSUA_INVALID_ID, calls.desk.fault)
        self.desk = calls.desk
        self.job = job
        self.number = number
        self.answered = False
        self.headers: tuple[tuple[str, str], ...] = ()
        "Sent with the INVITE."
        self._calls = calls

    def call(self, uri: str) -> None:
        """Send the INVITE. Its media is inactive: nobody is to send us sound."""
        prm = pj.CallOpParam(True)
        prm.opt.audioCount, prm.opt.videoCount = 1, 0
        # Since 2.16 the library offers text (T.140) too; one before does not mind being told.
        prm.opt.textCount = 0
        prm.opt.flag |= pj.PJSUA_CALL_SET_MEDIA_DIR
        prm.opt.mediaDir.append(pj.PJMEDIA_DIR_NONE)
        for name, value in self.headers:
            header = pj.SipHeader()
            header.hName, header.hValue = name, value
            prm.txOption.headers.append(header)
        self.makeCall(uri, prm)

    def again(self) -> Self:
        """The same call, not made yet."""
        return type(self)(self._calls, self.job, self.number)

    @guarded
    def onCallState(self, _: Any) -> None:  # noqa: N802 - the library's name
        """The call rings, was answered, or is over."""
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_EARLY:
            self.rings()
        elif info.state == pj.PJSIP_INV_STATE_CONFIRMED and not self.answered:
            self.answered = True
            self.taken()
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self._calls.over(self, info.lastStatusCode, mend(info.lastReason))

    def onCallRedirected(self, _: Any) -> Any:  # noqa: N802 - the library's name
        """A 3xx, which is not followed; unless told so the library ends the call as if by us."""
        return pj.PJSIP_REDIRECT_REJECT

    def rings(self) -> None:
        """A provisional answer above 100 came, perhaps not the first."""

    def taken(self) -> None:
        """The call was answered."""

    def gone(self, reason: str) -> None:
        """The call is over; said once. The reason is empty where it had been answered."""


@dataclass(slots=True)
class OutgoingCalls:
    """The calls we make, by job."""

    desk: Desk
    echoes: Echoes
    running: dict[int, Outgoing] = field(default_factory=dict)
    encrypt: bool = False
    "What the PBX wants of a call's media, as far as is known."
    _disliked: set[int] = field(default_factory=set)
    "Jobs the PBX did not like one kind of media for."
    _again: list[Outgoing] = field(default_factory=list)
    "Calls to be made anew with the other kind; not from within a callback."

    def make(self, call: Outgoing) -> None:
        """Make a call; without a link it has failed already."""
        if not self.desk.online:
            call.gone(OFFLINE)
            return
        self.running[call.job] = call
        try:
            self.desk.line.encrypt(self.encrypt)
            call.call(settings.uri(self.desk.account, call.number))
        except pj.Error as error:
            self.end(call, error.reason)

    def hang_up(self, job: int) -> None:
        """End a call, if it still runs."""
        call = self.running.get(job)
        if call is not None:
            try:
                call.hangup(pj.CallOpParam())
            except pj.Error as error:
                self.end(call, error.reason)

    def over(self, call: Outgoing, status: int, reason: str) -> None:
        """A call is over, and this is why; but it may have to be made once more."""
        why = "" if call.answered else f"{status} {reason}".strip()
        if status != NOT_ACCEPTABLE or call.answered or call.job not in self.running:
            self.end(call, why)
        elif call.job in self._disliked:
            self.end(call, f"{why}: {UNSPEAKABLE}")
        else:
            self._disliked.add(call.job)
            self._again.append(call)

    def end(self, call: Outgoing, reason: str) -> None:
        """A call is over; said once."""
        if self.running.pop(call.job, None) is not None:
            self._disliked.discard(call.job)
            self.desk.ended.append(call)
            call.gone(reason)

    def close(self) -> None:
        """The link is gone: so are these."""
        for call in tuple(self.running.values()):
            self.end(call, OFFLINE)
            with suppress(pj.Error):
                call.hangup(pj.CallOpParam())

    def check(self) -> None:
        """Call anew; ask after the rest, in case nobody tells us of their end (pjproject#4992)."""
        self._call_again()
        for call in tuple(self.running.values()):
            try:
                call.getInfo()
            except pj.Error as error:
                self.end(call, "" if call.answered else error.reason)

    def _call_again(self) -> None:
        """The PBX may want media that is encrypted, or that is not (RFC 4568, SDES)."""
        again, self._again = self._again, []
        for call in again:
            self.desk.ended.append(call)
            if self.running.get(call.job) is call:
                self.encrypt = not self.encrypt
                self.make(call.again())
