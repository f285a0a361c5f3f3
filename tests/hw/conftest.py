"""What every hardware test gets: a Pi of mock pins when asked for, and a look for left threads."""

import threading
from collections.abc import Iterator

import luma.oled.device  # noqa: F401 - starts four idle threads for good (luma.core.virtual)
import pytest

from hw import gpio
from hw.mocks.pins import MockPins


def pytest_configure(config: pytest.Config) -> None:
    """Let luma call what Pillow 14 takes away; until then it is only told off."""
    config.addinivalue_line(
        "filterwarnings", "ignore:Image.Image.getdata is deprecated:DeprecationWarning:luma"
    )


@pytest.fixture
def pins(monkeypatch: pytest.MonkeyPatch) -> Iterator[MockPins]:
    """A Raspberry Pi 3 that is not there."""
    monkeypatch.setenv(gpio.FACTORY, "mock")
    pins = MockPins()
    yield pins
    pins.close()


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    """Fail a test that leaves a thread behind."""
    before = set(threading.enumerate())
    yield
    left = [thread.name for thread in set(threading.enumerate()) - before]
    assert not left, f"threads left: {left}"
