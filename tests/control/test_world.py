"""The demo's world over HTTP."""

import pytest

from device.demo.pbx import DemoPbx
from device.demo.world import Around
from tests.control.fakes import FakePanel, FakeWorld, in_loop, serving


@pytest.mark.parametrize(
    ("deed", "done"),
    [
        ({"do": "call", "number": "061", "name": "Anna"}, ("call", "061", "Anna")),
        ({"do": "call"}, ("call", "", "")),
        ({"do": "call", "number": "061", "diverted_by": "101"}, ("call", "061", "", "101")),
        ({"do": "lift"}, ("lift",)),
        ({"do": "put_down"}, ("put_down",)),
        ({"do": "colleague", "number": "101", "be": "busy"}, ("colleague", "101", "busy")),
        ({"do": "others", "be": "silent"}, ("others", "silent")),
        ({"do": "leave_voicemail"}, ("leave_voicemail", False)),
        ({"do": "leave_voicemail", "urgent": True}, ("leave_voicemail", True)),
        ({"do": "hear_voicemail"}, ("hear_voicemail",)),
        ({"do": "send_text", "number": "061", "text": "Hi"}, ("send_text", "061", "", "Hi")),
        ({"do": "dial", "code": "*79"}, ("dial", "*79")),
        ({"do": "refuse_codes", "on": True}, ("refuse_codes", True)),
        ({"do": "desk_phone", "on": False}, ("desk_phone", False)),
        ({"do": "go_away"}, ("go_away",)),
        ({"do": "come_back"}, ("come_back",)),
    ],
)
def test_the_world_does_what_it_is_asked(deed: object, done: tuple[object, ...]) -> None:
    world = FakeWorld()

    @in_loop
    async def story() -> None:
        async with serving(FakePanel(), world=world) as outside:
            assert await outside.post("/demo/world", deed) == (200, world.snapshot())

    story()
    assert world.deeds == [done]


@in_loop
async def test_a_call_is_answered_and_hung_up_by_its_id() -> None:
    world = FakeWorld()
    async with serving(FakePanel(), world=world) as outside:
        await outside.post("/demo/world", {"do": "call", "number": "061"})
        await outside.post("/demo/world", {"do": "answer", "call": 7})
        await outside.post("/demo/world", {"do": "hang_up", "call": 7})
    assert world.deeds[1:] == [("answer", 7), ("hang_up", 7)]


@in_loop
async def test_what_cannot_happen_is_told_in_words() -> None:
    world = FakeWorld(refusing=True)
    async with serving(FakePanel(), world=world) as outside:
        gone = await outside.post("/demo/world", {"do": "hang_up", "call": 3})
        refused = await outside.post("/demo/world", {"do": "dial", "code": "*79"})
        quiet = await outside.post("/demo/world", {"do": "lift"})
        odd = {"do": "colleague", "number": "101", "be": "happy"}
        mood = await outside.post("/demo/world", odd)
        nothing = await outside.post("/demo/world", {"do": "dance"})
        vague = await outside.post("/demo/world", {"do": "answer", "call": "first"})
    assert gone == (409, {"error": "there is no call 3"})
    assert refused == (409, {"error": "The PBX did not take *79"})
    assert quiet == (409, {"error": "The desk phone does not ring for the panel"})
    assert (mood[0], nothing[0]) == (400, 400)
    assert vague == (400, {"error": "call: expected a whole number, found text"})


@pytest.mark.parametrize(
    "deed",
    [
        {"do": "leave_voicemail"},
        {"do": "hear_voicemail"},
        {"do": "send_text", "number": "061", "text": "Hi"},
        {"do": "dial", "code": "*78"},
    ],
)
def test_nothing_goes_through_a_pbx_that_is_gone(deed: object) -> None:
    pbx = DemoPbx("100", "secret")
    before = pbx.snapshot()

    @in_loop
    async def story() -> None:
        async with serving(FakePanel(), world=pbx) as outside:
            told = {"error": "The PBX is gone: let it come back first"}
            assert await outside.post("/demo/world", deed) == (409, told)

    story()
    assert pbx.snapshot() == before


@in_loop
async def test_no_code_is_dialled_on_a_phone_that_is_unplugged() -> None:
    async with DemoPbx("100", "secret") as pbx, serving(FakePanel(), world=pbx) as outside:
        pbx.register_desk_phone(False)
        told = await outside.post("/demo/world", {"do": "dial", "code": "*78"})
        assert told == (409, {"error": "The desk phone is unplugged: plug it in first"})
        assert not pbx.snapshot()["statuses"]


@in_loop
async def test_a_text_that_reaches_nobody_is_not_said_to_be_sent() -> None:
    async with DemoPbx("100", "secret") as pbx, serving(FakePanel(), world=pbx) as outside:
        told = await outside.post("/demo/world", {"do": "send_text", "number": "1", "text": "Hi"})
        assert told == (409, {"error": "No panel is registered: the text reached nobody"})


@in_loop
async def test_without_the_demo_there_is_no_world() -> None:
    async with serving(FakePanel()) as outside:
        assert (await outside.get("/demo/world"))[0] == 404


@in_loop
async def test_the_built_in_pbx_is_such_a_world() -> None:
    pbx: Around = DemoPbx("100", "secret")
    async with serving(FakePanel(), world=pbx) as outside:
        status, told = await outside.post("/demo/world", {"do": "call", "number": "061"})
    assert (status, told) == (200, pbx.snapshot())
    [call] = pbx.snapshot()["calls"]
    assert call["state"] == "unreachable"
