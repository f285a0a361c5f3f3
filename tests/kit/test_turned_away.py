"""Calls that a status keeps from ringing are listed at the panel, and callers notice nothing."""

import pytest

from device.core.events import CallEnded, CallOffered
from tests.interop.conftest import DeskMaker, PanelMaker
from tests.interop.panel import Panel
from tests.interop.until import until
from tests.kit.office import Office
from tests.kit.phones import (
    ABSENT,
    BUSY,
    DND,
    UNREACHABLE,
    connected,
    met,
    rang,
    taken,
)
from tests.sip.handset import Handset
from tests.table.people import said

pytestmark = pytest.mark.interop

KIT = {"profile": "deskpanel"}

ODD = "Eva),102^SET(GLOBAL(slipped)=yes)&PJSIP/102"
"A caller's name, which etc/extensions.conf gives."

CODES = {"dnd": BUSY, "absent": UNREACHABLE}

SHOWN_SECONDS = 2
"How long a panel may take that says nothing of use."


def listed(program: Panel) -> list[tuple[str, str, int]]:
    """Number, kind and count of every call."""
    return [(c["number"], c["kind"], c["count"]) for c in program.get("/api/calls")]


def lists(program: Panel, *wanted: tuple[str, str, int]) -> None:
    until(lambda: listed(program) == list(wanted), 5, lambda: str(listed(program)))


def quiet(pbx: Office) -> None:
    """Nothing is under way, so nothing more will be listed."""
    until(lambda: "0 active channels" in pbx.cli("core show channels count"), 10)


def put(program: Panel, status: str, **more: str) -> None:
    program.choose(status, **more)
    program.settled(status)


@pytest.mark.parametrize("status", CODES)
def test_a_call_turned_away_is_listed_once_and_marked(
    pbx: Office, desk: DeskMaker, panel: PanelMaker, status: str
) -> None:
    program, phone, caller = panel(**KIT).online(), desk("100"), desk("101")
    put(program, status)
    assert met(caller, "100") == CODES[status]
    lists(program, ("101", status, 1))
    quiet(pbx)
    lists(program, ("101", status, 1))
    assert program.get("/api/calls")[0]["name"] == "Bruno"
    assert rang(phone) == 0


def test_a_call_that_rang_is_missed_only_if_nobody_took_it(
    pbx: Office, desk: DeskMaker, panel: PanelMaker
) -> None:
    program, phone, caller = panel(**KIT).online(), desk("100"), desk("101")
    call = caller.call("100")
    program.until(lambda shown: shown["ringing"] == [{"number": "101", "name": "Bruno"}])
    phone.answer(phone.ringing()["call"])
    connected(caller, call)
    quiet(pbx)
    assert listed(program) == []
    call = caller.call("100")
    program.until(lambda shown: shown["ringing"])
    caller.hang_up(call)
    lists(program, ("101", "missed", 1))


def test_several_calls_at_once_are_all_listed(
    pbx: Office, desk: DeskMaker, panel: PanelMaker
) -> None:
    program, callers = panel(**KIT).online(), [desk(user) for user in ("101", "102", "103", "104")]
    put(program, "dnd")
    calls = [caller.call("100") for caller in callers]
    assert [c.ended(call) for c, call in zip(callers, calls, strict=True)] == [BUSY] * 4
    quiet(pbx)
    assert sorted(listed(program)) == [(u, "dnd", 1) for u in ("101", "102", "103", "104")]


def test_a_withheld_number_is_withheld_from_the_panel(desk: DeskMaker, panel: PanelMaker) -> None:
    program, outside = panel(**KIT).online(), desk("800")
    put(program, "dnd")
    assert met(outside, "8100") == BUSY
    lists(program, ("", "dnd", 1))


def test_nothing_is_slipped_in_with_a_name(pbx: Office, desk: DeskMaker, panel: PanelMaker) -> None:
    program, outside, slipped = panel(**KIT).online(), desk("800"), desk("102")
    put(program, "dnd")
    assert met(outside, "7100") == BUSY
    lists(program, ("800", "dnd", 1))
    assert program.get("/api/calls")[0]["name"] == ODD
    assert rang(slipped) == 0
    assert "slipped" not in pbx.cli("dialplan show globals")


def test_a_panel_with_a_login_of_its_own_is_found(
    pbx: Office, desk: DeskMaker, panel: PanelMaker
) -> None:
    program, phone, caller = panel("101-dect", **KIT), desk("101"), desk("100")
    until(lambda: pbx.contacts("101-dect"), 5)
    phone.dial_code(DND)
    assert met(caller, "101") == BUSY
    # That name has no status of its own to follow, so it rings until it is left alone.
    lists(program, ("100", "missed", 1))


def test_the_event_runs_all_the_same(pbx: Office, desk: DeskMaker, panel: PanelMaker) -> None:
    pbx.grant("100", on_busy="extension:102")
    program, caller, colleague = panel(**KIT).online(), desk("101"), desk("102")
    put(program, "dnd")
    taken(caller, "100", by=colleague)
    lists(program, ("101", "dnd", 1))


def test_a_call_that_comes_by_twice_is_listed_once(
    pbx: Office, desk: DeskMaker, panel: PanelMaker
) -> None:
    pbx.grant("100", on_busy="extension:600")
    pbx.grant("600", on_busy="hangup")
    program, caller = panel(**KIT).online(), desk("102")
    put(program, "dnd")
    met(caller, "100")
    quiet(pbx)
    lists(program, ("102", "dnd", 1))


# Diverts


def test_a_diverted_call_is_listed_as_that(pbx: Office, desk: DeskMaker, panel: PanelMaker) -> None:
    program, caller, target = panel(**KIT).online(), desk("101"), desk("102")
    put(program, "diverted", target="102")
    taken(caller, "100", by=target)
    quiet(pbx)
    lists(program, ("101", "diverted", 1))
    assert rang(target) == 1


def test_a_call_that_could_not_be_diverted_is_missed(
    pbx: Office, desk: DeskMaker, panel: PanelMaker
) -> None:
    program, caller, target = panel(**KIT).online(), desk("101"), desk("102")
    put(program, "diverted", target="102")
    target.dial_code(DND)
    assert met(caller, "100") == BUSY
    quiet(pbx)
    lists(program, ("101", "missed", 1))


# Groups


def test_a_groups_call_that_nobody_took_is_listed_by_who_was_spared(
    pbx: Office, desk: DeskMaker, panel: PanelMaker
) -> None:
    pbx.grant("600", ring_seconds="1", on_no_answer="hangup")
    program, member, caller = panel(**KIT).online(), desk("101"), desk("102")
    put(program, "dnd")
    call = caller.call("600")
    member.ringing()
    assert listed(program) == []
    assert caller.ended(call) == UNREACHABLE
    lists(program, ("102", "dnd", 1))


def test_a_groups_call_that_somebody_took_is_nobodys_missed_call(
    pbx: Office, desk: DeskMaker, panel: PanelMaker
) -> None:
    program, member, caller = panel(**KIT).online(), desk("101"), desk("102")
    put(program, "dnd")
    taken(caller, "600", by=member)
    quiet(pbx)
    assert listed(program) == []


def test_a_caller_who_gives_up_at_a_group_is_listed(desk: DeskMaker, panel: PanelMaker) -> None:
    program, member, caller = panel(**KIT).online(), desk("101"), desk("102")
    put(program, "dnd")
    call = caller.call("600")
    member.ringing()
    caller.hang_up(call)
    lists(program, ("102", "dnd", 1))


# What a panel says is never met by the caller. The one here is scripted: the panel's own phone, and
# nobody behind it that knows of a status.


def offered(handset: Handset, count: int = 1) -> int:
    return handset.hears(CallOffered, count).call


def test_a_panel_that_rings_by_mistake_is_left_alone_and_no_caller_hears_it(
    desk: DeskMaker, handset: Handset
) -> None:
    caller = desk("101")
    desk("100").dial_code(DND)
    call = caller.call("100")
    handset.phone.answer(offered(handset), 180)
    assert said(caller, call)["code"] == BUSY
    handset.hears(CallEnded, seconds=SHOWN_SECONDS + 3)


def test_a_302_of_a_panel_is_not_followed(pbx: Office, desk: DeskMaker, handset: Handset) -> None:
    caller, target = desk("101"), desk("102")
    desk("100").dial_code(DND)
    call = caller.call("100")
    handset.phone.answer(offered(handset), 302, "102")
    assert caller.ended(call) == BUSY
    quiet(pbx)
    assert rang(target) == 0


def test_a_desk_phone_is_never_shown_a_call(desk: DeskMaker, handset: Handset) -> None:
    phone, caller = desk("100"), desk("101")
    phone.dial_code(ABSENT)
    assert met(caller, "100") == UNREACHABLE
    handset.phone.answer(offered(handset), 480)
    assert rang(phone) == 0


def test_nobody_waits_for_a_panel_that_says_nothing(desk: DeskMaker, handset: Handset) -> None:
    desk("100").dial_code(DND)
    assert met(desk("101"), "100") == BUSY
    offered(handset)
    assert not handset.heard(CallEnded)
    handset.hears(CallEnded, seconds=SHOWN_SECONDS + 3)
