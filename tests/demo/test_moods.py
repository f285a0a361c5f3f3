"""What no real PBX does at will."""

import pytest
from sipmessage import Request

from device.core.words import Hint
from device.demo.moods import Telling
from device.demo.pbx import DemoPbx
from device.pbx.presence import read
from tests.demo.peer import OFFER, Peer, changed, follow, story

ON, OFF = Hint.BUSY, Hint.AWAY
DND = "*76100"


def told(panel: Peer) -> list[tuple[int, Hint]]:
    """Every NOTIFY as it came: its number in the dialog, and what it says."""
    return [(n.cseq.sequence, hint(n)) for n in panel.requests("NOTIFY")]


def hint(notify: Request) -> Hint:
    found = read(notify.body.decode())
    assert found is not None
    return found[0]


async def switch_on_and_off(pbx: DemoPbx, panel: Peer, telling: Telling) -> None:
    """Watched while nothing was wrong; then dnd on, and off again."""
    await panel.watch(DND)
    await panel.asked("NOTIFY")
    pbx.moods.telling = telling
    pbx.dial_on_desk_phone("*78")
    pbx.dial_on_desk_phone("*79")


@story
async def test_a_hint_can_say_the_contrary(pbx: DemoPbx, panel: Peer) -> None:
    pbx.moods.telling = Telling.OPPOSITE
    await panel.watch(DND)
    pbx.dial_on_desk_phone("*78")

    await panel.asked("NOTIFY", 2)
    assert [said for _, said in told(panel)] == [Hint.BUSY, Hint.FREE]


@story
async def test_a_line_is_never_lied_about(pbx: DemoPbx, panel: Peer) -> None:
    pbx.moods.telling = Telling.OPPOSITE
    await panel.watch("100")

    assert hint(await panel.asked("NOTIFY")) is Hint.FREE


@story
async def test_a_hint_can_come_twice(pbx: DemoPbx, panel: Peer) -> None:
    await switch_on_and_off(pbx, panel, Telling.TWICE)

    await panel.asked("NOTIFY", 5)
    assert told(panel) == [(1, Hint.FREE), (2, ON), (3, ON), (4, OFF), (5, OFF)]


@story
async def test_hints_can_come_in_the_wrong_order(pbx: DemoPbx, panel: Peer) -> None:
    await switch_on_and_off(pbx, panel, Telling.SWAPPED)

    await panel.asked("NOTIFY", 3)
    assert told(panel) == [(1, Hint.FREE), (3, OFF), (2, ON)]


@story
async def test_one_that_stays_alone_comes_late(pbx: DemoPbx, panel: Peer) -> None:
    pbx.moods.telling, pbx.moods.late = Telling.SWAPPED, 0.05
    await panel.watch(DND)

    assert hint(await panel.asked("NOTIFY")) is Hint.FREE


@story
async def test_a_hint_can_come_late(pbx: DemoPbx, panel: Peer) -> None:
    pbx.moods.late = 0.05
    await switch_on_and_off(pbx, panel, Telling.LATE)
    await panel.ask("OPTIONS")
    assert told(panel) == [(1, Hint.FREE)]

    await panel.asked("NOTIFY", 3)
    assert told(panel) == [(1, Hint.FREE), (2, ON), (3, OFF)]


@story
async def test_a_hint_can_stay_silent(pbx: DemoPbx, panel: Peer) -> None:
    pbx.moods.telling = Telling.SILENT
    assert await panel.watch(DND) == 200
    pbx.dial_on_desk_phone("*78")
    pbx.moods.telling = Telling.PLAIN
    pbx.dial_on_desk_phone("*79")

    assert hint(await panel.asked("NOTIFY")) is OFF


@story
async def test_what_comes_late_is_turned_down_and_told_on(pbx: DemoPbx, panel: Peer) -> None:
    """Of two that came swapped the elder is answered 500 (RFC 3261 section 12.2.2)."""
    panel.polite = False
    await panel.watch(DND)
    panel.respond(await panel.asked("NOTIFY"), 500)
    pbx.dial_on_desk_phone("*78")

    assert hint(await panel.asked("NOTIFY", 2)) is ON


@pytest.mark.parametrize("code", [403, 404, 503, 603])
def test_codes_can_be_refused_with_any_answer(code: int) -> None:
    @story
    async def body(pbx: DemoPbx, panel: Peer) -> None:
        pbx.moods.refusing = code
        assert await panel.dial("*78") == code
        assert pbx.snapshot()["statuses"] == []

    body()


@story
async def test_a_code_can_be_left_to_itself_and_taken_back(pbx: DemoPbx, panel: Peer) -> None:
    pbx.moods.deaf = True
    request = await panel.challenged(panel.request("INVITE", "*78", OFFER))
    panel.send(request)
    trying = await panel.until(lambda: next(iter(panel.responses(request)), None))
    assert trying.code == 100

    assert (await panel.try_once(follow(request, "CANCEL", trying))).code == 200
    assert (await panel.final(request)).code == 487
    assert pbx.snapshot()["statuses"] == []


@pytest.mark.parametrize(("denied", "code"), [("presence", 489), (DND, 404), ("presence", 403)])
def test_subscriptions_can_be_denied(denied: str, code: int) -> None:
    @story
    async def body(pbx: DemoPbx, panel: Peer) -> None:
        pbx.moods.denied[denied] = code
        assert await panel.watch(DND) == code
        assert await panel.watch("100", "message-summary") == 200
        pbx.moods.denied.clear()
        assert await panel.watch(DND) == 200

    body()


@pytest.mark.parametrize(
    "reason",
    [
        "deactivated",
        "probation;retry-after=5",
        "rejected",
        "timeout",
        "giveup;retry-after=1",
        "noresource",
        "invariant",
    ],
)
def test_subscriptions_can_end_for_any_reason(reason: str) -> None:
    @story
    async def body(pbx: DemoPbx, panel: Peer) -> None:
        await panel.watch(DND)
        await panel.watch("100")
        await panel.asked("NOTIFY", 2)
        pbx.end_subscriptions(DND, reason)

        last = await panel.asked("NOTIFY", 3)
        assert last.headers["Subscription-State"] == f"terminated;reason={reason}"
        assert pbx.snapshot()["watching"] == ["presence 100"]

    body()


@story
async def test_moods_outlive_a_crash(pbx: DemoPbx, panel: Peer) -> None:
    pbx.refuse_codes()
    await pbx.go_away()
    await pbx.come_back()
    assert await panel.dial("*78") == 403

    pbx.refuse_codes(False)
    assert await panel.dial("*78") == 200
    await changed(pbx, lambda seen: seen["statuses"] == ["dnd"])
