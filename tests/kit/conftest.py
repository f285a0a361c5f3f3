"""An Asterisk with the kit for every test here, and desk phones and panels of the interop tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.conftest import desk, panel, pytest_collection_modifyitems
from tests.kit.office import Office
from tests.kit.watcher import Watcher

__all__ = ["desk", "panel", "pytest_collection_modifyitems"]


@pytest.fixture
def pbx(tmp_path: Path) -> Iterator[Office]:
    """Up, with nobody registered and nothing set."""
    office = Office(tmp_path / "pbx")
    office.start()
    yield office
    office.kill()


@pytest.fixture
def watcher(pbx: Office) -> Iterator[Watcher]:
    with Watcher(pbx.port) as subscriber:
        yield subscriber
