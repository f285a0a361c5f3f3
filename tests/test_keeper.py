"""A keeper's thread: newest level only, lost and found, loud about bugs, not held up at the end."""

import threading
import time
from collections.abc import Callable

from device.keeper import END_SECONDS, Keeper
from hw.ports import HwLost, HwMissing

LIMIT_SECONDS = 10.0


class Part:
    """A device that does what the test says."""

    def __init__(self) -> None:
        self.shown: list[int] = []
        self.on_open: Callable[[], None] = lambda: None
        self.on_show: Callable[[], None] = lambda: None
        self.on_close: Callable[[], None] = lambda: None
        self.did = threading.Condition()

    def open(self) -> None:
        self.on_open()

    def show(self, level: int) -> None:
        self.on_show()
        with self.did:
            self.shown.append(level)
            self.did.notify_all()

    def close(self) -> None:
        self.on_close()

    def until_shown(self, level: int) -> None:
        with self.did:
            assert self.did.wait_for(lambda: self.shown[-1:] == [level], LIMIT_SECONDS)


class Kept:
    """A part, its keeper, and what was heard of both."""

    def __init__(self) -> None:
        self.part, self.bugs = Part(), list[BaseException]()
        self.troubles: list[str] = []
        self.bug = threading.Event()
        self.keeper = Keeper("part", self.part, self.troubles.append, self._bug, retry=0.001)

    def _bug(self, bug: BaseException) -> None:
        self.bugs.append(bug)
        self.bug.set()


def fail(error: Exception) -> Callable[[], None]:
    def failing() -> None:
        raise error

    return failing


def block(entered: threading.Event, until: threading.Event) -> Callable[[], None]:
    def blocking() -> None:
        entered.set()
        until.wait(LIMIT_SECONDS)

    return blocking


def test_levels_that_came_while_it_was_busy_are_skipped() -> None:
    kept, busy, entered = Kept(), threading.Event(), threading.Event()
    kept.part.on_show = block(entered, busy)
    kept.keeper.start()
    kept.keeper.show(1)
    assert entered.wait(LIMIT_SECONDS)
    for level in (2, 3, 4):
        kept.keeper.show(level)
    busy.set()
    kept.part.until_shown(4)
    kept.keeper.close()
    assert kept.part.shown == [1, 4]


def test_what_is_missing_is_said_once_and_found_again() -> None:
    kept, tries = Kept(), iter([HwMissing("not there")] * 3)

    def open_() -> None:
        for error in tries:
            raise error

    kept.part.on_open = open_
    kept.keeper.start()
    kept.keeper.show(1)
    kept.part.until_shown(1)
    kept.keeper.close()
    assert kept.troubles == ["not there", ""]


def test_what_was_lost_is_shown_the_level_again() -> None:
    kept, failures = Kept(), iter([HwLost("gone")])

    def show() -> None:
        for error in failures:
            raise error

    kept.part.on_show = show
    kept.keeper.start()
    kept.keeper.show(7)
    kept.part.until_shown(7)
    kept.keeper.close()


def test_a_bug_in_a_part_is_told() -> None:
    for place in ("on_open", "on_show", "on_close"):
        kept = Kept()
        setattr(kept.part, place, fail(ZeroDivisionError()))
        kept.keeper.start()
        kept.keeper.show(1)
        if place == "on_close":
            kept.keeper.close()
        assert kept.bug.wait(LIMIT_SECONDS), place
        kept.keeper.close()


def test_a_device_that_hangs_does_not_hold_up_the_end() -> None:
    kept, hangs, entered = Kept(), threading.Event(), threading.Event()
    kept.part.on_show = block(entered, hangs)
    kept.keeper.start()
    kept.keeper.show(1)
    assert entered.wait(LIMIT_SECONDS)
    begun = time.monotonic()
    kept.keeper.close()
    assert time.monotonic() - begun < END_SECONDS + 1
    hangs.set()
    kept.keeper.close()


def test_a_loss_that_the_driver_finds_itself_is_told_though_nothing_changes() -> None:
    kept = Kept()
    kept.keeper.start()
    kept.keeper.show(1)
    kept.part.until_shown(1)
    gone = [True]

    def unplugged() -> None:
        if gone:
            gone.pop()
            raise HwLost("unplugged")

    kept.part.on_show = unplugged
    kept.keeper.look()
    with kept.part.did:
        assert kept.part.did.wait_for(lambda: kept.part.shown == [1, 1], LIMIT_SECONDS)
    kept.keeper.close()
    assert kept.troubles == ["unplugged", ""]
    assert not kept.bugs
