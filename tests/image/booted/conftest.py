"""The image on machines that do not exist, and a real Asterisk. Only for `make image-check`."""

import itertools
import os
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from tests.image import figures
from tests.image.alone import why_not
from tests.image.booted.configs import TOKEN
from tests.image.card import Card
from tests.image.kinds import VIRT, Kind, image
from tests.image.machine import Machine
from tests.interop.asterisk import Asterisk
from tests.interop.conftest import DeskMaker, missing
from tests.interop.desk import Desk

__all__ = ["DeskMaker"]

# To boot takes minutes: `make test` does not even look here.
collect_ignore_glob = [] if os.environ.get("DESKPANEL_IMAGE") else ["test_*.py"]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "image: on the booted image, by `make image-check`")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    if here and (why := why_not() or missing()):
        pytest.exit(why, 1)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if lines := figures.table():
        terminalreporter.section("measured on the booted image")
        for line in lines:
            terminalreporter.line(line)


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> None:
    """Machines and phones stay on from one test to the next; whoever made them ends them."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("image")


@pytest.fixture(scope="module")
def pbx(home: Path) -> Iterator[Asterisk]:
    """A real one; the guests find it at 10.0.2.2."""
    asterisk = Asterisk(home / "pbx")
    asterisk.start()
    yield asterisk
    asterisk.kill()


class MachineMaker(Protocol):
    def __call__(self, kind: Kind = VIRT) -> Machine:
        """A computer with a card that was just written; it is off."""


@pytest.fixture(scope="module")
def computer(home: Path) -> Iterator[MachineMaker]:
    with ExitStack() as machines:
        names = (home / f"computer{n}" for n in itertools.count(1))

        def make(kind: Kind = VIRT) -> Machine:
            here = next(names)
            here.mkdir()
            made = Machine(kind, Card(here / "card.img", image()), here, CPUS, TOKEN)
            machines.callback(made.throw_away)
            return made

        yield make


CPUS = int(os.environ.get("DESKPANEL_IMAGE_CPUS", "2"))
"Of each machine: two where one test file runs at a time, one where two do."


@pytest.fixture(scope="module")
def desk(pbx: Asterisk) -> Iterator[DeskMaker]:
    with ExitStack() as phones:

        def make(user: str) -> Desk:
            phone = Desk(pbx.server, user, pbx.password)
            phones.callback(phone.close)
            phone.expect(event="registered", code=200)
            return phone

        yield make


@pytest.fixture(autouse=True)
def what_the_machine_said(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where a machine stood when a test failed."""
    yield
    outcome = getattr(request.node, "outcome", None)
    if outcome is None or not outcome.failed:
        return
    for name in request.fixturenames:
        found = request.getfixturevalue(name)
        if isinstance(found, Machine):
            print(found.last_words())  # noqa: T201 - pytest shows it with the failure


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.outcome = report  # type: ignore[attr-defined]
    return report
