"""Calls made for the user: their own phone is rung, and referred to the number once lifted."""

from dataclasses import dataclass
from typing import Any

from device.core.events import DialEnded, OwnLifted, OwnRings, Referred
from device.pbx.sipfrag import Progress
from device.sip import settings
from device.sip.pjsua.desk import now
from device.sip.pjsua.lib import guarded, pj
from device.sip.pjsua.offers import Offers
from device.sip.pjsua.outgoing import Outgoing, OutgoingCalls
from device.sip.wire import Message, mend

CHALLENGES = (401, 407)
UNAVAILABLE = 503
"Service Unavailable (RFC 3261 section 21.5.4), also for a REFER that could not be sent at all."
SETTLE_SECONDS = 0.5
"""How long after the phone was lifted REFER is sent, at the earliest. Asterisk answers us before it
has brought the two together, and tells 400 of a REFER that comes in between, in some 15 ms."""
FULL = "Too many calls ring already"


class OwnPhone(Outgoing):
    """One call to the user's own phone."""

    def __init__(self, calls: OutgoingCalls, job: int, number: str) -> None:
        super().__init__(calls, job, number)
        self._echoes = calls.echoes
        self._call_id = ""
        self._rang = False
        self._lifted = 0.0
        self._number = ""
        "Where to send whoever lifted, once it is time."
        self._challenged = False

    def call(self, uri: str) -> None:
        """Send the INVITE, which may come back to us."""
        self.headers = (("Session-ID", self._echoes.expect(self.job)),)
        super().call(uri)
        self._call_id = self.getInfo().callIdString

    def rings(self) -> None:
        """The phone rings; said once."""
        if not self._rang:
            self._rang = True
            self.desk.post(OwnRings(now(), self.job))

    def taken(self) -> None:
        """The phone was lifted, or a voicemail box was quicker."""
        self._lifted = now()
        self.desk.post(OwnLifted(now(), self.job))

    def gone(self, reason: str) -> None:
        """The call is over."""
        self._echoes.forget(self.job)
        self.desk.post(DialEnded(now(), self.job, reason))

    def refer(self, number: str) -> None:
        """Send whoever lifted on to a number, as soon as the PBX is ready for that."""
        self._number = number

    def due(self) -> float | None:
        """When to send them."""
        return self._lifted + SETTLE_SECONDS if self._number else None

    def check(self) -> None:
        """Send them, if it is time: the PBX calls the number for them (RFC 3515)."""
        due = self.due()
        if due is None or now() < due:
            return
        target, self._number = settings.contact(self.desk.account, self._number), ""
        try:
            # The library itself says in Referred-By whose wish it is (RFC 3892).
            self.xfer(target, pj.CallOpParam())
        except pj.Error as error:
            self._tell(UNAVAILABLE, error.reason)

    @guarded
    def onCallTsxState(self, prm: Any) -> None:  # noqa: N802 - the library's name
        """An answer to REFER, or a NOTIFY, came by.

        The library may mean an earlier call, whose place this one has, so Call-IDs are compared;
        in onCallTransferStatus there is none.
        """
        event = prm.e.body.tsxState
        over = event.prevState == pj.PJSIP_TSX_STATE_COMPLETED  # it was answered before
        if event.tsx.method not in ("REFER", "NOTIFY") or over:
            return
        heard = event.type == pj.PJSIP_EVENT_RX_MSG
        message = Message.read(event.src.rdata.wholeMsg if heard else "")
        if heard and message.first("call-id") != self._call_id:
            return
        if event.tsx.method == "REFER" and event.tsx.role == pj.PJSIP_ROLE_UAC:
            self._referred(event.tsx.statusCode, mend(event.tsx.statusText), message)
        elif event.tsx.method == "NOTIFY" and event.tsx.role == pj.PJSIP_ROLE_UAS and heard:
            self._notified(message)

    def _referred(self, code: int, reason: str, answer: Message) -> None:
        """REFER was answered, or will not be: 408 and 503 are the library's own then."""
        if code in CHALLENGES and not self._challenged:
            self._challenged = True  # and the library answers with the password
        elif code >= 300:
            self._tell(code, reason)
        elif code >= 200 and answer.first("refer-sub").lower().startswith("false"):
            self._tell(200, reason)  # RFC 4488: nothing more will be told

    def _notified(self, notify: Message) -> None:
        progress = Progress.read(notify.body)
        if progress is not None and notify.first("event").lower().startswith("refer"):
            self._tell(progress.code, progress.reason)

    def _tell(self, code: int, reason: str) -> None:
        self.desk.post(Referred(now(), self.job, code, reason))


@dataclass(slots=True)
class Calling:
    """The calls to the user's own phone, among all that we make."""

    calls: OutgoingCalls
    offers: Offers

    def ring_own(self, job: int, number: str) -> None:
        """Call the user's own phone."""
        phone = OwnPhone(self.calls, job, number)
        if self.offers.full():
            phone.gone(FULL)
        else:
            self.calls.make(phone)

    def refer(self, job: int, number: str) -> None:
        """Refer the user's phone to a number, if it still is in the call."""
        for phone in self._phones():
            if phone.job == job and phone.answered:
                phone.refer(number)

    def deadline(self) -> float | None:
        """When `check` will next have something to do."""
        dues = (phone.due() for phone in self._phones())
        return min((due for due in dues if due is not None), default=None)

    def check(self) -> None:
        """Refer whom it is time to refer."""
        for phone in self._phones():
            phone.check()

    def _phones(self) -> list[OwnPhone]:
        return [call for call in self.calls.running.values() if isinstance(call, OwnPhone)]
