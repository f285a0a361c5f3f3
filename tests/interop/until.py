"""Waiting for a condition, never for time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LOOK_SECONDS = 0.05


def until(condition: Callable[[], T], seconds: float, why: Callable[[], object] = str) -> T:
    """What `condition` gives once it is true; `why` tells what was found when it never was."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not so within {seconds} s: {why()}")
        time.sleep(LOOK_SECONDS)  # between two looks at the outside world, which cannot call us
    return found
