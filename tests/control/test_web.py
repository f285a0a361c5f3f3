"""The HTTP contract, asked by a program that is not ours."""

import asyncio
import io
import socket
from dataclasses import replace

import aiohttp
import pytest
from PIL import Image

from device.control.web import FILES, WebServer
from device.core.effects import EndDial, RingOwn
from device.core.events import Chosen, DialWanted, For, Muted, Pressed, TextWanted, Until
from device.core.state import Balloon
from device.core.words import By, Hint, Status
from device.views.paint import paint
from device.views.public import person, public
from device.views.screen import screen
from tests.control.fakes import FakePanel, in_loop, serving
from tests.views.states import GRANTS, NOW, OFFICE, QUIET, chosen, office


@in_loop
async def test_the_panel_is_told_as_it_stands() -> None:
    async with serving(FakePanel()) as outside:
        assert await outside.get("/api/panel") == (200, public(QUIET))


@in_loop
async def test_a_status_is_chosen_and_its_panel_told() -> None:
    panel = FakePanel()
    async with serving(panel) as outside:
        status, told = await outside.post("/api/status", {"status": "dnd", "for": "25m"})
    assert panel.taken == [Chosen(NOW, Status.DND, By.WEB, limit=For(1500))]
    assert (status, told) == (200, public(panel.state))


@in_loop
async def test_a_target_a_time_and_who_asks_go_with_a_status() -> None:
    panel = FakePanel()
    wish = {"status": "diverted", "target": "Reception", "until": "16:30", "by": "cli"}
    async with serving(panel) as outside:
        status, _ = await outside.post("/api/status", wish)
    assert status == 200
    [event] = panel.taken
    assert event == Chosen(NOW, Status.DIVERTED, By.CLI, "Reception", Until(16 * 60 + 30))


@in_loop
async def test_a_status_that_a_rule_forbids_is_refused_with_the_rule_s_reason() -> None:
    panel = FakePanel(replace(QUIET, grants=replace(GRANTS, divert_allowed=False)))
    async with serving(panel) as outside:
        answer = await outside.post("/api/status", {"status": "diverted", "target": "101"})
    assert answer == (409, {"error": "Diverting is not allowed for this user"})


@in_loop
async def test_a_refusal_of_old_is_not_held_against_a_new_wish() -> None:
    panel = FakePanel()
    async with serving(panel) as outside:
        panel.become(replace(panel.state, mirror=panel.state.mirror.refuse(Status.DND, "No", 1.0)))
        status, _ = await outside.post("/api/status", {"status": "absent"})
    assert status == 200


@in_loop
async def test_a_button_is_pressed_and_held() -> None:
    panel = FakePanel()
    async with serving(panel) as outside:
        await outside.post("/api/press", {"button": "dnd"})
        await outside.post("/api/press", {"button": "missed", "hold": True})
    assert panel.taken == [Pressed(NOW, "dnd"), Pressed(NOW, "missed", held=True)]


@in_loop
async def test_the_screen_is_the_picture_that_the_glass_shows() -> None:
    panel = FakePanel()
    async with (
        serving(panel) as outside,
        outside.session.get(outside.url + "/api/screen.png") as answer,
    ):
        picture = Image.open(io.BytesIO(await answer.read()))
        kind = answer.content_type
    glass = paint(screen(panel.state), (128, 64))
    assert (kind, picture.size, picture.mode) == ("image/png", (128, 64), "1")
    assert picture.tobytes() == glass.tobytes()


@in_loop
async def test_lists_are_told() -> None:
    async with serving(FakePanel()) as outside:
        assert await outside.get("/api/calls") == (200, [])
        assert await outside.get("/api/messages") == (200, [])
        _, box = await outside.get("/api/voicemail")
    assert isinstance(box, dict)
    assert (box["known"], box["boxes"]) == (False, [])


@in_loop
async def test_a_text_is_taken_for_sending() -> None:
    panel = FakePanel()
    async with serving(panel) as outside:
        status, _ = await outside.post("/api/messages", {"to": "+39 06 12", "text": "Ciao\nbello"})
    assert (status, panel.taken) == (202, [TextWanted(NOW, "+390612", "Ciao\nbello")])


@in_loop
async def test_a_call_that_cannot_be_made_is_refused_as_the_glass_says_it() -> None:
    panel = FakePanel()
    async with serving(panel) as outside:
        status, told = await outside.post("/api/dial", {"number": "*78"})
    assert panel.taken == [DialWanted(NOW, "*78")]
    [balloon] = panel.state.balloons
    assert (status, told) == (409, {"error": balloon.text})


@in_loop
async def test_metrics_are_in_prometheus_own_words() -> None:
    async with (
        serving(FakePanel()) as outside,
        outside.session.get(outside.url + "/metrics") as answer,
    ):
        lines = (await answer.text()).splitlines()
        kind = answer.headers["Content-Type"]
    assert kind.startswith("text/plain; version=0.0.4")
    assert {
        'deskpanel_link{link="online"} 1',
        'deskpanel_link{link="offline"} 0',
        'deskpanel_mirror{mirror="confirmed"} 1',
        "deskpanel_missed_unseen 0",
    } <= set(lines)
    helped = {line.split()[2] for line in lines if line.startswith("# HELP")}
    samples = {line.split("{")[0].split()[0] for line in lines if not line.startswith("#")}
    assert helped == samples


@in_loop
async def test_wrong_paths_methods_and_sizes_are_told_in_words() -> None:
    async with serving(FakePanel()) as outside:
        assert await outside.get("/api/nothing") == (
            404,
            {"error": "There is nothing at /api/nothing"},
        )
        status, told = await outside.get("/api/press")
        assert (status, told) == (405, {"error": "/api/press takes POST, not GET"})
        status, told = await outside.post("/api/press", {"button": "x" * 20_000})
        assert (status, told) == (413, {"error": "The body is longer than 16384 bytes"})


@in_loop
async def test_a_bug_is_told_without_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(FakePanel):
        async def ask(self, event: object) -> None:  # type: ignore[override]
            raise ZeroDivisionError(event)

    async with serving(Broken()) as outside:
        status, told = await outside.post("/api/press", {"button": "dnd"})
    assert (status, told) == (
        500,
        {"error": "Something is wrong inside the panel; its log tells more"},
    )
    assert "ZeroDivisionError" in caplog.text


@in_loop
async def test_the_page_and_all_it_needs_come_from_here() -> None:
    async with serving(FakePanel()) as outside:
        for path in FILES:
            async with outside.session.get(outside.url + path) as answer:
                assert answer.status == 200, path
                assert "://" not in (await answer.text()).replace("http://www.w3.org/", ""), path
                assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


@in_loop
async def test_a_taken_port_is_one_clear_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = WebServer(FakePanel(), f"127.0.0.1:{port}")
        with pytest.raises(OSError, match="taken") as fault:
            await server.start()
    sentence = f"127.0.0.1:{port} is taken by another program; perhaps a panel runs already"
    assert str(fault.value) == sentence
    await server.stop()


@in_loop
async def test_stopping_says_goodbye_to_every_page_at_once() -> None:
    server = WebServer(FakePanel(), "127.0.0.1:0")
    await server.start()
    async with aiohttp.ClientSession() as session:
        pages = [await session.ws_connect(f"{server.url}/api/events") for _ in range(3)]
        await asyncio.gather(*(page.receive() for page in pages))
        closing = asyncio.gather(*(page.receive() for page in pages))
        await server.stop()
        assert {message.data for message in await closing} == {aiohttp.WSCloseCode.GOING_AWAY}
    await server.stop()


BUSY_ANNA = office(h102=Hint.BUSY)


@in_loop
async def test_a_call_is_made_and_told_as_it_goes() -> None:
    panel = FakePanel(BUSY_ANNA)
    async with serving(panel) as outside:
        status, told = await outside.post("/api/dial", {"number": "Anna"})
        assert panel.effects == [RingOwn(panel.state.jobs, "100")]
        assert (status, told) == (202, public(panel.state))
        status, told = await outside.delete("/api/dial")
    assert (status, told) == (200, public(panel.state))
    assert panel.state.calling is None
    assert panel.effects[1:] == [EndDial(panel.state.jobs)]


@in_loop
async def test_to_cancel_where_no_call_is_made_does_no_harm() -> None:
    async with serving(FakePanel()) as outside:
        assert await outside.delete("/api/dial") == (200, public(QUIET))


@in_loop
async def test_a_second_refusal_is_no_success() -> None:
    async with serving(FakePanel(chosen(Status.ABSENT))) as outside:
        for _ in range(2):
            status, _ = await outside.post("/api/dial", {"number": "101"})
            assert status == 409


@in_loop
async def test_a_refusal_that_is_still_read_is_not_held_against_a_button() -> None:
    balloon = Balloon(None, "Not possible", "That is your own number", NOW + 4.9)
    async with serving(FakePanel(replace(QUIET, balloons=(balloon,)))) as outside:
        status, _ = await outside.post("/api/press", {"button": "missed"})
    assert status == 200


@in_loop
async def test_colleagues_are_told_and_waited_for_by_name_or_number() -> None:
    panel = FakePanel(BUSY_ANNA)
    async with serving(panel) as outside:
        assert await outside.get("/api/colleagues") == (200, public(BUSY_ANNA)["colleagues"])
        for who in ("102", "Anna"):
            status, told = await outside.post(f"/api/colleagues/{who}/tell", None)
            assert (status, told) == (200, person(panel.state, OFFICE.colleagues[1]))
            assert panel.state.tell_free == {"102"}
            _, told = await outside.delete(f"/api/colleagues/{who}/tell")
            assert told == person(panel.state, OFFICE.colleagues[1])
            assert panel.state.tell_free == frozenset()


@in_loop
async def test_a_colleague_nobody_knows_is_not_found() -> None:
    async with serving(FakePanel(BUSY_ANNA)) as outside:
        answer = await outside.post("/api/colleagues/999/tell", None)
    assert answer == (404, {"error": "There is no colleague '999'"})


@in_loop
async def test_a_colleague_s_button_is_pressed() -> None:
    panel = FakePanel(BUSY_ANNA)
    async with serving(panel) as outside:
        status, told = await outside.post("/api/press", {"button": "colleague-2"})
    assert isinstance(told, dict)
    assert (status, told["page"]) == (200, "colleagues")


@in_loop
async def test_metrics_count_colleagues_by_what_they_do() -> None:
    async with (
        serving(FakePanel(BUSY_ANNA)) as outside,
        outside.session.get(outside.url + "/metrics") as answer,
    ):
        lines = (await answer.text()).splitlines()
    assert 'deskpanel_colleagues{doing="busy"} 1' in lines
    assert 'deskpanel_colleagues{doing="unknown"} 2' in lines
    assert "deskpanel_misfit 0" in lines


@in_loop
async def test_a_panel_is_muted_for_a_while_or_until_further_notice() -> None:
    panel = FakePanel()
    async with serving(panel) as outside:
        status, told = await outside.post("/api/mute", {"for": "30m"})
        assert told == public(replace(QUIET, mute=panel.state.mute))
        await outside.post("/api/mute", {})
        _, loud = await outside.delete("/api/mute")
    assert panel.taken == [
        Muted(NOW, seconds=1800.0),
        Muted(NOW),
        Muted(NOW, wanted=False),
    ]
    assert (status, loud) == (200, public(QUIET))


@in_loop
async def test_a_mute_that_cannot_be_understood_is_a_sentence() -> None:
    async with serving(FakePanel()) as outside:
        answer = await outside.post("/api/mute", {"for": "soon"})
    wrong = "for: expected a time such as 25m, 1h or 90s, or seconds"
    assert answer == (400, {"error": wrong})
