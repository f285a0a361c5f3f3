"""A panel that is started by `choose`, and whose versions behave as the test says."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field

from device.appliance.disk import Disk
from device.appliance.places import Places
from device.appliance.service import Seen
from device.appliance.trial import Judge
from device.appliance.versions import Versions
from tests.appliance.kit import CHOOSE

ENDS = "ends"
Behaves = Callable[[float], str]
"What a version says of itself, so many seconds after its start; empty: not up yet."


def well(age: float) -> str:
    return "online, 100 at pbx.example.com" if age >= 5 else "connecting" if age >= 2 else ""


def offline(age: float) -> str:
    return "offline: no answer" if age >= 2 else ""


def refused(age: float) -> str:
    return "refused: 403 Forbidden" if age >= 2 else ""


def unconfigured(age: float) -> str:
    return "waiting for a config" if age >= 1 else ""


def hangs(_: float) -> str:
    return ""


def dies_at_once(_: float) -> str:
    return ENDS


def dies_late(age: float) -> str:
    return ENDS if age >= 8 else well(age)


@dataclass
class Machine:
    """The service and the clock of one boot."""

    places: Places
    behaves: dict[str, Behaves]
    shell: tuple[str, ...] = ("/bin/sh",)
    time: float = 1000.0
    running: str = ""
    started: float = 0.0
    starts: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    on_wait: Callable[[], None] = lambda: None

    def boot(self) -> None:
        self.lose_power()
        self.restart()

    def lose_power(self) -> None:
        """Nothing in memory outlives it."""
        shutil.rmtree(self.places.app.parent)
        self.places.app.parent.mkdir()

    # As a service

    def restart(self) -> None:
        words = [CHOOSE, self.places.versions, self.places.app, self.places.base]
        subprocess.run([*self.shell, *words], check=True)
        start = self.places.app / "bin/deskpanel"
        self.running = subprocess.check_output([start], text=True).strip()
        self.starts.append(self.running)
        self.started = self.time

    def look(self) -> Seen:
        status = self.behaves[self.running](self.time - self.started)
        if status == ENDS:
            self.restart()
            status = ""
        return Seen(bool(status), status, f"start {len(self.starts)}", self.started)

    def judge(self) -> None:
        """By hand."""

    # As a clock

    def now(self) -> float:
        return self.time

    def wait(self, seconds: float) -> None:
        self.time += seconds
        self.on_wait()

    # And its judge

    def work(self, disk: Disk | None = None) -> None:
        versions = Versions(self.places, disk or Disk())
        Judge(self.places, versions, self, self, self.said.append).work()
