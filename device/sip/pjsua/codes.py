"""Feature codes: calls we make, of which only the answer matters."""

from device.core.events import CodeAnswered, CodeEnded
from device.sip.pjsua.desk import now
from device.sip.pjsua.outgoing import Outgoing


class Code(Outgoing):
    """One feature code's call."""

    def taken(self) -> None:
        """The PBX picked up, and is at work."""
        self.desk.post(CodeAnswered(now(), self.job))

    def gone(self, reason: str) -> None:
        """The call is over."""
        self.desk.post(CodeEnded(now(), self.job, self.answered, reason))
