from collections.abc import Callable
from typing import Any

import pytest

from device.demo.pbx import DemoPbx
from device.demo.sdp import answer
from device.demo.transactions import Timing
from tests.demo.peer import OFFER, Peer, changed, follow, story, timed


@story
async def test_a_code_is_picked_up_acted_upon_and_hung_up(pbx: DemoPbx, panel: Peer) -> None:
    assert await panel.dial("*78") == 200
    bye = await panel.asked("BYE")

    assert pbx.snapshot()["statuses"] == ["dnd"]
    assert "tag=" in bye.headers["To"]
    assert len(panel.requests("BYE")) == 1


def test_codes_set_and_clear() -> None:
    async def body(pbx: DemoPbx, panel: Peer) -> None:
        steps: list[tuple[str, Callable[[dict[str, Any]], bool]]] = [
            ("*78", lambda seen: "dnd" in seen["statuses"]),
            ("*72101", lambda seen: seen["forward"] == "101"),
            ("*72+39061234", lambda seen: seen["forward"] == "+39061234"),
            ("*79", lambda seen: "dnd" not in seen["statuses"]),
            ("*73", lambda seen: not seen["forward"]),
        ]
        for code, done in steps:
            assert await panel.dial(code) == 200
            await changed(pbx, done)
        assert await panel.dial("*97") == 200

    story(body)()


@pytest.mark.parametrize("code", ["*77", "*72", "999", "*"])
def test_what_is_no_code_is_not_found(code: str) -> None:
    async def body(_: DemoPbx, panel: Peer) -> None:
        assert await panel.dial(code) == 404

    story(body)()


@story
async def test_hanging_up_before_the_pbx_has_acted_undoes_the_code(
    pbx: DemoPbx, panel: Peer
) -> None:
    pbx.slow(0.3)
    request = panel.request("INVITE", "*78", OFFER)
    answer = await panel.insist(request)
    panel.send(follow(request, "ACK", answer))

    bye = follow(request, "BYE", answer)
    assert (await panel.try_once(bye)).code == 200
    # The code dialled next takes effect later than the first one would have.
    await panel.dial("*72101")
    await changed(pbx, lambda seen: seen["forward"])
    assert pbx.snapshot()["statuses"] == ["diverted"]


@story
async def test_codes_can_be_refused(pbx: DemoPbx, panel: Peer) -> None:
    pbx.refuse_codes()
    assert await panel.dial("*78") == 403
    assert not pbx.dial_on_desk_phone("*78")

    pbx.refuse_codes(False)
    assert await panel.dial("*78") == 200


@story
async def test_a_code_needs_the_password(pbx: DemoPbx, panel: Peer) -> None:
    panel.password = "wrong"

    assert await panel.dial("*78") == 401
    assert pbx.snapshot()["statuses"] == []


@timed(Timing(t1=0.02))
async def test_an_answer_is_repeated_until_it_is_acknowledged(pbx: DemoPbx, panel: Peer) -> None:
    pbx.slow(60)
    request = panel.request("INVITE", "*78", OFFER)
    answer = await panel.insist(request)
    await panel.until(lambda: len(panel.responses(request)) >= 3)
    panel.send(follow(request, "ACK", answer))

    # The PBX has read the ACK before it answers what was sent after it.
    other = panel.request("INVITE", "*79", OFFER)
    await panel.insist(other)
    count = len(panel.responses(request))

    # The other answer needs longer for its fourth copy than the first would have for its next.
    await panel.until(lambda: len(panel.responses(other)) >= count + 1)
    assert len(panel.responses(request)) == count


@story
async def test_a_request_that_comes_twice_is_answered_twice_and_done_once(
    pbx: DemoPbx, panel: Peer
) -> None:
    request = panel.request("MESSAGE", "101", b"Hi", Content_Type="text/plain")
    assert (await panel.insist(request)).code == 202
    panel.send(request)

    await panel.until(lambda: len(panel.responses(request)) == 2)
    assert len(pbx.snapshot()["texts"]) == 1


@story
async def test_a_late_cancel_is_answered_and_changes_nothing(pbx: DemoPbx, panel: Peer) -> None:
    request = panel.request("INVITE", "*78", OFFER)
    answer = await panel.insist(request)
    panel.send(follow(request, "ACK", answer))

    assert (await panel.try_once(follow(request, "CANCEL", answer))).code == 200
    await changed(pbx, lambda seen: "dnd" in seen["statuses"])
    stray = panel.request("CANCEL", "*79")
    assert (await panel.try_once(stray)).code == 481


def test_an_answer_takes_audio_alone_and_counts_the_streams() -> None:
    lines = answer("127.0.0.1", OFFER).decode().splitlines()

    assert lines[5:] == [
        "m=audio 9 RTP/AVP 0",
        "a=rtpmap:0 PCMU/8000",
        "a=inactive",
        "m=video 0 RTP/AVP 97",
    ]


def test_a_codec_of_the_offer_comes_with_its_name() -> None:
    speex = OFFER.replace(b"96 0 8", b"96").partition(b"m=video")[0]

    assert "a=rtpmap:96 speex/16000" in answer("127.0.0.1", speex).decode().splitlines()


def test_where_nothing_was_offered_we_offer() -> None:
    assert b"m=audio 9 RTP/AVP 0" in answer("127.0.0.1", b"")
