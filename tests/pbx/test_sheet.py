"""Profiles in words."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from device.core.words import Status
from device.pbx.profiles import PROFILES, changed
from device.pbx.sheet import SHOWN, as_json, in_full, means, overview

PAGE = Path(__file__).parents[2] / "docs" / "profiles.md"


@pytest.mark.parametrize(
    ("name", "status", "expected"),
    [
        ("freepbx", Status.DND, "hint"),
        ("freepbx", Status.ABSENT, "as dnd"),
        ("freepbx", Status.DIVERTED, "hint or code"),
        ("freepbx", Status.LOGGED_OUT, "unregisters"),
        ("grandstream-ucm", Status.DND, "code"),
        ("generic", Status.DND, "answers"),
        ("presence", Status.DND, "publish"),
        ("deskpanel", Status.LOGGED_OUT, "hint"),
    ],
)
def test_how_a_status_is_kept_is_said(name: str, status: Status, expected: str) -> None:
    assert means(PROFILES[name], status) == expected


def test_the_overview_has_a_row_for_each_and_says_what_is_not_possible() -> None:
    lines = overview(PROFILES)
    assert [line.split()[0] for line in lines[1 : len(PROFILES) + 1]] == list(PROFILES)
    assert lines[3].split() == ["freepbx", "hint", "as", "dnd", "hint", "or", "code", "unregisters"]
    at = lines.index("freepbx")
    assert lines[at + 1].startswith("  absent: FreePBX cannot lock phones")


@pytest.mark.parametrize("name", PROFILES)
def test_nothing_that_a_profile_says_is_left_out(name: str) -> None:
    profile, text = PROFILES[name], "\n".join(in_full(PROFILES[name]))
    told = json.dumps(as_json(profile))
    for switch in profile.switches.values():
        for value in filter(None, (switch.on, switch.off, switch.hint, switch.note)):
            assert value in text
            assert value in told
    for value in filter(None, (*profile.limits.values(), *profile.agents, profile.voicemail)):
        assert value in text
        assert value in told


def test_what_is_published_is_shown() -> None:
    assert "  published    open, busy, Do not disturb" in in_full(PROFILES["presence"])
    assert "  published    closed, away, Absent" in in_full(PROFILES["presence"])
    dnd = as_json(PROFILES["presence"])["statuses"]["dnd"]
    assert dnd["published"] == {"open": True, "activity": "busy", "note": "Do not disturb"}


def test_a_family_without_switches_says_so() -> None:
    assert in_full(PROFILES["generic"])[0] == "generic: no status"


@pytest.mark.parametrize("name", PROFILES)
def test_the_page_says_of_each_family_what_it_does(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    cells = " | ".join(means(PROFILES[name], status) for status in SHOWN)
    assert f"| `{name}` | {cells} |" in page


def test_the_examples_of_the_page_are_right() -> None:
    examples = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    built = [tomllib.loads(example) for example in examples]
    profiles = [changed(data["pbx"]["profile"], data["profile"]) for data in built]
    assert [list(profile.switches) for profile in profiles] == [[Status.DND], [Status.DND]]
