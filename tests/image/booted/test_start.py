"""From a card that was just written to a panel: how long, and what the start is spent on."""

import re

import pytest

from tests.image.booted.configs import PL061, config
from tests.image.booted.conftest import MachineMaker
from tests.image.figures import note
from tests.image.kinds import OUT
from tests.image.machine import Machine
from tests.interop.asterisk import Asterisk

pytestmark = pytest.mark.image

OURS_SECONDS = 12
"What we may add between the kernel and the first picture, on `virt` in emulator seconds."


@pytest.fixture(scope="module")
def panel(computer: MachineMaker, pbx: Asterisk) -> Machine:
    """Its second start: the first one makes keys and lets root grow, once."""
    machine = computer()
    machine.card.put("deskpanel.toml", config(pbx, PL061))
    machine.card.put("key.pub", machine.public_key)
    machine.start()
    machine.online()
    machine.until_runs("test -e /var/lib/deskpanel/first-boot-done && echo done")
    machine.power_off()
    machine.start()
    machine.online()
    machine.until_runs("systemctl is-system-running | grep -E 'running|degraded'")
    return machine


def test_the_first_picture_comes_early(panel: Machine) -> None:
    told = re.search(r"first picture after (\d+\.\d+) s", panel.journal("-u", "deskpanel"))
    assert told, "nothing was said of the first picture"
    picture = float(told[1])
    begun = _begun(panel, "deskpanel.service")
    before = _before(panel)
    ours = picture - begun + sum(before.values())
    note(
        {
            "first_picture_seconds": round(picture, 1),
            "first_picture_ours_seconds": round(ours, 1),
        }
    )
    assert ours <= OURS_SECONDS


def _begun(panel: Machine, unit: str) -> float:
    """The kernel's clock when systemd began to start it."""
    shown = panel.run(f"systemctl show -P InactiveExitTimestampMonotonic {unit}")
    return int(shown) / 1e6


def _before(panel: Machine) -> dict[str, float]:
    """Units of ours that the panel waits for, and the seconds of each."""
    wanted = panel.run("systemctl show -P After deskpanel.service").split()
    ours = [unit for unit in wanted if unit.startswith("deskpanel")]
    script = "systemctl show -P InactiveExitTimestampMonotonic -P ActiveEnterTimestampMonotonic"
    stamps = {unit: panel.run(f"{script} {unit}").split() for unit in ours}
    return {u: (int(s[1]) - int(s[0])) / 1e6 for u, s in stamps.items() if len(s) == 2}


def test_the_chart_of_the_start_is_kept(panel: Machine) -> None:
    (OUT / "boot.svg").write_text(panel.run("systemd-analyze plot"))
    chain = panel.run("systemd-analyze critical-chain --no-pager deskpanel.service")
    blame = panel.run("systemd-analyze blame --no-pager | head -n 25")
    total = panel.run("systemd-analyze time")
    (OUT / "boot.txt").write_text(f"{total}\n{chain}\n{blame}")
    assert "deskpanel.service" in chain


def test_every_unit_started(panel: Machine) -> None:
    assert panel.run("systemctl --failed --no-legend --plain") == ""


def test_the_panel_fits_into_its_memory(panel: Machine) -> None:
    asked = ("MemoryPeak", "MemoryCurrent", "MemoryMax")
    shown = panel.run("systemctl show -p MemoryPeak,MemoryCurrent,MemoryMax deskpanel.service")
    told = dict(line.split("=") for line in shown.splitlines())
    peak, now, most = (int(told[name]) for name in asked)
    note({"memory_peak_mb": round(peak / 2**20, 1), "memory_now_mb": round(now / 2**20, 1)})
    group = "/sys/fs/cgroup/system.slice/deskpanel.service/memory.events"
    events = dict(line.split() for line in panel.run(f"cat {group}").splitlines())
    assert (events["oom"], events["max"], events["high"]) == ("0", "0", "0")
    assert peak < most


def test_the_sandbox_holds_and_forbids_nothing_that_is_needed(panel: Machine) -> None:
    told = panel.run("systemd-analyze security --no-pager deskpanel.service | tail -n 1")
    found = re.search(r"\d+\.\d+", told)
    assert found, told
    note({"exposure": float(found[0])})
    assert float(found[0]) <= 1.5
    kernel = panel.journal("-k")
    assert "type=1326" not in kernel  # a system call that the filter ended the process for
    assert panel.run("systemctl show -P NRestarts deskpanel.service").strip() == "0"
    assert "Operation not permitted" not in panel.journal("-u", "deskpanel")
