"""Addresses, as tidy and as untidy as they come (RFC 4475 has the worst of them)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.pbx.address import Party, split


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


@given(st.text())
def test_no_text_raises(value: str) -> None:
    Party.read(value)
    assert ",".join(split(value)) == value


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1), st.text())
def test_what_is_written_is_read(user: str, name: str) -> None:
    shown = " ".join(name.split())
    if "anonymous" in (user.lower(), shown.lower()):
        return
    escaped = "".join(f"%{byte:02x}" for byte in user.encode())
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    assert Party.read(f'"{quoted}" <sip:{escaped}@pbx>') == Party(user, shown)
