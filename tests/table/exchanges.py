"""The PBXs that are measured: real ones, as the other tests have them."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.interop.asterisk import CHROOT, Asterisk
from tests.interop.kamailio import Kamailio
from tests.kit.office import Office


class AsteriskExchange:
    """Asks nobody whom the user's status or divert keeps from ringing."""

    asks_all = False

    def __init__(self, asterisk: Asterisk) -> None:
        self._asterisk = asterisk
        self.server = asterisk.server
        self.password = asterisk.password

    @property
    def version(self) -> str:
        return " ".join(self._asterisk.cli("core show version").partition("+")[0].split()[:2])

    def undecided(self) -> bool:
        # A phone that was called is Down until it rings or turns the call away. So is the channel
        # to where a phone diverts, and it is there before the diverting phone's own one is gone.
        return any(line.split("!")[4:5] == ["Down"] for line in self._channels())

    def idle(self) -> bool:
        return not self._channels()

    def log(self) -> str:
        return self._asterisk.log()

    def _channels(self) -> list[str]:
        lines = self._asterisk.cli("core show channels concise").splitlines()
        return [line for line in lines if "!" in line]


class KamailioExchange:
    """A proxy: who is called is called at all phones at once."""

    asks_all = True

    def __init__(self, kamailio: Kamailio) -> None:
        self._kamailio = kamailio
        self.server = kamailio.server
        self.password = kamailio.password

    @property
    def version(self) -> str:
        asked = ["chroot", str(CHROOT), "kamailio", "-v"]
        told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
        return f"Kamailio {told.split()[2]}"

    def undecided(self) -> bool:
        return False

    def idle(self) -> bool:
        # Its caller hears the end when all phones have told theirs (RFC 3261 section 16.7).
        return True

    def log(self) -> str:
        return self._kamailio.log()


@contextmanager
def asterisk_with_kit(home: Path) -> Iterator[AsteriskExchange]:
    with _running(Office(home / "pbx")) as exchange:
        yield exchange


@contextmanager
def asterisk_with_freepbx_codes(home: Path) -> Iterator[AsteriskExchange]:
    with _running(Asterisk(home / "pbx")) as exchange:
        yield exchange


@contextmanager
def plain_asterisk(home: Path) -> Iterator[AsteriskExchange]:
    with _running(Asterisk(home / "pbx")) as exchange:
        yield exchange


@contextmanager
def kamailio(home: Path) -> Iterator[KamailioExchange]:
    pbx = Kamailio(home / "pbx")
    pbx.start()
    try:
        yield KamailioExchange(pbx)
    finally:
        pbx.kill()


@contextmanager
def _running(asterisk: Asterisk) -> Iterator[AsteriskExchange]:
    asterisk.start()
    try:
        yield AsteriskExchange(asterisk)
    finally:
        asterisk.kill()
