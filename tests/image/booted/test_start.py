"""From a card that was just written to a panel: how long, and what the start is spent on."""

import re

import pytest

from tests.image.booted.configs import PL061, config
from tests.image.booted.conftest import MachineMaker
from tests.image.figures import note
from tests.image.kinds import OUT
from tests.image.machine import BOOT_SECONDS, Machine
from tests.interop.asterisk import Asterisk
from tests.interop.until import until

pytestmark = pytest.mark.image

OURS_SECONDS = 12
"""What we may add between the kernel and the first picture, on `virt`, in the emulator's seconds:
250 million instructions each, which a Zero 2 W is faster than."""


ALOUD = ("systemd.journald.forward_to_console=1", "systemd.log_target=kmsg", "loglevel=7")
"Nobody logs in while time is counted; so all is said on the console, from the first unit on."


@pytest.fixture(scope="module")
def panel(computer: MachineMaker, pbx: Asterisk) -> Machine:
    """After its first start, which makes keys and lets root grow, once; off."""
    machine = computer()
    machine.card.put("deskpanel.toml", config(pbx, PL061, "[user]\nabsent_at_shutdown = true"))
    machine.card.put("key.pub", machine.public_key)
    machine.start()
    machine.online()
    machine.until_runs("test -e /var/lib/deskpanel/first-boot-done && echo done")
    machine.power_off()
    return machine


def test_a_panel_that_is_switched_off_says_so_while_there_is_a_network(
    panel: Machine, pbx: Asterisk
) -> None:
    assert not panel.on
    assert not pbx.contacts("100")
    # Absent, as this PBX knows it: no phone rings.
    assert pbx.database("DND/100") == "YES"


def test_the_first_picture_comes_early(panel: Machine) -> None:
    panel.start(*ALOUD, counted=True)
    until(lambda: PICTURE.search(panel.console()), BOOT_SECONDS, panel.last_words)
    picture, begun = _told(PICTURE, panel), _told(BEGUN, panel)
    note(
        {
            "first_picture_seconds": round(picture, 1),
            "first_picture_ours_seconds": round(picture - begun, 1),
        }
    )
    panel.power_cut()
    assert picture - begun <= OURS_SECONDS


PICTURE = re.compile(r"first picture after (\d+\.\d+) s")
BEGUN = re.compile(r"^\[ *(\d+\.\d+)\] systemd\[1\]: Starting deskpanel", re.MULTILINE)
"The first of our units, whichever it is."


def _told(line: re.Pattern[str], panel: Machine) -> float:
    """Seconds of the kernel's clock."""
    found = line.search(panel.console())
    assert found, panel.last_words()
    return float(found[1])


@pytest.fixture(scope="module")
def started(panel: Machine) -> Machine:
    """The same, once more, by the host's clock; all of it is up."""
    if panel.on:
        panel.power_cut()
    panel.start()
    panel.settled("available")  # as it was before
    panel.until_runs("systemctl is-system-running | grep -E 'running|degraded'")
    return panel


def test_the_chart_of_the_start_is_kept(started: Machine) -> None:
    (OUT / "boot.svg").write_text(started.run("systemd-analyze plot"))
    chain = started.run("systemd-analyze critical-chain --no-pager deskpanel.service")
    blame = started.run("systemd-analyze blame --no-pager | head -n 25")
    total = started.run("systemd-analyze time")
    (OUT / "boot.txt").write_text(f"{total}\n{chain}\n{blame}")
    assert "deskpanel.service" in chain


def test_every_unit_started(started: Machine) -> None:
    assert started.run("systemctl --failed --no-legend --plain") == ""


def test_the_panel_fits_into_its_memory(started: Machine) -> None:
    asked = ("MemoryPeak", "MemoryCurrent", "MemoryMax")
    shown = started.run("systemctl show -p MemoryPeak,MemoryCurrent,MemoryMax deskpanel.service")
    told = dict(line.split("=") for line in shown.splitlines())
    peak, now, most = (int(told[name]) for name in asked)
    note({"memory_peak_mb": round(peak / 2**20, 1), "memory_now_mb": round(now / 2**20, 1)})
    group = "/sys/fs/cgroup/system.slice/deskpanel.service/memory.events"
    events = dict(line.split() for line in started.run(f"cat {group}").splitlines())
    assert (events["oom"], events["max"], events["high"]) == ("0", "0", "0")
    assert peak < most


def test_the_sandbox_holds_and_forbids_nothing_that_is_needed(started: Machine) -> None:
    told = started.run("systemd-analyze security --no-pager deskpanel.service | tail -n 1")
    found = re.search(r"\d+\.\d+", told)
    assert found, told
    note({"exposure": float(found[0])})
    assert float(found[0]) <= 1.5
    assert started.run("systemctl show -P NRestarts deskpanel.service").strip() == "0"
    # What a system call is told that the filter does not let through.
    assert "Operation not permitted" not in started.journal("-u", "deskpanel")
