"""A power cut, or a disk that fails, at any step of taking over: nothing is lost or half done."""

import errno
import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.appliance.wifi import psk
from tests.appliance.disks import MEMORIES, CutDisk, Forgets, FullDisk, PowerCut
from tests.appliance.kit import appliance
from tests.appliance.test_card import CONFIG, KEY, WIFI, Box

EARLIER = {"deskpanel.toml": '[pbx]\nserver = "old"\n', "secret": "earlier"}
NOW = {"deskpanel.toml": CONFIG, "secret": "hush\n"}
ON_CARD = {
    "deskpanel.toml": CONFIG,
    "secret": "hush\n",
    "wifi.txt": WIFI,
    "anna.pub": KEY,
    "deskpanel.errors.txt": "of last time",
    "config.txt": "arm_64bit=1",
}
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"Thousands of fsync(2) take no time there."

WIFI_KEY = psk("correct horse", b"Office")


def given_everything(root: Path) -> Box:
    box = Box(appliance(root))
    for name, text in EARLIER.items():
        (box.places.config / name).write_text(text)
    for name, text in ON_CARD.items():
        box.put(name, text)
    return box


def everything(folder: Path) -> str:
    return "\n".join(p.read_text() for p in folder.rglob("*") if p.is_file())


def nothing_is_lost(box: Box) -> None:
    card, kept = everything(box.places.card), everything(box.places.config)
    assert "hush" in card or "hush" in kept
    assert "correct horse" in card or WIFI_KEY in box.places.wifi.read_text()
    assert KEY in card or KEY in box.places.keys.read_text()
    config = (box.places.config / "deskpanel.toml").read_text()
    assert config in (EARLIER["deskpanel.toml"], CONFIG)


def all_is_done(box: Box) -> None:
    assert box.config == NOW
    assert WIFI_KEY in box.places.wifi.read_text()
    assert box.places.keys.read_text() == f"{KEY}\n"
    assert box.on_card == {"config.txt"}
    assert box.places.complaints.read_text() == ""


@contextmanager
def fresh() -> Iterator[Box]:
    with tempfile.TemporaryDirectory(dir=MEMORY) as root:
        yield given_everything(Path(root))


def cut(box: Box, steps: int, forgets: Forgets) -> bool:
    """The power goes before this step, if it comes so far."""
    try:
        box.boot(CutDisk(box.places.card.parents[1], steps, forgets))
    except PowerCut:
        return True
    return False


@pytest.mark.parametrize("forgets", MEMORIES)
def test_a_power_cut_at_any_step_is_made_good_by_the_next_boot(forgets: Forgets) -> None:
    for steps in itertools.count():
        with fresh() as box:
            was_cut = cut(box, steps, forgets)
            nothing_is_lost(box)
            box.boot()
            all_is_done(box)
        if not was_cut:
            break
    assert steps > 30


@given(steps=st.lists(st.integers(0, 45), max_size=4), forgets=st.sampled_from(MEMORIES))
def test_so_are_many_power_cuts_one_after_the_other(steps: list[int], forgets: Forgets) -> None:
    with fresh() as box:
        for step in steps:
            cut(box, step, forgets)
            nothing_is_lost(box)
        box.boot()
        all_is_done(box)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_disk_that_fails_at_any_step_loses_nothing(code: int) -> None:
    def fails(box: Box, steps: int) -> FullDisk:
        disk = FullDisk(steps, OSError(code, "it failed"))
        complaints = box.boot(disk)
        assert not disk.failed or complaints or box.on_card == {"config.txt"}
        return disk

    _at_every_step(fails)


def _at_every_step(fails: Callable[[Box, int], FullDisk]) -> None:
    for steps in itertools.count():
        with fresh() as box:
            disk = fails(box, steps)
            nothing_is_lost(box)
            box.boot()
            all_is_done(box)
        if not disk.failed:
            return
