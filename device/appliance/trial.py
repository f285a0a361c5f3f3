"""The judge of updates: whether a new version comes up, and registers where the old one did.

Runs as its own service, out of the program that came with the image, so that a new version that is
no good cannot judge itself.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from device.appliance.glass import forget_updates, tell_update
from device.appliance.places import Places
from device.appliance.service import Seen, Service
from device.appliance.versions import ATTEMPTS, Trial, Versions

TRIAL_SECONDS = 180.0
"An old Raspberry Pi is up in one minute; the others are for a network that takes its time."

HELD_SECONDS = 10.0
"It stays as it should be for so long."

PATIENCE_SECONDS = 120.0
"For the old version to register, before it is said that it does not."

LOOK_SECONDS = 1.0


class Clock(Protocol):
    def now(self) -> float:
        """Monotonic seconds."""

    def wait(self, seconds: float) -> None: ...


class RealClock:
    def now(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Judge:
    places: Places
    versions: Versions
    service: Service
    clock: Clock
    say: Callable[[str], None]
    seconds: float = TRIAL_SECONDS

    def work(self) -> None:
        """All that is on trial, and all that waits to be."""
        while True:
            if trial := self.versions.trial:
                self._judge(trial)
            elif waiting := self.versions.next:
                self._begin(waiting)
            else:
                return

    # The one before, for comparison

    def _begin(self, waiting: Trial) -> None:
        registered = self._registers()
        with self.versions.alone():
            if self.versions.next == waiting:
                self.versions.begin(waiting, registered)

    def _registers(self) -> bool:
        """The version that runs does, if it is given time."""
        patience = min(PATIENCE_SECONDS, self.seconds)
        end = self.clock.now() + 2 * patience
        while (now := self.clock.now()) < end:
            seen = self.service.look()
            if seen.active and seen.link == "online":
                return True
            if seen.active and (seen.link == "waiting" or now - seen.since >= patience):
                return False
            self.clock.wait(LOOK_SECONDS)
        return False

    # The trial

    def _judge(self, trial: Trial) -> None:
        if trial.version == self.versions.current:  # a power cut came between the last two steps
            with self.versions.alone():
                return self.versions.promote(trial)
        if refusal := self.versions.refusal(trial.sha256):
            return self._go_back(trial, refusal.reason)
        if not trial.attempts:
            self.say(f"{trial.version} is on trial")
            self.service.restart()
        if reason := self._fails(trial):
            return self._go_back(trial, reason)
        with self.versions.alone():
            if not self.versions.trial:
                return None  # somebody said --back
            self.versions.promote(trial)
        forget_updates(self.places)
        self.say(f"{trial.version} runs")
        return None

    def _fails(self, trial: Trial) -> str:
        """Why it does not come up in its time; empty: it does, and stays so for a while."""
        seconds = trial.seconds or self.seconds
        held, end = min(HELD_SECONDS, seconds / 2), self.clock.now() + seconds
        good = ""
        since = seen = None
        while self.clock.now() < end:
            seen = self.service.look()
            now = self.versions.trial
            if now is None:
                return ""
            if now.attempts >= ATTEMPTS and self.versions.running not in (None, trial.version):
                return f"it ended {ATTEMPTS} times"
            if not self._is_good(trial, seen):
                good, since = "", None
            elif since is None or seen.start != good:
                good, since = seen.start, self.clock.now()
            elif self.clock.now() - since >= held:
                return ""
            self.clock.wait(LOOK_SECONDS)
        return self._what_is_wrong(trial, seen)

    def _is_good(self, trial: Trial, seen: Seen) -> bool:
        here = self.versions.running == trial.version and seen.active
        return here and (seen.link == "online" or not trial.registered)

    def _what_is_wrong(self, trial: Trial, seen: Seen | None) -> str:
        if seen is None or not seen.active or self.versions.running != trial.version:
            return "it did not start"
        if trial.registered and seen.link != "online":
            return f"it did not register: {seen.status or 'it says nothing'}"
        return "it did not stay up"

    def _go_back(self, trial: Trial, reason: str) -> None:
        old = trial.before or self.versions.base
        with self.versions.alone():
            if not self.versions.trial:
                return
            self.versions.refuse(trial, reason)
        news = f"{trial.version} did not come up in its time ({reason}): {old} runs again"
        self.say(news)
        tell_update(self.places, news)
        self.service.restart()
        end = self.clock.now() + PATIENCE_SECONDS
        while self.versions.running == trial.version and self.clock.now() < end:
            self.clock.wait(LOOK_SECONDS)
        with self.versions.alone():
            self.versions.tidy()
