"""Pictures are the same on every computer, whatever fonts it has."""

import pytest

from device.views import font, unifont


@pytest.fixture(autouse=True)
def no_unifont(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless a test asks for it, other scripts are written in our letters."""
    without_memory()
    monkeypatch.setattr(unifont, "FOLDERS", ())


def without_memory() -> None:
    """What was looked up under other fonts is forgotten."""
    font.forget()
