"""Where the family does so, panels are shown the calls that a status keeps from their user."""

import pytest
from sipmessage import Request

from device.core.words import Status
from device.demo.call import Meets
from device.demo.pbx import DemoPbx
from device.demo.people import Being
from device.demo.transactions import Timing
from device.pbx.profiles import PROFILES
from tests.demo.peer import Peer, at, differing

NUMBER = "0612345678"
KIT = PROFILES["deskpanel"]

KEPT_AWAY = {
    "*511": (Meets.BUSY, 486),
    "*512": (Meets.UNREACHABLE, 480),
    "*513101": (Meets.DIVERTED, 302),
}
"What a code makes callers meet, and the panel say."

SILENT = {
    name: switch.on.format(user="100")
    for name, profile in PROFILES.items()
    if profile != KIT and (switch := profile.switches.get(Status.DND)) and switch.on
}
"Families that keep dnd, with the code that sets it."


async def shown(pbx: DemoPbx, panel: Peer, code: str) -> tuple[int, Request]:
    """A call after that code, and how the panel hears of it."""
    await panel.register()
    pbx.dial_on_desk_phone(code)
    call = pbx.call(NUMBER, "Eva")
    return call, await panel.asked("INVITE")


def met(pbx: DemoPbx, call: int) -> Meets:
    return Meets(next(c["state"] for c in pbx.snapshot()["calls"] if c["id"] == call))


@pytest.mark.parametrize("code", KEPT_AWAY)
def test_what_the_panel_says_is_met_by_nobody(code: str) -> None:
    meets, said = KEPT_AWAY[code]

    @at(KIT)
    async def body(pbx: DemoPbx, panel: Peer) -> None:
        call, invite = await shown(pbx, panel, code)
        assert (invite.from_address.uri.user, invite.from_address.name) == (NUMBER, "Eva")
        assert invite.headers.get("Diversion") is None
        panel.respond(invite, said, Contact="<sip:102@127.0.0.1>")
        await panel.asked("ACK")

        assert met(pbx, call) is meets
        beings = {c["number"]: c["being"] for c in pbx.snapshot()["colleagues"]}
        assert beings["102"] == Being.FREE

    body()


@at(KIT)
async def test_a_call_that_could_not_be_diverted_says_so(pbx: DemoPbx, panel: Peer) -> None:
    pbx.let_colleague("101", Being.BUSY)
    call, invite = await shown(pbx, panel, "*513101")

    assert "sip:100@" in invite.headers["Diversion"]
    assert met(pbx, call) is Meets.BUSY


def test_a_panel_that_rings_is_left_alone() -> None:
    async def body(pbx: DemoPbx, panel: Peer) -> None:
        call, invite = await shown(pbx, panel, "*511")
        panel.respond(invite, 180)
        cancel = await panel.asked("CANCEL")
        panel.respond(invite, 487)

        assert "200" not in cancel.headers["Reason"]
        assert met(pbx, call) is Meets.BUSY

    differing(timing=Timing(shown=0.05), profile=KIT)(body)()


@at(KIT)
async def test_a_panel_that_picks_up_what_it_was_shown_is_hung_up(
    pbx: DemoPbx, panel: Peer
) -> None:
    call, invite = await shown(pbx, panel, "*511")
    panel.respond(invite, 200, Contact=f"<sip:100@{panel.address}>")

    await panel.asked("BYE")
    assert met(pbx, call) is Meets.BUSY


@pytest.mark.parametrize(("name", "code"), SILENT.items())
def test_other_families_turn_calls_away_in_silence(name: str, code: str) -> None:
    @at(PROFILES[name])
    async def body(pbx: DemoPbx, panel: Peer) -> None:
        await panel.register()
        pbx.dial_on_desk_phone(code)
        assert met(pbx, pbx.call(NUMBER)) is Meets.BUSY
        await panel.ask("OPTIONS")
        assert panel.requests("INVITE") == []

    body()
