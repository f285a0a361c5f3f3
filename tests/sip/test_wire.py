"""SIP messages, read tolerantly."""

from hypothesis import given
from hypothesis import strategies as st

from device.sip.wire import Message, mend


def test_fields_are_found_whatever_their_case_and_form() -> None:
    raw = "INVITE sip:x SIP/2.0\r\nf: <sip:a@b>\r\nREASON: SIP;cause=200\r\nReason : x\r\n\r\n"
    message = Message.read(raw)
    assert message.first("from") == "<sip:a@b>"
    assert message.all("reason") == ("SIP;cause=200", "x")
    assert message.first("to") == ""


def test_a_field_may_be_folded() -> None:
    raw = "NOTIFY sip:x SIP/2.0\r\nReason: SIP\r\n\t;cause=200\r\n  ;text=x\r\n\r\nbody"
    assert Message.read(raw).first("reason") == "SIP ;cause=200 ;text=x"


def test_the_body_is_all_that_follows_the_first_empty_line() -> None:
    assert Message.read("A\r\nb: c\r\n\r\nd\r\n\r\ne").body == "d\r\n\r\ne"
    assert Message.read("A\nb: c\n\nd").body == "d"
    assert Message.read("A\r\nb: c").body == ""


def test_bytes_that_are_no_text_are_replaced() -> None:
    message = Message.read("A\r\nFrom: Jos\udce9\r\n\r\ncaf\udce9", "iso-8859-1")
    assert (message.first("from"), message.body) == ("Jos\N{REPLACEMENT CHARACTER}", "café")


@given(st.text(), st.text())
def test_no_text_raises_and_all_can_be_stored(raw: str, charset: str) -> None:
    message = Message.read(raw)
    assert str(message).encode()
    assert mend(raw, charset) is not None


CHARSETS = [
    "utf-8",
    "iso-8859-1",
    "iso-8859-99",
    "utf-7",
    "utf-16",
    "unicode_escape",
    "rot13",
    "idna",
    "hex",
    "\0",
]


def test_a_charset_that_can_spell_a_surrogate_spells_none() -> None:
    assert mend("\\ud800", "unicode_escape") == "\\ud800"


@given(st.binary(), st.sampled_from(CHARSETS))
def test_no_bytes_raise_in_any_charset(data: bytes, charset: str) -> None:
    mend(data.decode("utf-8", "surrogateescape"), charset).encode()
