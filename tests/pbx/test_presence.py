"""Presence documents: Asterisk's, others', and those of somebody who means harm."""

from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.core.words import Hint
from device.pbx.address import plain
from device.pbx.presence import MOST_BYTES, MOST_DEPTH, MOST_ELEMENTS, read

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


# As FreeSWITCH 1.10 writes it (mod_sofia's sofia_presence.c): it says ISO-8859-1 and means UTF-8.
FREESWITCH = """<?xml version="1.0" encoding="ISO-8859-1"?>\x20
<presence xmlns='urn:ietf:params:xml:ns:pidf'\x20
xmlns:dm='urn:ietf:params:xml:ns:pidf:data-model'\x20
xmlns:rpid='urn:ietf:params:xml:ns:pidf:rpid'\x20
xmlns:c='urn:ietf:params:xml:ns:pidf:cipid' entity='sip:1000@pbx'>
 <tuple id='t6a5ed77e'>
  <status>\r
   <basic>{basic}</basic>
  </status>
 </tuple>
 <dm:person id='p06360c4a'>
{activities}  <dm:note>{note}</dm:note>
 </dm:person>
</presence>"""
ON_THE_PHONE = "  <rpid:activities>\r\n   <rpid:on-the-phone/>\n  </rpid:activities>\n"


@pytest.mark.parametrize(
    ("note", "basic", "activities", "hint"),
    [
        ("Available", "open", "", Hint.FREE),
        ("Ring 101", "open", ON_THE_PHONE, Hint.RINGING),
        ("Ring", "open", ON_THE_PHONE, Hint.RINGING),
        ("Call 101", "open", ON_THE_PHONE, Hint.BUSY),
        ("Talk 101", "open", ON_THE_PHONE, Hint.BUSY),
        ("On The Phone", "open", ON_THE_PHONE, Hint.BUSY),
        ("Hold 101", "open", ON_THE_PHONE, Hint.BUSY),
        ("Busy", "open", ON_THE_PHONE.replace("on-the-phone", "busy"), Hint.BUSY),
        ("Unregistered", "closed", "", Hint.AWAY),
        ("Ring me at home", "open", "", Hint.FREE),
    ],
)
def test_what_freeswitch_says(note: str, basic: str, activities: str, hint: Hint) -> None:
    told = FREESWITCH.format(note=note, basic=basic, activities=activities)
    assert read(told) == (hint, note)


def _composed(*parts: tuple[str, str, str]) -> str:
    """What Kamailio makes of several publications: basic, activity and note of each."""
    told = "".join(
        f'<tuple id="t{n}"><status><basic>{basic}</basic></status><note>{note}</note></tuple>'
        f'<dm:person id="p{n}"><rpid:activities>{activity}</rpid:activities>'
        f"<dm:note>{note}</dm:note></dm:person>"
        for n, (basic, activity, note) in enumerate(parts)
    )
    return (
        '<presence xmlns="urn:ietf:params:xml:ns:pidf"'
        ' xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"'
        f' xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid">{told}</presence>'
    )


FREE = ("open", "", "Available")
DND = ("open", "<rpid:busy/>", "Do not disturb")
ABSENT = ("closed", "<rpid:away/>", "Absent")
TALKING = ("open", "<rpid:on-the-phone/>", "On the phone")
SILENT = ("open", "", "")
OFF = ("closed", "", "")


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([FREE], (Hint.FREE, "Available")),
        ([ABSENT], (Hint.AWAY, "Absent")),
        ([FREE, DND], (Hint.BUSY, "Do not disturb")),
        ([ABSENT, DND], (Hint.BUSY, "Do not disturb")),
        ([ABSENT, SILENT], (Hint.AWAY, "Absent")),
        ([OFF, FREE], (Hint.FREE, "Available")),
        ([OFF, DND], (Hint.BUSY, "Do not disturb")),
        ([OFF, OFF], (Hint.AWAY, "")),
        ([FREE, TALKING], (Hint.BUSY, "Available")),
        ([ABSENT, TALKING], (Hint.BUSY, "Absent")),
        ([SILENT, TALKING], (Hint.BUSY, "On the phone")),
    ],
)
def test_of_several_publications_the_most_telling_is_right(
    parts: list[tuple[str, str, str]], found: tuple[Hint, str]
) -> None:
    assert read(_composed(*parts)) == found
    assert read(_composed(*reversed(parts))) == found


def test_nobody_who_has_published_nothing_is_known() -> None:
    assert read("<presence/>") == (Hint.UNKNOWN, "")


def test_a_note_may_stand_among_the_activities() -> None:
    told = (
        "<presence><person><activities><away/><note>Lunch</note></activities></person></presence>"
    )
    assert read(told) == (Hint.AWAY, "Lunch")


def test_of_a_note_in_several_languages_the_first_is_taken() -> None:
    told = "<presence><tuple><note/><note>Out</note><note>Fuori</note></tuple></presence>"
    assert read(told) == (Hint.UNKNOWN, "Out")


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


@pytest.mark.parametrize(("depth", "told"), [(MOST_DEPTH - 1, True), (MOST_DEPTH, False)])
def test_a_document_of_unlikely_depth_is_not_read(depth: int, told: bool) -> None:
    deep = "<a>" * depth + "</a>" * depth
    found = read(f"<presence>{deep}<note>Ready</note></presence>")
    assert found == ((Hint.FREE, "Ready") if told else None)


@pytest.mark.parametrize(("count", "told"), [(MOST_ELEMENTS - 2, True), (MOST_ELEMENTS - 1, False)])
def test_a_document_of_unlikely_many_elements_is_not_read(count: int, told: bool) -> None:
    found = read(f"<presence>{'<a/>' * count}<note>Ready</note></presence>")
    assert found == ((Hint.FREE, "Ready") if told else None)


@pytest.mark.parametrize("encoding", ["UTF-8", "utf-8", "ISO-8859-1", "us-ascii"])
def test_what_a_document_claims_to_be_written_in_is_not_believed(encoding: str) -> None:
    told = f'<?xml version="1.0" encoding="{encoding}"?><presence><note>Büro</note></presence>'
    assert read(told) == (Hint.UNKNOWN, "Büro")


@pytest.mark.parametrize("encoding", ["UTF-7", "UTF-16", "cp037", "x-mac", "\u212a"])
def test_a_document_in_an_unlikely_encoding_is_not_read(encoding: str) -> None:
    told = f'<?xml version="1.0" encoding="{encoding}"?><presence><note>Ready</note></presence>'
    assert read(told) is None


@pytest.mark.parametrize(
    "body", ["", "Ready", "<presence>", "<html/>", "<presence/><presence/>", "\udcff", "\x00"]
)
def test_what_is_no_presence_document_is_none(body: str) -> None:
    assert read(body) is None


@given(st.text() | st.from_regex(r"<presence>(<[a-z:/ ]{0,9}>|Ready){0,9}</presence>"))
def test_any_text_is_read_or_not_but_never_raises(body: str) -> None:
    found = read(body)
    assert found is None or isinstance(found[0], Hint)


ELEMENTS = st.sampled_from(
    ["presence", "tuple", "person", "device", "status", "basic", "note", "activities", "x:busy"]
)
DOCUMENTS = st.recursive(
    st.sampled_from(["", "open", "closed", "Ringing", "&amp;", "&#0;", "]]>", "<!--", "<?x?>"]),
    lambda inner: st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name}>", ELEMENTS, st.lists(inner)
    ),
)


@given(DOCUMENTS, DOCUMENTS)
def test_whatever_stands_in_whatever_is_read_or_not_but_never_raises(one: str, two: str) -> None:
    found = read(f"<presence>{one}{two}</presence>")
    assert found is None or isinstance(found[0], Hint)


@given(st.binary())
def test_any_bytes_never_raise(data: bytes) -> None:
    read(data.decode("utf-8", "surrogateescape"))


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=50))
def test_a_note_is_read_as_it_was_written_in_one_line(note: str) -> None:
    found = read(_asterisk(escape(note), "open"))
    assert found is not None
    assert found[1] == plain(note)
