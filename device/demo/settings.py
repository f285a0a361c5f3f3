"""What a PBX remembers of its user: statuses, the divert target, voicemail."""

from dataclasses import dataclass, field, replace

from device.core.events import Counts
from device.core.words import Status
from device.demo.plan import Deed

BY_RANK = (Status.ABSENT, Status.DND, Status.DIVERTED, Status.LOGGED_OUT)
"Where several are set: what a caller meets. Do not disturb goes before a forward everywhere."


@dataclass(frozen=True, slots=True)
class Settings:
    """The database. It survives a crash."""

    selector: bool = False
    "One status at a time: setting one ends the others."
    on: frozenset[Status] = frozenset()
    "Empty: available."
    cleared: frozenset[Status] = frozenset()
    "Were set once, and are no more."
    target: str = ""
    "Number that all calls go to while diverted."
    voicemail: Counts = field(default_factory=Counts)

    @property
    def status(self) -> Status:
        """What decides about a call."""
        return next((s for s in BY_RANK if s in self.on), Status.AVAILABLE)

    @property
    def forward(self) -> str:
        return self.target if Status.DIVERTED in self.on else ""

    def after(self, deed: Deed) -> "Settings":
        """A code was carried out."""
        on = self._after(deed)
        target = deed.target if deed.on and deed.status is Status.DIVERTED else self.target
        cleared = (self.cleared | self.on | {deed.status}) - on
        return replace(self, on=on, cleared=cleared, target=target)

    def leave_voicemail(self, urgent: bool) -> "Settings":
        box = self.voicemail
        return replace(
            self, voicemail=replace(box, new=box.new + 1, urgent=box.urgent + int(urgent))
        )

    def hear_voicemail(self) -> "Settings":
        """All new messages are old ones now."""
        box = self.voicemail
        return replace(self, voicemail=Counts(new=0, old=box.old + box.new))

    def _after(self, deed: Deed) -> frozenset[Status]:
        if not deed.on:
            return self.on - {deed.status}
        if deed.status is Status.AVAILABLE:
            return frozenset()
        return frozenset({deed.status}) if self.selector else self.on | {deed.status}
