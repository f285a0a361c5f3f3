from device.demo.pbx import DemoPbx
from tests.demo.peer import Peer, story


@story
async def test_a_text_from_the_panel_is_shown(pbx: DemoPbx, panel: Peer) -> None:
    text = "Perché no?\nArrivo."
    answer = await panel.ask("MESSAGE", "101", text.encode(), Content_Type="text/plain")

    assert answer.code == 202
    assert pbx.snapshot()["texts"] == [{"to": "101", "text": text}]


@story
async def test_what_is_no_text_is_refused(pbx: DemoPbx, panel: Peer) -> None:
    answer = await panel.ask("MESSAGE", "101", b"GIF89a", Content_Type="image/gif")

    assert (answer.code, answer.headers["Accept"]) == (415, "text/plain")
    assert pbx.snapshot()["texts"] == []


@story
async def test_a_text_reaches_every_panel(pbx: DemoPbx, panel: Peer) -> None:
    async with Peer(pbx) as other:
        await panel.register()
        await other.register()
        pbx.send_text("101", "Bruno", "Caffè?")

        for peer in (panel, other):
            message = await peer.asked("MESSAGE")
            assert message.body.decode() == "Caffè?"
            assert message.from_address.name == "Bruno"
            assert message.from_address.uri.user == "101"
            assert str(message.content_type) == "text/plain;charset=utf-8"
