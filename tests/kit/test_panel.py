"""The panel as the real program, with profile `deskpanel`: it says what callers meet."""

import pytest

from tests.interop.conftest import DeskMaker, PanelMaker
from tests.interop.panel import Panel
from tests.interop.until import until
from tests.kit.office import Office
from tests.kit.phones import (
    ABSENT,
    AVAILABLE,
    BUSY,
    DIVERT,
    DND,
    FORBIDDEN,
    LOGGED_OUT,
    UNREACHABLE,
    met,
    taken,
)

pytestmark = pytest.mark.interop

KIT = {"profile": "deskpanel"}


def followed(program: Panel, status: str) -> None:
    """The panel shows what was set elsewhere, and knows that it was."""
    program.settled(status)
    assert program.shown()["mirror"]["by"] == "pbx"


def test_each_status_is_set_one_after_another(pbx: Office, panel: PanelMaker) -> None:
    program = panel(**KIT).online()
    for status in ("dnd", "absent", "diverted", "absent", "dnd", "available"):
        program.choose(status, **({"target": "102"} if status == "diverted" else {}))
        program.settled(status)
        assert pbx.status("100") == status


def test_callers_meet_what_the_panel_shows(desk: DeskMaker, panel: PanelMaker) -> None:
    program, phone, caller, target = panel(**KIT).online(), desk("100"), desk("101"), desk("102")
    program.choose("dnd")
    program.settled("dnd")
    assert met(caller, "100") == BUSY
    program.choose("absent")
    program.settled("absent")
    assert (met(caller, "100"), met(phone, "101")) == (UNREACHABLE, FORBIDDEN)
    program.choose("diverted", target="102")
    assert program.settled("diverted")["divert"]["target"] == "102"
    taken(caller, "100", by=target)
    program.choose("available")
    program.settled("available")
    taken(caller, "100", by=phone)


def test_what_another_phone_sets_is_followed(desk: DeskMaker, panel: PanelMaker) -> None:
    program, phone = panel(**KIT).online(), desk("100")
    for code, status in [
        (DND, "dnd"),
        (ABSENT, "absent"),
        (f"{DIVERT}102", "diverted"),
        (AVAILABLE, "available"),
    ]:
        phone.dial_code(code)
        followed(program, status)


def test_another_target_set_on_another_phone_is_not_taken_for_the_panels(
    desk: DeskMaker, panel: PanelMaker
) -> None:
    program, phone = panel(**KIT).online(), desk("100")
    program.choose("diverted", target="102")
    program.settled("diverted")
    phone.dial_code(f"{DIVERT}103")
    program.until(lambda shown: shown["mirror"]["by"] == "pbx")
    assert program.settled("diverted")["divert"]["target"] is None


def test_another_target_chosen_at_the_panel_is_confirmed(
    pbx: Office, desk: DeskMaker, panel: PanelMaker
) -> None:
    program, caller, target = panel(**KIT).online(), desk("101"), desk("103")
    for number in ("102", "103", "102", "103"):
        program.choose("diverted", target=number)
        shown = program.settled("diverted")
        assert shown["divert"]["target"] == pbx.target("100") == number
        assert shown["mirror"]["by"] == "web"
    taken(caller, "100", by=target)
    assert program.settled("diverted")["divert"]["target"] == "103"


def test_logging_out_is_told_to_the_pbx(pbx: Office, panel: PanelMaker) -> None:
    program = panel(**KIT).online()
    program.choose("logged_out")
    program.settled("logged_out")
    assert pbx.status("100") == "logged_out"
    until(lambda: not pbx.contacts("100"), 5)
    program.choose("available")
    program.settled("available")
    assert pbx.status("100") == "available"


def test_logging_out_on_another_phone_is_followed(
    pbx: Office, desk: DeskMaker, panel: PanelMaker
) -> None:
    program, phone = panel(**KIT).online(), desk("100")
    phone.dial_code(LOGGED_OUT)
    followed(program, "logged_out")
    until(lambda: len(pbx.contacts("100")) == 1, 5)
    program.choose("available")
    program.settled("available")
    assert pbx.status("100") == "available"


def test_absent_is_left_behind_where_logging_out_asks_for_it(
    pbx: Office, panel: PanelMaker
) -> None:
    program = panel(more="[user]\nabsent_at_logout = true\n", **KIT).online()
    program.choose("logged_out")
    program.settled("logged_out")
    assert pbx.status("100") == "absent"


def test_what_was_set_before_a_restart_of_both_is_found(pbx: Office, panel: PanelMaker) -> None:
    program = panel(**KIT).online()
    program.choose("diverted", target="102")
    program.settled("diverted")
    program.stop()
    pbx.shut_down()
    pbx.start()
    program.start()
    assert program.settled("diverted")["divert"]["target"] == "102"


def test_what_is_not_granted_is_refused_and_rolled_back(pbx: Office, panel: PanelMaker) -> None:
    program = panel("103", **KIT).online()
    program.choose("dnd")
    shown = program.until(lambda shown: shown["mirror"]["state"] == "refused")
    assert shown["status"] == "available"
    assert "*511" in shown["mirror"]["reason"]
    assert pbx.status("103") in ("", "available")
