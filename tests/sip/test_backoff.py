"""Waiting before trying again."""

from device.sip.backoff import Backoff


def test_every_failure_is_waited_for_twice_as_long_up_to_the_limit() -> None:
    backoff = Backoff(2.0, 15.0)
    assert [backoff.fail() for _ in range(5)] == [2.0, 4.0, 8.0, 15.0, 15.0]


def test_a_failure_after_a_success_is_a_first_one() -> None:
    backoff = Backoff(10.0, 120.0)
    backoff.fail()
    backoff.succeed()
    assert backoff.fail() == 10.0


def test_no_wait_is_longer_than_the_limit() -> None:
    assert Backoff(10.0, 2.0).fail() == 2.0
