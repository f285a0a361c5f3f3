"""The WebSocket, from the page's side."""

import asyncio
import base64
import time
from dataclasses import replace
from itertools import cycle

import pytest

from device.control import live
from device.control.live import Hand
from device.control.wishes import WishError
from device.core.words import Hint, Status
from device.views.paint import paint
from device.views.public import public
from device.views.screen import screen
from tests.control.fakes import FakeChanges, FakePanel, in_loop, serving, until
from tests.views.states import QUIET, chosen

UPGRADE = (
    "GET /api/events HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
"RFC 6455 section 1.2."

BUSY = replace(QUIET, line_hint=Hint.BUSY)


@in_loop
async def test_a_page_is_told_everything_at_once() -> None:
    async with serving(FakePanel()) as outside, outside.events() as events:
        told = await events.receive_json()
    glass = paint(screen(QUIET), (128, 64)).tobytes()
    assert told["panel"] == public(QUIET)
    assert (base64.b64decode(told["pixels"]), told["size"]) == (glass, [128, 64])
    assert (told["edges"], told["demo"]) == (False, False)


@in_loop
async def test_a_page_is_told_what_changes_and_nothing_else() -> None:
    panel = FakePanel()
    async with serving(panel) as outside, outside.events() as events:
        await events.receive_json()
        panel.become(replace(QUIET, jobs=7))  # nothing that shows
        panel.become(chosen(Status.DND))
        told = await events.receive_json()
    assert told["panel"]["status"] == "dnd"
    assert set(told) <= {"panel", "pixels", "size"}


@in_loop
async def test_a_slow_page_gets_the_newest_and_no_backlog() -> None:
    panel = FakePanel()
    async with serving(panel) as outside, outside.events() as events:
        await events.receive_json()
        for status in Status:  # all in one turn of the loop: nobody could have sent between
            panel.become(chosen(status))
        told = await events.receive_json()
        assert told["panel"]["status"] == "logged_out"
        panel.become(QUIET)
        assert (await events.receive_json())["panel"]["status"] == "available"


@in_loop
async def test_a_virtual_board_hears_each_edge() -> None:
    edges: list[tuple[str, bool]] = []
    async with (
        serving(FakePanel(), on_edge=lambda b, d: edges.append((b, d))) as outside,
        outside.events() as events,
    ):
        assert (await events.receive_json())["edges"] is True
        await events.send_json({"edge": {"button": "dnd", "down": True}})
        await events.send_json({"edge": {"button": "dnd", "down": False}})
        await until(lambda: len(edges) == 2)
    assert edges == [("dnd", True), ("dnd", False)]


@in_loop
async def test_a_page_that_vanishes_lets_go_of_its_buttons() -> None:
    edges: list[tuple[str, bool]] = []
    async with serving(FakePanel(), on_edge=lambda b, d: edges.append((b, d))) as outside:
        async with outside.events() as events:
            await events.send_json({"edge": {"button": "missed", "down": True}})
            await until(lambda: len(edges) == 1)
        await until(lambda: len(edges) == 2)
    assert edges[-1] == ("missed", False)


@in_loop
async def test_a_message_nobody_understands_is_answered_and_the_page_stays() -> None:
    panel = FakePanel()
    async with serving(panel, on_edge=lambda *_: None) as outside, outside.events() as events:
        await events.receive_json()
        for nonsense in ("{", "[]", '{"edge": 1}', '{"edge": {"button": "x"}}', '{"hello": 1}'):
            await events.send_str(nonsense)
            assert "error" in await events.receive_json()
        panel.become(BUSY)
        assert (await events.receive_json())["panel"]["line"] == "busy"


@in_loop
async def test_pages_that_leave_are_forgotten() -> None:
    panel = FakePanel()
    async with serving(panel) as outside:
        async with outside.events() as events:
            await events.receive_json()
            assert len(panel.readers) == 1
        await until(lambda: not panel.readers)


def test_real_buttons_are_not_moved_from_afar() -> None:
    with pytest.raises(WishError, match="real"):
        Hand(None).move(b'{"edge": {"button": "dnd", "down": true}}')


@in_loop
async def test_a_page_can_tell_silence_from_a_dead_wire(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.0)
    async with serving(FakePanel()) as outside, outside.events() as events:
        assert "panel" in await events.receive_json()
        assert await events.receive_json() == {}
        assert await events.receive_json() == {}


@in_loop
async def test_a_page_that_reads_nothing_holds_up_nobody_and_not_the_end() -> None:
    panel = FakePanel()
    async with serving(panel) as outside:
        address = outside.url.removeprefix("http://")
        reader, writer = await asyncio.open_connection(*address.split(":"), limit=1)
        writer.write(UPGRADE.format(address).encode())
        await until(lambda: len(panel.readers) == 1)
        [stuck] = panel.readers
        for status in cycle((Status.DND, Status.ABSENT)):
            panel.become(chosen(status))
            if not await taken(stuck):
                break
        async with outside.events() as events:
            assert "panel" in await events.receive_json()
            panel.become(BUSY)
            assert (await events.receive_json())["panel"]["line"] == "busy"
        begun = time.monotonic()
    assert time.monotonic() - begun < 2
    writer.transport.abort()
    del reader


async def taken(reader: FakeChanges) -> bool:
    """The page was told of the last change, or at least its buffers were."""
    for _ in range(100):
        await asyncio.sleep(0)
        if not reader.changed.is_set():
            return True
    return False
