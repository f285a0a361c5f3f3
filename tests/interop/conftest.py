"""A real Asterisk for every test here, desk phones around it, and the panel as the real program."""

import importlib.util
import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from device.sip.phone import Account, Presence
from tests.interop.asterisk import CHROOT, Asterisk
from tests.interop.desk import Desk
from tests.interop.panel import Panel
from tests.sip.handset import Handset


def missing() -> str:
    """Why no PBX can be run here; empty: it can."""
    if not (CHROOT / "usr/sbin/asterisk").exists():
        return "no Asterisk here: `make pbx` builds one"
    if os.geteuid() != 0:
        return "Asterisk is run in a chroot, which needs root"
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode:
        return "nothing may be mounted here, as in a container without the right to"
    if importlib.util.find_spec("pjsua2") is None:
        return "there is no pjsua2 for this Python"
    return ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if why := missing():
        for item in items:
            if item.get_closest_marker("interop"):
                item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture
def pbx(tmp_path: Path) -> Iterator[Asterisk]:
    """Up, with nobody registered and nothing set. A new one takes a third of a second."""
    asterisk = Asterisk(tmp_path / "pbx")
    asterisk.start()
    yield asterisk
    asterisk.kill()


class DeskMaker(Protocol):
    def __call__(self, user: str) -> Desk:
        """A desk phone of this user, registered."""


@pytest.fixture
def desk(pbx: Asterisk) -> Iterator[DeskMaker]:
    with ExitStack() as phones:

        def make(user: str) -> Desk:
            phone = Desk(pbx.server, user, pbx.password)
            phones.callback(phone.close)
            phone.expect(event="registered", code=200)
            return phone

        yield make


class PanelMaker(Protocol):
    def __call__(self, user: str = "100", more: str = "", **pbx: str | int) -> Panel:
        """A panel that has been started; `pbx` overrides its `[pbx]`, `more` adds to its config."""


@pytest.fixture
def panel(pbx: Asterisk, tmp_path: Path) -> Iterator[PanelMaker]:
    with ExitStack() as panels:

        def make(user: str = "100", more: str = "", **changes: str | int) -> Panel:
            login: dict[str, str | int] = {
                "server": pbx.server,
                "transport": "udp",
                "user": user,
                "password": pbx.password,
                "profile": "freepbx",
            }
            login |= changes
            made = Panel(tmp_path / "panel", login, more)
            panels.callback(lambda: tells_no_secret(made, str(login["password"])))
            panels.callback(made.stop)
            made.start()
            return made

        yield make


@pytest.fixture
def handset(pbx: Asterisk) -> Iterator[Handset]:
    """The panel's own phone, registered as 100."""
    from device.sip.pjsua import PjsuaPhone

    faults: list[BaseException] = []
    account = Account("127.0.0.1", "100", pbx.password, port=pbx.port)
    handset = Handset(PjsuaPhone(account, faults.append))
    handset.phone.open(handset.post)
    handset.phone.be(Presence(True))
    handset.online()
    yield handset
    handset.phone.close()
    assert not faults


def tells_no_secret(panel: Panel, password: str) -> None:
    assert password not in panel.log()
