"""Calls made for the user: their own phone is rung, and referred to the number once lifted."""

from dataclasses import dataclass

from device.core.events import DialEnded
from device.sip.pjsua.desk import Desk, now


@dataclass(slots=True)
class Calling:
    """The call to the user's own phone, if one is under way."""

    desk: Desk

    def ring_own(self, job: int, number: str) -> None:
        """Call the user's own phone."""
        self.desk.post(DialEnded(now(), job, f"{number} cannot be called yet"))

    def refer(self, job: int, number: str) -> None:
        """Refer the user's phone to a number."""

    def hang_up(self, job: int) -> None:
        """End the call, if it still runs."""

    def check(self) -> None:
        """See to what the library forgot to tell."""

    def close(self) -> None:
        """The link is gone: so is the call."""
