"""The whole panel at PBXs of every family and mood."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from device.core.words import Status
from device.demo.moods import FarEnd, Telling, opposite
from device.demo.pbx import DemoPbx
from device.demo.people import Being
from device.pbx.profiles import PROFILES
from tests.demo.peer import changed
from tests.demo.program import Program, play

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("pjsua2") is None, reason="there is no pjsua2 for this Python"
)

NUMBER = "0612345678"

DND_HINT = "*76100"

MET = {
    Status.DND: "busy",
    Status.ABSENT: "unreachable",
    Status.DIVERTED: "diverted",
    Status.AVAILABLE: "ringing",
    Status.LOGGED_OUT: "unreachable",
}
"What callers meet where the panel is the user's only phone."


async def met(pbx: DemoPbx, state: str) -> None:
    """Somebody calls, and comes to meet this."""
    call = pbx.call(NUMBER)
    await changed(pbx, lambda seen: state_of(seen, call) == state)
    pbx.hang_up(call)


def state_of(seen: dict[str, Any], call: int) -> object:
    return next(c["state"] for c in seen["calls"] if c["id"] == call)


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_callers_meet_what_the_panel_says(name: str, tmp_path: Path) -> None:
    nearest = PROFILES[name].nearest

    async def story(pbx: DemoPbx, panel: Program) -> None:
        pbx.register_desk_phone(False)
        await panel.online()
        for status in MET:
            await panel.chosen(status, **({"target": "101"} if status == "diverted" else {}))
            await met(pbx, MET[nearest.get(status, status)])

    play(tmp_path, story, name)


def test_a_family_that_means_the_opposite_is_found_out(tmp_path: Path) -> None:
    async def story(pbx: DemoPbx, panel: Program) -> None:
        await panel.online()
        await panel.choose("dnd")
        shown = await panel.until(lambda shown: shown["mirror"]["misfit"])
        assert "freepbx does not fit this PBX" in shown["mirror"]["misfit"]
        assert shown["lamps"]["dnd"]["pattern"] != "steady"
        assert pbx.snapshot()["statuses"] == []

    play(tmp_path, story, profile=opposite(PROFILES["freepbx"]))


@pytest.mark.parametrize("name", ["freepbx", "deskpanel"])
def test_hints_that_contradict_end_all_dialling(name: str, tmp_path: Path) -> None:
    async def story(pbx: DemoPbx, panel: Program) -> None:
        await panel.online()
        await panel.chosen("available")
        pbx.moods.telling = Telling.OPPOSITE
        await panel.choose("dnd")
        shown = await panel.until(lambda shown: shown["mirror"]["misfit"])
        assert shown["lamps"]["dnd"]["pattern"] != "steady"

    play(tmp_path, story, name)


@pytest.mark.parametrize(
    ("name", "telling"),
    [
        ("freepbx", Telling.LATE),
        ("freepbx", Telling.TWICE),
        ("freepbx", Telling.SWAPPED),
        ("deskpanel", Telling.SWAPPED),
        ("presence", Telling.SWAPPED),
    ],
)
def test_hints_in_disorder_lead_to_the_last_choice(
    name: str, telling: Telling, tmp_path: Path
) -> None:
    async def story(pbx: DemoPbx, panel: Program) -> None:
        await panel.online()
        await panel.chosen("available")
        pbx.moods.telling = telling
        for status in ("dnd", "absent", "available", "dnd"):
            await panel.choose(status)
        await panel.settled("dnd")
        if name != "presence":
            assert pbx.snapshot()["statuses"] == ["dnd"]

    play(tmp_path, story, name)


@pytest.mark.parametrize("code", [403, 404, 503])
def test_a_refused_code_is_said_so_and_nothing_is_set(code: int, tmp_path: Path) -> None:
    async def story(pbx: DemoPbx, panel: Program) -> None:
        await panel.online()
        await panel.chosen("available")
        pbx.moods.refusing = code
        await panel.choose("dnd")
        shown = await panel.until(lambda shown: shown["mirror"]["state"] == "refused")
        assert str(code) in shown["mirror"]["reason"]
        assert (shown["status"], pbx.snapshot()["statuses"]) == ("available", [])

    play(tmp_path, story)


def test_a_code_that_nobody_picks_up_is_given_up(tmp_path: Path) -> None:
    async def story(pbx: DemoPbx, panel: Program) -> None:
        await panel.online()
        await panel.chosen("available")
        pbx.moods.deaf = True
        await panel.choose("dnd")
        shown = await panel.until(lambda shown: shown["mirror"]["state"] == "refused")
        assert shown["status"] == "available"

    play(tmp_path, story)


@pytest.mark.parametrize(
    ("name", "denied", "told"),
    [
        ("freepbx", {"presence": 489}, "489"),
        ("freepbx", {DND_HINT: 404}, "404"),
        ("deskpanel", {"presence": 489}, "489"),
    ],
)
def test_without_hints_nothing_is_claimed_that_could_not_be_seen(
    name: str, denied: dict[str, int], told: str, tmp_path: Path
) -> None:
    async def story(pbx: DemoPbx, panel: Program) -> None:
        await panel.online()
        await panel.choose("dnd")
        await changed(pbx, lambda seen: seen["statuses"] == ["dnd"])
        shown = await panel.until(lambda shown: shown["mirror"]["state"] != "pending")
        assert shown["mirror"]["state"] == "unknown"
        assert told in shown["mirror"]["reason"]
        assert shown["lamps"]["dnd"]["pattern"] == "dash"

    play(tmp_path, story, name, denied=denied)


@pytest.mark.parametrize("reason", ["deactivated", "timeout", "noresource"])
def test_a_subscription_that_ends_is_asked_for_again(reason: str, tmp_path: Path) -> None:
    async def story(pbx: DemoPbx, panel: Program) -> None:
        await panel.online()
        await panel.chosen("dnd")
        pbx.end_subscriptions(DND_HINT, reason)
        pbx.dial_on_desk_phone("*79")
        await panel.settled("available")

    play(tmp_path, story)


def test_a_subscription_that_is_rejected_leaves_the_status_in_doubt(tmp_path: Path) -> None:
    async def story(pbx: DemoPbx, panel: Program) -> None:
        await panel.online()
        await panel.chosen("dnd")
        pbx.moods.denied[DND_HINT] = 403
        pbx.end_subscriptions(DND_HINT, "rejected")
        shown = await panel.until(lambda shown: shown["mirror"]["state"] == "unknown")
        assert f"does not show {DND_HINT}: rejected" in shown["mirror"]["reason"]
        assert shown["lamps"]["dnd"]["pattern"] == "dash"

    play(tmp_path, story)


def test_what_the_pbx_forgot_is_published_anew(tmp_path: Path) -> None:
    async def story(pbx: DemoPbx, panel: Program) -> None:
        await panel.online()
        await panel.chosen("dnd")
        pbx.forget_publications()
        await panel.chosen("absent")
        assert pbx.snapshot()["published"] == 1

    play(tmp_path, story, "presence")


# Calls of the user


async def rung(pbx: DemoPbx, panel: Program, number: str = NUMBER) -> None:
    """The desk phone rings, because the panel was asked to call."""
    await panel.online()
    await panel.chosen("available")
    await panel.post("/api/dial", number=number)
    await changed(pbx, lambda seen: (seen["own_call"] or {}).get("answerable"))


async def stage(panel: Program, wanted: str) -> Any:
    """The panel's call, once it has come so far."""
    return (await panel.until(lambda s: (s["calling"] or {}).get("stage") == wanted))["calling"]


@pytest.mark.parametrize("name", ["freepbx", "deskpanel"])
def test_the_own_phone_is_rung_lifted_and_connected(name: str, tmp_path: Path) -> None:
    async def story(pbx: DemoPbx, panel: Program) -> None:
        await rung(pbx, panel)
        await stage(panel, "lift")
        pbx.lift()
        await stage(panel, "connected")
        assert pbx.snapshot()["own_call"]["detail"] == f"talking to {NUMBER}"
        shown = await panel.shown()
        assert (shown["ringing"], shown["notices"]["missed"]["total"]) == ([], 0)

    play(tmp_path, story, name)


@pytest.mark.parametrize(
    ("far_end", "why"), [(FarEnd.BUSY, "is busy"), (FarEnd.SILENT, "was not reached: 480")]
)
def test_who_is_not_reached_is_said_so(far_end: FarEnd, why: str, tmp_path: Path) -> None:
    async def story(pbx: DemoPbx, panel: Program) -> None:
        pbx.let_others(far_end)
        await rung(pbx, panel)
        pbx.lift()
        assert why in (await stage(panel, "failed"))["reason"]
        await changed(pbx, lambda seen: seen["own_call"]["state"] == "ended")

    play(tmp_path, story)


def test_a_phone_that_is_not_lifted_is_no_missed_call(tmp_path: Path) -> None:
    async def story(pbx: DemoPbx, panel: Program) -> None:
        await rung(pbx, panel)
        pbx.put_down()
        await stage(panel, "failed")
        assert (await panel.shown())["notices"]["missed"]["total"] == 0

    play(tmp_path, story)


def test_a_pbx_that_will_not_refer_is_said_so(tmp_path: Path) -> None:
    async def story(pbx: DemoPbx, panel: Program) -> None:
        pbx.moods.no_refer = 603
        await rung(pbx, panel)
        pbx.lift()
        assert "603" in (await stage(panel, "failed"))["reason"]
        await changed(pbx, lambda seen: seen["own_call"]["state"] == "ended")

    play(tmp_path, story)


def test_an_outcome_that_the_pbx_keeps_to_itself_is_not_made_up(tmp_path: Path) -> None:
    async def story(pbx: DemoPbx, panel: Program) -> None:
        pbx.moods.tells_refer = False
        await rung(pbx, panel)
        pbx.lift()
        assert "Nobody knows" in (await stage(panel, "failed"))["reason"]

    play(tmp_path, story)


def test_a_phone_put_down_on_the_way_is_no_connection(tmp_path: Path) -> None:
    async def story(pbx: DemoPbx, panel: Program) -> None:
        pbx.moods.far_seconds = 30.0
        await rung(pbx, panel)
        pbx.lift()
        await stage(panel, "connecting")
        pbx.put_down()
        assert "Nobody knows" in (await stage(panel, "failed"))["reason"]

    play(tmp_path, story)


# Colleagues


@pytest.mark.parametrize("name", ["freepbx", "deskpanel", "presence"])
def test_colleagues_are_seen_as_they_are(name: str, tmp_path: Path) -> None:
    async def story(pbx: DemoPbx, panel: Program) -> None:
        await panel.online()
        for being, state in ((Being.BUSY, "busy"), (Being.AWAY, "away"), (Being.FREE, "free")):
            pbx.let_colleague("102", being)
            await panel.until(lambda shown, state=state: anna(shown)["state"] == state)  # type: ignore[misc]

    play(tmp_path, story, name)


def anna(shown: Any) -> Any:
    return next(c for c in shown["colleagues"] if c["number"] == "102")


def test_who_asked_is_told_once_that_a_colleague_is_free(tmp_path: Path) -> None:
    async def story(pbx: DemoPbx, panel: Program) -> None:
        pbx.let_colleague("102", Being.BUSY)
        await panel.online()
        await panel.until(lambda shown: anna(shown)["state"] == "busy")
        await panel.post("/api/colleagues/102/tell", wanted=True)
        assert anna(await panel.shown())["tell_when_free"]
        pbx.let_colleague("102", Being.FREE)
        await panel.until(lambda shown: not anna(shown)["tell_when_free"])

    play(tmp_path, story)


def test_diverting_to_a_colleague_who_diverts_is_warned_of(tmp_path: Path) -> None:
    async def story(pbx: DemoPbx, panel: Program) -> None:
        pbx.let_colleague("102", Being.DIVERTED)
        await panel.online()
        await panel.until(lambda shown: anna(shown)["diverted"])
        shown = await panel.chosen("diverted", target="102")
        assert "Anna diverts calls too" in shown["divert"]["warning"]
        await met(pbx, "unreachable")

    play(tmp_path, story)
