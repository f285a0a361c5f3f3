"""What is published of the user (RFC 3903), kept from expiring."""

from dataclasses import dataclass

from device.core.profile import Publication
from device.sip.pjsua.desk import Desk


@dataclass(slots=True)
class Publisher:
    """Makes the publication at the PBX what it should be."""

    desk: Desk
    wanted: Publication | None = None

    def be(self, wanted: Publication | None) -> None:
        """Publish this, or take back what was published."""
        self.wanted = wanted

    def opened(self) -> None:
        """The link is up, perhaps again."""

    def closed(self) -> None:
        """The link is gone: what was published may expire."""

    def check(self) -> None:
        """Refresh what is about to expire."""

    def close(self) -> None:
        """Leave off, for good."""
