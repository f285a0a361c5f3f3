"""Waiting for something to become so, with a limit that only a fault reaches."""

import time
from collections.abc import Callable

LIMIT_SECONDS = 10.0


def wait_until(so: Callable[[], bool]) -> None:
    """Return as soon as `so()` holds; fail if it never does."""
    end = time.monotonic() + LIMIT_SECONDS
    while not so():
        assert time.monotonic() < end, "it never became so"
        time.sleep(0.001)
