"""What cannot be done has one sentence: on the glass, over HTTP and on the command line."""

import asyncio
import re
from dataclasses import dataclass, replace

import pytest

from device.cli import main
from device.core.notices import CallEntry, CallList, Stamp
from device.core.profile import Target
from device.core.state import Calling, Clock, Incoming, State
from device.core.words import CallKind, Link, Status
from device.views.font import SMALL
from device.views.screen import screen
from device.views.screens import BalloonUp
from tests.control.fakes import FakePanel, in_loop, serving
from tests.views.states import NOW, OFFICE, QUIET, chosen, offline

MISFIT = "The profile freepbx does not fit this PBX: it has dnd not set after *78"
WITHHELD = CallEntry("", "", CallKind.MISSED, Stamp(NOW, None))
DESK = replace(QUIET, grants=OFFICE)


@dataclass(frozen=True)
class Wish:
    """The same wish in both languages."""

    path: str
    body: dict[str, object]
    words: tuple[str, ...]


def divert(target: str = "") -> Wish:
    words = ("status", "diverted", *(("--target", target) if target else ()))
    return Wish("/api/status", {"status": "diverted", "target": target}, words)


def dial(number: str) -> Wish:
    return Wish("/api/dial", {"number": number}, ("dial", number))


def hold(button: str) -> Wish:
    return Wish("/api/press", {"button": button, "hold": True}, ("press", button, "--hold"))


def press(button: str) -> Wish:
    return Wish("/api/press", {"button": button}, ("press", button))


def granted(**grants: object) -> State:
    return replace(DESK, grants=replace(OFFICE, **grants))  # type: ignore[arg-type]


def while_(status: Status) -> State:
    return replace(chosen(status, "101" if status is Status.DIVERTED else ""), grants=OFFICE)


REFUSALS: dict[str, tuple[State, Wish, str]] = {
    "divert not allowed": (
        granted(divert_allowed=False),
        divert("101"),
        "Diverting is not allowed for this user",
    ),
    "divert nowhere": (granted(targets=()), divert(), "There is no number to divert to"),
    "divert to nobody": (DESK, divert("Nobody"), "There is no target called Nobody"),
    "divert to oneself": (DESK, divert("100"), "A user cannot divert to their own number"),
    "divert to a group": (
        granted(forbidden=("600",)),
        divert("600"),
        "600 may not be a divert target",
    ),
    "divert abroad": (
        granted(allowed=(re.compile(r"^\d{3}$"),)),
        divert("+4930901820"),
        "+4930901820 does not match divert.allowed",
    ),
    "divert a call twice": (
        replace(DESK, calls=(Incoming(1, "061", "", NOW, ("105",)),)),
        press("diverted"),
        "This call was diverted already",
    ),
    "divert a call nowhere": (
        replace(granted(targets=(Target("Me", "100"),)), calls=(Incoming(1, "061", "", NOW),)),
        press("diverted"),
        "A user cannot divert to their own number",
    ),
    "wrong profile": (
        replace(DESK, mirror=replace(QUIET.mirror, misfit=MISFIT)),
        Wish("/api/status", {"status": "dnd"}, ("status", "dnd")),
        MISFIT,
    ),
    "until nobody knows when": (
        replace(DESK, clock=Clock()),
        Wish(
            "/api/status",
            {"status": "dnd", "until": "14:30"},
            ("status", "dnd", "--until", "14:30"),
        ),
        "The time is not known yet",
    ),
    "call while absent": (
        while_(Status.ABSENT),
        dial("101"),
        "No calls from the panel while absent",
    ),
    "call while diverted": (
        while_(Status.DIVERTED),
        dial("Anna"),
        "No calls from the panel while diverted",
    ),
    "call while logged out": (
        while_(Status.LOGGED_OUT),
        dial("101"),
        "No calls from the panel while logged out",
    ),
    "call a feature code": (DESK, dial("*78"), "*78 is not a telephone number"),
    "call oneself": (DESK, dial("100"), "That is your own number"),
    "call without a PBX": (offline(DESK, Link.OFFLINE), dial("101"), "There is no PBX"),
    "call while calling": (
        replace(DESK, calling=Calling(1, "102", "Anna", NOW + 20)),
        dial("101"),
        "Another call is being made",
    ),
    "call back who withheld it": (
        replace(DESK, missed=CallList((WITHHELD,))),
        hold("missed"),
        "The caller's number is not known",
    ),
    "call back nobody": (DESK, hold("message"), "There is nobody to call back"),
    "listen where no number is known": (QUIET, hold("voicemail"), "There is no number to call"),
}


@pytest.mark.parametrize(("state", "wish", "sentence"), REFUSALS.values(), ids=REFUSALS)
@in_loop
async def test_a_refusal_is_one_sentence_wherever_it_is_read(
    state: State, wish: Wish, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told, asked = FakePanel(state), FakePanel(state)
    async with serving(told) as outside:
        assert await outside.post(wish.path, wish.body) == (409, {"error": sentence})
    async with serving(asked) as outside:
        assert await asyncio.to_thread(main, [*wish.words, "--url", outside.url]) == 1
    assert capsys.readouterr().err == f"deskpanel: {sentence}\n"
    for panel in (told, asked):
        assert screen(panel.state) == BalloonUp(None, "Not possible", sentence)


def test_every_refusal_fits_the_glass() -> None:
    """None of them needs more than the five lines below the bar."""
    for _, _, sentence in REFUSALS.values():
        assert SMALL.shows(sentence, SMALL.wrap(sentence, 128, 5)), sentence
