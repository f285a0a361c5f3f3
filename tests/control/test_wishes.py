"""What people send, understood or turned down in words."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.control.wishes import WishError, chosen, dial_wanted, muted, pressed, text_wanted
from device.core.events import DialWanted, Event, For, Muted, Until
from tests.views.states import GRANTS, NOW, OFFICE

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
Ask = Callable[[bytes], Event]
KEYS = st.sampled_from(["status", "target", "for", "until", "by", "button", "hold", "to", "text"])


def limit(**fields: object) -> For | Until | None:
    body = json.dumps({"status": "dnd", **fields}).encode()
    return chosen(body, NOW, GRANTS).limit


def complaint(body: object) -> str:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(WishError) as fault:
        chosen(raw, NOW, GRANTS)
    return str(fault.value)


@pytest.mark.parametrize(
    ("span", "seconds"),
    [
        ("25m", 1500),
        ("1h", 3600),
        ("90s", 90),
        ("1h30m", 5400),
        ("45", 45),
        (" 2 m ", 120),
        (2.5, 2.5),
    ],
)
def test_a_span_is_understood(span: object, seconds: float) -> None:
    assert limit(**{"for": span}) == For(seconds)


@pytest.mark.parametrize(("time", "minute"), [("14:30", 870), ("9:05", 545), ("00:00", 0)])
def test_a_time_of_day_is_understood(time: str, minute: int) -> None:
    assert limit(until=time) == Until(minute)


@pytest.mark.parametrize(
    "span", ["", "soon", "25x", "m", -5, 0, "0m", True, [], float("inf"), 10**400, "800h"]
)
def test_a_span_that_is_none_is_turned_down(span: object) -> None:
    assert complaint({"status": "dnd", "for": span}).startswith("for: expected")


@pytest.mark.parametrize("time", ["", "24:00", "14:60", "1430", 870, "noon", "٣:00"])
def test_a_time_that_is_none_is_turned_down(time: object) -> None:
    expected = "until: expected a time of day such as 14:30"
    assert complaint({"status": "dnd", "until": time}) == expected


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The body is not JSON"),
        (b"{", "The body is not JSON"),
        (b"\xff\xfe\x00", "The body is not JSON"),
        (b"[" * 10_000, "The body is not JSON"),
        ([], "The body is not a JSON object with status or target or for or until or by"),
        ({"state": "dnd"}, "Unknown key 'state'; known are status, target, for, until, by"),
        (
            {"status": "busy"},
            "status: expected one of available, dnd, absent, diverted, logged_out, found 'busy'",
        ),
        ({"status": 5}, "status: expected text, found a number"),
        ({"status": "dnd", "for": 60, "until": "14:30"}, "for and until do not go together"),
        ({"status": "dnd", "by": "pbx"}, "by: expected one of web, cli, tray, found 'pbx'"),
        ({"status": "dnd", "target": "101"}, "target: only goes with diverted, not with dnd"),
        ({"status": "diverted", "target": "a@c"}, "target: expected a number, found 'a@c'"),
        ({"status": "diverted", "target": "1\n2"}, "target: control characters are not allowed"),
    ],
)
def test_each_slip_has_its_sentence(body: object, sentence: str) -> None:
    assert complaint(body) == sentence


def test_a_target_may_be_a_name_of_the_config_or_a_number() -> None:
    for target in ("reception", "Mobile", "+39061", "*72"):
        body = json.dumps({"status": "diverted", "target": target}).encode()
        assert chosen(body, NOW, GRANTS).target == target


@pytest.mark.parametrize("to", ["", "101;a=b", "101@evil", "<sip:1>", "1\r\nX: y", "１"])
def test_nothing_but_a_number_gets_into_a_sip_address(to: str) -> None:
    with pytest.raises(WishError):
        text_wanted(json.dumps({"to": to, "text": "x"}).encode(), NOW)
    with pytest.raises(WishError):
        dial_wanted(json.dumps({"number": to}).encode(), NOW, GRANTS)


@pytest.mark.parametrize(
    ("number", "name", "event"),
    [
        ("+39 06 12", "", DialWanted(NOW, "+390612")),
        ("0612", "Anna Rossi", DialWanted(NOW, "0612", "Anna Rossi")),
        ("anna", "", DialWanted(NOW, "102", "Anna")),
        ("102", "somebody", DialWanted(NOW, "102", "Anna")),
        ("mobile", "", DialWanted(NOW, "+390612345678", "Mobile")),
        ("*78", "", DialWanted(NOW, "*78")),
    ],
)
def test_who_is_called_may_be_a_number_or_a_name_of_the_config(
    number: str, name: str, event: DialWanted
) -> None:
    body = json.dumps({"number": number, "name": name}).encode()
    assert dial_wanted(body, NOW, OFFICE) == event


@pytest.mark.parametrize("wanted", ["Front desk", " Front  desk ", "Frontdesk", "x" * 90])
def test_a_name_that_nobody_has_is_told_as_it_was_said(wanted: str) -> None:
    told = f"^There is no colleague or target called {wanted.strip()[:64]}$"
    with pytest.raises(WishError, match=told):
        dial_wanted(json.dumps({"number": wanted}).encode(), NOW, OFFICE)


def test_a_number_of_the_config_may_be_a_name() -> None:
    box = replace(OFFICE, profile=replace(OFFICE.profile, voicemail="vmain"))
    body = json.dumps({"number": "vmain"}).encode()
    assert dial_wanted(body, NOW, box) == DialWanted(NOW, "vmain")


def test_a_target_that_nobody_knows_is_told_as_it_was_said() -> None:
    wish = {"status": "diverted", "target": "Front desk"}
    with pytest.raises(WishError, match=r"^There is no target called Front desk$"):
        chosen(json.dumps(wish).encode(), NOW, OFFICE)


def test_a_text_for_a_name_of_two_words_is_for_nobody() -> None:
    with pytest.raises(WishError, match=r"^to: expected a number, found 'Front desk'$"):
        text_wanted(json.dumps({"to": "Front desk", "text": "Hi"}).encode(), NOW)
    assert text_wanted(json.dumps({"to": "06 12", "text": "Hi"}).encode(), NOW).to == "0612"


def test_a_colleague_s_button_can_be_pressed_where_there_is_that_colleague() -> None:
    body = json.dumps({"button": "colleague-3"}).encode()
    assert pressed(body, NOW, OFFICE).button == "colleague-3"
    with pytest.raises(WishError, match=r"expected one of .* found 'colleague-3'"):
        pressed(body, NOW, GRANTS)


@pytest.mark.parametrize("text", ["", "  \n", None, 5, "a\x00b", "\x0b", "\ud800", "x" * 2001])
def test_a_text_that_no_wire_takes_is_turned_down(text: object) -> None:
    with pytest.raises(WishError, match="text: "):
        text_wanted(json.dumps({"to": "101", "text": text}).encode(), NOW)


@given(st.dictionaries(KEYS, ANYTHING, max_size=4) | ANYTHING)
def test_whatever_is_sent_is_an_event_or_a_sentence(body: object) -> None:
    raw = json.dumps(body).encode()
    asks: tuple[Ask, ...] = (
        partial(chosen, at=NOW, grants=GRANTS),
        partial(pressed, at=NOW, grants=GRANTS),
        partial(muted, at=NOW),
    )
    for ask in asks:
        with suppress(WishError):
            assert isinstance(ask(raw), Event)


@given(st.binary())
def test_any_bytes_at_all_are_an_event_or_a_sentence(raw: bytes) -> None:
    with pytest.raises(WishError):
        pressed(raw, NOW, GRANTS)


def test_a_mute_may_say_nothing_at_all() -> None:
    assert muted(b"", NOW) == muted(b"{}", NOW) == Muted(NOW)
    assert muted(b'{"for": "1h"}', NOW) == Muted(NOW, seconds=3600.0)
