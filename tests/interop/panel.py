"""The panel as the real program, asked and told over HTTP."""

import http.client
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.interop.asterisk import WITH_US, free_port
from tests.interop.desk import CHECKOUT
from tests.interop.until import until

Json = Any

START_SECONDS = 20
CHANGE_SECONDS = 15
"For what may take a feature code, which the PBX acts on after a second, and its read-back."

BOARD = """
[board]
driver = "virtual"

[oled]
driver = "virtual"
"""


class Panel:
    """`deskpanel run` with a config of its own; asks no questions about what is inside."""

    def __init__(self, home: Path, pbx: dict[str, str | int], more: str = "") -> None:
        home.mkdir()
        self._config = home / "deskpanel.toml"
        self._output = home / "output"
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        web = f'[web]\nlisten = "127.0.0.1:{self._port}"\n'
        store = f'[store]\npath = "{home / "panel.sqlite"}"\n'
        # A JSON string or number is a TOML one too.
        login = "\n".join(["[pbx]", *(f"{key} = {json.dumps(pbx[key])}" for key in pbx)])
        self._config.write_text("\n".join([login, BOARD, web, store, more]))

    def start(self) -> None:
        """Returns when it can be asked."""
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                [*WITH_US, *self._deskpanel("run")],
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        until(self._answers, START_SECONDS, self.log)

    def stop(self) -> float:
        """Ask it to end as systemd does; gives the seconds that took. Twice does no harm."""
        if self._process is None:
            return 0.0
        process, self._process = self._process, None
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(10)
        finally:
            process.kill()
            process.wait()
        assert code == 0, f"the panel ended with {code}:\n{self.log()}"
        return time.monotonic() - started

    def check(self) -> tuple[int, str]:
        """Exit code and findings of `deskpanel check`."""
        command = self._deskpanel("check")
        done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    def shown(self) -> Json:
        """All that it shows."""
        return self.get("/api/panel")

    def until(self, condition: Callable[[Json], object], seconds: float = CHANGE_SECONDS) -> Json:
        """What it shows, once it shows what is waited for."""

        def found() -> Json:
            shown = self.shown()
            return shown if condition(shown) else None

        return until(found, seconds, lambda: f"{self.shown()}\n{self.log()}")

    def online(self) -> "Panel":
        """Itself, once it is registered and has compared its status with the PBX."""
        self.until(lambda shown: shown["link"] == "online")
        self.until(lambda shown: shown["mirror"]["state"] == "confirmed")
        return self

    def choose(self, status: str, **more: str) -> Json:
        """Set a status; what is shown at once, before the PBX said anything."""
        return self.post("/api/status", status=status, **more)

    def settled(self, status: str) -> Json:
        """What is shown once the PBX confirmed this status."""
        wanted = (status, "confirmed")
        return self.until(lambda shown: (shown["status"], shown["mirror"]["state"]) == wanted)

    def get(self, path: str) -> Json:
        return self._ask("GET", path, None)

    def post(self, path: str, **body: object) -> Json:
        return self._ask("POST", path, json.dumps(body))

    def log(self) -> str:
        return self._output.read_text(errors="replace")

    def _deskpanel(self, command: str) -> list[str]:
        return [sys.executable, "-m", "device", command, "--config", str(self._config)]

    def _ask(self, method: str, path: str, body: str | None) -> Json:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=5)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            read = answer.read().decode()
        finally:
            connection.close()
        assert answer.status < 300, f"{method} {path}: {answer.status} {read}"
        return json.loads(read)

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise RuntimeError(f"the panel ended with {self._process.returncode}:\n{self.log()}")
        try:
            return bool(self.shown())
        except OSError:
            return False
