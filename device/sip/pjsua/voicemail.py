"""What the PBX tells of the voicemail boxes, and for how long that may be believed."""

from dataclasses import dataclass

from device.core.events import VoicemailHeard, VoicemailLost
from device.pbx import mwi
from device.sip import settings
from device.sip.pjsua.desk import Desk, now
from device.sip.wire import Message

BELIEVED_SECONDS = settings.MWI_SECONDS + 60.0
"""A subscription is renewed within this, and every renewal is answered with a NOTIFY (RFC 6665
section 4.2.1.2). The library does not tell when a renewal fails; this silence does."""


@dataclass(slots=True)
class Voicemail:
    """How the last news came."""

    desk: Desk
    until: float | None = None
    "When news from the subscription grow stale. Unsolicited news do not: nothing renews them."

    _told: mwi.Summary | None = None
    "An unsolicited NOTIFY may come with every registration; the same news are told once."

    def heard(self, raw: str, subscribed: bool, ended: bool) -> None:
        """A NOTIFY came, by subscription or unasked for."""
        message = Message.read(raw)
        summary = mwi.read(message.body)
        if summary is not None:
            self.until = now() + BELIEVED_SECONDS if subscribed else None
            self._tell(summary)
        if ended and self.until is not None:
            self.lost("The PBX ended the voicemail subscription")

    def check(self) -> None:
        """Stop believing what nobody renews."""
        if self.until is not None and now() >= self.until:
            self.lost("The PBX tells of voicemail no more")

    def closed(self, reason: str) -> None:
        """The link is gone."""
        if self._told is not None:
            self.lost(reason)

    def lost(self, reason: str) -> None:
        """What is in the boxes is not known any more."""
        self.until = self._told = None
        self.desk.post(VoicemailLost(now(), reason))

    def _tell(self, summary: mwi.Summary) -> None:
        if summary != self._told:
            self._told = summary
            self.desk.post(VoicemailHeard(now(), summary.boxes, summary.waiting))
