"""Where a call goes that a phone, or a panel, sends elsewhere with 302 while it rings."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Protocol

import pytest

from device.core.events import CallOffered, DialEnded
from device.sip.digest import Login
from tests.interop.conftest import DeskMaker
from tests.interop.until import until
from tests.kit.office import Office
from tests.kit.phones import BUSY, DIVERT, DND, UNREACHABLE, connected, rang
from tests.kit.stranger import Mover
from tests.kit.test_calling import OWN
from tests.sip.handset import Handset

pytestmark = pytest.mark.interop

PHONE, PANEL = "phone", "deskpanel/0.1"

PLACES = ["102", "0333", "PJSIP/800", "Local/0333%40phones"]
"The last two are names in which Dial reads where to go by itself."


class MoverMaker(Protocol):
    def __call__(self, user: str, agent: str = PHONE) -> Mover:
        """Such a phone of this user, registered; as a panel where `agent` says so."""


@pytest.fixture
def mover(pbx: Office) -> Iterator[MoverMaker]:
    with ExitStack() as movers:
        yield lambda user, agent=PHONE: movers.enter_context(
            Mover(pbx.server, Login(user, pbx.password), agent)
        )


def moves(handset: Handset, number: str) -> None:
    """The panel diverts the call that rings, this one only."""
    handset.phone.answer(handset.hears(CallOffered).call, 302, number)


# Phones: theirs is not followed


@pytest.mark.parametrize("place", PLACES)
def test_no_phone_sends_a_call_on(
    pbx: Office, desk: DeskMaker, mover: MoverMaker, place: str
) -> None:
    caller, colleague, outside, phone = desk("101"), desk("102"), desk("800"), mover("103")
    call = caller.call("103")
    phone.moves(f"sip:{place}@{pbx.server}")
    assert caller.ended(call) == BUSY
    assert (rang(colleague), outside.rang) == (0, 0)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("agent", [PHONE, PANEL])
def test_the_target_of_a_divert_does_not_send_it_on(
    pbx: Office, desk: DeskMaker, mover: MoverMaker, agent: str, place: str
) -> None:
    caller, colleague, outside = desk("101"), desk("102"), desk("800")
    target = mover("103", agent)
    desk("100").dial_code(f"{DIVERT}103")
    call = caller.call("100")
    target.moves(f"sip:{place}@{pbx.server}")
    assert caller.ended(call) == BUSY
    assert (rang(colleague), outside.rang) == (0, 0)


@pytest.mark.parametrize("agent", [PHONE, PANEL])
def test_a_users_own_phone_does_not_send_the_panels_call_on(
    pbx: Office, handset: Handset, desk: DeskMaker, mover: MoverMaker, agent: str
) -> None:
    phone, outside = mover("100", agent), desk("800")
    handset.phone.ring_own(1, OWN)
    phone.moves(f"sip:0333@{pbx.server}")
    assert handset.hears(DialEnded, job=1).reason == "486 Busy Here"
    assert outside.rang == 0


# Panels: theirs is a divert of one call


def test_a_panel_diverts_one_call_and_the_phone_rings_on(desk: DeskMaker, handset: Handset) -> None:
    phone, caller, target = desk("100"), desk("101"), desk("102")
    call = caller.call("100")
    ringing = phone.ringing()["call"]
    moves(handset, "102")
    diverted = target.ringing()
    assert "sip:100@" in diverted["headers"]["diversion"][0]
    assert "<sip:101@" in diverted["headers"]["from"][0]
    target.answer(diverted["call"])
    connected(caller, call)
    assert phone.ended(ringing) == 487


def test_of_two_panels_one_is_enough(desk: DeskMaker, handset: Handset, mover: MoverMaker) -> None:
    caller, target, _ = desk("101"), desk("102"), mover("100", PANEL)
    call = caller.call("100")
    moves(handset, "102")
    target.answer(target.ringing()["call"])
    connected(caller, call)
    assert len(handset.heard(CallOffered)) == 1


@pytest.mark.parametrize(("place", "rung"), [("0333", 1), ("0444", 0)])
def test_a_panel_diverts_outside_as_its_user_may(
    pbx: Office, desk: DeskMaker, handset: Handset, place: str, rung: int
) -> None:
    pbx.grant("100", may="dnd&diverted", ring_seconds="1")
    caller, outside = desk("101"), desk("800")
    call = caller.call("100")
    moves(handset, place)
    assert caller.ended(call) == UNREACHABLE
    assert outside.rang == rung


@pytest.mark.parametrize("place", [*PLACES[1:], "102,1"])
def test_whose_panel_it_is_comes_from_no_header(
    pbx: Office, desk: DeskMaker, mover: MoverMaker, place: str
) -> None:
    caller, outside, panel = desk("101"), desk("800"), mover("103", PANEL)
    colleague = desk("102")
    call = caller.call("103")
    panel.moves(f"sip:{place}@{pbx.server}", f"Diversion: <sip:101@{pbx.server}>;counter=0")
    assert caller.ended(call) == UNREACHABLE
    assert (outside.rang, rang(colleague)) == (0, 0)


@pytest.mark.parametrize("place", ["600", "700", "112", "100", "199"])
def test_a_panel_diverts_to_no_forbidden_target(
    pbx: Office, desk: DeskMaker, handset: Handset, place: str
) -> None:
    pbx.grant("100", on_no_answer="extension:102")
    caller, action = desk("101"), desk("102")
    call = caller.call("100")
    moves(handset, place)
    action.answer(action.ringing()["call"])
    connected(caller, call)


def test_a_target_in_dnd_is_an_event_of_who_diverts(desk: DeskMaker, handset: Handset) -> None:
    caller, target = desk("101"), desk("102")
    target.dial_code(DND)
    call = caller.call("100")
    moves(handset, "102")
    assert caller.ended(call) == BUSY


def test_a_panel_that_is_busy_is_busy(desk: DeskMaker, handset: Handset) -> None:
    caller, outside = desk("101"), desk("800")
    for who, number in [(caller, "100"), (outside, "9100")]:
        call = who.call(number)
        handset.phone.answer(handset.hears(CallOffered, 1 + (who is outside)).call, 486)
        assert who.ended(call) == BUSY


# One level


def test_a_panel_does_not_divert_to_who_diverts(desk: DeskMaker, handset: Handset) -> None:
    caller, target, third = desk("101"), desk("102"), desk("103")
    target.dial_code(f"{DIVERT}103")
    call = caller.call("100")
    moves(handset, "102")
    assert caller.ended(call) == UNREACHABLE
    assert (rang(target), rang(third)) == (0, 0)


def test_a_panel_does_not_divert_what_was_diverted_before(
    desk: DeskMaker, handset: Handset
) -> None:
    outside, target = desk("800"), desk("102")
    call = outside.call("9100")
    moves(handset, "102")
    assert outside.ended(call) == BUSY
    assert rang(target) == 0


def test_two_panels_that_divert_to_each_other_end_after_one_round(
    pbx: Office, desk: DeskMaker, handset: Handset, mover: MoverMaker
) -> None:
    caller, other = desk("101"), mover("103", PANEL)
    call = caller.call("100")
    moves(handset, "103")
    other.moves(f"sip:100@{pbx.server}")
    assert caller.ended(call) == BUSY
    assert len(handset.heard(CallOffered)) == 1


def test_a_panel_in_a_group_diverts_to_nobody_who_rings(
    pbx: Office, desk: DeskMaker, handset: Handset
) -> None:
    caller, member = desk("102"), desk("101")
    call = caller.call("600")
    ringing = member.ringing()["call"]
    moves(handset, "101")
    until(lambda: "@deskpanel-panel-" not in pbx.cli("core show channels concise"), 5)
    member.answer(ringing)
    connected(caller, call)
    assert rang(member) == 1
