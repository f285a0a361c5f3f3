"""Where everything is on the appliance."""

from dataclasses import dataclass, fields, replace
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Places:
    """Paths on the image; a test moves them all under a folder of its own."""

    card: Path = Path("/boot/firmware")
    "The FAT partition, which any PC can write."
    config: Path = Path("/var/lib/deskpanel/config")
    wifi: Path = Path("/var/lib/deskpanel/wifi/wpa_supplicant.conf")
    keys: Path = Path("/var/lib/deskpanel/ssh/authorized_keys")
    state: Path = Path("/var/lib/deskpanel/state")
    versions: Path = Path("/var/lib/deskpanel/versions")
    base: Path = Path("/opt/deskpanel")
    "The program that came with the image, or with the last package."
    app: Path = Path("/run/deskpanel-app")
    "Points at the program that runs."
    signers: Path = Path("/usr/share/deskpanel/allowed_signers")
    complaints: Path = Path("/run/deskpanel-card/complaints")
    user: str = "deskpanel"

    def under(self, root: Path) -> "Places":
        """The same below another root."""
        here = {field.name: getattr(self, field.name) for field in fields(self)}
        return Places(
            **{n: root / v.relative_to("/") if n != "user" else v for n, v in here.items()}
        )

    def at(self, card: Path) -> "Places":
        """The same with another card."""
        return replace(self, card=card)

    @property
    def errors(self) -> Path:
        """What the user reads on the PC."""
        return self.card / "deskpanel.errors.txt"
