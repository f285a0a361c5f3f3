"""A real Asterisk for every test here, desk phones around it, and the panel as the real program."""

import importlib.util
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from tests.interop.asterisk import CHROOT, Asterisk
from tests.interop.desk import Desk


def missing() -> str:
    """Why no PBX can be run here; empty: it can."""
    if not (CHROOT / "usr/sbin/asterisk").exists():
        return "no Asterisk here: `make pbx` builds one"
    if os.geteuid() != 0:
        return "Asterisk is run in a chroot, which needs root"
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
