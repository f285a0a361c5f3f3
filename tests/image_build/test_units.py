"""The units, as systemd itself reads them: no word it does not know, and little to attack."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from device.life import DEVICE_SECONDS, SIP_SECONDS, STORE_SECONDS
from device.panel import LEAVE_SECONDS
from device.running import START_SECONDS

ROOT = Path(__file__).parents[2]
TREES = (ROOT / "image/deb/files", ROOT / "image/root/overlay")
PLACES = ("usr/lib/systemd/system", "etc/systemd/system")
KINDS = (".service", ".timer", ".socket", ".path", ".mount", ".target")

THRESHOLD = 15
"Tenths of systemd's measure of exposure, of which 100 is a service without any fence."

OTHERS = {
    "deskpanel-card.service": 20,  # mounts the card writable, for which it has to be root
    "deskpanel-first.service": 100,  # makes the partition larger that the system is on
    "deskpanel-debian-upgrade.service": 100,  # apt may change anything
}
"Units that cannot be fenced in so far, and why."


def units() -> list[Path]:
    folders = [tree / place for tree in TREES for place in PLACES]
    found = (path for folder in folders for path in sorted(folder.glob("*")))
    return [path for path in found if path.suffix in KINDS and path.is_file()]


def services() -> list[Path]:
    return [path for path in units() if path.suffix == ".service"]


def analyze(*arguments: object) -> subprocess.CompletedProcess[str]:
    if not (tool := shutil.which("systemd-analyze")):
        pytest.skip("systemd-analyze is not installed")
    return subprocess.run(
        [tool, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root directory with systemd's own units and all of ours, and programs that do nothing."""
    root = tmp_path_factory.mktemp("root")
    shutil.copytree("/usr/lib/systemd/system", root / PLACES[0], symlinks=True)
    for source in TREES:
        shutil.copytree(source, root, dirs_exist_ok=True)
    for program in {program for unit in root.rglob("deskpanel*") for program in programs(unit)}:
        stub = root / program.relative_to("/")
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.write_text("#!/bin/sh\n")
        stub.chmod(0o755)
    return root


def programs(unit: Path) -> Iterator[Path]:
    """What a unit, or what is dropped into it, starts."""
    texts = [unit] if unit.is_file() else sorted(unit.glob("*.conf"))
    for text in texts:
        found = re.findall(r"^Exec\w+=[-+@!:]*(/\S+)", text.read_text("utf-8"), re.MULTILINE)
        yield from map(Path, found)


@pytest.mark.parametrize("unit", units(), ids=lambda unit: unit.name)
def test_systemd_has_nothing_to_say_about_a_unit(unit: Path, tree: Path) -> None:
    found = analyze("verify", "--man=no", f"--root={tree}", unit.name)
    told = [line for line in found.stderr.splitlines() if "deskpanel" in line]
    assert (found.returncode, told) == (0, [])


def test_a_mistake_in_a_unit_would_be_found(tree: Path) -> None:
    unit = tree / PLACES[0] / "deskpanel-wrong.service"
    unit.write_text("[Service]\nExecStart=/nowhere/at/all\nProtectEverything=yes\n")
    found = analyze("verify", "--man=no", f"--root={tree}", unit.name)
    unit.unlink()
    assert "ProtectEverything" in found.stderr
    assert found.returncode


@pytest.mark.parametrize("unit", services(), ids=lambda unit: unit.name)
def test_there_is_little_to_attack(unit: Path) -> None:
    threshold = OTHERS.get(unit.name, THRESHOLD)
    found = analyze("security", "--offline=yes", "--no-pager", f"--threshold={threshold}", unit)
    assert found.returncode == 0, found.stdout


def test_units_that_may_be_more_exposed_are_there() -> None:
    assert set(OTHERS) <= {unit.name for unit in services()}


def values(key: str) -> list[str]:
    text = (TREES[0] / PLACES[0] / "deskpanel.service").read_text(encoding="utf-8")
    return re.findall(rf"^{key}=(.*)", text, re.MULTILINE)


def seconds(key: str) -> float:
    (found,) = values(key)
    return float(found)


def test_the_panel_has_the_time_it_needs() -> None:
    assert seconds("TimeoutStopSec") > LEAVE_SECONDS + 2
    assert seconds("TimeoutStartSec") >= START_SECONDS
    # Who hangs is found out before systemd loses its patience: fed twice in that time.
    assert seconds("WatchdogSec") / 2 < min(DEVICE_SECONDS, SIP_SECONDS, STORE_SECONDS)


def test_the_panel_waits_for_no_network_and_not_for_the_rest_of_the_boot() -> None:
    after = " ".join(values("After"))
    assert "network" not in after
    assert "sysinit" not in after
    assert values("DefaultDependencies") == ["no"]  # else it would be after both
    assert values("PrivateTmp") == []


def test_the_rules_for_a_board_are_those_that_are_copied_by_hand() -> None:
    shipped = TREES[0] / "usr/lib/udev/rules.d/60-deskpanel.rules"
    assert shipped.read_text() == (ROOT / "hw/udev/60-deskpanel.rules").read_text()


def test_whoever_may_use_a_device_is_in_a_group_that_there_is() -> None:
    (groups,) = values("SupplementaryGroups")
    made = (TREES[0] / "usr/lib/sysusers.d/deskpanel.conf").read_text()
    rules = "".join(p.read_text() for p in (TREES[0] / "usr/lib/udev/rules.d").glob("*.rules"))
    assert set(re.findall(r"^g (\w+)", made, re.MULTILINE)) == set(groups.split())
    assert set(re.findall(r'GROUP="(\w+)"', rules)) == set(groups.split())


def test_every_busy_light_that_is_known_is_for_the_panel() -> None:
    if not find_spec("busylight_core"):
        pytest.skip("busylight-core is not installed")
    rules = TREES[0] / "usr/lib/udev/rules.d/60-deskpanel-busylight.rules"
    shape = r'idVendor}=="(\w+)", ATTR{idProduct}=="(\w+)", GROUP="dialout", MODE="0660"$'
    found = re.findall(shape, rules.read_text(), re.MULTILINE)
    # In a process of its own: to ask the library opens sockets, which nobody closes.
    told = subprocess.run([sys.executable, "-c", KNOWN], capture_output=True, text=True, check=True)
    known = json.loads(told.stdout)
    assert sorted([int(vendor, 16), int(product, 16)] for vendor, product in found) == known


KNOWN = """\
import json
from busylight_core import Light
print(json.dumps(sorted(Light.udev_rules(0o660))))
"""


def test_a_class_of_devices_is_known_before_its_module_is_loaded() -> None:
    classes = [value.removeprefix("char-").split()[0] for value in values("DeviceAllow")]
    assert [name for name in classes if not name.isdecimal()] == ["gpiochip"]
