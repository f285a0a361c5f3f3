"""Addresses, as tidy and as untidy as they come (RFC 4475 has the worst of them)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.pbx.address import Party, caller, legible, plain, split

# ESC, BEL, NUL, CSI in one byte, and the override that writes backwards.
NASTY = ["\x1b[2J", "\a", "\0", "\x7f", "\x9b2J", "\u202e", "\u2066", "\u200f", "\v"]


@pytest.mark.parametrize(
    ("value", "user", "name"),
    [
        ('"Anna Rossi" <sip:200@pbx>;tag=1', "200", "Anna Rossi"),
        ("Anna Rossi <sips:200@pbx:5061;transport=tls>", "200", "Anna Rossi"),
        ('"A \\"B\\" \\\\ C"<sip:200@pbx>', "200", 'A "B" \\ C'),
        ("sip:200@pbx;tag=1", "200", ""),
        ("<sip:200@pbx>", "200", ""),
        ("<sip:+39%2006@pbx;user=phone>", "+39 06", ""),
        ("<sip:200;phone-context=x@pbx>", "200", ""),
        ("<sip:200:password@pbx>", "200", ""),
        ("<sip:200%23@[2001:db8::1]>", "200#", ""),
        ("<tel:+390612345;ext=5>", "+390612345", ""),
        ('"a;b,c<d>" <sip:x@y>', "x", "a;b,c<d>"),
        ('"  folded \r\n name " <sip:x@y>', "x", "folded name"),
        ('"" <sip:x@y>', "x", ""),
        ("<sip:pbx>", "", ""),
        ("sip:pbx", "", ""),
        ("<SIP:a@b@c>", "a@b", ""),
        ('"Anonymous" <sip:anonymous@anonymous.invalid>', "", ""),
        ("<sip:ANONYMOUS@pbx>", "", ""),
        ("<sip:200@anonymous.invalid>", "", ""),
        ("<sip:200@anonymous.invalid;user=phone>", "", ""),
        ('"Unknown" <sip:unknown@unknown.invalid>', "", ""),
        ("<sip:200@invalid.example.com>", "200", ""),
        ("", "", ""),
        ("<<<>>>", "", ""),
        ('"open', "", ""),
    ],
)
def test_who_it_is(value: str, user: str, name: str) -> None:
    assert Party.read(value) == Party(user, name)


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("a,b", ["a", "b"]),
        ('"x,y" <sip:a@b>,<sip:c,d@e>', ['"x,y" <sip:a@b>', "<sip:c,d@e>"]),
        ('"a\\",b",c', ['"a\\",b"', "c"]),
        ('"open, for ever', ['"open, for ever']),
        ("", [""]),
    ],
)
def test_lists_part_at_their_own_commas(value: str, parts: list[str]) -> None:
    assert list(split(value)) == parts


ANNA, BRUNO = '"Anna" <sip:200@pbx>;tag=1', '"Bruno" <sip:201@pbx>'


@pytest.mark.parametrize(
    ("sender", "asserted", "privacy", "user", "name"),
    [
        (ANNA, [], "", "200", "Anna"),
        (ANNA, [BRUNO], "", "201", "Bruno"),
        (ANNA, [f"{BRUNO}, <tel:+3906>"], "none", "201", "Bruno"),
        (ANNA, ["<sip:pbx.example.com>, <tel:+3906>"], "", "+3906", ""),
        (ANNA, ["<sip:200@pbx>"], "", "200", "Anna"),
        (ANNA, ["<sip:201@pbx>"], "", "201", ""),
        (ANNA, ['"Anonymous" <sip:anonymous@anonymous.invalid>'], "", "", ""),
        (ANNA, ["<sip:pbx.example.com>"], "", "200", "Anna"),
        (ANNA, ["", "garbage"], "", "200", "Anna"),
        ("<sip:anonymous@anonymous.invalid>", [BRUNO], "", "201", "Bruno"),
        ("<sip:anonymous@anonymous.invalid>", [BRUNO], "user; ID", "", ""),
    ],
)
def test_who_calls_is_whom_the_pbx_vouches_for(
    sender: str, asserted: list[str], privacy: str, user: str, name: str
) -> None:
    assert caller(sender, asserted, privacy) == Party(user, name)


@pytest.mark.parametrize("nasty", NASTY)
def test_a_name_or_number_cannot_act(nasty: str) -> None:
    party = Party.read(f'"An{nasty}na" <sip:2{nasty}00@pbx>')
    for told in (party.user, party.name, plain(nasty), legible(nasty)):
        assert nasty[0] not in told
    assert party.name[:2] + party.name[-2:] == "Anna"


def test_an_escaped_control_in_a_number_cannot_act() -> None:
    assert Party.read("<sip:20%1B%0D%0A0@pbx>").user == "20 0"
    assert Party.read("<tel:20%00%070>").user == "200"


def test_a_text_keeps_its_lines() -> None:
    assert legible("one\r\n\ttwo\n\nthree\x1b[0m\rfour") == "one\r\n\ttwo\n\nthree[0m\nfour"


@given(st.text())
def test_no_text_raises(value: str) -> None:
    Party.read(value)
    assert ",".join(split(value)) == value


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1), st.text())
def test_what_is_written_is_read(user: str, name: str) -> None:
    shown = plain(name)
    if {"anonymous", "unknown"} & {user.lower(), shown.lower()}:
        return
    escaped = "".join(f"%{byte:02x}" for byte in user.encode())
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    assert Party.read(f'"{quoted}" <sip:{escaped}@pbx>') == Party(user, shown)
