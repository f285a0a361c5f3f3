"""The image at a desk: `virt`, whose GPIO chip takes presses, and a real Asterisk.

One machine, in the order of a day. A test may count on what those before it left behind only where
it says so.
"""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.image import card as cards
from tests.image.booted.configs import PL061, config
from tests.image.booted.conftest import DeskMaker, MachineMaker
from tests.image.booted.network import Witness, told_the_time
from tests.image.figures import note
from tests.image.machine import Machine
from tests.image.written import volume
from tests.interop.asterisk import Asterisk
from tests.interop.until import until

pytestmark = pytest.mark.image

AWAY_SECONDS = 400
"Longer than a registration that is not renewed stays."

KNOWN_PORTS = ("22", "68", "5353", "8780")


@pytest.fixture(scope="module")
def panel(computer: MachineMaker, pbx: Asterisk) -> Machine:
    """Started for the first time, with config and key; registered."""
    machine = computer()
    machine.card.put("deskpanel.toml", config(pbx, PL061))
    machine.card.put("key.pub", machine.public_key)
    machine.start()
    machine.online()
    return machine


@pytest.fixture(scope="module")
def now_on_card(panel: Machine, home: Path) -> Iterator[cards.Card]:
    """Its card, when the first start is through."""
    panel.until_runs("test -e /var/lib/deskpanel/first-boot-done && echo done")
    panel.run("sync")
    copy = panel.on_card(home / "now.img")
    yield copy
    copy.throw_away()


# A config on the drive


def test_a_panel_with_a_config_registers_at_the_pbx(panel: Machine, pbx: Asterisk) -> None:
    (contact,) = pbx.contacts("100")
    assert contact.startswith("sip:100@")
    assert panel.shown()["status"] == "available"


def test_the_config_is_kept_where_only_the_panel_reads_it(panel: Machine) -> None:
    told = panel.run("stat -c '%a %U %G' /var/lib/deskpanel/config/deskpanel.toml")
    assert told.strip() == "600 deskpanel deskpanel"


def test_what_was_taken_over_is_wiped_from_the_drive(
    pbx: Asterisk, now_on_card: cards.Card
) -> None:
    assert "deskpanel.toml" not in now_on_card.names()
    assert not now_on_card.holds(pbx.password, cards.FIRMWARE)
    assert now_on_card.holds(pbx.password, cards.DATA)


# Getting in


def test_the_user_gets_in_with_the_key_and_with_no_password(panel: Machine) -> None:
    assert panel.run("id -un") == "root\n"
    refused = panel.shell.refused("PubkeyAuthentication=no")
    assert "(publickey)" in refused


# The card


def test_root_is_read_only_and_has_grown_to_the_card(
    panel: Machine, now_on_card: cards.Card
) -> None:
    assert "ro" in panel.run("findmnt -no OPTIONS /").split(",")
    assert panel.run("touch /usr/x 2>&1 || true").strip().endswith("Read-only file system")
    *_, last = now_on_card.partitions()
    assert last.behind * 512 > panel.card.size - (8 << 20)
    told = int(panel.run("df --output=size -B1 / | tail -n 1"))
    assert told > 0.9 * last.sectors * 512


def test_nothing_is_swapped_and_logs_stay_in_memory(panel: Machine) -> None:
    assert panel.run("swapon --show --noheadings") == ""
    assert panel.run("findmnt -no FSTYPE --target /var/log").strip() == "tmpfs"
    assert (
        panel.run("ls /var/log/journal 2>&1 || true").strip().endswith("No such file or directory")
    )


# Time


def test_the_time_is_not_known_before_somebody_tells_it(panel: Machine) -> None:
    assert panel.shown()["time_known"] is False


def test_a_time_server_makes_the_time_known(panel: Machine) -> None:
    with told_the_time(panel) as server:
        panel.until(lambda shown: shown["time_known"])
        assert server.asked
    assert abs(int(panel.run("date +%s")) - time.time()) < 60


# Calls, statuses


def test_a_call_that_nobody_takes_is_listed_as_missed(panel: Machine, desk: DeskMaker) -> None:
    caller = desk("101")
    call = caller.call("100")
    panel.until(lambda shown: shown["ringing"])
    caller.hang_up(call)
    shown = panel.until(lambda shown: shown["notices"]["missed"]["total"] == 1)
    assert shown["lamps"]["missed"]["colour"] != "off"
    assert panel.client.get("/api/calls")[0]["number"] == "101"


def test_an_edge_on_a_line_sets_dnd_at_the_pbx(panel: Machine, pbx: Asterisk) -> None:
    assert pbx.database("DND/100") == ""
    panel.press()
    panel.settled("dnd")
    assert pbx.database("DND/100") == "YES"
    assert panel.pin(1) == "hi"
    panel.client.post("/api/status", {"status": "available"})
    panel.settled("available")
    assert panel.pin(1) == "lo"


# The network


def test_without_the_network_the_panel_claims_nothing_and_then_is_as_before(
    panel: Machine, pbx: Asterisk
) -> None:
    panel.client.post("/api/status", {"status": "dnd"})
    panel.settled("dnd")
    witness = Witness(panel)
    panel.cable(plugged=False)
    # Nobody reaches its page now; the PBX forgets it when the registration is over.
    until(lambda: not pbx.contacts("100"), AWAY_SECONDS)
    panel.cable(plugged=True)
    panel.settled("dnd")
    seen = [(sight.link, sight.mirror) for sight in witness.seen()]
    assert ("offline", "unknown") in seen
    assert seen[-1] == ("online", "confirmed")
    assert pbx.database("DND/100") == "YES"
    panel.client.post("/api/status", {"status": "available"})
    panel.settled("available")


# What keeps it going


def test_a_panel_that_hangs_is_started_anew(panel: Machine) -> None:
    before = panel.run("systemctl show -P MainPID deskpanel.service").strip()
    begun = time.monotonic()
    panel.run(f"kill -STOP {before}")
    panel.until_runs(
        f"[ $(systemctl show -P MainPID deskpanel.service) != {before} ] &&"
        " systemctl is-active deskpanel.service"
    )
    note({"hung_panel_back_seconds": round(time.monotonic() - begun, 1)})
    panel.online()
    assert "atchdog" in panel.journal("-u", "deskpanel")


# What wears the card


IDLE_SECONDS = 240
DAY = {"call": 40, "text": 15, "status": 30}
"As tests/bench/working_day.py has them."
MOST_BYTES_A_DAY = 5 << 20
JOURNAL_HEAD_BYTES = 2 * 4096


def test_a_day_writes_little_to_the_card(panel: Machine, desk: DeskMaker) -> None:
    """Each event is followed by a sync, so that none is written together with another."""
    panel.run("sync")
    idle = _idle(panel)
    caller = desk("102")

    def call() -> None:
        missed = panel.shown()["notices"]["missed"]["total"]
        number = caller.call("100")
        panel.until(lambda shown: shown["ringing"])
        caller.hang_up(number)
        panel.until(lambda shown: shown["notices"]["missed"]["total"] == missed + 1)

    def text() -> None:
        unread = panel.shown()["notices"]["message"]["total"]
        caller.text("100", "Lunch at one?")
        panel.until(lambda shown: shown["notices"]["message"]["total"] == unread + 1)

    def status() -> None:
        wanted = "available" if panel.shown()["status"] == "dnd" else "dnd"
        panel.client.post("/api/status", {"status": wanted})
        panel.settled(wanted)

    each = {"call": _cost(panel, call), "text": _cost(panel, text), "status": _cost(panel, status)}
    clock = _cost(panel, lambda: _keep_the_time(panel))
    busy = sum(DAY[name] * each[name] for name in DAY)
    quiet = idle * 86_400 / IDLE_SECONDS + 24 * clock
    note(
        {
            "card_bytes_idle": f"{idle} in {IDLE_SECONDS} s",
            "card_bytes_of_a_call": each["call"],
            "card_bytes_of_a_text": each["text"],
            "card_bytes_of_a_status": each["status"],
            "card_bytes_of_the_hourly_clock": clock,
            "card_mb_a_day_idle": round(quiet / 2**20, 2),
            "card_mb_a_day_busy": round((quiet + busy) / 2**20, 2),
        }
    )
    assert quiet + busy <= MOST_BYTES_A_DAY


def _idle(panel: Machine) -> int:
    """Bytes written while nothing happens. This wait is for time, which is what is measured."""
    before, end = volume(panel.writes()), time.monotonic() + IDLE_SECONDS
    until(lambda: time.monotonic() >= end, IDLE_SECONDS + 60)
    return volume(panel.writes()) - before


def _keep_the_time(panel: Machine) -> None:
    """As systemd-timesyncd does."""
    panel.run("touch /var/lib/systemd/timesync/clock")


def _cost(panel: Machine, do: Callable[[], None], times: int = 4) -> int:
    """Bytes written for one of these, the mean of some."""
    before = volume(panel.writes())
    for _ in range(times):
        do()
        panel.run("sync")
    return round((volume(panel.writes()) - before) / times)


# Another start


def test_only_the_panels_own_partition_is_written_from_the_second_start_on(panel: Machine) -> None:
    known = panel.run("stat -c %Y /var/lib/systemd/timesync/clock; date +%s").split()
    panel.run("sync")
    panel.power_cut()
    panel.start()
    panel.online()
    firmware, _, root = panel.card.partitions()
    assert volume(panel.writes(), 0, firmware.behind) == 0
    # The kernel looks through the journal of what it mounts, and notes that it did.
    mounting = volume(panel.writes(), root.first, root.behind)
    assert mounting <= JOURNAL_HEAD_BYTES
    now = int(panel.run("date +%s"))
    assert now >= int(known[0])
    note(
        {
            "card_bytes_to_root_at_a_start": mounting,
            "clock_behind_after_a_power_cut_seconds": int(known[1]) - now,
        }
    )


def test_the_clock_that_was_kept_is_not_called_the_time(panel: Machine) -> None:
    """After the start of the test before."""
    assert panel.shown()["time_known"] is False


def test_ports_that_are_open_are_the_panels_and_sshs(panel: Machine) -> None:
    told = panel.run("ss -Htulnp").splitlines()
    open_ports = {_listener(line) for line in told if "127.0.0." not in line}
    assert open_ports == {
        ("tcp", "sshd", "22"),
        ("tcp", "deskpanel", "8780"),
        ("udp", "deskpanel", ""),  # SIP, from wherever
        ("udp", "systemd-network", "68"),  # DHCP
        ("udp", "systemd-resolve", "5353"),  # mDNS
    }


def _listener(line: str) -> tuple[str, str, str]:
    """Of a line of ss(8): the protocol, who listens, and at which port, if it is a known one."""
    protocol, _, _, _, address, _, *users = line.split()
    found = re.search(r'"([^"]+)"', "".join(users))
    port = address.rpartition(":")[2]
    return protocol, found[1] if found else "", port if port in KNOWN_PORTS else ""
