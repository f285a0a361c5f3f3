"""What the library is told, where it can be seen without it."""

from pathlib import Path

import pytest

from device.sip.phone import Account, Transport
from device.sip.settings import PORTS, contact, nameservers, port, uri

RESOLV = """# made by hand
search example.com
nameserver 192.0.2.53
nameserver ::1
 nameserver 192.0.2.54
"""


@pytest.fixture
def resolv(tmp_path: Path) -> Path:
    path = tmp_path / "resolv.conf"
    path.write_text(RESOLV)
    return path


@pytest.mark.parametrize(
    ("server", "port", "expected"),
    [
        ("pbx.example.com", None, "sip:*78@pbx.example.com"),
        ("192.0.2.1", 5070, "sip:*78@192.0.2.1:5070"),
        ("2001:db8::1", None, "sip:*78@[2001:db8::1]"),
        ("2001:db8::1", 5061, "sip:*78@[2001:db8::1]:5061"),
    ],
)
def test_a_number_is_reached_through_the_pbx(server: str, port: int | None, expected: str) -> None:
    assert uri(Account(server, "100", "", port=port), "*78") == expected


@pytest.mark.parametrize(
    ("number", "user"),
    [
        ("*21*06#", "*21*06%23"),
        ("+39 06", "+39%2006"),
        ("a@b>", "a%40b%3E"),
        ("x\r\nVia: y", "x%0D%0AVia%3A%20y"),
    ],
)
def test_nothing_in_a_number_leaves_its_place(number: str, user: str) -> None:
    account = Account("pbx", "100", "", port=5060)
    assert uri(account, number) == f"sip:{user}@pbx:5060"
    assert contact(account, number) == f"<sip:{user}@pbx:5060>"


def test_names_are_asked_of_the_system_s_nameservers(resolv: Path) -> None:
    servers = nameservers(Account("pbx.example.com", "100", ""), resolv)
    assert servers == ["192.0.2.53", "192.0.2.54"]


@pytest.mark.parametrize("server", ["127.0.0.1", "::1", "localhost", "pbx", "pbx.local"])
def test_what_needs_no_srv_needs_no_nameserver(server: str, resolv: Path) -> None:
    assert nameservers(Account(server, "100", ""), resolv) == []


def test_with_a_port_no_nameserver_is_needed(resolv: Path) -> None:
    assert nameservers(Account("pbx.example.com", "100", "", port=5060), resolv) == []


def test_without_a_list_of_nameservers_none_is_asked(tmp_path: Path) -> None:
    assert nameservers(Account("pbx.example.com", "100", ""), tmp_path / "none") == []


def test_a_panel_has_a_port_of_its_own_under_udp() -> None:
    panels = [Account("pbx", "100", "", instance=f"panel-{n}") for n in range(50)]
    ports = [port(panel) for panel in panels]
    assert ports == [port(panel) for panel in panels]
    assert all(each in PORTS for each in ports)
    assert len(set(ports)) > 40


def test_without_a_name_or_with_a_connection_any_port_will_do() -> None:
    assert port(Account("pbx", "100", "")) == 0
    assert port(Account("pbx", "100", "", Transport.TCP, instance="panel")) == 0
