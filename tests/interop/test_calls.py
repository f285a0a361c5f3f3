"""What becomes of calls, with the caller and the desk phone on the same PBX."""

import pytest

from tests.interop.asterisk import Asterisk
from tests.interop.conftest import DeskMaker, PanelMaker
from tests.interop.panel import Json, Panel

pytestmark = pytest.mark.interop


def insist(pbx: Asterisk, *wishes: str) -> None:
    """Have the PBX want this of the media of the panel, and of no other phone."""
    wizard, modules = (pbx.home / "etc" / f"{name}.conf" for name in ("pjsip_wizard", "modules"))
    lines = "".join(f"endpoint/{wish}\n" for wish in wishes)
    panel = "[100](phone)\n"
    wizard.write_text(wizard.read_text().replace(panel, panel + lines, 1))
    modules.write_text(modules.read_text() + "load = res_srtp.so\nload = codec_g722.so\n")
    pbx.kill()
    pbx.start()


DIVERT = """
[divert]
targets = [{ name = "Carla", number = "102" }]
"""


def rings(shown: Json) -> bool:
    return bool(shown["ringing"])


def rings_no_more(shown: Json) -> bool:
    return not shown["ringing"]


def listed(panel: Panel) -> list[tuple[str, str]]:
    """Caller and fate of each call in the list, newest first."""
    return [(call["number"], call["kind"]) for call in panel.get("/api/calls")]


def test_a_call_that_was_given_up_is_missed(panel: PanelMaker, desk: DeskMaker) -> None:
    program, caller = panel().online(), desk("101")
    call = caller.call("100")
    shown = program.until(rings)
    assert shown["ringing"] == [{"number": "101", "name": "Bruno"}]
    assert shown["line"] == "ringing"
    caller.hang_up(call)
    shown = program.until(rings_no_more)
    assert shown["notices"]["missed"] == {"unseen": 1, "total": 1}
    assert listed(program) == [("101", "missed")]


def test_a_call_answered_on_the_desk_phone_is_not_missed(
    panel: PanelMaker, desk: DeskMaker
) -> None:
    program, phone, caller = panel().online(), desk("100"), desk("101")
    call = caller.call("100")
    program.until(rings)
    phone.answer(phone.ringing()["call"])
    program.until(rings_no_more)
    assert program.until(lambda shown: shown["line"] == "busy")["notices"]["missed"]["total"] == 0
    assert listed(program) == []
    caller.hang_up(call)
    program.until(lambda shown: shown["line"] == "free")
    assert listed(program) == []


def test_more_calls_at_once_than_the_library_takes_are_all_missed(
    panel: PanelMaker, desk: DeskMaker
) -> None:
    program, callers = panel().online(), [desk("101"), desk("102")]
    calls = [(caller, caller.call("100")) for caller in callers for _ in range(3)]
    program.until(lambda shown: len(shown["ringing"]) == 3)
    for caller, call in calls:
        caller.hang_up(call)
    program.until(lambda shown: shown["notices"]["missed"]["unseen"] == 6)


def test_a_call_is_turned_away_in_dnd_and_listed_so(panel: PanelMaker, desk: DeskMaker) -> None:
    program, caller = panel(profile="generic").online(), desk("101")
    program.choose("dnd")
    program.settled("dnd")
    assert caller.ended(caller.call("100")) == 486
    assert listed(program) == [("101", "dnd")]
    assert program.shown()["notices"]["missed"]["unseen"] == 1


def test_an_absent_user_is_unavailable(panel: PanelMaker, desk: DeskMaker) -> None:
    program, caller = panel(profile="generic").online(), desk("101")
    program.choose("absent")
    program.settled("absent")
    assert caller.ended(caller.call("100")) == 480
    assert listed(program) == [("101", "absent")]


def test_a_diverted_call_reaches_the_target_with_its_diversion(
    panel: PanelMaker, desk: DeskMaker
) -> None:
    program = panel(profile="generic", more=DIVERT).online()
    caller, target = desk("101"), desk("102")
    program.choose("diverted", target="Carla")
    program.settled("diverted")
    call = caller.call("100")
    diversion = target.ringing()["headers"]["diversion"][0]
    assert "sip:100@" in diversion
    caller.hang_up(call)
    assert listed(program) == [("101", "diverted")]


def test_a_call_diverted_once_is_not_diverted_again(
    pbx: Asterisk, panel: PanelMaker, desk: DeskMaker
) -> None:
    program = panel(profile="generic", more=DIVERT).online()
    caller, target = desk("101"), desk("102")
    program.choose("diverted", target="102")
    program.settled("diverted")
    pbx.cli("database put CF 103 100")
    assert caller.ended(caller.call("103")) >= 400
    caller.call("102")
    assert "diversion" not in target.ringing()["headers"]


def test_a_ringing_call_is_turned_away_by_the_dnd_button(
    panel: PanelMaker, desk: DeskMaker
) -> None:
    program, caller = panel().online(), desk("101")
    call = caller.call("100")
    program.until(rings)
    program.post("/api/press", button="dnd")
    assert caller.ended(call) == 486
    assert program.shown()["status"] == "available"


@pytest.mark.parametrize("optimistic", ["no", "yes"])
def test_a_pbx_that_encrypts_all_sound_is_understood(
    pbx: Asterisk, panel: PanelMaker, desk: DeskMaker, optimistic: str
) -> None:
    insist(pbx, "media_encryption=sdes", f"media_encryption_optimistic={optimistic}")
    program = panel(transport="tls", server=pbx.tls_server, ca_file=str(pbx.ca_file)).online()
    for status, stored in (("dnd", "YES"), ("available", "")):
        program.choose(status)
        program.settled(status)
        assert pbx.database("DND/100") == stored
    desk("101").call("100")
    program.until(rings)


def test_a_pbx_that_insists_on_wideband_is_understood(
    pbx: Asterisk, panel: PanelMaker, desk: DeskMaker
) -> None:
    insist(pbx, "allow=!all,g722")
    program = panel().online()
    for status, stored in (("dnd", "YES"), ("available", "")):
        program.choose(status)
        program.settled(status)
        assert pbx.database("DND/100") == stored
    desk("101").call("100")
    program.until(rings)
