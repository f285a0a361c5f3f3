"""Feature codes: calls we make, of which only the answer matters."""

from dataclasses import dataclass, field
from typing import Any

from device.core.events import CodeAnswered, CodeEnded
from device.sip import settings
from device.sip.pjsua.desk import Desk, now
from device.sip.pjsua.lib import guarded, pj
from device.sip.wire import mend

NOT_ACCEPTABLE = 488
"Not Acceptable Here (RFC 3261 section 21.4.26): the PBX does not like the offer of media."
UNSPEAKABLE = "the PBX insists on a codec or an encryption (DTLS) that cannot be had here"


class Code(pj.Call):  # type: ignore[misc]  # pjsua2 carries no types
    """One feature code's call."""

    def __init__(self, codes: "Codes", job: int, number: str) -> None:
        super().__init__(codes.desk.line)
        self.job = job
        self.number = number
        self.answered = False
        self._codes = codes
        self.fault = codes.desk.fault

    def call(self, uri: str) -> None:
        """Send the INVITE. Its media is inactive: nobody is to send us sound."""
        prm = pj.CallOpParam(True)
        prm.opt.audioCount, prm.opt.videoCount = 1, 0
        prm.opt.flag |= pj.PJSUA_CALL_SET_MEDIA_DIR
        prm.opt.mediaDir.append(pj.PJMEDIA_DIR_NONE)
        self.makeCall(uri, prm)

    @guarded
    def onCallState(self, _: Any) -> None:  # noqa: N802 - the library's name
        """The call was answered, or is over."""
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_CONFIRMED and not self.answered:
            self.answered = True
            self._codes.desk.post(CodeAnswered(now(), self.job))
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self._codes.over(self, info.lastStatusCode, mend(info.lastReason))


@dataclass(slots=True)
class Codes:
    """The feature codes being dialled, by job."""

    desk: Desk
    running: dict[int, Code] = field(default_factory=dict)
    encrypt: bool = False
    "What the PBX wants of a call's media, as far as is known."
    _disliked: set[int] = field(default_factory=set)
    "Jobs the PBX did not like one kind of media for."
    _again: list[Code] = field(default_factory=list)
    "Calls to be made anew with the other kind; not from within a callback."

    def dial(self, job: int, number: str) -> None:
        """Call a code; without a link it has failed already."""
        if not self.desk.online:
            self.desk.post(CodeEnded(now(), job, False, "The PBX is offline"))
            return
        code = self.running[job] = Code(self, job, number)
        try:
            self.desk.line.encrypt(self.encrypt)
            code.call(settings.uri(self.desk.account, number))
        except pj.Error as error:
            self.ended(code, error.reason)

    def hang_up(self, job: int) -> None:
        """End a code's call, if it still runs."""
        code = self.running.get(job)
        if code is not None:
            try:
                code.hangup(pj.CallOpParam())
            except pj.Error as error:
                self.ended(code, error.reason)

    def over(self, code: Code, status: int, reason: str) -> None:
        """A code's call is over, and this is why; but it may have to be made once more."""
        why = "" if code.answered else f"{status} {reason}".strip()
        if status != NOT_ACCEPTABLE or code.answered or code.job not in self.running:
            self.ended(code, why)
        elif code.job in self._disliked:
            self.ended(code, f"{why}: {UNSPEAKABLE}")
        else:
            self._disliked.add(code.job)
            self._again.append(code)

    def ended(self, code: Code, reason: str) -> None:
        """A code's call is over; said once."""
        if self.running.pop(code.job, None) is not None:
            self._disliked.discard(code.job)
            self.desk.ended.append(code)
            self.desk.post(CodeEnded(now(), code.job, code.answered, reason))

    def close(self) -> None:
        """The link is gone: so are these."""
        for code in tuple(self.running.values()):
            self.hang_up(code.job)
            self.ended(code, "The PBX is offline")

    def check(self) -> None:
        """Dial anew; ask after the rest, in case nobody tells us of their end (pjproject#4992)."""
        self._redial()
        for code in tuple(self.running.values()):
            try:
                code.getInfo()
            except pj.Error as error:
                self.ended(code, error.reason)

    def _redial(self) -> None:
        """The PBX may want media that is encrypted, or that is not (RFC 4568, SDES)."""
        again, self._again = self._again, []
        for code in again:
            self.desk.ended.append(code)
            if self.running.get(code.job) is code:
                self.encrypt = not self.encrypt
                self.dial(code.job, code.number)
