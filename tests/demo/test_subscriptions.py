import re
from xml.etree import ElementTree

import pytest
from sipmessage import Request

from device.demo.pbx import DemoPbx
from device.demo.people import Being
from tests.demo.peer import Peer, changed, follow, story

PIDF = "{urn:ietf:params:xml:ns:pidf}"
RPID = "{urn:ietf:params:xml:ns:pidf:rpid}"

FREE = ("Ready", "open", False)
RINGING = ("Ringing", "open", True)
BUSY = ("On the phone", "open", True)
UNAVAILABLE = ("Unavailable", "closed", False)


def shown(notify: Request) -> tuple[str | None, str | None, bool]:
    """Note, basic status, and whether on the phone."""
    root = ElementTree.fromstring(notify.body)
    on_the_phone = root.find(f".//{RPID}on-the-phone") is not None
    return root.findtext(f"{PIDF}note"), root.findtext(f".//{PIDF}basic"), on_the_phone


@story
async def test_the_hint_of_dnd_follows_it(pbx: DemoPbx, panel: Peer) -> None:
    assert await panel.watch("*76100") == 200
    assert shown(await panel.asked("NOTIFY")) == FREE

    pbx.dial_on_desk_phone("*78")
    assert shown(await panel.asked("NOTIFY", 2)) == BUSY

    pbx.dial_on_desk_phone("*79")
    assert shown(await panel.asked("NOTIFY", 3)) == UNAVAILABLE


@story
async def test_the_hint_of_a_forward_follows_it(pbx: DemoPbx, panel: Peer) -> None:
    await panel.watch("*740100")
    pbx.dial_on_desk_phone("*72101")
    pbx.dial_on_desk_phone("*73")

    await panel.asked("NOTIFY", 3)
    assert [shown(n) for n in panel.requests("NOTIFY")] == [FREE, BUSY, FREE]


@story
async def test_the_line_rings_is_busy_and_is_free_again(pbx: DemoPbx, panel: Peer) -> None:
    await panel.watch("100")
    call = pbx.call("0612345678")
    pbx.answer(call)
    pbx.end(call)

    await panel.asked("NOTIFY", 4)
    assert [shown(n) for n in panel.requests("NOTIFY")] == [FREE, RINGING, BUSY, FREE]


@story
async def test_a_line_without_a_phone_is_unavailable(pbx: DemoPbx, panel: Peer) -> None:
    pbx.register_desk_phone(False)
    await panel.watch("100")
    await panel.register()

    await panel.asked("NOTIFY", 2)
    assert [shown(n) for n in panel.requests("NOTIFY")] == [UNAVAILABLE, FREE]


@story
async def test_colleagues_are_seen_on_the_phone(pbx: DemoPbx, panel: Peer) -> None:
    await panel.watch("101")
    pbx.let_colleague("101", Being.BUSY)
    pbx.let_colleague("101", Being.FREE)
    pbx.dial_on_desk_phone("*72101")
    call = pbx.call("0612345678")
    pbx.hang_up(call)

    await panel.asked("NOTIFY", 5)
    assert [shown(n) for n in panel.requests("NOTIFY")] == [FREE, BUSY, FREE, BUSY, FREE]
    with pytest.raises(LookupError):
        pbx.let_colleague("999", Being.BUSY)


@story
async def test_the_same_again_is_not_told_twice(pbx: DemoPbx, panel: Peer) -> None:
    await panel.watch("*76100")
    pbx.dial_on_desk_phone("*78")
    pbx.dial_on_desk_phone("*78")
    pbx.dial_on_desk_phone("*79")

    await panel.asked("NOTIFY", 3)
    assert [shown(n) for n in panel.requests("NOTIFY")] == [FREE, BUSY, UNAVAILABLE]


@story
async def test_voicemail_is_counted(pbx: DemoPbx, panel: Peer) -> None:
    assert await panel.watch("100", "message-summary") == 200
    pbx.leave_voicemail()
    pbx.leave_voicemail(urgent=True)
    pbx.hear_voicemail()

    await panel.asked("NOTIFY", 4)
    notifies = panel.requests("NOTIFY")
    assert {str(n.content_type) for n in notifies} == {"application/simple-message-summary"}
    assert [
        re.findall(r"(?m)(?:ing|unt|Voice-Message): (.*)\r$", n.body.decode()) for n in notifies
    ] == [
        ["no", "sip:100@127.0.0.1", "0/0 (0/0)"],
        ["yes", "sip:100@127.0.0.1", "1/0 (0/0)"],
        ["yes", "sip:100@127.0.0.1", "2/0 (1/0)"],
        ["no", "sip:100@127.0.0.1", "0/2 (0/0)"],
    ]


@pytest.mark.parametrize(
    ("number", "event", "code"),
    [
        ("999", "presence", 404),
        ("*76999", "presence", 404),
        ("101", "message-summary", 404),
        ("100", "as-feature-event", 489),
        ("100", "dialog;id=1", 489),
    ],
)
def test_what_cannot_be_watched_is_said_so(number: str, event: str, code: int) -> None:
    async def body(_: DemoPbx, panel: Peer) -> None:
        assert await panel.watch(number, event) == code

    story(body)()


@story
async def test_a_subscription_is_refreshed_within_its_dialog(pbx: DemoPbx, panel: Peer) -> None:
    request = panel.request("SUBSCRIBE", "*76100", Event="presence;id=7", Expires="300")
    answer = await panel.insist(request)
    first = await panel.asked("NOTIFY")
    assert first.headers["Event"] == "presence;id=7"

    refresh = follow(request, "SUBSCRIBE", answer)
    refresh.headers.set("Expires", "600")
    again = await panel.insist(refresh)
    second = await panel.asked("NOTIFY", 2)

    assert (again.code, again.expires) == (200, 600)
    assert second.headers["Subscription-State"].startswith("active;expires=600")
    assert second.cseq.sequence == first.cseq.sequence + 1
    assert pbx.snapshot()["watching"] == ["presence *76100"]


@story
async def test_a_subscription_can_be_ended(pbx: DemoPbx, panel: Peer) -> None:
    request = panel.request("SUBSCRIBE", "*76100", Event="presence", Expires="300")
    answer = await panel.insist(request)
    ending = follow(request, "SUBSCRIBE", answer)
    ending.headers.set("Expires", "0")

    assert (await panel.insist(ending)).code == 200
    last = await panel.asked("NOTIFY", 2)
    assert last.headers["Subscription-State"] == "terminated;reason=timeout"
    assert pbx.snapshot()["watching"] == []


@story
async def test_a_subscription_that_is_not_refreshed_runs_out(pbx: DemoPbx, panel: Peer) -> None:
    await panel.watch("*76100", expires=1)

    last = await panel.asked("NOTIFY", 2)
    assert last.headers["Subscription-State"] == "terminated;reason=timeout"
    assert pbx.snapshot()["watching"] == []


@story
async def test_a_crash_forgets_subscriptions(pbx: DemoPbx, panel: Peer) -> None:
    request = panel.request("SUBSCRIBE", "*76100", Event="presence", Expires="300")
    answer = await panel.insist(request)
    await pbx.go_away()
    await pbx.come_back()

    refresh = follow(request, "SUBSCRIBE", answer)
    assert (await panel.insist(refresh)).code == 481


@story
async def test_who_does_not_know_of_a_subscription_is_told_no_more(
    pbx: DemoPbx, panel: Peer
) -> None:
    panel.polite = False
    await panel.watch("*76100")
    panel.respond(await panel.asked("NOTIFY"), 481)

    await changed(pbx, lambda seen: not seen["watching"])
