"""Every PBX that is measured, with the profile that the panel has there."""

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.interop.asterisk import CHROOT
from tests.interop.conftest import missing as no_asterisk
from tests.table import exchanges
from tests.table.demo import played
from tests.table.people import Exchange
from tests.table.stage import Stage, among_phones

Opened = Callable[[Path], AbstractContextManager[Stage]]


@dataclass(frozen=True, slots=True)
class Setup:
    profile: str
    "The profile, which names the setup as well."
    title: str
    about: str
    "What it is, and what that proves."
    open: Opened
    "With a directory for all that it writes."
    missing: Callable[[], str]
    "Why it cannot be measured here; empty: it can."
    simulated: bool = False


def no_pjsua() -> str:
    found = importlib.util.find_spec("pjsua2")
    return "" if found else "there is no pjsua2 for this Python"


def no_kamailio() -> str:
    if (CHROOT / "usr/sbin/kamailio").exists():
        return no_asterisk()
    return "no Kamailio here: `make pbx` builds one"


def _real(
    profile: str,
    title: str,
    about: str,
    run: Callable[[Path], AbstractContextManager[Exchange]],
    missing: Callable[[], str] = no_asterisk,
) -> Setup:
    @contextmanager
    def open_(home: Path) -> Iterator[Stage]:
        with run(home) as exchange, among_phones(exchange, profile, home) as stage:
            yield stage

    return Setup(profile, title, about, open_, missing)


def _simulated(profile: str, family: str) -> Setup:
    about = (
        "Simulated: the built-in PBX of `make demo`, which understands what the profile says that "
        f"{family} understands. This proves what the panel does with these codes, and nothing of "
        f"{family} itself."
    )
    return Setup(profile, f"{family}, simulated", about, partial(played, profile), no_pjsua, True)


SETUPS = (
    _real(
        "deskpanel",
        "Asterisk with our kit",
        "A real Asterisk, with the kit of `image/pbx/asterisk`.",
        exchanges.asterisk_with_kit,
    ),
    _real(
        "freepbx",
        "Asterisk with FreePBX's codes",
        "A real Asterisk, but not FreePBX itself: a small dialplan with the feature codes, the "
        "database keys and the hints of FreePBX.",
        exchanges.asterisk_with_freepbx_codes,
    ),
    _real(
        "generic",
        "Asterisk, as any SIP server",
        "The same Asterisk. The panel sets nothing there, and answers calls by its status.",
        exchanges.plain_asterisk,
    ),
    _real(
        "presence",
        "Kamailio with presence",
        "A real Kamailio: registrar, proxy and presence server. The panel publishes its status, "
        "and answers calls by it.",
        exchanges.kamailio,
        no_kamailio,
    ),
    _simulated("fusionpbx", "FusionPBX"),
    _simulated("grandstream-ucm", "Grandstream UCM"),
    _simulated("3cx", "3CX"),
)
