"""The versions of the program beside the one that came with the image, and which of them counts.

    versions/1.4/       the program out of a package, as in /opt/deskpanel
    versions/current    -> 1.4: what runs, since it has proved itself
    versions/previous   -> 1.3: what `--back` goes back to; without one, what came with the image
    versions/next       waits to be tried
    versions/trial      is being tried; each start of it is counted in there
    versions/refused    did not come up, and is not tried again by itself

Each of them changes in one step. `/usr/lib/deskpanel/choose` reads them at every start of the
panel.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from device.appliance import package
from device.appliance.disk import Disk, folder, point, put, remove
from device.appliance.package import compare
from device.appliance.places import Places
from device.appliance.refused import RefusedError
from device.appliance.signed import Signed

ATTEMPTS = 3
"Starts of a version on trial; known to `choose` as well."

ROOM_KILOBYTES = 16 * 1024
"Left free for what the panel keeps."

KEPT_REFUSALS = 20

ATTEMPT = "attempt"


@dataclass(frozen=True, slots=True)
class Trial:
    """A version that is to prove itself, as it stands in `next` and `trial`: a word and a value in
    each line, so that a shell can read it."""

    version: str
    sha256: str
    "Of its package."
    seconds: float | None = None
    "In which it must come up; else as the judge has it."
    registered: bool = False
    "So was the one before."
    before: str = ""
    "What ran before, and will again if this one fails; empty: what came with the image."
    attempts: int = 0
    "Starts so far, a line for each: `choose` can add one, and a power cut cannot spoil the others."

    def __str__(self) -> str:
        lines = [f"version {self.version}", f"sha256 {self.sha256}"]
        lines += [] if self.seconds is None else [f"seconds {self.seconds:g}"]
        lines += ["registered yes"] * self.registered
        lines += [f"before {self.before}"] * bool(self.before)
        return "\n".join([*lines, *[ATTEMPT] * self.attempts, ""])

    @classmethod
    def parse(cls, text: str) -> "Trial":
        words = dict(line.partition(" ")[::2] for line in text.splitlines())
        seconds = words.get("seconds")
        return cls(
            version=words.get("version", ""),
            sha256=words.get("sha256", ""),
            seconds=None if seconds is None else float(seconds),
            registered=words.get("registered") == "yes",
            before=words.get("before", ""),
            attempts=sum(line.startswith(ATTEMPT[0]) for line in text.splitlines()),
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    sha256: str
    version: str
    reason: str

    def __str__(self) -> str:
        return f"{self.sha256} {self.version} {self.reason}"


class Versions:
    def __init__(self, places: Places, disk: Disk) -> None:
        self._places, self._disk, self._here = places, disk, places.versions

    # What there is

    @property
    def current(self) -> str:
        """What counts; empty: what came with the image."""
        return self._pointed("current")

    @property
    def previous(self) -> str:
        return self._pointed("previous")

    @property
    def base(self) -> str:
        """The version of what came with the image."""
        return _first_line(self._places.base / "VERSION")

    @property
    def counts(self) -> str:
        """The version of what does, whether it came with the image or later."""
        return self.current or self.base

    @property
    def running(self) -> str | None:
        """What `choose` chose; empty: what came with the image; None: nothing yet."""
        link = self._places.app
        if not link.is_symlink():
            return None
        tree = link.readlink()
        return tree.name if tree.parent == self._here else ""

    @property
    def trial(self) -> Trial | None:
        return self._noted("trial")

    @property
    def next(self) -> Trial | None:
        return self._noted("next")

    @property
    def refusals(self) -> list[Refusal]:
        lines = _text(self._here / "refused").splitlines()
        return [Refusal(*words) for line in lines if len(words := line.split(" ", 2)) == 3]

    def refusal(self, sha256: str) -> Refusal | None:
        return next((r for r in self.refusals if r.sha256 == sha256), None)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else changes anything meanwhile."""
        folder(self._disk, self._here, 0o755)
        handle = os.open(self._here, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    # From a package to what is tried

    def install(self, signed: Signed, *, seconds: float | None, downgrade: bool = False) -> Trial:
        """Put a package in place, to be tried unless it counts already.

        Raises `RefusedError`, with nothing left of it.
        """
        about = package.about(signed.data)
        trial = Trial(about.version, signed.sha256, seconds)
        with self.alone():
            self._drop_stale()
            self.tidy()
            if not self.current and about.version == self.base:
                return trial
            if not self._is_there(trial):
                self._check(about, downgrade)
                self._unpack(signed, about.version)
            if about.version != self.current:
                put(self._disk, self._here / "next", str(trial).encode(), 0o644)
        return trial

    def knows(self, sha256: str) -> bool:
        """This very package is what counts, or is under way."""
        waiting = [trial.sha256 for trial in (self.next, self.trial) if trial]
        current = self._sha256(self.current) if self.current else ""
        return sha256 in (*waiting, current)

    def _is_there(self, trial: Trial) -> bool:
        if not (self._here / trial.version).exists():
            return False
        if self._sha256(trial.version) != trial.sha256:
            raise RefusedError(f"there is another {trial.version} already: count the version up")
        return True

    def _check(self, about: package.About, downgrade: bool) -> None:
        old = self.running or self.current or self.base
        if old and not downgrade and compare(about.version, "lt", old):
            raise RefusedError(f"{about.version} is older than {old}, which is here: --downgrade")
        free = shutil.disk_usage(self._here).free // 1024 - ROOM_KILOBYTES
        if about.kilobytes > free:
            needed, left = about.kilobytes // 1024, max(free, 0) // 1024
            raise RefusedError(
                f"there is no room for it: it needs {needed} MB, and {left} MB are free"
            )

    def _unpack(self, signed: Signed, version: str) -> None:
        part = self._here / f"{version}.part"
        try:
            package.unpack(signed.data, part, self._disk)
            self._disk.fill(part / "SHA256", f"{signed.sha256}\n".encode(), 0o644)
            self._disk.sync_all(part)
            self._disk.rename(part, self._here / version)
            self._disk.sync(self._here)
        except OSError as error:
            self._throw_away(part)
            raise RefusedError(f"{version} cannot be put in place: {error.strerror}") from error
        except RefusedError:
            self._throw_away(part)
            raise

    def _throw_away(self, part: Path) -> None:
        if part.exists():
            self._disk.remove_tree(part)

    # From a trial to what counts

    def begin(self, waiting: Trial, registered: bool) -> None:
        """Let what waits be chosen at the next start."""
        if waiting.version != self.current and not self.refusal(waiting.sha256):
            before = self.current if self.running is None else self.running
            trial = replace(waiting, registered=registered, before=before)
            put(self._disk, self._here / "trial", str(trial).encode(), 0o644)
        remove(self._disk, self._here / "next")

    def promote(self, trial: Trial) -> None:
        """It has proved itself."""
        if trial.version != self.current:
            self._note_base(trial.version)
            if trial.before:
                point(self._disk, self._here / "previous", trial.before)
            else:
                remove(self._disk, self._here / "previous")
            point(self._disk, self._here / "current", trial.version)
        self.tidy()
        remove(self._disk, self._here / "trial")

    def refuse(self, trial: Trial, reason: str) -> None:
        """It has not: what ran before will be chosen at the next start."""
        if not self.refusal(trial.sha256):
            refusals = [*self.refusals, Refusal(trial.sha256, trial.version, reason)]
            self._keep_refusals(refusals[-KEPT_REFUSALS:])
        remove(self._disk, self._here / "trial")

    def forgive(self, sha256: str) -> None:
        """Somebody wants it tried again."""
        if self.refusal(sha256):
            self._keep_refusals([r for r in self.refusals if r.sha256 != sha256])

    def back(self) -> str:
        """Undo the last update, or one that is under way; what will run. Raises `RefusedError`."""
        with self.alone():
            if self.next or self.trial:
                remove(self._disk, self._here / "next")
                remove(self._disk, self._here / "trial")
            elif self.previous:
                self._note_base(self.previous)
                self._disk.rename(self._here / "previous", self._here / "current")
                self._disk.sync(self._here)
            elif self.current:
                remove(self._disk, self._here / "current")
            else:
                raise RefusedError("there is nothing to go back to")
        return self.counts

    def tidy(self) -> None:
        """Remove the programs that nothing will choose, and what was cut off."""
        waiting = [trial.version for trial in (self.next, self.trial) if trial]
        kept = {self.current, self.previous, self.running, *waiting}
        for path in self._here.iterdir() if self._here.is_dir() else ():
            if path.is_dir() and not path.is_symlink() and path.name not in kept:
                self._disk.remove_tree(path)
                self._disk.sync(self._here)

    def _drop_stale(self) -> None:
        """What was preferred to another program than the one that is here is chosen no more."""
        if self.current and _first_line(self._here / self.current / "OVER") != self.base:
            remove(self._disk, self._here / "previous")
            remove(self._disk, self._here / "current")

    def _note_base(self, version: str) -> None:
        """What it was preferred to: when a package brings another one, that is the newer wish."""
        put(self._disk, self._here / version / "OVER", f"{self.base}\n".encode(), 0o644)

    def _keep_refusals(self, refusals: list[Refusal]) -> None:
        text = "".join(f"{refusal}\n" for refusal in refusals)
        put(self._disk, self._here / "refused", text.encode(), 0o644)

    def _noted(self, name: str) -> Trial | None:
        text = _text(self._here / name)
        return Trial.parse(text) if text else None

    def _pointed(self, name: str) -> str:
        link = self._here / name
        return str(link.readlink()) if link.is_symlink() else ""

    def _sha256(self, version: str) -> str:
        return _first_line(self._here / version / "SHA256")


def _first_line(path: Path) -> str:
    return _text(path).partition("\n")[0].strip()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
