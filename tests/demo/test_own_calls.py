"""Calls that the panel makes to its user's own phone, and refers on (RFC 3515)."""

from dataclasses import dataclass
from typing import Any

import pytest
from sipmessage import Request, Response

from device.demo.moods import FarEnd
from device.demo.pbx import DemoPbx
from device.demo.people import Being
from device.demo.transactions import Timing
from device.pbx.profiles import PROFILES
from tests.demo.peer import OFFER, Peer, at, changed, differing, follow, story

NUMBER = "0612345678"


@dataclass
class Own:
    """A call to the user's own phone, seen from the panel."""

    panel: Peer
    invite: Request
    ringing: Response
    latest: Request
    "Whose number the next request in the dialog counts on from."

    async def answered(self) -> Response:
        """The final answer, acknowledged."""
        answer = await self.panel.final(self.invite)
        self.panel.send(follow(self.invite, "ACK", answer))
        return answer

    async def refer(self, number: str) -> int:
        """The answer's status code; a challenge is met with the password."""
        refer = self.within("REFER")
        refer.headers.add("Refer-To", f"<sip:{number}@127.0.0.1>")
        answer = await self.panel.insist(refer)
        self.latest = refer
        return answer.code

    async def bye(self) -> int:
        return (await self.panel.try_once(self.within("BYE"))).code

    async def told(self, count: int) -> list[str]:
        """What each of so many NOTIFYs said, and whether it was the last."""
        await self.panel.asked("NOTIFY", count)
        return [outcome(n) for n in self.panel.requests("NOTIFY")]

    def within(self, method: str) -> Request:
        request = follow(self.latest, method, self.ringing)
        request.headers.set("From", self.invite.headers["From"])
        request.headers.set("Call-ID", self.invite.headers["Call-ID"])
        self.latest = request
        return request


def outcome(notify: Request) -> str:
    """Such as `200 OK, terminated`."""
    assert str(notify.content_type) == "message/sipfrag;version=2.0"
    assert notify.headers["Event"] == "refer"
    said = notify.body.decode().removeprefix("SIP/2.0 ").strip()
    return f"{said}, {notify.headers['Subscription-State'].partition(';')[0]}"


async def ring_own(panel: Peer, number: str = "100", **headers: str) -> Own:
    """The own phone rings."""
    request = panel.request("INVITE", number, OFFER, Content_Type="application/sdp", **headers)
    invite = await panel.challenged(request)
    panel.send(invite)
    ringing = await panel.until(
        lambda: next((r for r in panel.responses(invite) if r.code == 180), None)
    )
    return Own(panel, invite, ringing, invite)


async def lifted(pbx: DemoPbx, panel: Peer) -> Own:
    """The own phone was lifted."""
    own = await ring_own(panel)
    pbx.lift()
    assert (await own.answered()).code == 200
    return own


def desk(pbx: DemoPbx) -> tuple[str, str]:
    """What the desk phone does for the panel."""
    own = pbx.snapshot()["own_call"]
    return own["state"], own["detail"]


@story
async def test_the_own_phone_rings_is_lifted_and_connected(pbx: DemoPbx, panel: Peer) -> None:
    own = await ring_own(panel)
    assert desk(pbx) == ("ringing", "ringing")
    pbx.lift()
    assert (await own.answered()).code == 200
    assert desk(pbx) == ("talking", "lifted")

    assert await own.refer(NUMBER) == 202
    assert await own.told(2) == ["100 Trying, active", "200 OK, terminated"]
    bye = await panel.asked("BYE")
    assert bye.call_id == own.invite.call_id
    assert desk(pbx) == ("talking", f"talking to {NUMBER}")
    pbx.put_down()
    assert desk(pbx) == ("ended", "ended")


@pytest.mark.parametrize(
    ("far_end", "said", "heard"),
    [
        (FarEnd.BUSY, "486 Busy Here", "is busy"),
        (FarEnd.SILENT, "480 Temporarily Unavailable", "does not answer"),
    ],
)
def test_who_is_not_reached_leaves_the_phone_to_the_panel(
    far_end: FarEnd, said: str, heard: str
) -> None:
    @story
    async def body(pbx: DemoPbx, panel: Peer) -> None:
        pbx.let_others(far_end)
        own = await lifted(pbx, panel)
        assert await own.refer(NUMBER) == 202
        assert await own.told(2) == ["100 Trying, active", f"{said}, terminated"]
        assert desk(pbx) == ("talking", f"{NUMBER} {heard}")

        assert await own.bye() == 200
        assert desk(pbx) == ("ended", "ended")

    body()


@pytest.mark.parametrize(
    ("being", "code"),
    [
        (Being.FREE, "200"),
        (Being.RINGING, "486"),
        (Being.BUSY, "486"),
        (Being.AWAY, "480"),
        (Being.DIVERTED, "200"),
    ],
)
def test_a_colleague_answers_as_they_are(being: Being, code: str) -> None:
    @story
    async def body(pbx: DemoPbx, panel: Peer) -> None:
        pbx.let_colleague("102", being)
        own = await lifted(pbx, panel)
        assert await own.refer("102") == 202
        assert (await own.told(2))[1].startswith(code)

    body()


@story
async def test_who_talks_to_the_user_is_busy_until_then(pbx: DemoPbx, panel: Peer) -> None:
    own = await lifted(pbx, panel)
    await own.refer("102")
    await panel.asked("BYE")
    assert being(pbx, "102") == "busy"

    pbx.put_down()
    assert being(pbx, "102") == "free"


def being(pbx: DemoPbx, number: str) -> Any:
    return {c["number"]: c["being"] for c in pbx.snapshot()["colleagues"]}[number]


@story
async def test_nobody_s_number_is_not_found(pbx: DemoPbx, panel: Peer) -> None:
    own = await lifted(pbx, panel)
    await own.refer("*99")

    assert (await own.told(2))[1] == "404 Not Found, terminated"


@story
async def test_a_referred_code_does_what_it_does(pbx: DemoPbx, panel: Peer) -> None:
    """As at a real FreePBX, so it must not be one that somebody outside has chosen."""
    own = await lifted(pbx, panel)
    await own.refer("*78")

    await own.told(2)
    assert pbx.snapshot()["statuses"] == ["dnd"]


@story
async def test_a_call_that_is_taken_back_rings_no_more(pbx: DemoPbx, panel: Peer) -> None:
    own = await ring_own(panel)
    assert (await panel.try_once(follow(own.invite, "CANCEL", own.ringing))).code == 200

    assert (await panel.final(own.invite)).code == 487
    assert desk(pbx) == ("given up", "given up")
    with pytest.raises(LookupError, match="does not ring"):
        pbx.lift()


@story
async def test_a_desk_phone_that_turns_the_call_away_is_unavailable(
    pbx: DemoPbx, panel: Peer
) -> None:
    own = await ring_own(panel)
    pbx.put_down()

    assert (await own.answered()).code == 480


@story
async def test_a_phone_in_use_is_busy(pbx: DemoPbx, panel: Peer) -> None:
    pbx.answer(pbx.call(NUMBER))

    assert await panel.dial("100") == 486


@story
async def test_a_user_reaches_their_own_phone_through_dnd(pbx: DemoPbx, panel: Peer) -> None:
    pbx.dial_on_desk_phone("*78")

    await lifted(pbx, panel)


@at(PROFILES["deskpanel"])
async def test_the_kit_has_a_number_for_it(pbx: DemoPbx, panel: Peer) -> None:
    await ring_own(panel, "*55")

    assert pbx.snapshot()["own_call"]["answerable"]


@story
async def test_the_panel_that_calls_is_rung_too(pbx: DemoPbx, panel: Peer) -> None:
    """As at real PBXs: it is one more contact of its user."""
    await panel.register()
    own = await ring_own(panel)
    fork = await panel.asked("INVITE")
    assert fork.from_address.uri.user == "100"
    assert fork.call_id != own.invite.call_id
    panel.respond(fork, 180)
    pbx.lift()

    cancel = await panel.asked("CANCEL")
    assert cancel.headers.getlist("Reason")[0].startswith("SIP;cause=200")
    assert (await own.answered()).code == 200


@pytest.mark.parametrize("names", [True, False])
def test_a_pbx_may_say_which_call_it_is(names: bool) -> None:
    @story
    async def body(pbx: DemoPbx, panel: Peer) -> None:
        pbx.moods.names_sessions = names
        await panel.register()
        session = f"{'a' * 32};remote={'0' * 32}"
        await ring_own(panel, Session_ID=session)
        fork = await panel.asked("INVITE")
        assert fork.headers.get("Session-ID") == (session if names else None)

    body()


@story
async def test_a_panel_that_turns_its_own_call_away_does_no_harm(pbx: DemoPbx, panel: Peer) -> None:
    await panel.register()
    own = await ring_own(panel)
    panel.respond(await panel.asked("INVITE"), 302, "Moved", Contact="<sip:101@127.0.0.1>")
    await changed(pbx, lambda seen: "302" in seen["own_call"]["detail"])
    pbx.lift()

    assert (await own.answered()).code == 200


@story
async def test_a_pbx_can_be_told_to_leave_the_caller_out(pbx: DemoPbx, panel: Peer) -> None:
    pbx.moods.forks = False
    await panel.register()
    await lifted(pbx, panel)

    assert panel.requests("INVITE") == []


@story
async def test_without_a_desk_phone_only_the_panel_rings(pbx: DemoPbx, panel: Peer) -> None:
    pbx.register_desk_phone(False)
    assert await panel.dial("100") == 480

    await panel.register()
    own = await ring_own(panel)
    panel.respond(await panel.asked("INVITE"), 486)
    assert (await own.answered()).code == 486


@differing(timing=Timing(caller=0.05))
async def test_a_phone_does_not_ring_for_ever(pbx: DemoPbx, panel: Peer) -> None:
    own = await ring_own(panel)

    assert (await own.answered()).code == 480
    assert desk(pbx) == ("given up", "given up")


@differing(timing=Timing(t1=0.01))
async def test_a_call_that_rings_for_long_can_still_be_taken_back(
    pbx: DemoPbx, panel: Peer
) -> None:
    own = await ring_own(panel)
    # A question of the same age is forgotten by now: it is asked as if it were new.
    other = panel.request("MESSAGE", "101", b"Hi", Content_Type="text/plain")
    await panel.insist(other)
    while len(pbx.snapshot()["texts"]) < 2:
        panel.send(other)
        await panel.ask("OPTIONS")

    assert (await panel.try_once(follow(own.invite, "CANCEL", own.ringing))).code == 200
    assert (await panel.final(own.invite)).code == 487


@story
async def test_an_unplugged_phone_hangs_up(pbx: DemoPbx, panel: Peer) -> None:
    await lifted(pbx, panel)
    pbx.register_desk_phone(False)

    await panel.asked("BYE")
    assert desk(pbx) == ("ended", "the desk phone was unplugged")


@story
async def test_a_refer_can_be_turned_down(pbx: DemoPbx, panel: Peer) -> None:
    pbx.moods.no_refer = 603
    own = await lifted(pbx, panel)

    assert await own.refer(NUMBER) == 603
    assert desk(pbx) == ("talking", "lifted")
    assert panel.requests("NOTIFY") == []


@story
async def test_a_refer_to_nowhere_is_no_request(pbx: DemoPbx, panel: Peer) -> None:
    own = await lifted(pbx, panel)

    assert (await panel.insist(own.within("REFER"))).code == 400


@story
async def test_a_pbx_can_keep_the_outcome_to_itself(pbx: DemoPbx, panel: Peer) -> None:
    pbx.moods.tells_refer = False
    own = await lifted(pbx, panel)
    await own.refer(NUMBER)

    await panel.asked("BYE")
    assert panel.requests("NOTIFY") == []


@story
async def test_who_hangs_up_after_the_refer_leaves_the_two_to_it(pbx: DemoPbx, panel: Peer) -> None:
    pbx.moods.far_seconds = 0.1
    own = await lifted(pbx, panel)
    await own.refer(NUMBER)
    assert await own.bye() == 200

    await changed(pbx, lambda seen: seen["own_call"]["detail"] == f"talking to {NUMBER}")
    assert await own.bye() == 481


@story
async def test_a_phone_nobody_is_left_for_goes_silent(pbx: DemoPbx, panel: Peer) -> None:
    pbx.moods.far_seconds = 0.1
    pbx.let_others(FarEnd.BUSY)
    own = await lifted(pbx, panel)
    await own.refer(NUMBER)
    await own.bye()

    await changed(pbx, lambda seen: seen["own_call"]["state"] == "ended")
    assert desk(pbx) == ("ended", f"{NUMBER} is busy")


@story
async def test_a_crash_forgets_the_call(pbx: DemoPbx, panel: Peer) -> None:
    own = await lifted(pbx, panel)
    await pbx.go_away()
    await pbx.come_back()

    assert await own.refer(NUMBER) == 481
    assert panel.requests("BYE") == []


@story
async def test_the_line_follows(pbx: DemoPbx, panel: Peer) -> None:
    await panel.watch("100")
    await lifted(pbx, panel)
    pbx.put_down()

    await panel.asked("NOTIFY", 4)
    notes = [n.body.partition(b"<note>")[2].partition(b"<")[0] for n in panel.requests("NOTIFY")]
    assert notes == [b"Ready", b"Ringing", b"On the phone", b"Ready"]
