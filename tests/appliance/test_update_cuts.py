"""A power cut, or a disk that fails, at any step of an update: a panel that runs, and one end."""

import errno
import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.appliance.card import Hands, take_over
from device.appliance.disk import Disk
from device.appliance.places import Places
from device.appliance.refused import RefusedError
from device.appliance.signed import Signed
from device.appliance.versions import Versions
from tests.appliance.disks import MEMORIES, CutDisk, Forgets, FullDisk, PowerCut
from tests.appliance.kit import appliance, program
from tests.appliance.machine import Behaves, Machine, dies_at_once, offline, well
from tests.appliance.test_card_cuts import MEMORY
from tests.appliance.test_updates import package

DEB = "deskpanel_1.4_all.deb"


@dataclass(frozen=True, slots=True)
class Panel:
    """One with 1.3 on it, whose card has 1.4."""

    machine: Machine

    @property
    def places(self) -> Places:
        return self.machine.places

    def boot(self, disk: Disk) -> None:
        """The card, the panel, the judge, as the units have it."""
        versions = Versions(self.places, disk)
        take_over(self.places, Hands(disk, lambda *_: None, lambda p: self._put(p, versions)))
        self.machine.boot()
        self.machine.work(disk)

    def _put(self, path: Path, versions: Versions) -> None:
        signed = Signed(path.read_bytes(), "of-1.4")
        if not versions.knows(signed.sha256):
            if versions.refusal(signed.sha256):
                raise RefusedError("tried in vain")
            versions.install(signed, seconds=None)

    def cut(self, steps: int, forgets: Forgets) -> bool:
        """The power goes before this step, if it comes so far."""
        root = self.places.card.parents[1]
        try:
            self.boot(CutDisk(root, steps, forgets))
        except PowerCut:
            self.machine.lose_power()
            return True
        return False

    @property
    def there(self) -> set[str]:
        return {path.name for path in self.places.versions.iterdir()}


@contextmanager
def fresh(behaves: Behaves) -> Iterator[Panel]:
    with tempfile.TemporaryDirectory(dir=MEMORY) as root:
        places = appliance(Path(root))
        for version in ("1.2", "1.3"):
            program(places.versions / version, version)
            (places.versions / version / "OVER").write_text("1.0\n")
        (places.versions / "current").symlink_to("1.3")
        (places.versions / "previous").symlink_to("1.2")
        (places.card / DEB).write_bytes(package().data)
        (places.card / f"{DEB}.sig").write_text("signed")
        known = dict.fromkeys(("1.0", "1.2", "1.3"), well) | {"1.4": behaves}
        yield Panel(Machine(places, known))


def it_was_taken(panel: Panel) -> None:
    assert panel.machine.running == "1.4"
    assert panel.there == {"1.3", "1.4", "current", "previous"}
    versions = Versions(panel.places, Disk())
    assert (versions.current, versions.previous) == ("1.4", "1.3")


def it_was_taken_back(panel: Panel) -> None:
    assert panel.machine.running == "1.3"
    Versions(panel.places, Disk()).tidy()  # as the next update would
    assert panel.there == {"1.2", "1.3", "current", "previous", "refused"}
    assert Versions(panel.places, Disk()).refusal("of-1.4")


Story = tuple[Behaves, Callable[[Panel], None]]
STORIES: list[Story] = [
    (well, it_was_taken),
    (offline, it_was_taken_back),
    (dies_at_once, it_was_taken_back),
]


@pytest.mark.parametrize("forgets", MEMORIES)
@pytest.mark.parametrize("story", STORIES)
def test_a_power_cut_at_any_step_ends_as_without_it(story: Story, forgets: Forgets) -> None:
    behaves, ends = story
    for steps in itertools.count():
        with fresh(behaves) as panel:
            was_cut = panel.cut(steps, forgets)
            panel.boot(Disk())
            ends(panel)
            assert not list(panel.places.card.iterdir())
        if not was_cut:
            break
    assert steps > 20


@settings(max_examples=30)
@given(
    steps=st.lists(st.integers(0, 45), max_size=2),
    forgets=st.sampled_from(MEMORIES),
    story=st.sampled_from(STORIES),
)
def test_so_do_two_power_cuts(steps: list[int], forgets: Forgets, story: Story) -> None:
    behaves, ends = story
    with fresh(behaves) as panel:
        for step in steps:
            panel.cut(step, forgets)
        panel.boot(Disk())
        ends(panel)


@pytest.mark.parametrize("story", STORIES)
def test_a_disk_that_fails_at_any_step_leaves_a_panel_that_runs(story: Story) -> None:
    behaves, ends = story
    for steps in itertools.count():
        with fresh(behaves) as panel:
            disk = FullDisk(steps, OSError(errno.ENOSPC, "No space left on device"))
            try:
                panel.boot(disk)
            except OSError:
                panel.machine.work()  # systemd starts the judge again
            assert panel.machine.running in ("1.3", "1.4")
            panel.boot(Disk())
            ends(panel)
        if not disk.failed:
            break
