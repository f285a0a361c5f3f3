"""What holds for every test: nothing is left behind, and nothing is left out in silence."""

import argparse
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ENDING_SECONDS = 2.0
"A thread that was told to end may take so long."

REAL = ("gpio", "oled", "serial", "busylight")
"Hardware that `--real` may name."

# How long one example takes says more of the machine than of us; whole tests are timed by CI.
settings.register_profile("ours", deadline=None)
settings.load_profile("ours")

SKIPS_FORBIDDEN = os.environ.get("DESKPANEL_NO_SKIPS", "") not in ("", "0")


def _real(text: str) -> frozenset[str]:
    asked = frozenset(name for name in text.split(",") if name)
    if unknown := asked - set(REAL):
        known = ",".join(REAL)
        raise argparse.ArgumentTypeError(f"expected some of {known}, not {min(unknown)}")
    return asked


def pytest_addoption(parser: pytest.Parser) -> None:
    ours = parser.getgroup("deskpanel")
    ours.addoption(
        "--real",
        type=_real,
        default="",
        metavar="WHAT",
        help=f"try the contracts on real hardware too: some of {','.join(REAL)}",
    )
    ours.addoption(
        "--real-config",
        type=Path,
        metavar="F",
        help="the deskpanel.toml that says where that is, instead of the installed one",
    )


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    threads, sockets = set(threading.enumerate()), _sockets()
    yield
    left = [thread for thread in threading.enumerate() if thread not in threads]
    for thread in left:
        thread.join(0 if thread.daemon else ENDING_SECONDS)
    names = [thread.name for thread in left if thread.is_alive() and not thread.daemon]
    assert not names, f"threads left behind: {names}"
    assert not (more := _sockets() - sockets), f"sockets left open: {more}"


def _sockets() -> set[str]:
    """Open sockets of this process; none can be told where there is no /proc."""
    found = set()
    for handle in Path("/proc/self/fd").glob("*"):
        try:
            found.add(str(handle.readlink()))
        except OSError:  # closed since, as the one of this very listing
            continue
    return {name for name in found if name.startswith("socket:")}


def _skipped(reporter: pytest.TerminalReporter) -> list[tuple[str, str]]:
    """Name and reason of each test left out."""
    reports = reporter.stats.get("skipped", [])
    reasons = [r.longrepr[2] if isinstance(r.longrepr, tuple) else str(r.longrepr) for r in reports]
    return [(r.nodeid, why) for r, why in zip(reports, reasons, strict=True)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if skipped := _skipped(terminalreporter):
        terminalreporter.section("left out, by name")
    for name, why in skipped:
        terminalreporter.line(f"{name}: {why.removeprefix('Skipped: ')}")
    if skipped and SKIPS_FORBIDDEN:
        terminalreporter.line("DESKPANEL_NO_SKIPS forbids that.", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if SKIPS_FORBIDDEN and isinstance(reporter, pytest.TerminalReporter) and _skipped(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
