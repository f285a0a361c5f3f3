"""What a contract is tried on: stand-ins always, and the real thing when it is asked for by name.

Real hardware that nobody asked for is not collected, so nothing of it counts as left out.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from device import config as configs
from device import places
from device.config import Config
from device.tables import ConfigError


class Can(StrEnum):
    """What a rig's world side can do. A contract says which of it it needs."""

    SEE = "see"
    "Tell what the lamps or the glass show."
    LOSE = "lose"
    "Be lost at all, or not open: a board that is not fitted never is."
    PRESS = "press"
    "Move a button."
    BOUNCE = "bounce"
    "Press so that every bounce of the contact is told."
    UNPLUG = "unplug"
    "Pull the plug and put it back."


ALL = frozenset(Can)
NOTHING = frozenset[Can]()


@dataclass(frozen=True, slots=True)
class Fitting:
    """One driver with something at its end."""

    rig: Callable[[pytest.FixtureRequest], Any]
    "Builds the rig for one test."
    can: frozenset[Can] = ALL


def spread(
    metafunc: pytest.Metafunc, always: Mapping[str, Fitting], real: Mapping[str, Fitting]
) -> None:
    """Try this test on every fitting that can do what the test's mark `needs` names."""
    if "rig" not in metafunc.fixturenames:
        return
    asked = asked_for(metafunc.config)
    fittings = {**always, **{f"real {name}": real[name] for name in real if name in asked}}
    needed = {can for mark in metafunc.definition.iter_markers("needs") for can in mark.args}
    able = {name: fitting for name, fitting in fittings.items() if fitting.can >= needed}
    metafunc.parametrize("rig", able.values(), ids=able, indirect=True)


def asked_for(config: pytest.Config) -> frozenset[str]:
    """The real hardware that `--real` names."""
    asked: frozenset[str] = config.getoption("--real")
    return asked


def fitted(config: pytest.Config) -> Config:
    """The config that tells what is fitted where. Raises `pytest.UsageError`."""
    path: Path | None = config.getoption("--real-config") or places.config()
    if path is None:
        raise pytest.UsageError("--real: where is what? Say so with --real-config deskpanel.toml")
    try:
        return configs.load(path, Path(tempfile.gettempdir()))
    except ConfigError as error:
        raise pytest.UsageError(str(error)) from error
