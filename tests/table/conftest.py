"""One stage for all statuses of a setup, since the panel and three phones take a second to come."""

from collections.abc import Iterator

import pytest

from tests.table.setups import SETUPS
from tests.table.stage import Stage


@pytest.fixture(scope="module")
def stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """That of the profile which is asked for."""
    setup = next(setup for setup in SETUPS if setup.profile == request.param)
    if why := setup.missing():
        pytest.skip(why)
    with setup.open(tmp_path_factory.mktemp("table")) as opened:
        yield opened
