"""A way into a guest: SSH, with a key."""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.interop.asterisk import WITH_US


class Shell:
    """The user `panel`, let in by a key, over one connection: a handshake costs seconds there."""

    USER = "panel"

    def __init__(self, key: Path, port: int) -> None:
        self._key, self._port = key, port
        # A socket's path may have 107 characters at most.
        self._home = Path(tempfile.mkdtemp(prefix="deskpanel-"))
        self._master: subprocess.Popen[bytes] | None = None
        self._next = 0.0

    def open(self) -> bool:
        """Whether it is let in; to be asked again while it is not."""
        if self._master and self._master.poll() is None:
            return self._ssh("-O", "check").returncode == 0
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + 2
            self._master = subprocess.Popen(
                [*WITH_US, *self.command(), "-M", "-N"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        return False

    def run(self, script: str) -> str:
        """What root's shell prints. Raises `RuntimeError` where it fails."""
        done = self._ssh("sudo", "-n", "sh", "-eu", script=script)
        if done.returncode:
            raise RuntimeError(f"{script!r}: {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def refused(self, *options: str) -> str:
        """What a login with other options is told."""
        # Of two values, ssh takes the first.
        told = [part for o in ("ControlPath=none", *options) for part in ("-o", o)]
        ssh, *usual = self.command()
        whole = [ssh, *told, *usual, "true"]
        done = subprocess.run(
            whole, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            raise AssertionError(f"it was let in with {options}")
        return done.stderr

    def send(self, file: Path, to: str) -> None:
        """A file to the user's machine."""
        with file.open("rb") as content:
            command = [*self.command(), "sudo", "-n", "tee", to]
            subprocess.run(command, stdin=content, stdout=subprocess.DEVNULL, check=True)

    def close(self) -> None:
        if self._master:
            self._master.kill()
            self._master.wait()
        shutil.rmtree(self._home, ignore_errors=True)

    def command(self) -> list[str]:
        """ssh, up to what is to be run there."""
        options = {
            "ControlPath": self._home / "c",
            "IdentityFile": self._key,
            "IdentitiesOnly": "yes",
            "BatchMode": "yes",
            # Which key the machine has is looked at by a test of its own.
            "StrictHostKeyChecking": "no",
            "UserKnownHostsFile": "/dev/null",
            "GlobalKnownHostsFile": "/dev/null",
            "ConnectTimeout": "60",
            "LogLevel": "ERROR",
        }
        told = [part for name in options for part in ("-o", f"{name}={options[name]}")]
        return ["ssh", "-F", "none", *told, "-p", str(self._port), f"{self.USER}@127.0.0.1"]

    def _ssh(self, *arguments: str, script: str = "") -> subprocess.CompletedProcess[str]:
        command = [*self.command(), *arguments]
        return subprocess.run(command, input=script, capture_output=True, text=True, check=False)
