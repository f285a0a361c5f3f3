"""Commands that ask a running panel, in front of one without a PBX."""

import asyncio
import json
import signal
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest

from device.cli import main
from device.core.effects import EndDial, RingOwn
from device.core.events import DialCancelled, DialEnded, Event, Muted, OwnLifted, OwnRings, Referred
from device.core.schedule import Change
from device.core.state import State
from device.core.words import Hint, Status
from tests.control.fakes import FakePanel, in_loop, serving, until
from tests.views.states import NOW, OFFICE, QUIET, chosen, office

ANNA_IS_BUSY = office(h101=Hint.FREE, h102=Hint.BUSY, h103=Hint.FREE, h74103=Hint.BUSY)


async def command(panel: FakePanel, *words: str) -> int:
    """Run a command to its end; its exit code."""
    async with serving(panel) as outside:
        return await asyncio.to_thread(main, [*words, "--url", outside.url])


async def talk(panel: FakePanel, *happens: Callable[[int], Event], words: tuple[str, ...]) -> int:
    """Run a command that waits, while the PBX tells this of the call, step by step."""
    async with serving(panel) as outside:
        asked = asyncio.create_task(asyncio.to_thread(main, [*words, "--url", outside.url]))
        await until(lambda: panel.state.calling is not None)
        for event in happens:
            panel.post(event(panel.state.jobs))
        return await asked


def rings(job: int) -> Event:
    return OwnRings(NOW, job)


def lifted(job: int) -> Event:
    return OwnLifted(NOW, job)


def picked_up(job: int) -> Event:
    return Referred(NOW, job, 200, "OK")


def busy(job: int) -> Event:
    return Referred(NOW, job, 486, "Busy Here")


def nobody_home(job: int) -> Event:
    return DialEnded(NOW, job, "480 Temporarily Unavailable")


@in_loop
async def test_a_call_is_made_and_seen_connected(capsys: pytest.CaptureFixture[str]) -> None:
    panel = FakePanel(ANNA_IS_BUSY)
    assert await talk(panel, rings, lifted, picked_up, words=("dial", "anna")) == 0
    assert panel.effects[0] == RingOwn(panel.state.jobs, "100")
    out, err = capsys.readouterr()
    assert (out, err) == (
        "Lift your phone to talk to Anna (102)\nconnected to Anna (102)\n",
        "",
    )


@pytest.mark.parametrize(
    ("happens", "sentence"),
    [
        ((rings, lifted, busy), "Anna is busy"),
        ((lifted,), "Your phone did not ring"),
        ((nobody_home,), "Your own phone cannot be rung: 480 Temporarily Unavailable"),
    ],
    ids=["busy", "robot", "nobody"],
)
@in_loop
async def test_a_call_that_fails_is_one_line_and_exit_code_one(
    happens: tuple[Callable[[int], Event], ...],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    panel = FakePanel(ANNA_IS_BUSY)
    code = await talk(panel, *happens, words=("dial", "102"))
    assert (code, capsys.readouterr().err) == (1, f"deskpanel: {sentence}\n")


@in_loop
async def test_a_call_that_somebody_cancels_is_over_for_who_waits(
    capsys: pytest.CaptureFixture[str],
) -> None:
    panel = FakePanel(ANNA_IS_BUSY)
    async with serving(panel) as outside:
        url = ("--url", outside.url)
        waits = asyncio.create_task(asyncio.to_thread(main, ["dial", "102", *url]))
        await until(lambda: panel.state.calling is not None)
        assert await asyncio.to_thread(main, ["dial", "--cancel", *url]) == 0
        assert await waits == 1
    assert panel.effects[-1] == EndDial(panel.state.jobs)
    assert capsys.readouterr().err == "deskpanel: The call was cancelled\n"


@in_loop
async def test_to_stop_waiting_for_a_call_is_to_stop_calling() -> None:
    panel = FakePanel(ANNA_IS_BUSY)
    async with serving(panel) as outside:
        words = ("-m", "device", "dial", "102", "--url", outside.url)
        pipe = asyncio.subprocess.PIPE
        asks = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=pipe)
        assert asks.stdout
        await asks.stdout.readline()  # Lift your phone: from now on it waits
        asks.send_signal(signal.SIGINT)
        assert await asks.wait() == 130
    assert panel.taken[-1] == DialCancelled(NOW)
    assert panel.state.calling is None


@pytest.mark.parametrize(
    ("words", "path", "wish", "sentence"),
    [
        (
            ("dial", "Front desk"),
            "/api/dial",
            {"number": "Front desk"},
            "There is no colleague or target called Front desk",
        ),
        (
            ("status", "diverted", "--target", "Front desk"),
            "/api/status",
            {"status": "diverted", "target": "Front desk"},
            "There is no target called Front desk",
        ),
    ],
)
@in_loop
async def test_a_name_that_nobody_has_is_told_in_the_same_words_here_and_over_http(
    words: tuple[str, ...],
    path: str,
    wish: dict[str, object],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    panel = FakePanel(ANNA_IS_BUSY)
    async with serving(panel) as outside:
        assert await outside.post(path, wish) == (400, {"error": sentence})
    assert await command(panel, *words) == 1
    assert capsys.readouterr().err == f"deskpanel: {sentence}\n"
    assert panel.taken == []


@pytest.mark.parametrize("words", [("dial",), ("dial", "101", "--cancel")])
def test_who_neither_calls_nor_cancels_gets_the_usage(words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as end:
        main([*words])
    assert end.value.code == 2


@in_loop
async def test_colleagues_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    waited = replace(ANNA_IS_BUSY, tell_free=frozenset({"102"}))
    assert await command(FakePanel(waited), "colleagues") == 0
    assert capsys.readouterr().out.splitlines() == [
        "101    Reception            free",
        "102    Anna                 in a call, you will be told",
        "103    Bruno                free, diverts",
    ]


@in_loop
async def test_a_busy_colleague_is_waited_for_and_forgotten(
    capsys: pytest.CaptureFixture[str],
) -> None:
    panel = FakePanel(ANNA_IS_BUSY)
    assert await command(panel, "colleagues", "--tell", "Anna", "--json") == 0
    assert json.loads(capsys.readouterr().out)["tell_when_free"] is True
    assert panel.state.tell_free == {"102"}
    assert await command(panel, "colleagues", "--forget", "102") == 0
    assert panel.state.tell_free == frozenset()
    assert await command(panel, "colleagues", "--tell", "Front desk/1") == 1
    assert capsys.readouterr().err == "deskpanel: There is no colleague 'Front desk/1'\n"


@in_loop
async def test_a_colleague_s_button_is_pressed(capsys: pytest.CaptureFixture[str]) -> None:
    panel = FakePanel(ANNA_IS_BUSY)
    assert await command(panel, "press", "colleague-1", "--json") == 0
    assert json.loads(capsys.readouterr().out)["page"] == "colleagues"


EVENING = (Change((2,), 18 * 60, Status.DIVERTED, "Reception"),)


@pytest.mark.parametrize(
    ("state", "line"),
    [
        (
            office(chosen(Status.DIVERTED, "103"), h74103=Hint.BUSY),
            "warning: Bruno diverts calls too: yours would be refused there",
        ),
        (
            replace(QUIET, mirror=replace(QUIET.mirror, misfit="It does not fit")),
            "available, unknown (It does not fit)",
        ),
        (
            replace(QUIET, grants=replace(OFFICE, schedule=EVENING)),
            "next diverted to Reception, 2026-10-14 18:00",
        ),
    ],
    ids=["warning", "misfit", "schedule"],
)
@in_loop
async def test_status_tells_what_a_glance_should_not_miss(
    state: State, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await command(FakePanel(state), "status") == 0
    assert line in capsys.readouterr().out.splitlines()


@in_loop
async def test_mute_says_for_how_long(capsys: pytest.CaptureFixture[str]) -> None:
    panel = FakePanel()
    assert await command(panel, "mute", "30m") == 0
    assert panel.taken == [Muted(panel.taken[0].at, seconds=1800.0)]
    assert await command(panel, "mute") == 0
    assert await command(panel, "mute", "--off") == 0
    assert capsys.readouterr().out.splitlines() == ["muted for 30 min", "muted", "sound is on"]


@in_loop
async def test_mute_takes_a_time_or_off() -> None:
    with pytest.raises(SystemExit) as ended:
        await command(FakePanel(), "mute", "30m", "--off")
    assert ended.value.code == 2
