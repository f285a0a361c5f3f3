"""Message summaries: RFC 3842's own example, what PBXs send, and what nobody should."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.core.events import Counts
from device.pbx.mwi import MOST, Summary, read

COUNT = st.integers(0, MOST)


def _one(body: str) -> Counts:
    summary = read(body)
    assert summary is not None
    ((_, counts),) = summary.boxes
    return counts


def test_the_example_of_the_rfc() -> None:
    body = (
        "Messages-Waiting: yes\r\n"
        "Message-Account: sip:alice@vmail.example.com\r\n"
        "Voice-Message: 2/8 (0/2)\r\n\r\n"
        "To: <alice@atlanta.example.com>\r\nSubject: carpool tomorrow?\r\n"
    )
    assert read(body) == Summary((("alice@vmail.example.com", Counts(2, 8, 0)),), True)


@pytest.mark.parametrize(
    "line",
    [
        "voice-message: 2/1 (1/0)",
        "VOICE-MESSAGE:2/1(1/0)",
        "Voice-Message \t:  2 / 1  ( 1 / 0 )  ",
        "Voice-Message: 0002/01 (00000000000001/0)",
    ],
)
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", ""])
def test_spacing_case_and_line_ends_do_not_matter(line: str, end: str) -> None:
    assert _one(line + end) == Counts(2, 1, 1)


def test_counts_without_urgent_ones() -> None:
    assert _one("Voice-Message: 3/4") == Counts(3, 4, 0)


def test_several_boxes_keep_their_order_and_their_names() -> None:
    body = (
        "Messages-Waiting: yes\n"
        "Message-Account: <sip:100@pbx;transport=udp>\nVoice-Message: 1/0\n"
        "Message-Account: SIP:sales@pbx\nVoice-Message: 0/5 (0/1)\n"
    )
    summary = read(body)
    assert summary is not None
    assert summary.boxes == (("100@pbx", Counts(1)), ("sales@pbx", Counts(0, 5)))


def test_yes_alone_lights_the_lamp_and_counts_nothing() -> None:
    assert read("Messages-Waiting: yes\r\n") == Summary((), True)
    assert read("Messages-Waiting: no\r\n") == Summary((), False)


def test_counts_alone_light_the_lamp_where_something_is_new() -> None:
    assert read("Voice-Message: 1/0") == Summary((("", Counts(1)),), True)
    assert read("Voice-Message: 0/9") == Summary((("", Counts(0, 9)),), False)


def test_a_no_with_new_messages_keeps_both_for_others_to_judge() -> None:
    assert read("Messages-Waiting: no\nVoice-Message: 2/0") == Summary((("", Counts(2)),), False)


def test_other_kinds_of_messages_are_not_voicemail() -> None:
    assert read("Messages-Waiting: yes\nFax-Message: 3/0\nText-Message: 1/1") == Summary((), True)


def test_of_lines_that_repeat_the_last_counts() -> None:
    assert _one("Voice-Message: 1/1\nVoice-Message: 5/0") == Counts(5)


def test_counts_beyond_the_grammar_are_held_at_its_end() -> None:
    assert _one(f"Voice-Message: {MOST + 1}/{'9' * 5000}") == Counts(MOST, MOST)


def test_more_urgent_than_new_ones_cannot_be() -> None:
    assert _one("Voice-Message: 1/0 (7/0)") == Counts(1, 0, 1)


@pytest.mark.parametrize(
    "line", ["-1/2", "1", "one/two", "1/2/3", "1/2 (", "1/2 (3)", "1,2", "\u0663/\u0664", "1/2 x"]
)
def test_a_line_that_makes_no_sense_is_passed_over(line: str) -> None:
    assert read(f"Messages-Waiting: yes\nVoice-Message: {line}") == Summary((), True)


@pytest.mark.parametrize("body", ["", "\r\n", "hello", "Message-Account: sip:100@pbx", "\x00"])
def test_what_is_no_summary_is_none(body: str) -> None:
    assert read(body) is None


@given(st.text() | st.from_regex(r"(?i)(voice-message|messages-waiting) ?:.{0,30}\r?\n"))
def test_any_text_is_read_or_not_but_never_raises(body: str) -> None:
    summary = read(body)
    assert summary is None or all(0 <= box.urgent <= box.new <= MOST for _, box in summary.boxes)


@given(st.binary())
def test_any_bytes_never_raise(data: bytes) -> None:
    read(data.decode("utf-8", "surrogateescape"))


@given(
    st.dictionaries(
        st.from_regex(r"[a-z0-9*]{1,8}@[a-z.]{1,9}", fullmatch=True),
        st.tuples(COUNT, COUNT, COUNT),
        min_size=1,
    ),
    st.booleans(),
    st.sampled_from(["\r\n", "\n"]),
)
def test_what_is_written_is_read(
    told: dict[str, tuple[int, int, int]], waiting: bool, end: str
) -> None:
    boxes = {name: Counts(new, old, min(urgent, new)) for name, (new, old, urgent) in told.items()}
    lines = [f"Messages-Waiting: {'yes' if waiting else 'no'}"]
    for name, box in boxes.items():
        lines.append(f"Message-Account: sip:{name}")
        lines.append(f"Voice-Message: {box.new}/{box.old} ({box.urgent}/0)")
    assert read(end.join(lines)) == Summary(tuple(boxes.items()), waiting)
