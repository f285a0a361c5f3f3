import pytest
from sipmessage import Request

from device.demo.call import CallerView, Meets
from device.demo.pbx import DemoPbx
from device.demo.transactions import Timing
from tests.demo.peer import Peer, changed, story, timed

NUMBER, NAME = "0612345678", 'Rossi "Bar" & figli'

ELSEWHERE = ['SIP;cause=200;text="Call completed elsewhere"', "Q.850;cause=26"]


def meets(pbx: DemoPbx, call: int) -> tuple[str, str]:
    """State and detail of a call, as its caller sees them."""
    view = next(view for view in pbx.snapshot()["calls"] if view["id"] == call)
    return view["state"], view["detail"]


def being(pbx: DemoPbx, number: str) -> str:
    """How a colleague stands."""
    found: str = next(c["being"] for c in pbx.snapshot()["colleagues"] if c["number"] == number)
    return found


async def turned(pbx: DemoPbx, call: int, state: Meets) -> str:
    """The detail, once the call is in that state."""
    await changed(pbx, lambda _: meets(pbx, call)[0] == state)
    return meets(pbx, call)[1]


async def ring(pbx: DemoPbx, panel: Peer) -> tuple[int, Request]:
    """A call that rings at the panel, which said 180."""
    await panel.register()
    call = pbx.call(NUMBER, NAME)
    invite = await panel.asked("INVITE")
    panel.respond(invite, 180, "Ringing")
    return call, invite


async def ended(panel: Peer, invite: Request) -> Request:
    """The CANCEL of a ringing call, answered as a phone does (RFC 3261 section 9.2)."""
    cancel = await panel.asked("CANCEL")
    assert cancel.headers["Via"] == invite.headers["Via"]
    assert cancel.cseq.sequence == invite.cseq.sequence
    panel.respond(invite, 487, "Request Terminated")
    await panel.asked("ACK")
    return cancel


@story
async def test_a_call_rings_the_panel_and_tells_who_calls(pbx: DemoPbx, panel: Peer) -> None:
    call, invite = await ring(pbx, panel)

    assert (invite.from_address.uri.user, invite.from_address.name) == (NUMBER, NAME)
    assert str(invite.uri) == f"sip:100@{panel.address}"
    assert b"m=audio" in invite.body
    view = CallerView(call, NUMBER, NAME, Meets.RINGING, "ringing", answerable=True)
    assert pbx.snapshot()["calls"] == [{name: getattr(view, name) for name in CallerView.__slots__}]


@story
async def test_a_withheld_number_calls_as_anonymous(pbx: DemoPbx, panel: Peer) -> None:
    await panel.register()
    pbx.call("")

    caller = (await panel.asked("INVITE")).from_address
    assert str(caller.uri) == "sip:anonymous@anonymous.invalid"


@story
async def test_no_header_hides_in_a_name(pbx: DemoPbx, panel: Peer) -> None:
    await panel.register()
    pbx.call("06\r\nX-Evil: 1", "Eva\r\nX-Evil: 1")

    invite = await panel.asked("INVITE")
    assert invite.headers.get("X-Evil") is None
    assert invite.from_address.name == "Eva X-Evil: 1"


@story
async def test_a_caller_who_gives_up_is_missed(pbx: DemoPbx, panel: Peer) -> None:
    call, invite = await ring(pbx, panel)
    pbx.hang_up(call)

    cancel = await ended(panel, invite)
    assert cancel.headers.getlist("Reason") == ["Q.850;cause=127"]
    assert meets(pbx, call) == ("given up", "given up")


@timed(Timing(caller=0.1))
async def test_a_caller_does_not_wait_for_ever(pbx: DemoPbx, panel: Peer) -> None:
    call, invite = await ring(pbx, panel)

    cancel = await ended(panel, invite)
    assert cancel.headers.getlist("Reason") == ["Q.850;cause=127"]
    assert meets(pbx, call) == ("given up", "given up")


@timed(Timing(caller=0.05))
async def test_a_diverted_caller_lets_the_colleague_go(pbx: DemoPbx, panel: Peer) -> None:
    await panel.register()
    pbx.dial_on_desk_phone("*72102")
    call = pbx.call(NUMBER)

    assert await turned(pbx, call, Meets.ENDED) == "ended"
    assert being(pbx, "102") == "free"


@timed(Timing(caller=0.05))
async def test_who_talks_to_the_user_is_in_no_hurry(pbx: DemoPbx, panel: Peer) -> None:
    await panel.register()
    talking = pbx.call(NUMBER)
    pbx.answer(talking)
    waiting = pbx.call(NUMBER)

    await turned(pbx, waiting, Meets.GIVEN_UP)
    assert meets(pbx, talking) == ("talking", "talking to the desk phone")


@story
async def test_a_call_answered_on_the_desk_phone_says_so(pbx: DemoPbx, panel: Peer) -> None:
    call, invite = await ring(pbx, panel)
    pbx.answer(call)

    cancel = await ended(panel, invite)
    assert cancel.headers.getlist("Reason") == ELSEWHERE
    assert meets(pbx, call) == ("talking", "talking to the desk phone")
    pbx.end(call)
    assert meets(pbx, call) == ("ended", "ended")


@story
async def test_a_call_is_taken_back_only_after_somebody_was_there(
    pbx: DemoPbx, panel: Peer
) -> None:
    await panel.register()
    call = pbx.call(NUMBER)
    invite = await panel.asked("INVITE")
    pbx.hang_up(call)
    await panel.ask("OPTIONS")
    assert panel.requests("CANCEL") == []

    panel.respond(invite, 180)
    await ended(panel, invite)


@story
async def test_every_registered_panel_rings(pbx: DemoPbx, panel: Peer) -> None:
    async with Peer(pbx) as other:
        await other.register()
        call, invite = await ring(pbx, panel)
        other.respond(await other.asked("INVITE"), 486, "Busy Here")

        await changed(pbx, lambda _: "486" in meets(pbx, call)[1])
        where = "the desk phone and another panel"
        assert meets(pbx, call)[1] == f"ringing at {where}; the panel said 486 Busy Here"
        pbx.hang_up(call)
        await ended(panel, invite)


@pytest.mark.parametrize(
    ("code", "state"),
    [(486, Meets.BUSY), (600, Meets.BUSY), (603, Meets.BUSY), (480, Meets.UNREACHABLE)],
)
def test_without_a_desk_phone_the_panel_has_the_last_word(code: int, state: Meets) -> None:
    async def body(pbx: DemoPbx, panel: Peer) -> None:
        pbx.register_desk_phone(False)
        call, invite = await ring(pbx, panel)
        panel.respond(invite, code, "No")

        assert await turned(pbx, call, state) == f"{state}: the panel said {code} No"

    story(body)()


@story
async def test_a_user_who_is_busy_at_one_panel_is_busy(pbx: DemoPbx, panel: Peer) -> None:
    pbx.register_desk_phone(False)
    async with Peer(pbx) as other:
        await other.register()
        call, invite = await ring(pbx, panel)
        other.respond(await other.asked("INVITE"), 486, "Busy Here")
        await changed(pbx, lambda _: "486" in meets(pbx, call)[1])
        panel.respond(invite, 480, "No")

        assert await turned(pbx, call, Meets.BUSY) == "busy: the panel said 480 No"


@story
async def test_the_desk_phone_rings_on_when_the_panel_is_busy(pbx: DemoPbx, panel: Peer) -> None:
    call, invite = await ring(pbx, panel)
    panel.respond(invite, 486, "Busy Here")

    await changed(pbx, lambda _: "486" in meets(pbx, call)[1])
    assert meets(pbx, call)[1] == "ringing at the desk phone; the panel said 486 Busy Here"
    pbx.answer(call)
    assert meets(pbx, call) == ("talking", "talking to the desk phone")


@story
async def test_an_unplugged_desk_phone_rings_and_talks_no_more(pbx: DemoPbx, panel: Peer) -> None:
    talking = pbx.call(NUMBER)
    pbx.answer(talking)
    alone = pbx.call(NUMBER)
    both, _ = await ring(pbx, panel)
    pbx.register_desk_phone(False)

    assert meets(pbx, talking) == ("ended", "the desk phone was unplugged")
    assert meets(pbx, alone) == ("unreachable", "unreachable: the desk phone was unplugged")
    assert meets(pbx, both) == ("ringing", "ringing")
    assert not any(call["answerable"] for call in pbx.snapshot()["calls"])


@story
async def test_a_302_leads_the_call_to_its_target(pbx: DemoPbx, panel: Peer) -> None:
    pbx.register_desk_phone(False)
    call, invite = await ring(pbx, panel)
    panel.respond(invite, 302, "Moved", Contact="<sip:101@127.0.0.1>")

    assert await turned(pbx, call, Meets.DIVERTED) == "diverted to 101"
    assert (being(pbx, "101"), being(pbx, "102")) == ("busy", "free")
    pbx.hang_up(call)
    assert meets(pbx, call)[0] == "ended"
    assert being(pbx, "101") == "free"


@story
async def test_a_302_does_not_silence_the_desk_phone(pbx: DemoPbx, panel: Peer) -> None:
    call, invite = await ring(pbx, panel)
    panel.respond(invite, 302, "Moved", Contact="<sip:101@127.0.0.1>")

    detail = await turned(pbx, call, Meets.DIVERTED)
    assert detail == "diverted to 101; the desk phone rings too"
    pbx.answer(call)
    assert meets(pbx, call) == ("talking", "talking to the desk phone")


def test_what_the_pbx_keeps_never_reaches_the_panel() -> None:
    async def body(pbx: DemoPbx, panel: Peer) -> None:
        await panel.register()
        pbx.dial_on_desk_phone("*72102")
        assert meets(pbx, pbx.call(NUMBER)) == ("diverted", "diverted to 102")
        pbx.dial_on_desk_phone("*78")
        assert meets(pbx, pbx.call(NUMBER)) == ("busy", "busy: do not disturb")
        await panel.ask("OPTIONS")
        assert panel.requests("INVITE") == []

    story(body)()


@story
async def test_with_nobody_there_a_user_is_unreachable(pbx: DemoPbx, panel: Peer) -> None:
    pbx.register_desk_phone(False)
    assert meets(pbx, pbx.call(NUMBER)) == ("unreachable", "unreachable: no phone is registered")

    await panel.register()
    await pbx.go_away()
    assert meets(pbx, pbx.call(NUMBER)) == ("unreachable", "the PBX is away")


@timed(Timing(t1=0.02))
async def test_a_panel_that_never_answers_is_unreachable(pbx: DemoPbx, panel: Peer) -> None:
    pbx.register_desk_phone(False)
    await panel.register()
    call = pbx.call(NUMBER)

    assert await turned(pbx, call, Meets.UNREACHABLE) == "unreachable: the panel said nothing"
    assert len(panel.requests("INVITE")) > 3
    assert len({i.headers["Via"] for i in panel.requests("INVITE")}) == 1


@story
async def test_a_panel_that_picks_up_talks_and_can_hang_up(pbx: DemoPbx, panel: Peer) -> None:
    call, invite = await ring(pbx, panel)
    panel.respond(invite, 200, Contact=f"<sip:100@{panel.address}>")
    await panel.asked("ACK")
    assert await turned(pbx, call, Meets.TALKING) == "talking to the panel"

    pbx.end(call)
    bye = await panel.asked("BYE")
    assert bye.call_id == invite.call_id
    assert meets(pbx, call)[0] == "ended"


@story
async def test_a_panel_that_picks_up_too_late_is_hung_up(pbx: DemoPbx, panel: Peer) -> None:
    call, invite = await ring(pbx, panel)
    pbx.hang_up(call)
    await panel.asked("CANCEL")
    panel.respond(invite, 200, Contact=f"<sip:100@{panel.address}>")

    await panel.asked("ACK")
    await panel.asked("BYE")
    assert meets(pbx, call)[0] == "given up"


@story
async def test_a_crash_ends_calls_without_a_word(pbx: DemoPbx, panel: Peer) -> None:
    call, _ = await ring(pbx, panel)
    await pbx.go_away()
    await pbx.come_back()

    assert meets(pbx, call) == ("ended", "the PBX went away")
    await panel.ask("OPTIONS")
    assert panel.requests("CANCEL") == []


@story
async def test_what_is_over_stays_over(pbx: DemoPbx, panel: Peer) -> None:
    call, invite = await ring(pbx, panel)
    pbx.hang_up(call)
    await ended(panel, invite)

    pbx.answer(call)
    pbx.hang_up(call)
    pbx.end(call)
    assert meets(pbx, call)[0] == "given up"
    with pytest.raises(LookupError, match="there is no call 99"):
        pbx.hang_up(99)


@story
async def test_old_calls_are_forgotten_and_open_ones_are_not(pbx: DemoPbx, panel: Peer) -> None:
    call, _ = await ring(pbx, panel)
    pbx.dial_on_desk_phone("*78")
    for _ in range(50):
        pbx.call(NUMBER)

    seen = pbx.snapshot()["calls"]
    assert len(seen) == 22
    assert meets(pbx, call)[0] == "ringing"
