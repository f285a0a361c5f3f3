"""When to register, and what to say of it: stories without any wire."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.core.events import LinkChanged
from device.core.words import Link
from device.sip.phone import Account
from device.sip.registration import KEEPALIVE_SECONDS, PATIENCE_SECONDS, Registration, Step

ACCOUNT = Account("pbx", "100", "secret", expires=300, retry=10, retry_refused=120)


def _online(at: float = 0.0, expires: int = 300) -> Registration:
    registration = Registration(ACCOUNT)
    registration.want(True, at)
    registration.sent(Step.REGISTER, at)
    assert registration.answered(200, "OK", expires, at) == LinkChanged(at, Link.ONLINE)
    return registration


def test_wanting_to_be_registered_connects_at_once() -> None:
    registration = Registration(ACCOUNT)
    assert registration.step(0.0) is None
    assert registration.want(True, 1.0) == LinkChanged(1.0, Link.CONNECTING)
    assert registration.want(True, 1.0) is None
    assert registration.step(1.0) is Step.REGISTER


def test_only_one_request_at_a_time_is_sent() -> None:
    registration = Registration(ACCOUNT)
    registration.want(True, 0.0)
    registration.sent(Step.REGISTER, 0.0)
    assert registration.step(1000.0) is None


def test_a_registration_is_renewed_as_often_as_keeps_it_honest() -> None:
    assert _online().deadline() == KEEPALIVE_SECONDS
    assert _online(expires=20).deadline() == 10.0
    registration = _online()
    assert registration.step(KEEPALIVE_SECONDS - 0.1) is None
    assert registration.step(KEEPALIVE_SECONDS) is Step.REGISTER


def test_silence_is_told_before_the_library_has_given_up() -> None:
    registration = _online()
    registration.sent(Step.REGISTER, 30.0)
    assert registration.deadline() == 30.0 + PATIENCE_SECONDS
    assert registration.tick(30.0 + PATIENCE_SECONDS - 0.1) is None
    silent = LinkChanged(36.0, Link.OFFLINE, "The PBX at pbx does not answer")
    assert registration.tick(36.0) == silent
    assert registration.tick(37.0) is None
    assert registration.answered(408, "Request Timeout", 0, 62.0) is None
    assert registration.deadline() == 62.0 + ACCOUNT.retry
    assert registration.step(72.0) is Step.REGISTER


def test_an_answer_that_comes_late_is_still_an_answer() -> None:
    registration = _online()
    registration.sent(Step.REGISTER, 30.0)
    registration.tick(36.0)
    assert registration.answered(200, "OK", 300, 40.0) == LinkChanged(40.0, Link.ONLINE)


def test_a_registration_that_ran_out_is_not_believed() -> None:
    registration = _online(expires=4)
    assert registration.tick(4.0) == LinkChanged(4.0, Link.OFFLINE, "The registration ran out")


def test_a_registration_that_runs_out_while_the_pbx_is_silent_says_so() -> None:
    registration = _online(expires=4)
    registration.sent(Step.REGISTER, 2.0)
    silent = LinkChanged(4.0, Link.OFFLINE, "The PBX at pbx does not answer")
    assert registration.tick(4.0) == silent


@pytest.mark.parametrize(
    ("code", "reason", "told"),
    [
        (401, "Unauthorized", "wrong password"),
        (407, "Proxy Authentication Required", "wrong password"),
        (404, "Not Found", "no such user"),
        (488, "", "488"),
    ],
)
def test_a_refusal_is_said_in_words_and_tried_again_slowly(
    code: int, reason: str, told: str
) -> None:
    registration = Registration(ACCOUNT)
    registration.want(True, 0.0)
    registration.sent(Step.REGISTER, 0.0)
    change = registration.answered(code, reason, 0, 1.0)
    assert change == LinkChanged(1.0, Link.REFUSED, f"The PBX refused user 100: {told}")
    assert registration.deadline() == 1.0 + ACCOUNT.retry_refused


def test_a_403_is_tried_again_soon_and_then_ever_less_often() -> None:
    registration, waits = Registration(ACCOUNT), []
    registration.want(True, 0.0)
    for at in range(0, 600, 100):
        registration.sent(Step.REGISTER, at)
        registration.answered(403, "Forbidden", 0, at)
        waits.append((registration.deadline() or 0.0) - at)
    assert waits == [10, 20, 40, 80, 120, 120]
    why = "The PBX refused user 100: 403 Forbidden (perhaps too many contacts: max_contacts)"
    assert registration.reason == why
    registration.answered(200, "OK", 300, 600.0)
    registration.answered(403, "Forbidden", 0, 700.0)
    assert registration.deadline() == 710.0


@pytest.mark.parametrize(
    ("code", "reason", "told"),
    [
        (408, "Request Timeout", "The PBX at pbx does not answer"),
        (503, "Service Unavailable", "The PBX at pbx does not answer"),
        (503, "Connection refused", "The PBX at pbx cannot be reached: Connection refused"),
        (503, "No route (PJ_X)", "The PBX at pbx cannot be reached: No route"),
        (502, "x (PJ_ERESOLVE)", "The PBX at pbx cannot be reached: nobody knows that name"),
        (500, "Oops", "The PBX at pbx is in trouble: 500 Oops"),
    ],
)
def test_trouble_is_said_in_words_and_tried_again_soon(code: int, reason: str, told: str) -> None:
    registration = Registration(ACCOUNT)
    registration.want(True, 0.0)
    registration.sent(Step.REGISTER, 0.0)
    assert registration.answered(code, reason, 0, 1.0) == LinkChanged(1.0, Link.OFFLINE, told)
    assert registration.deadline() == 1.0 + ACCOUNT.retry


def test_a_connection_that_breaks_is_told_at_once() -> None:
    registration = _online()
    broken = LinkChanged(5.0, Link.OFFLINE, "The connection to the PBX at pbx broke")
    assert registration.broke("End of file", 5.0) == broken
    assert registration.deadline() == 5.0 + ACCOUNT.retry


def test_why_a_connection_broke_is_told_with_the_answer_it_cost() -> None:
    registration = Registration(ACCOUNT)
    registration.want(True, 0.0)
    registration.sent(Step.REGISTER, 0.0)
    assert registration.broke("its certificate is not trusted", 1.0) is None
    change = registration.answered(503, "Service Unavailable", 0, 1.0)
    assert change is not None
    assert change.reason == "The PBX at pbx cannot be reached: its certificate is not trusted"


def test_a_link_does_not_flicker_while_it_is_tried_again() -> None:
    registration = Registration(ACCOUNT)
    registration.want(True, 0.0)
    changes = []
    for at in (0.0, 10.0, 20.0):
        registration.sent(Step.REGISTER, at)
        changes.append(registration.answered(408, "", 0, at))
    assert [change is None for change in changes] == [False, True, True]


def test_logging_out_unregisters_what_the_pbx_knows() -> None:
    registration = _online()
    assert registration.want(False, 5.0) is None, "the PBX has not heard of it"
    assert registration.step(5.0) is Step.UNREGISTER
    registration.sent(Step.UNREGISTER, 5.0)
    gone = LinkChanged(5.1, Link.OFFLINE, "Logged out")
    assert registration.answered(200, "OK", 0, 5.1) == gone
    assert (registration.step(99.0), registration.deadline()) == (None, None)
    assert not registration.open()


def test_logging_out_of_a_pbx_that_is_deaf_ends_in_time() -> None:
    registration = _online()
    registration.want(False, 5.0)
    registration.sent(Step.UNREGISTER, 5.0)
    gone = LinkChanged(5.0 + PATIENCE_SECONDS, Link.OFFLINE, "Logged out")
    assert registration.tick(5.0 + PATIENCE_SECONDS) == gone


def test_logging_out_while_the_first_answer_is_due_leaves_no_contact_behind() -> None:
    registration = Registration(ACCOUNT)
    registration.want(True, 0.0)
    registration.sent(Step.REGISTER, 0.0)
    registration.want(False, 0.1)
    registration.answered(200, "OK", 300, 0.2)
    assert registration.step(0.2) is Step.UNREGISTER


def test_logging_out_waits_for_the_answer_that_is_due() -> None:
    registration = _online()
    registration.sent(Step.REGISTER, 30.0)
    registration.want(False, 31.0)
    assert registration.step(31.0) is None
    registration.answered(200, "OK", 300, 32.0)
    assert registration.step(32.0) is Step.UNREGISTER


def test_the_answer_to_a_farewell_is_no_welcome() -> None:
    registration = _online()
    registration.want(False, 5.0)
    registration.sent(Step.UNREGISTER, 5.0)
    assert registration.want(True, 5.1) == LinkChanged(5.1, Link.CONNECTING)
    assert registration.answered(200, "OK", 0, 5.2) is None
    assert registration.step(5.2) is Step.REGISTER


def test_logging_out_of_nothing_sends_nothing() -> None:
    registration = Registration(ACCOUNT)
    registration.want(True, 0.0)
    registration.want(False, 0.0)
    assert registration.step(0.0) is None
    assert not registration.open()


def test_a_step_the_library_would_not_take_is_taken_later() -> None:
    registration = Registration(ACCOUNT)
    registration.want(True, 0.0)
    registration.sent(Step.REGISTER, 0.0)
    busy = LinkChanged(0.0, Link.OFFLINE, "The PBX at pbx cannot be reached: busy")
    assert registration.failed("busy", 0.0) == busy
    assert registration.failed("said already", 0.0) is None
    assert registration.step(10.0) is Step.REGISTER


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["want", "leave", "step", "200", "401", "408", "503", "broke", "tick"]),
        st.floats(0.0, 40.0),
    )
)


@given(MOVES)
def test_whatever_happens_it_never_stops_trying(moves: list[tuple[str, float]]) -> None:
    registration, at = Registration(ACCOUNT), 0.0
    for move, seconds in moves:
        at += seconds
        _move(registration, move, at)
    if registration.wanted and registration._asked is None:
        assert registration.deadline() is not None
        assert registration.step(at + ACCOUNT.retry_refused) is Step.REGISTER


def _move(registration: Registration, move: str, at: float) -> None:
    if move in ("want", "leave"):
        registration.want(move == "want", at)
    elif move == "broke":
        registration.broke("why", at)
    elif move == "tick":
        registration.tick(at)
    elif move == "step" and (step := registration.step(at)):
        registration.sent(step, at)
    elif move.isdigit() and registration._asked is not None:
        registration.answered(int(move), "", 300, at)
