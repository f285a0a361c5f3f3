"""What a FreePBX remembers of its user: statuses, hints, voicemail, and the codes that set them."""

from dataclasses import dataclass, field, replace

from device.core.events import Counts
from device.demo.bodies import Device


@dataclass(frozen=True, slots=True)
class Settings:
    """The database. It survives a crash."""

    user: str
    dnd: bool = False
    forward: str = ""
    "Number that all calls go to; empty: none."
    hints: dict[str, Device] = field(default_factory=dict)
    "Custom device states, by the extension that shows them."
    voicemail: Counts = field(default_factory=Counts)

    def dial(self, code: str) -> "Settings | None":
        """After a feature code; None if there is no such code."""
        if code == "*97":
            return self
        if code in ("*78", "*79"):
            return self._with_dnd(code == "*78")
        if code == "*73":
            return self._with_forward("")
        if code.startswith("*72") and code[3:]:
            return self._with_forward(code[3:])
        return None

    def leave_voicemail(self, urgent: bool) -> "Settings":
        box = self.voicemail
        return replace(
            self, voicemail=replace(box, new=box.new + 1, urgent=box.urgent + int(urgent))
        )

    def hear_voicemail(self) -> "Settings":
        """All new messages are old ones now."""
        box = self.voicemail
        return replace(self, voicemail=Counts(new=0, old=box.old + box.new))

    def hint(self, number: str) -> Device | None:
        """The hint of `*76100` or `*740100`; None where there is none."""
        known = (f"*76{self.user}", f"*740{self.user}")
        return self.hints.get(number, Device.NOT_INUSE) if number in known else None

    def _with_dnd(self, on: bool) -> "Settings":
        # FreePBX turns the hint of DND off to UNAVAILABLE, that of a forward to NOT_INUSE.
        device = Device.BUSY if on else Device.UNAVAILABLE
        return replace(self, dnd=on, hints=self.hints | {f"*76{self.user}": device})

    def _with_forward(self, target: str) -> "Settings":
        device = Device.BUSY if target else Device.NOT_INUSE
        return replace(self, forward=target, hints=self.hints | {f"*740{self.user}": device})
