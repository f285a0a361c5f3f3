"""One level of diverting: to a colleague who takes the call, and no further."""

import pytest

from device.demo.call import Meets
from device.demo.pbx import DemoPbx
from device.demo.people import Being
from tests.demo.peer import Peer, changed, story

NUMBER = "0612345678"


def meets(pbx: DemoPbx) -> tuple[str, str]:
    """What the latest caller meets."""
    told = pbx.snapshot()["calls"][-1]
    return told["state"], told["detail"]


@pytest.mark.parametrize(
    ("being", "met"),
    [
        (Being.FREE, ("diverted", "diverted to 102")),
        (Being.BUSY, ("busy", "busy: 102 is on the phone")),
        (Being.RINGING, ("busy", "busy: 102 is being called")),
        (Being.AWAY, ("unreachable", "unreachable: 102 is away")),
        (
            Being.DIVERTED,
            ("unreachable", "unreachable: 102 diverts as well, and once is enough"),
        ),
    ],
)
def test_a_diverted_caller_meets_the_target_as_it_is(being: Being, met: tuple[str, str]) -> None:
    @story
    async def body(pbx: DemoPbx, panel: Peer) -> None:
        await panel.register()
        pbx.let_colleague("102", being)
        pbx.dial_on_desk_phone("*72102")
        pbx.call(NUMBER)
        assert meets(pbx) == met

    body()


@story
async def test_a_call_that_was_diverted_says_by_whom(pbx: DemoPbx, panel: Peer) -> None:
    await panel.register()
    pbx.call(NUMBER, diverted_by="101")

    diversion = (await panel.asked("INVITE")).headers["Diversion"]
    assert diversion == "<sip:101@127.0.0.1>;reason=unconditional"


@story
async def test_a_call_that_was_diverted_is_not_diverted_again(pbx: DemoPbx, panel: Peer) -> None:
    await panel.register()
    pbx.dial_on_desk_phone("*72102")
    pbx.call(NUMBER, diverted_by="101")

    assert meets(pbx) == (
        "unreachable",
        "unreachable: 101 has diverted already, and once is enough",
    )


@story
async def test_the_panels_302_goes_one_level_too(pbx: DemoPbx, panel: Peer) -> None:
    await panel.register()
    pbx.register_desk_phone(False)
    pbx.let_colleague("102", Being.DIVERTED)
    pbx.call(NUMBER)
    invite = await panel.asked("INVITE")
    panel.respond(invite, 302, "Moved", Contact="<sip:102@127.0.0.1>")

    await changed(pbx, lambda seen: seen["calls"][-1]["state"] == Meets.UNREACHABLE)


@story
async def test_a_302_that_leads_nowhere_lets_the_desk_phone_ring(pbx: DemoPbx, panel: Peer) -> None:
    await panel.register()
    pbx.let_colleague("102", Being.BUSY)
    pbx.call(NUMBER)
    invite = await panel.asked("INVITE")
    panel.respond(invite, 302, "Moved", Contact="<sip:102@127.0.0.1>")

    told = "ringing at the desk phone; busy: 102 is on the phone"
    await changed(pbx, lambda _: meets(pbx) == ("ringing", told))


@story
async def test_the_world_outside_is_always_free(pbx: DemoPbx, panel: Peer) -> None:
    await panel.register()
    pbx.dial_on_desk_phone("*72+390612345678")
    pbx.call(NUMBER)

    assert meets(pbx) == ("diverted", "diverted to +390612345678")
