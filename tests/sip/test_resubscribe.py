"""When a subscription that ended is asked for again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.sip.resubscribe import MOST_SECONDS, SOON_SECONDS, End, Resubscription
from device.sip.wire import Message

LONGEST = 120.0


def _heard() -> Resubscription:
    tries = Resubscription(LONGEST)
    tries.heard()
    return tries


@pytest.mark.parametrize("end", [End(reason="deactivated"), End(reason="timeout"), End(481)])
def test_what_the_pbx_wants_back_is_asked_for_at_once(end: End) -> None:
    tries = _heard()
    assert tries.wait(end) == 0.0
    assert tries.wait(end) == SOON_SECONDS, "but not in a loop"
    assert tries.wait(end) == 2 * SOON_SECONDS
    tries.heard()
    assert tries.wait(end) == 0.0


@pytest.mark.parametrize("reason", ["probation", "giveup", "", "anything"])
def test_a_pbx_that_says_when_is_asked_then_and_otherwise_soon(reason: str) -> None:
    assert _heard().wait(End(reason=reason, after=60)) == 60.0
    assert _heard().wait(End(reason=reason, after=300)) == 300.0
    assert _heard().wait(End(reason=reason)) == SOON_SECONDS


@pytest.mark.parametrize(
    "end",
    [
        End(reason="rejected"),
        End(reason="invariant"),
        End(489),
        End(405),
        End(501, after=5),
        End(603),
    ],
)
def test_what_would_be_answered_the_same_is_not_asked_again(end: End) -> None:
    assert _heard().wait(end) is None
    assert Resubscription(LONGEST).wait(end) is None


@pytest.mark.parametrize("end", [End(reason="noresource"), End(404), End(403), End(500), End(408)])
def test_anything_else_is_tried_again_less_and_less_often(end: End) -> None:
    tries = _heard()
    assert [tries.wait(end) for _ in range(8)] == [2, 4, 8, 16, 32, 64, 120, 120]


@pytest.mark.parametrize(
    ("field", "end"),
    [
        ("terminated;reason=probation;retry-after=30", End(200, "probation", 30)),
        ("Terminated ; Reason=Giveup; Retry-After = 30 ", End(200, "giveup", 30)),
        ("TERMINATED;REASON=REJECTED", End(200, "rejected")),
        ("terminated", End()),
        ("terminated;retry-after=99999999999999", End(after=MOST_SECONDS)),
        ("terminated;retry-after=-5;reason", End()),
        ("", End()),
    ],
)
def test_how_a_notify_says_it(field: str, end: End) -> None:
    assert End.read(Message.read(f"NOTIFY x\r\nSubscription-State: {field}\r\n\r\n")) == end


def test_how_an_answer_says_it() -> None:
    answer = Message.read("SIP/2.0 503 Busy\r\nRetry-After: 120 (I'm in a meeting)\r\n\r\n")
    assert End.read(answer, 503) == End(503, "", 120)


@given(st.text())
def test_any_state_is_read_and_never_raises(state: str) -> None:
    End.read(Message.read(f"NOTIFY x\r\nSubscription-State: {state}\r\n\r\n"))
