"""Feature codes: calls we make, of which only the answer matters."""

from dataclasses import dataclass, field
from typing import Any

from device.core.events import CodeAnswered, CodeEnded
from device.sip import settings
from device.sip.pjsua.desk import Desk, now
from device.sip.pjsua.lib import guarded, pj


class Code(pj.Call):  # type: ignore[misc]  # pjsua2 carries no types
    """One feature code's call."""

    def __init__(self, codes: "Codes", job: int) -> None:
        super().__init__(codes.desk.line)
        self.job = job
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
            why = f"{info.lastStatusCode} {info.lastReason}".strip()
            self._codes.ended(self, "" if self.answered else why)


@dataclass(slots=True)
class Codes:
    """The feature codes being dialled, by job."""

    desk: Desk
    running: dict[int, Code] = field(default_factory=dict)

    def dial(self, job: int, number: str) -> None:
        """Call a code; without a link it has failed already."""
        if not self.desk.online:
            self.desk.post(CodeEnded(now(), job, False, "The PBX is offline"))
            return
        code = self.running[job] = Code(self, job)
        try:
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

    def ended(self, code: Code, reason: str) -> None:
        """A code's call is over; said once."""
        if self.running.pop(code.job, None) is not None:
            self.desk.ended.append(code)
            self.desk.post(CodeEnded(now(), code.job, code.answered, reason))

    def close(self) -> None:
        """The link is gone: so are these."""
        for code in tuple(self.running.values()):
            self.hang_up(code.job)
            self.ended(code, "The PBX is offline")

    def check(self) -> None:
        """Ask after every call, in case nobody tells us of its end (pjproject#4992)."""
        for code in tuple(self.running.values()):
            try:
                code.getInfo()
            except pj.Error as error:
                self.ended(code, error.reason)
