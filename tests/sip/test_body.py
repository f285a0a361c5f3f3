"""What messages say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.sip.body import read


def _message(kind: str, body: str) -> str:
    return f"MESSAGE sip:x SIP/2.0\r\nContent-Type: {kind}\r\n\r\n{body}"


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text/plain", "hello", "hello"),
        ("", "hello", "hello"),
        ("text/plain;charset=iso-8859-1", "caf\udce9", "café"),
        ("message/cpim", "A: b\r\n\r\nContent-Type: text/plain\r\n\r\nhello", "hello"),
        ("Message/CPIM", "A: b\n\nContent-type: text/plain; charset=utf-8\n\nh\n\ni", "h\n\ni"),
        ("message/cpim", "A: b\r\n\r\nc: text/plain;charset=iso-8859-1\r\n\r\ncaf\udce9", "café"),
    ],
)
def test_a_text_is_read(kind: str, body: str, text: str) -> None:
    assert read(_message(kind, body)) == text


@pytest.mark.parametrize(
    ("kind", "body", "told"),
    [
        ("application/json;x=y", "{}", "application/json"),
        ("message/cpim", "nonsense", "message/cpim"),
        ("message/cpim", "A: b\r\n\r\nhello", "message/cpim"),
        ("message/cpim", "A: b\r\n\r\nContent-Type: image/png\r\n\r\nx", "image/png"),
        ("x" * 100, "", "x" * 60),
    ],
)
def test_what_is_no_text_is_said_to_be_there(kind: str, body: str, told: str) -> None:
    assert read(_message(kind, body)) == f"(a message of type {told}, which cannot be shown)"


@given(st.text(), st.text())
def test_no_message_raises(kind: str, body: str) -> None:
    read(_message(kind, body)).encode()
    read(_message("message/cpim", body)).encode()
