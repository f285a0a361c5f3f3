"""An Asterisk with the kit for every test here, and desk phones and panels of the interop tests."""

from collections.abc import Iterator

import pytest

from device.sip.phone import Account, Presence
from tests.interop.conftest import desk, handset, panel, pytest_collection_modifyitems
from tests.kit.office import Office
from tests.kit.watcher import Watcher
from tests.sip.handset import Handset

__all__ = ["desk", "handset", "panel", "pytest_collection_modifyitems"]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One for all tests of a file, each of which finds it as new."""
    running = Office(tmp_path_factory.mktemp("office") / "pbx")
    running.start()
    yield running
    running.kill()


@pytest.fixture
def pbx(office: Office) -> Office:
    """Up, with nobody registered and nothing set."""
    office.forget()
    return office


@pytest.fixture
def watcher(pbx: Office) -> Iterator[Watcher]:
    with Watcher(pbx.port) as subscriber:
        yield subscriber


@pytest.fixture
def wide(pbx: Office) -> Iterator[Handset]:
    """A panel's own phone, with a login of its own and in a context that is not the kit's."""
    from device.sip.pjsua import PjsuaPhone

    account = Account("127.0.0.1", "100-panel", pbx.password, port=pbx.port)
    handset = Handset(PjsuaPhone(account, lambda fault: pytest.fail(str(fault))))
    handset.phone.open(handset.post)
    handset.phone.be(Presence(True))
    handset.online()
    yield handset
    handset.phone.close()
