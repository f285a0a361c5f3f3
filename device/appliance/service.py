"""The panel's service, as systemd tells of it."""

import re
import subprocess
from dataclasses import dataclass
from typing import Protocol

PANEL = "deskpanel.service"
JUDGE = "deskpanel-trial.service"

_ASKED = ("ActiveState", "StatusText", "InvocationID", "ActiveEnterTimestampMonotonic")


@dataclass(frozen=True, slots=True)
class Seen:
    active: bool
    status: str
    "What the panel says of itself: a word of the link first."
    start: str
    "Another one each time that it starts."
    since: float
    "Monotonic seconds."

    @property
    def link(self) -> str:
        return re.split(r"\W", self.status, maxsplit=1)[0]


class Service(Protocol):
    def look(self) -> Seen: ...

    def restart(self) -> None:
        """Ask for it, without waiting."""

    def judge(self) -> None:
        """Have the judge look at what waits, without waiting for the verdict."""


class Systemd:
    def look(self) -> Seen:
        shown = _systemctl("show", PANEL, *(f"--property={name}" for name in _ASKED))
        values = dict(line.partition("=")[::2] for line in shown.splitlines())
        return Seen(
            active=values.get("ActiveState") == "active",
            status=values.get("StatusText", ""),
            start=values.get("InvocationID", ""),
            since=int(values.get("ActiveEnterTimestampMonotonic") or 0) / 1e6,
        )

    def restart(self) -> None:
        _systemctl("restart", "--no-block", PANEL)

    def judge(self) -> None:
        _systemctl("start", "--no-block", JUDGE)


def _systemctl(*words: str) -> str:
    return subprocess.run(
        ["systemctl", *words], check=True, capture_output=True, encoding="utf-8"
    ).stdout
