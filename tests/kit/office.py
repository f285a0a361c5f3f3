"""An Asterisk with the kit in it, as an administrator has put it there."""

import re
import shutil
from pathlib import Path

from tests.interop.asterisk import TEMPLATES, Asterisk
from tests.interop.until import until

KIT = Path(__file__).parents[2] / "image" / "pbx" / "asterisk"
ETC = Path(__file__).parent / "etc"
SITE = Path(__file__).parent / "site"

END_SECONDS = 30
"Asterisk ends its modules one by one."


class Office(Asterisk):
    """Users 100 to 104, group 600, queue 700; the world outside, behind a 0, is phone 800."""

    def __init__(self, home: Path) -> None:
        super().__init__(home, TEMPLATES, ETC)
        self.kit = self.home / "etc" / "deskpanel"
        shutil.copytree(KIT / "deskpanel", self.kit)
        shutil.copytree(SITE, self.kit, dirs_exist_ok=True)

    def grant(self, number: str, **settings: str) -> None:
        """Change settings of a user or a group, as an administrator does with an editor."""
        lines = [f"[{number}](+)", *(f"{key} = {settings[key]}" for key in settings)]
        with (self.kit / "users.conf").open("a") as users:
            users.write("\n".join(["", *lines, ""]))

    def forget(self) -> None:
        """Nobody is registered or has chosen anything, and all is granted as at first."""
        shutil.copy(SITE / "users.conf", self.kit)
        self.cli("database deltree deskpanel")
        self.cli("database deltree registrar")
        for device in re.findall(r"Custom:[^' ]+", self.cli("devstate list")):
            self.cli(f"devstate change {device} NOT_INUSE")

    def status(self, user: str) -> str:
        """What the PBX keeps; empty before anything was chosen."""
        return self.database(f"deskpanel/{user}/status")

    def target(self, user: str) -> str:
        return self.database(f"deskpanel/{user}/target")

    def shut_down(self) -> None:
        """Ends as it does when the machine is shut down; starts again with `start`."""
        self.cli("core stop now")
        until(lambda: not (self.home / "run" / "asterisk.pid").exists(), END_SECONDS, self.log)
        self.kill()

    def complaints(self) -> list[str]:
        """What Asterisk found wrong with the kit or with what it did."""
        lines = [line for line in self.log().splitlines() if "WARNING[" in line or "ERROR[" in line]
        return [line for line in lines if not any(usual in line for usual in USUAL)]


USUAL = ("Unable to load config file", "ccss.conf", "indications.conf")
"In complaints about the little configuration that these tests have, not about the kit."
