"""What the PBX tells of the voicemail boxes, and for how long that may be believed."""

from dataclasses import dataclass

from device.core.events import VoicemailHeard, VoicemailLost
from device.pbx import mwi
from device.sip import settings
from device.sip.pjsua.desk import Desk, now
from device.sip.wire import Message

BELIEVED_SECONDS = settings.SUBSCRIBED_SECONDS + 60.0
"""A subscription is renewed within this, and every renewal is answered with a NOTIFY (RFC 6665
section 4.2.1.2). The library does not tell when a renewal fails; this silence does."""
ANSWER_SECONDS = 10.0
"""How long the first NOTIFY may take. The library does not tell either when the PBX refuses, as one
does that tells of voicemail unasked; we leave off then, and ask again some other time."""


@dataclass(slots=True)
class Voicemail:
    """How the last news came, and whether we have a subscription."""

    desk: Desk
    _told: mwi.Summary | None = None
    "An unsolicited NOTIFY may come with every registration; the same news are told once."
    _until: float | None = None
    "When news from the subscription grow stale. Unsolicited news do not: nothing renews them."
    _asked: float | None = None
    "Since when the subscription is asked for and not answered."
    _again: float | None = None
    "When to ask once more."

    def opened(self) -> None:
        """The link is up, perhaps again: a PBX that restarted knows of no subscription."""
        self.desk.line.subscribe_voicemail(True)
        self._asked, self._again = now(), None

    def closed(self, reason: str) -> None:
        """The link is gone."""
        self.desk.line.subscribe_voicemail(False)
        self._asked = self._again = None
        if self._told is not None:
            self._lose(reason)

    def heard(self, notify: Message, subscribed: bool) -> None:
        """A NOTIFY came, by subscription or unasked for."""
        summary = mwi.read(notify.body)
        if subscribed:
            self._asked, self._until = None, now() + BELIEVED_SECONDS
        if summary is not None and summary != self._told:
            self._told = summary
            self.desk.post(VoicemailHeard(now(), summary.boxes, summary.waiting))
        if subscribed and notify.first("subscription-state").lower().startswith("terminated"):
            self._give_up("The PBX ended the voicemail subscription")

    def check(self) -> None:
        """Stop believing what nobody renews, and ask again."""
        if self._until is not None and now() >= self._until:
            self._give_up("The PBX tells of voicemail no more")
        elif self._asked is not None and now() >= self._asked + ANSWER_SECONDS:
            self._leave_off(self.desk.account.retry_refused)
        elif self._again is not None and now() >= self._again:
            self.opened()

    def _give_up(self, reason: str) -> None:
        self._lose(reason)
        self._leave_off(self.desk.account.retry)

    def _leave_off(self, seconds: float) -> None:
        self.desk.line.subscribe_voicemail(False)
        self._asked, self._again = None, now() + seconds

    def _lose(self, reason: str) -> None:
        self._until = self._told = None
        self.desk.post(VoicemailLost(now(), reason))
