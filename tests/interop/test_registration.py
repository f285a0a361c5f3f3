"""Registering at a real PBX, and all that can be wrong with it."""

import pytest

from tests.interop.asterisk import Asterisk
from tests.interop.conftest import PanelMaker
from tests.interop.until import until

pytestmark = pytest.mark.interop


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_the_panel_registers(pbx: Asterisk, panel: PanelMaker, transport: str) -> None:
    panel(transport=transport).online()
    (contact,) = pbx.contacts("100")
    assert ("transport=TCP" in contact) == (transport == "tcp")


def test_the_panel_registers_over_tls(pbx: Asterisk, panel: PanelMaker) -> None:
    panel(transport="tls", server=pbx.tls_server, ca_file=str(pbx.ca_file)).online()
    (contact,) = pbx.contacts("100")
    assert "transport=TLS" in contact


def test_a_certificate_nobody_vouches_for_is_not_taken(pbx: Asterisk, panel: PanelMaker) -> None:
    shown = panel(transport="tls", server=pbx.tls_server).until(lambda shown: shown["link_reason"])
    assert shown["link"] == "offline"
    assert pbx.contacts("100") == []


def test_a_wrong_password_is_refused_in_words(pbx: Asterisk, panel: PanelMaker) -> None:
    shown = panel(password="guessed").until(lambda shown: shown["link"] == "refused")
    assert "password" in shown["link_reason"]
    assert pbx.contacts("100") == []


def test_an_ended_panel_is_registered_no_more(pbx: Asterisk, panel: PanelMaker) -> None:
    program = panel().online()
    assert pbx.contacts("100") != []
    assert program.stop() < 2.0
    until(lambda: pbx.contacts("100") == [], 1)


def test_a_logged_out_panel_is_registered_no_more(pbx: Asterisk, panel: PanelMaker) -> None:
    program = panel().online()
    program.choose("logged_out")
    until(lambda: pbx.contacts("100") == [], 5)
    program.choose("available")
    program.settled("available")
    assert len(pbx.contacts("100")) == 1


def test_the_check_tells_whether_the_pbx_takes_the_password(panel: PanelMaker) -> None:
    program = panel()
    program.online().stop()
    code, findings = program.check()
    assert (code, "pbx: registered 100" in findings) == (0, True)


def test_the_check_says_that_the_password_is_wrong(panel: PanelMaker) -> None:
    program = panel(password="guessed")
    program.stop()
    code, findings = program.check()
    assert (code, "wrong password" in findings) == (1, True)


def test_a_panel_whose_power_was_cut_is_not_one_contact_too_many(
    pbx: Asterisk, panel: PanelMaker
) -> None:
    wizard = pbx.home / "etc" / "pjsip_wizard.conf"
    wizard.write_text(wizard.read_text().replace("aor/max_contacts = 5", "aor/max_contacts = 1"))
    pbx.kill()
    pbx.start()
    program = panel().online()
    (contact,) = pbx.contacts("100")
    assert program._process is not None
    program._process.kill()
    program._process.wait()
    program.start()
    program.online()
    assert pbx.contacts("100") == [contact]
