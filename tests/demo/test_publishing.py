"""PUBLISH at a PBX that takes it (RFC 3903)."""

import pytest
from sipmessage import Response

from device.core.profile import Publication
from device.core.words import Hint
from device.demo.bodies import PIDF, Document, presence
from device.demo.pbx import DemoPbx
from device.pbx.presence import read
from device.pbx.profiles import PROFILES
from tests.demo.peer import Peer, at, changed, story

BUSY = Publication(activity="busy", note="Do not disturb")
AWAY = Publication(open=False, activity="away", note="Absent")

presence_family = at(PROFILES["presence"])


def body(publication: Publication) -> bytes:
    return presence("100", "127.0.0.1", Document.of(publication))


async def publish(
    panel: Peer, publication: Publication | None, tag: str = "", expires: int = 300
) -> Response:
    """Without a publication: refresh, or remove, the one with this tag."""
    headers = {"Event": "presence", "Expires": str(expires)}
    if publication:
        headers["Content_Type"] = PIDF
    if tag:
        headers["SIP_If_Match"] = tag
    return await panel.ask("PUBLISH", "100", body(publication) if publication else b"", **headers)


def seen(panel: Peer) -> list[tuple[Hint, str] | None]:
    """What each NOTIFY said."""
    return [read(n.body.decode()) for n in panel.requests("NOTIFY")]


@presence_family
async def test_what_is_published_reaches_watchers(pbx: DemoPbx, panel: Peer) -> None:
    await panel.watch("100")
    answer = await publish(panel, BUSY)
    assert (answer.code, answer.expires) == (200, 300)
    await publish(panel, AWAY, answer.headers["SIP-ETag"])
    assert pbx.snapshot()["published"] == 1

    await panel.asked("NOTIFY", 3)
    assert seen(panel) == [
        (Hint.FREE, "Available"),
        (Hint.BUSY, "Do not disturb"),
        (Hint.AWAY, "Absent"),
    ]


@presence_family
async def test_a_publication_is_taken_back(pbx: DemoPbx, panel: Peer) -> None:
    tag = (await publish(panel, BUSY)).headers["SIP-ETag"]
    await panel.watch("100")
    assert (await publish(panel, None, tag, expires=0)).code == 200

    await panel.asked("NOTIFY", 2)
    assert seen(panel) == [(Hint.BUSY, "Do not disturb"), (Hint.FREE, "Available")]
    assert pbx.snapshot()["published"] == 0


@presence_family
async def test_a_refresh_has_no_body_and_gets_a_new_tag(pbx: DemoPbx, panel: Peer) -> None:
    first = (await publish(panel, BUSY)).headers["SIP-ETag"]
    second = (await publish(panel, None, first)).headers["SIP-ETag"]

    assert second != first
    assert (await publish(panel, None, first)).code == 412
    assert pbx.snapshot()["published"] == 1


@presence_family
async def test_a_publication_that_is_not_refreshed_runs_out(pbx: DemoPbx, panel: Peer) -> None:
    tag = (await publish(panel, BUSY, expires=1)).headers["SIP-ETag"]

    await changed(pbx, lambda seen: not seen["published"])
    assert (await publish(panel, None, tag)).code == 412


@pytest.mark.parametrize("crash", [True, False])
def test_a_pbx_that_forgot_says_412(crash: bool) -> None:
    @presence_family
    async def play(pbx: DemoPbx, panel: Peer) -> None:
        tag = (await publish(panel, BUSY)).headers["SIP-ETag"]
        if crash:
            await pbx.go_away()
            await pbx.come_back()
        else:
            pbx.forget_publications()
        assert (await publish(panel, BUSY, tag)).code == 412
        assert (await publish(panel, BUSY)).code == 200

    play()


@presence_family
async def test_a_short_time_is_too_short(pbx: DemoPbx, panel: Peer) -> None:
    pbx.moods.shortest_publication = 60
    answer = await publish(panel, BUSY, expires=30)

    assert (answer.code, answer.headers["Min-Expires"]) == (423, "60")


@presence_family
async def test_what_is_no_presence_is_refused(pbx: DemoPbx, panel: Peer) -> None:
    ask, kind = panel.ask, {"Event": "presence", "Content_Type": PIDF}
    assert (await publish(panel, None)).code == 400
    assert (await ask("PUBLISH", "100", b"<presence", **kind)).code == 400
    assert (await ask("PUBLISH", "100", b"<html/>", **kind)).code == 400
    assert (await ask("PUBLISH", "100", b"?", Event="presence", Content_Type="a/b")).code == 415
    assert (await ask("PUBLISH", "100", b"", Event="dialog")).code == 489
    assert pbx.snapshot()["published"] == 0


@presence_family
async def test_of_two_panels_the_latest_is_seen(pbx: DemoPbx, panel: Peer) -> None:
    async with Peer(pbx) as other:
        await publish(other, AWAY)
        tag = (await publish(panel, BUSY)).headers["SIP-ETag"]
        await other.watch("100")
        await publish(panel, None, tag, expires=0)

        await other.asked("NOTIFY", 2)
        assert seen(other) == [(Hint.BUSY, "Do not disturb"), (Hint.AWAY, "Absent")]


@presence_family
async def test_who_talks_meanwhile_is_on_the_phone_too(pbx: DemoPbx, panel: Peer) -> None:
    await publish(panel, Publication(note="Available"))
    pbx.answer(pbx.call("061"))
    await panel.watch("100")

    notify = await panel.asked("NOTIFY")
    assert b"<rpid:on-the-phone />" in notify.body
    assert read(notify.body.decode()) == (Hint.BUSY, "Available")


@presence_family
async def test_what_is_published_silences_nobody(pbx: DemoPbx, panel: Peer) -> None:
    await publish(panel, AWAY)
    pbx.call("061")

    assert pbx.snapshot()["calls"][-1]["state"] == "ringing"


@story
async def test_others_take_none(pbx: DemoPbx, panel: Peer) -> None:
    assert (await publish(panel, BUSY)).code == 489
    assert pbx.snapshot()["published"] == 0
