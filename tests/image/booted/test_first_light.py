"""The image before anybody told it anything, and then something wrong."""

import time
from ipaddress import IPv4Address

import pytest

from tests.image import card as cards
from tests.image import mdns
from tests.image.booted.configs import PL061, config
from tests.image.booted.conftest import MachineMaker
from tests.image.machine import BOOT_SECONDS, Machine
from tests.interop.asterisk import Asterisk
from tests.interop.until import until

pytestmark = pytest.mark.image

OLD_PASSWORD = "before-it-was-changed"
OURS = IPv4Address("10.0.2.77")
WAITING = "waiting: no deskpanel.toml"


@pytest.fixture(scope="module")
def bare(computer: MachineMaker) -> Machine:
    """Nothing was put on its card."""
    # Nobody can log in to ask: what the panel says is read off the console.
    return computer().start("systemd.journald.forward_to_console=1")


def test_without_a_config_the_panel_says_so_and_waits(bare: Machine) -> None:
    until(lambda: WAITING in bare.console(), BOOT_SECONDS, bare.last_words)


def test_it_answers_to_its_name_on_the_link(bare: Machine) -> None:
    found = until(lambda: _asked(bare), BOOT_SECONDS, bare.last_words)
    assert found == IPv4Address("10.0.2.15")


def _asked(machine: Machine) -> IPv4Address | None:
    """Who answers to the name within a second, if anybody."""
    machine.ether.settimeout(1)
    machine.ether.send(mdns.question("deskpanel.local", OURS))
    end = time.monotonic() + 1
    while time.monotonic() < end:
        try:
            found = mdns.address(machine.ether.recv(2048), "deskpanel.local")
        except TimeoutError:
            return None
        if found:
            return found
    return None


def test_without_a_key_nobody_listens_for_ssh(bare: Machine) -> None:
    # With an address: else nobody could be reached, whoever listens.
    until(lambda: _asked(bare), BOOT_SECONDS, bare.last_words)
    until(lambda: WAITING in bare.console(), BOOT_SECONDS, bare.last_words)
    assert not bare.listens_for_ssh()


def test_a_wrong_config_is_told_beside_it_with_file_line_and_key(
    bare: Machine, pbx: Asterisk
) -> None:
    bare.power_cut()
    wrong = config(pbx, PL061).replace('transport = "udp"', 'transport = "pigeon"')
    # A PC that writes the file anew may leave the old one on the card, where no panel finds it.
    wrong = wrong.replace(pbx.password, OLD_PASSWORD)
    line = wrong.splitlines().index('transport = "pigeon"') + 1
    bare.card.put("deskpanel.toml", wrong)
    bare.start("systemd.journald.forward_to_console=1")
    until(lambda: "waiting: " in bare.console(), BOOT_SECONDS, bare.last_words)
    told = _errors(bare)
    assert f"deskpanel.toml:{line}: pbx.transport" in bare.console()
    assert f"deskpanel.toml:{line}: pbx.transport" in told
    assert OLD_PASSWORD not in told


def _errors(machine: Machine) -> str:
    copy = machine.on_card(machine.home / "look.img")
    try:
        return copy.get("deskpanel.errors.txt").decode()
    finally:
        copy.throw_away()


def test_a_key_put_on_the_card_later_opens_ssh_and_the_right_config_ends_the_complaint(
    bare: Machine, pbx: Asterisk
) -> None:
    bare.power_cut()
    bare.card.put("deskpanel.toml", config(pbx, PL061))
    bare.card.put("key.pub", bare.public_key)
    bare.start()
    bare.online()
    assert bare.run("id -un").strip() == "root"
    copy = bare.on_card(bare.home / "look.img")
    assert copy.names().isdisjoint({"deskpanel.errors.txt", "deskpanel.toml"})
    assert not copy.holds(pbx.password, cards.FIRMWARE)
    copy.throw_away()


@pytest.fixture(scope="module")
def other(computer: MachineMaker) -> Machine:
    machine = computer()
    machine.card.put("key.pub", machine.public_key)
    return machine.start()


def test_two_cards_have_two_host_keys(bare: Machine, other: Machine) -> None:
    assert other.run("true") == ""
    assert bare.host_key() != other.host_key()
