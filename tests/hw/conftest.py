"""What every hardware test gets: a Pi of mock pins when asked for, and a look for left threads."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

# Imported here for what importing leaves behind for good: hidapi's socket to udev, and four idle
# threads of luma.core.virtual. No test is to blame for them.
import busylight_core  # type: ignore[import-untyped, unused-ignore] # noqa: F401
import luma.oled.device  # noqa: F401
import pytest

from hw import gpio
from hw.mocks.pins import MockPins
from tests.hw import micropython
from tests.hw.clock import Clock
from tests.hw.contract import asked_for
from tests.hw.micropython import Pico


def pytest_configure(config: pytest.Config) -> None:
    """Let luma call what Pillow 14 takes away; until then it is only told off."""
    config.addinivalue_line(
        "filterwarnings", "ignore:Image.Image.getdata is deprecated:DeprecationWarning:luma"
    )
    config.addinivalue_line("markers", "needs(can): of a contract: what the rig must be able to do")


@pytest.fixture(scope="session")
def real_factory() -> str:
    """The pin factory of real pins: lgpio, unless the user has named another."""
    return os.environ.get(gpio.FACTORY) or "lgpio"


@pytest.fixture(scope="session", autouse=True)
def lgpio_has_its_thread(pytestconfig: pytest.Config, real_factory: str) -> None:
    """Importing lgpio starts a thread for good; let that not be the fault of a test."""
    if "gpio" in asked_for(pytestconfig):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(gpio.FACTORY, real_factory)
            gpio.use_factory(real_factory)
            gpio.forget_factory()


@pytest.fixture
def clock() -> Clock:
    """Time that stands still until the test says otherwise."""
    return Clock()


@pytest.fixture
def pins(monkeypatch: pytest.MonkeyPatch) -> Iterator[MockPins]:
    """A Raspberry Pi 3 that is not there."""
    monkeypatch.setenv(gpio.FACTORY, "mock")
    pins = MockPins()
    yield pins
    pins.close()


@pytest.fixture
def pico(tmp_path: Path) -> Iterator[Pico]:
    """A button board with the real firmware, plugged in."""
    if why := micropython.missing():
        pytest.skip(why)
    pico = Pico(tmp_path)
    pico.plug()
    yield pico
    pico.unplug()


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    """Fail a test that leaves a thread behind."""
    before = set(threading.enumerate())
    yield
    left = [thread.name for thread in set(threading.enumerate()) - before]
    assert not left, f"threads left: {left}"
