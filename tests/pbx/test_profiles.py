"""Profiles: every family is right, and what is wrong with one is told, all of it."""

import re
from importlib.resources import files
from typing import Any

import pytest

from device.core.profile import Publication
from device.core.words import Status
from device.pbx.profiles import (
    FAMILIES,
    PROFILES,
    Data,
    ProfileError,
    build,
    changed,
    differences,
    merged,
)

DND = {"on": "*78", "off": "*79", "hint": "*76{user}"}
DIVERT = {"on": "*72{target}", "off": "*73"}
CODES: Data = {"status": {"dnd": DND, "diverted": DIVERT}}

BY_NOTE = {"hint": "*53{user}"}
SELECTOR: Data = {
    "status": {
        "available": {"on": "*510", "note": "Ready"} | BY_NOTE,
        "dnd": {"on": "*511", "note": "On the phone"} | BY_NOTE,
    }
}

PUBLISHED: Data = {
    "line": "",
    "status": {
        "available": {"published": {"note": "Here"}},
        "dnd": {"published": {"activity": "busy", "note": "Not now"}},
    },
}


def wrong(data: Data) -> dict[str, str]:
    """What is found wrong, by key."""
    with pytest.raises(ProfileError) as caught:
        build("test", data)
    return dict(caught.value.problems)


def but(data: Data, key: str, value: object) -> Data:
    """The data with one key, `status.dnd.on` for one, as this."""
    change: Any = value
    for name in reversed(key.split(".")):
        change = {name: change}
    return merged(data, change)


# The families


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_is_right(name: str) -> None:
    assert build(name, FAMILIES[name]) == PROFILES[name]


@pytest.mark.parametrize("name", FAMILIES)
def test_no_family_uses_a_code_that_toggles(name: str) -> None:
    toggles = {"freepbx": {"*76", "*740"}, "fusionpbx": {"*77", "*74"}}
    switches = PROFILES[name].switches.values()
    codes = {code for switch in switches for code in (switch.on, switch.off)}
    assert not codes & toggles.get(name, set())


@pytest.mark.parametrize("name", FAMILIES)
def test_what_a_family_does_not_keep_at_the_pbx_has_a_sentence(name: str) -> None:
    profile = PROFILES[name]
    for status in (Status.DND, Status.ABSENT, Status.DIVERTED):
        assert status in profile.switches or status in profile.limits


@pytest.mark.parametrize("name", FAMILIES)
def test_every_code_stands_under_a_comment_that_tells_where_it_is_from(name: str) -> None:
    text = (files("device.pbx") / "families" / f"{name}.toml").read_text(encoding="utf-8")
    for block in re.split(r"\n\n", text):
        if re.search(r"^on = ", block, re.MULTILINE):
            said = block if "#" in block else text[: text.index(block)]
            assert re.search(r"https?://|tests/kit|\.xml|page \d|onfirmed|dial codes", said), block


def test_a_code_may_mean_the_opposite_elsewhere() -> None:
    """Why a profile is proved before it is trusted."""
    assert PROFILES["freepbx"].switches[Status.DND].on == "*78"
    assert PROFILES["grandstream-ucm"].switches[Status.DND].off == "*78"


def test_the_kit_is_a_selector_whose_notes_tell_all_five_apart() -> None:
    kit = PROFILES["deskpanel"]
    assert kit.selector
    assert set(kit.switches) == set(Status)
    assert {switch.hint for switch in kit.switches.values()} == {"*53{user}"}


def test_who_diverts_is_published_as_free() -> None:
    published = PROFILES["presence"].switches[Status.DIVERTED].published
    assert published
    assert (published.open, published.activity) == (True, "")
    assert "div" not in published.note.lower()


# Reading


def test_what_is_not_said_has_the_defaults() -> None:
    profile = build("test", {})
    assert (profile.dnd_code, profile.absent_code, profile.line) == (486, 480, "{user}")
    assert profile.own_phone == "{user}"
    assert not profile.switches


def test_a_whole_profile_is_read() -> None:
    data = but(but(CODES, "nearest.absent", "dnd"), "limits.absent", "Phones are not locked")
    profile = build("test", merged(data, {"agents": ["PBX"], "voicemail": "*97", "dnd_code": 603}))
    assert profile.switches[Status.DND].hint == "*76{user}"
    assert profile.nearest == {Status.ABSENT: Status.DND}
    assert profile.limits == {Status.ABSENT: "Phones are not locked"}
    assert (profile.agents, profile.voicemail, profile.dnd_code) == (("PBX",), "*97", 603)


def test_what_is_published_is_read() -> None:
    switch = build("test", PUBLISHED).switches[Status.DND]
    assert switch.published == Publication(open=True, activity="busy", note="Not now")


def test_false_takes_things_away() -> None:
    data = but(but(CODES, "nearest.absent", "dnd"), "limits.absent", "Phones are not locked")
    for key in ("status.diverted", "nearest.absent", "limits.absent"):
        data = but(data, key, False)
    profile = build("test", data)
    assert (list(profile.switches), profile.nearest, profile.limits) == ([Status.DND], {}, {})


def test_everything_wrong_is_told_at_once() -> None:
    data = {
        "colour": "red",
        "dnd_code": "486",
        "agents": ["", 3],
        "status": {"happy": {}, "dnd": {"on": 78, "of": "*79"}, "diverted": {"on": "*72"}},
        "nearest": {"absent": "gone"},
    }
    assert wrong(data).keys() == {
        "colour",
        "dnd_code",
        "agents",
        "status.happy",
        "status.dnd.on",
        "status.dnd.of",
        "status.diverted.on",
        "status.diverted.off",
        "nearest.absent",
    }


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("status", 3, "expected a table"),
        ("status.dnd", "*78", "expected a table"),
        ("status.dnd.optional", "yes", "expected true or false"),
        ("status.dnd.published", True, "expected a table"),
        ("dnd_code", True, "expected a number"),
        ("agents", "PBX", "expected a list"),
        ("line", None, "expected text"),
    ],
)
def test_a_value_of_another_kind_is_told(key: str, value: object, sentence: str) -> None:
    assert sentence in wrong(but(CODES, key, value))[key]


# Rules


@pytest.mark.parametrize(
    ("key", "value", "at", "sentence"),
    [
        ("status.dnd.off", "*78", "status.dnd.off", "toggles"),
        ("status.diverted.off", "*79", "status.diverted.off", "*79 is status.dnd.off already"),
        ("voicemail", "*78", "voicemail", "*78 is status.dnd.on already"),
        ("own_phone", "*78", "own_phone", "*78 is status.dnd.on already"),
        ("status.dnd.off", "*7213", "status.dnd.off", "taken for status.diverted.on, *72{target}"),
        ("status.dnd.on", "*72", "status.dnd.on", "taken for status.diverted.on"),
        ("status.dnd.on", "*72{user}", "status.dnd.on", "taken for status.diverted.on"),
        ("status.diverted.off", "*720", "status.diverted.off", "taken for status.diverted.on"),
        ("status.diverted.on", "*7{target}", "status.dnd.on", "taken for status.diverted.on"),
        ("voicemail", "*721", "voicemail", "taken for status.diverted.on"),
        ("own_phone", "", "own_phone", "expected a number"),
        ("status.diverted.on", "*72", "status.diverted.on", "needs {target}"),
        ("status.diverted.off", "*73{target}", "status.diverted.off", "only status.diverted.on"),
        ("status.dnd.on", "*78{target}", "status.dnd.on", "only status.diverted.on"),
        ("status.dnd.on", "*78{number}", "status.dnd.on", "{number} stands for nothing here"),
        ("status.dnd.on", "*78{user!r}", "status.dnd.on", "stands for nothing here"),
        ("status.dnd.on", "*78{user:9}", "status.dnd.on", "stands for nothing here"),
        ("status.dnd.on", "*78{}", "status.dnd.on", "stands for nothing here"),
        ("status.dnd.on", "*78{user", "status.dnd.on", "'}'"),
        ("status.dnd.on", "*78 1", "status.dnd.on", "cannot be dialled"),
        ("voicemail", "{user}", "voicemail", "known is nothing"),
        ("status.dnd.off", "", "status.dnd.off", "could not be cleared"),
        ("status.dnd.on", "", "status.dnd.on", "there is a code to clear it"),
        ("status.absent", {"hint": "*1"}, "status.absent", "neither a code"),
        ("status.diverted.note", "Away", "status.diverted.note", "needs a hint"),
        ("status.diverted.optional", True, "status.diverted.optional", "there is none"),
        ("status.diverted.hint", "*76{user}", "status.diverted.note", "more than this status"),
        ("status.diverted.hint", "{user}", "status.diverted.note", "more than this status"),
        ("dnd_code", 200, "dnd_code", "from 400 to 699"),
        ("absent_code", 700, "absent_code", "from 400 to 699"),
        ("nearest.absent", "absent", "nearest.absent", "itself"),
        ("nearest.absent", "logged_out", "nearest.absent", "does not keep logged_out"),
        ("nearest.available", "dnd", "nearest.available", "what is left where nothing is set"),
        ("nearest.dnd", "diverted", "nearest.dnd", "beside status.dnd"),
        ("status.absent", {"published": {"note": "x"}}, "status.dnd.published", "is missing"),
        ("status.dnd.published", {"note": "x"}, "status.dnd.published", "beside a code"),
        ("limits.absent", " ", "limits.absent", "expected a sentence"),
        ("agents", [" "], "agents", "would fit every PBX"),
    ],
)
def test_a_rule_that_is_broken_is_told(key: str, value: object, at: str, sentence: str) -> None:
    assert sentence in wrong(but(CODES, key, value))[at]


@pytest.mark.parametrize(
    ("key", "value", "at", "sentence"),
    [
        ("status.dnd.off", "*501", "status.dnd.off", "ends the others"),
        ("status.dnd.note", "", "status.dnd.note", "more than this status"),
        ("nearest.available", "dnd", "nearest.available", "has no place"),
        ("nearest.dnd", "available", "nearest.dnd", "beside status.dnd"),
        ("status.dnd.note", "READY", "status.dnd.note", "tells of available already"),
    ],
)
def test_a_selector_has_rules_of_its_own(key: str, value: object, at: str, sentence: str) -> None:
    assert build("test", SELECTOR).selector
    assert sentence in wrong(but(SELECTOR, key, value))[at]


@pytest.mark.parametrize(
    ("key", "value", "at", "sentence"),
    [
        ("status.available", False, "status.available", "published then as well"),
        ("status.dnd.published.activity", "bored", "status.dnd.published.activity", "RFC 4480"),
        ("status.dnd.published.colour", "red", "status.dnd.published.colour", "is not a key"),
        ("status.dnd", {"hint": "{user}", "note": "X"}, "status.dnd.note", "'Not now' is publ"),
    ],
)
def test_publishing_has_rules_of_its_own(key: str, value: object, at: str, sentence: str) -> None:
    assert build("test", PUBLISHED).publishes
    assert sentence in wrong(but(PUBLISHED, key, value))[at]


def test_a_number_may_stand_inside_a_code_as_long_as_no_other_code_has_both_its_ends() -> None:
    inside = merged(CODES, {"status": {"diverted": {"on": "*21*{target}#", "off": "*21*"}}})
    assert build("test", inside).switches[Status.DIVERTED].off == "*21*"
    assert "status.diverted.off" in wrong(but(inside, "status.diverted.off", "*21*0#"))


# Changes


def test_a_family_is_changed_key_by_key() -> None:
    profile = changed("freepbx", {"status": {"dnd": {"on": "*178"}}, "voicemail": "*98"})
    switch = profile.switches[Status.DND]
    assert (profile.name, profile.voicemail) == ("freepbx", "*98")
    assert (switch.on, switch.off, switch.hint) == ("*178", "*79", "*76{user}")
    assert PROFILES["freepbx"].switches[Status.DND].on == "*78"


def test_only_what_differs_is_a_change() -> None:
    same = {"voicemail": "*97", "own_phone": "{user}", "status": {"absent": False}}
    changes = merged(same, {"status": {"dnd": {"on": "*178", "off": "*79"}, "diverted": False}})
    assert differences("freepbx", same) == []
    assert differences("freepbx", changes) == ["status.dnd.on", "status.diverted"]
