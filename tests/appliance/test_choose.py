"""Which program runs: `choose`, run by every shell that is here."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from device.appliance.places import Places
from tests.appliance.kit import CHOOSE, appliance, program

SHELLS = [[s] for s in ("/bin/sh", "dash", "bash") if shutil.which(s)]


@dataclass(frozen=True, slots=True)
class Panel:
    """One that is started again and again."""

    places: Places
    shell: list[str]

    def add(self, version: str, over: str = "1.0") -> None:
        program(self.places.versions / version, version)
        (self.places.versions / version / "OVER").write_text(f"{over}\n")

    def point(self, name: str, version: str) -> None:
        (self.places.versions / name).symlink_to(version)

    def trial(self, text: str) -> None:
        (self.places.versions / "trial").write_text(text)

    def started(self) -> str:
        """What runs after a start."""
        words = [CHOOSE, self.places.versions, self.places.app, self.places.base]
        subprocess.run([*self.shell, *words], check=True)
        start = self.places.app / "bin/deskpanel"
        return subprocess.check_output([start], text=True).strip()


@pytest.fixture(params=SHELLS, ids=lambda words: Path(words[0]).name)
def panel(request: pytest.FixtureRequest, tmp_path: Path) -> Panel:
    panel = Panel(appliance(tmp_path), request.param)
    panel.places.versions.mkdir()
    return panel


def test_without_updates_it_is_what_came_with_the_image(panel: Panel) -> None:
    panel.places.versions.rmdir()
    assert panel.started() == "1.0"
    assert panel.started() == "1.0"


def test_the_current_one_runs(panel: Panel) -> None:
    panel.add("1.3")
    panel.point("current", "1.3")
    assert panel.started() == "1.3"


def test_a_trial_has_three_starts(panel: Panel) -> None:
    panel.add("1.3")
    panel.add("1.4")
    panel.point("current", "1.3")
    panel.trial("version 1.4\nsha256 abc\nregistered yes\n")
    assert [panel.started() for _ in range(5)] == ["1.4", "1.4", "1.4", "1.3", "1.3"]


def test_a_start_that_was_half_counted_is_a_start(panel: Panel) -> None:
    panel.add("1.4")
    panel.trial("version 1.4\nattempt\nattempt\nattem")
    assert panel.started() == "1.0"


def test_what_cannot_be_counted_is_not_tried(panel: Panel) -> None:
    panel.add("1.4")
    panel.trial("version 1.4\n")
    bare = panel.places.versions.parent / "bare"
    bare.mkdir()
    for tool in ("readlink", "ln", "mv", "sh", "cat"):
        (bare / tool).symlink_to(str(shutil.which(tool)))
    (bare / "sync").symlink_to("/bin/false")
    words = [CHOOSE, panel.places.versions, panel.places.app, panel.places.base]
    shell = [str(shutil.which(panel.shell[0])), *panel.shell[1:]]
    subprocess.run([*shell, *words], check=True, env={"PATH": str(bare)})
    assert panel.places.app.readlink() == panel.places.base


@pytest.mark.parametrize("spoil", ["gone", "not executable", "a folder"])
def test_a_program_that_cannot_start_is_never_chosen(panel: Panel, spoil: str) -> None:
    for version in ("1.3", "1.4"):
        panel.add(version)
        start = panel.places.versions / version / "bin/deskpanel"
        if spoil == "not executable":
            start.chmod(0o644)
        else:
            start.unlink()
            if spoil == "a folder":
                start.mkdir()
    panel.point("current", "1.3")
    panel.trial("version 1.4\n")
    assert panel.started() == "1.0"


def test_a_package_that_came_later_is_the_newer_wish(panel: Panel) -> None:
    panel.add("1.3", over="1.0")
    panel.point("current", "1.3")
    (panel.places.base / "VERSION").write_text("1.2\n")
    assert panel.started() == "1.0"  # which is what this base says when it runs


@pytest.mark.parametrize(
    "trial", ["", "\n\n", "version\n", "version ../../etc\n", "version .\n", "\0\0\0", "attempt\n"]
)
def test_whatever_stands_in_there_something_runs(panel: Panel, trial: str) -> None:
    panel.trial(trial)
    panel.point("current", "1.9")
    assert panel.started() == "1.0"
