"""Status at the PBX: set by feature codes, read back by hints."""

import pytest

from tests.interop.asterisk import Asterisk
from tests.interop.conftest import DeskMaker, PanelMaker

pytestmark = pytest.mark.interop

DIVERT = """
[divert]
targets = [{ name = "Carla", number = "102" }]
"""


def test_dnd_is_set_at_the_pbx_and_confirmed(
    pbx: Asterisk, panel: PanelMaker, desk: DeskMaker
) -> None:
    program, phone, caller = panel().online(), desk("100"), desk("101")
    shown = program.post("/api/press", button="dnd")
    assert (shown["status"], shown["mirror"]["state"]) == ("dnd", "pending")
    assert program.settled("dnd")["lamps"]["dnd"]["pattern"] == "steady"
    assert pbx.database("DND/100") == "YES"
    assert caller.ended(caller.call("100")) == 486
    phone.dial_code("*79")
    shown = program.settled("available")
    assert shown["mirror"]["by"] == "pbx"
    assert shown["lamps"]["dnd"]["pattern"] == "off"


def test_dnd_set_on_another_phone_is_followed(panel: PanelMaker, desk: DeskMaker) -> None:
    program, phone = panel().online(), desk("100")
    phone.dial_code("*78")
    assert program.settled("dnd")["mirror"]["by"] == "pbx"


def test_dnd_set_before_the_panel_came_is_found(
    pbx: Asterisk, panel: PanelMaker, desk: DeskMaker
) -> None:
    desk("100").dial_code("*78")
    program = panel()
    program.settled("dnd")
    assert pbx.database("DND/100") == "YES"


def test_available_is_set_at_the_pbx(pbx: Asterisk, panel: PanelMaker, desk: DeskMaker) -> None:
    desk("100").dial_code("*78")
    program = panel()
    program.settled("dnd")
    program.choose("available")
    program.settled("available")
    assert pbx.database("DND/100") == ""


def test_a_divert_is_set_at_the_pbx(pbx: Asterisk, panel: PanelMaker, desk: DeskMaker) -> None:
    program, caller, target = panel(more=DIVERT).online(), desk("101"), desk("102")
    program.choose("diverted", target="Carla")
    assert program.settled("diverted")["divert"]["target"] == "102"
    assert pbx.database("CF/100") == "102"
    call = caller.call("100")
    assert "sip:100@" in target.ringing()["headers"]["diversion"][0]
    caller.hang_up(call)
    program.choose("available")
    program.settled("available")
    assert pbx.database("CF/100") == ""


def test_from_divert_to_dnd_leaves_no_divert_behind(pbx: Asterisk, panel: PanelMaker) -> None:
    program = panel(more=DIVERT).online()
    program.choose("diverted", target="102")
    program.settled("diverted")
    program.choose("dnd")
    program.settled("dnd")
    assert (pbx.database("CF/100"), pbx.database("DND/100")) == ("", "YES")


def test_a_code_the_pbx_does_not_know_is_refused_and_rolled_back(
    pbx: Asterisk, panel: PanelMaker
) -> None:
    program = panel().online()
    pbx.cli("dialplan remove extension *78@users")
    program.choose("dnd")
    shown = program.until(lambda shown: shown["mirror"]["state"] == "refused")
    assert shown["status"] == "available"
    assert shown["mirror"]["reason"]
