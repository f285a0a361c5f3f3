"""The thread behind the lamps: on time when there is something to do, asleep when not."""

import threading
from itertools import pairwise

from hw.ticker import Ticker
from tests.hw.waiting import wait_until


def test_it_comes_back_when_work_asked_for_it() -> None:
    moments: list[float] = []

    def work(now: float) -> float | None:
        moments.append(now)
        return now + 0.002 if len(moments) < 5 else None

    ticker = Ticker(work, "test")
    ticker.start()
    wait_until(lambda: len(moments) == 5)
    ticker.stop()
    assert all(late - early >= 0.002 for early, late in pairwise(moments))


def test_with_nothing_to_do_it_takes_no_turn() -> None:
    asleep = Ticker(lambda _now: None, "asleep")
    asleep.start()
    wait_until(lambda: asleep.turns == 1)
    yardstick = Ticker(lambda now: now + 0.002, "yardstick")
    yardstick.start()
    wait_until(lambda: yardstick.turns > 20)
    assert asleep.turns == 1
    yardstick.stop()
    asleep.stop()


def test_a_nudge_is_a_turn() -> None:
    ticker = Ticker(lambda _now: None, "test")
    ticker.start()
    wait_until(lambda: ticker.turns == 1)
    ticker.nudge()
    wait_until(lambda: ticker.turns == 2)
    ticker.stop()


def test_a_nudge_while_it_works_is_not_lost() -> None:
    working, go_on = threading.Event(), threading.Event()

    def work(_now: float) -> None:
        working.set()
        go_on.wait(10)

    ticker = Ticker(work, "test")
    ticker.start()
    assert working.wait(10)
    ticker.nudge()
    go_on.set()
    wait_until(lambda: ticker.turns == 2)
    ticker.stop()


def test_stopping_twice_or_before_the_start_does_no_harm() -> None:
    Ticker(lambda _now: None, "never started").stop()
    ticker = Ticker(lambda _now: None, "test")
    ticker.start()
    ticker.stop()
    ticker.stop()
