"""A real Kamailio for the tests: registrar, forking proxy and presence server."""

import secrets
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tests.interop.asterisk import CHROOT, INSIDE, WITH_US, Config, free_port
from tests.interop.until import until

TEMPLATE = Path(__file__).parent / "kamailio" / "kamailio.cfg"
TABLES = ("standard", "presence")

PRESENCE = ("WITH_PRESENCE", "WITH_PIDF")
NO_PIDF = ("WITH_PRESENCE",)
"It takes publications, but knows of no event."
NO_PRESENCE = ("WITHOUT",)

START_SECONDS = 20


class Kamailio:
    """One Kamailio on 127.0.0.1 with a directory, a port and a password of its own."""

    def __init__(self, home: Path, *switches: str) -> None:
        """`switches` turn parts of the configuration on; PRESENCE where none are given."""
        self.home = home
        self.port = free_port()
        "UDP and TCP."
        self.password = secrets.token_hex(8)
        self._switches = switches or PRESENCE
        self._process: subprocess.Popen[bytes] | None = None
        self._write_config()
        self.forget()

    @property
    def server(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns when requests are answered."""
        # In a process namespace of its own, since it has a dozen processes: they end with the first
        # of them, and that one with us.
        unshared = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
        command = ["kamailio", "-DD", "-E", "-f", "/mnt/kamailio.cfg", "-Y", "/mnt", "-w", "/mnt"]
        with (self.home / "log").open("ab") as output:
            self._process = subprocess.Popen(
                [
                    *(*WITH_US, *unshared, "sh", "-c", INSIDE, "inside"),
                    *(str(CHROOT), str(self.home), *command, *self._defines()),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        until(self._answers, START_SECONDS, self.log)

    def kill(self) -> None:
        """Gone without a word, as in a power cut. Twice does no harm."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            until(self._gone, START_SECONDS)

    def forget(self) -> None:
        """New tables: nothing is published, and nobody subscribed. Not while it runs."""
        for old in self.home.glob("presence.sqlite*"):
            old.unlink()
        with closing(sqlite3.connect(self.home / "presence.sqlite")) as database:
            for name in TABLES:
                sql = CHROOT / "usr/share/kamailio/db_sqlite" / f"{name}-create.sql"
                database.executescript(sql.read_text())

    def log(self) -> str:
        """Every request, and what it had to say, for when a test fails."""
        return (self.home / "log").read_text(errors="replace")

    def _defines(self) -> Iterator[str]:
        for switch in self._switches:
            yield from ("-A", switch)

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise RuntimeError(f"Kamailio ended with {self._process.returncode}:\n{self.log()}")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(0.2)
            asking.connect(("127.0.0.1", self.port))
            try:
                asking.send(_options(self.port, asking.getsockname()[1]))
                return asking.recv(4096).startswith(b"SIP/2.0 200")
            except OSError:
                return False

    def _gone(self) -> bool:
        """All of its processes have let go of the port."""
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trying:
                trying.bind(("127.0.0.1", self.port))
        except OSError:
            return False
        return True

    def _write_config(self) -> None:
        self.home.mkdir(parents=True)
        modules = next(CHROOT.glob("usr/lib/*/kamailio/modules")).relative_to(CHROOT)
        values = {
            "modules": f"/{modules}",
            "port": str(self.port),
            "password": self.password,
        }
        text = Config(TEMPLATE.read_text()).substitute(values)
        (self.home / "kamailio.cfg").write_text(text)


def _options(port: int, here: int) -> bytes:
    """Is anybody there? (RFC 3261 section 11)"""
    lines = [
        f"OPTIONS sip:127.0.0.1:{port} SIP/2.0",
        f"Via: SIP/2.0/UDP 127.0.0.1:{here};branch=z9hG4bK{secrets.token_hex(4)}",
        f"From: <sip:test@127.0.0.1>;tag={secrets.token_hex(4)}",
        f"To: <sip:127.0.0.1:{port}>",
        f"Call-ID: {secrets.token_hex(4)}",
        "CSeq: 1 OPTIONS",
        "Max-Forwards: 70",
        "Content-Length: 0",
    ]
    return "\r\n".join([*lines, "", ""]).encode()
