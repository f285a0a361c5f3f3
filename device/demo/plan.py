"""The feature codes of a family, as its PBX reads them."""

from collections.abc import Iterator
from dataclasses import dataclass

from device.core.profile import Profile
from device.core.words import Status

TARGET = "{target}"

NAMES = {Status.DND: "DND", Status.DIVERTED: "Divert", Status.LOGGED_OUT: "Logged out"}


@dataclass(frozen=True, slots=True)
class Deed:
    """What a code does: it sets a status, or clears it."""

    status: Status
    on: bool
    target: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one user may dial."""

    profile: Profile
    user: str

    def deed(self, code: str) -> Deed | None:
        """What this code does; None if it is none. A code without a target is the better match."""
        for pattern, deed in sorted(self._codes(), key=lambda c: TARGET in c[0]):
            before, target, after = pattern.partition(TARGET)
            if not target and code == pattern:
                return deed
            if target and (number := _between(before, code, after)):
                return Deed(deed.status, deed.on, number)
        return None

    def is_voicemail(self, number: str) -> bool:
        return bool(number) and number == self.profile.voicemail

    def is_own_phone(self, number: str) -> bool:
        """Calls to it ring the user's own phone (`Profile.own_phone`)."""
        return number in (self.user, self.profile.own_phone.format(user=self.user))

    @property
    def keys(self) -> list[dict[str, str]]:
        """The codes that can be dialled without a target, each with a name, for a desk phone."""
        found = [(pattern, deed) for pattern, deed in self._codes() if TARGET not in pattern]
        return [{"name": self._called(deed), "code": pattern} for pattern, deed in found]

    def _codes(self) -> Iterator[tuple[str, Deed]]:
        for status, switch in self.profile.switches.items():
            for code, on in ((switch.on, True), (switch.off, False)):
                if code:
                    yield code.replace("{user}", self.user), Deed(status, on)

    def _called(self, deed: Deed) -> str:
        name = NAMES.get(deed.status, deed.status.capitalize())
        return name if self.profile.selector and deed.on else f"{name} {'on' if deed.on else 'off'}"


def _between(before: str, code: str, after: str) -> str:
    fits = code.startswith(before) and code.endswith(after)
    return code[len(before) : len(code) - len(after)] if fits else ""
