"""Who has to turn for the panel to be alive: each leaves a stamp, and who left none for long hangs.

Everybody turns now and then even with nothing to do (`TURN_SECONDS`), so a stamp that is old means
work that does not end, a lock that nobody gives back, or a thread that is gone. The limits are
generous, for to be killed costs the user ten seconds: they are what may really take so long.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

TURN_SECONDS = 10.0
"The longest sleep of whoever has to turn."

SIP_SECONDS = 90.0
"""The library may ask the system's resolver, which gives each of three nameservers 5 s, twice, for
a name and again for the name in a search domain (resolv.conf(5)); else it turns every second."""

DEVICE_SECONDS = 60.0
"""On an I2C bus that is stuck, a transfer ends after a second (the adapter's `timeout` in the
kernel); on USB, after five; to connect to a board in the network takes 5 s at most. To import
gpiozero takes 15 s in an emulated Raspberry Pi."""

STORE_SECONDS = 120.0
"""A card that tidies up holds a write for seconds, and a bad one for longer. The kernel itself
calls who waits for it hung after two minutes (`hung_task_timeout_secs`)."""

Turned = Callable[[], None]
"To be called by a worker in each of its rounds, from its own thread."


@dataclass
class _Worker:
    limit: float
    at: float


class Lives:
    """All workers of a process, by name."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._workers: dict[str, _Worker] = {}

    def of(self, name: str, limit: float) -> Turned:
        """Somebody who has to turn from now on; one of the same name before is forgotten."""
        worker = self._workers[name] = _Worker(limit, self._clock())

        def turned() -> None:
            worker.at = self._clock()

        return turned

    def hanging(self) -> dict[str, float]:
        """Who has not turned within their time, and for how many seconds."""
        now = self._clock()
        silent = {name: now - worker.at for name, worker in self._workers.items()}
        return {name: s for name, s in silent.items() if s > self._workers[name].limit}


def nobody() -> None:
    """For a worker whom nobody watches."""
