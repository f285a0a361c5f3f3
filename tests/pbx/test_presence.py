"""Presence documents: Asterisk's, others', and those of somebody who means harm."""

from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.core.words import Hint
from device.pbx.address import plain
from device.pbx.presence import MOST_BYTES, read

# As Asterisk 22 writes it (res_pjsip_pidf_body_generator and its neighbours).
ASTERISK = """<?xml version="1.0" encoding="UTF-8"?>
<presence entity="sip:101@pbx" xmlns="urn:ietf:params:xml:ns:pidf"
 xmlns:pp="urn:ietf:params:xml:ns:pidf:person"
 xmlns:ep="urn:ietf:params:xml:ns:pidf:rpid:rpid-person">
 <note>{note}</note>
 <tuple id="101"><status><basic>{basic}</basic></status>
  <contact priority="1">sip:101@pbx</contact></tuple>
 <pp:person><status><ep:activities>{activities}</ep:activities></status></pp:person>
</presence>
"""


def _asterisk(note: str, basic: str = "open", activities: str = "") -> str:
    return ASTERISK.format(note=note, basic=basic, activities=activities)


@pytest.mark.parametrize(
    ("note", "basic", "activities", "hint"),
    [
        ("Ready", "open", "", Hint.FREE),
        ("On the phone", "open", "<ep:on-the-phone/>", Hint.BUSY),
        ("On hold", "open", "<ep:on-the-phone/>", Hint.BUSY),
        ("Ringing", "open", "<ep:busy/>", Hint.RINGING),
        ("Unavailable", "closed", "<ep:away/>", Hint.AWAY),
    ],
)
def test_what_asterisk_says(note: str, basic: str, activities: str, hint: Hint) -> None:
    assert read(_asterisk(note, basic, activities)) == (hint, note)


@pytest.mark.parametrize(
    ("note", "basic", "activities", "hint"),
    [
        ("", "open", "", Hint.FREE),
        ("", "closed", "", Hint.AWAY),
        ("", "", "", Hint.UNKNOWN),
        ("Gone fishing", "open", "<ep:vacation/>", Hint.AWAY),
        ("Back soon", "open", "<ep:away/><ep:on-the-phone/>", Hint.BUSY),
        ("Back soon", "open", "<ep:unknown/>", Hint.FREE),
        ("  READY \n", "open", "", Hint.FREE),
        ("Ready", "closed", "", Hint.AWAY),
    ],
)
def test_what_others_say(note: str, basic: str, activities: str, hint: Hint) -> None:
    assert read(_asterisk(note, basic, activities)) == (hint, note.strip())


def test_namespaces_may_be_called_anything_or_be_missing() -> None:
    told = (
        '<p:presence xmlns:p="urn:ietf:params:xml:ns:pidf">'
        "<p:tuple><p:status><p:basic>closed</p:basic></p:status></p:tuple></p:presence>"
    )
    assert read(told) == (Hint.AWAY, "")
    assert read("<presence><basic>open</basic></presence>") == (Hint.FREE, "")


def test_a_document_that_declares_entities_is_not_read() -> None:
    bomb = "<!DOCTYPE presence [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]>"
    assert read(f"{bomb}<presence><note>&b;</note></presence>") is None
    outside = '<!DOCTYPE presence SYSTEM "file:///etc/passwd">'
    assert read(f"{outside}<presence><note>Ready</note></presence>") is None


def test_a_document_of_unlikely_size_is_not_read() -> None:
    assert read(_asterisk("x" * MOST_BYTES)) is None


def test_a_deep_document_is_read_without_harm() -> None:
    deep = "<a>" * 5000 + "</a>" * 5000
    assert read(f"<presence>{deep}<note>Ready</note></presence>") == (Hint.FREE, "Ready")


@pytest.mark.parametrize(
    "body", ["", "Ready", "<presence>", "<html/>", "<presence/><presence/>", "\udcff", "\x00"]
)
def test_what_is_no_presence_document_is_none(body: str) -> None:
    assert read(body) is None


@given(st.text() | st.from_regex(r"<presence>(<[a-z:/ ]{0,9}>|Ready){0,9}</presence>"))
def test_any_text_is_read_or_not_but_never_raises(body: str) -> None:
    found = read(body)
    assert found is None or isinstance(found[0], Hint)


@given(st.binary())
def test_any_bytes_never_raise(data: bytes) -> None:
    read(data.decode("utf-8", "surrogateescape"))


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=50))
def test_a_note_is_read_as_it_was_written_in_one_line(note: str) -> None:
    found = read(_asterisk(escape(note), "open"))
    assert found is not None
    assert found[1] == plain(note)
