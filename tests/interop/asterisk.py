"""A real Asterisk for the tests: Debian's, out of the chroot that `make pbx` builds."""

import os
import secrets
import socket
import string
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.interop.until import until

CHROOT = Path(__file__).parents[2] / ".pbx" / "root"
TEMPLATES = Path(__file__).parent / "etc"

START_SECONDS = 20

# A mount namespace of its own: whatever ends the process, no mount stays behind. All of these
# exec the next, so the process we hold is Asterisk itself.
INSIDE = """
mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && mount --bind "$2" "$1/mnt" || exit 1
root=$1; shift 2; exec chroot "$root" "$@"
"""

WITH_US = ["setpriv", "--pdeathsig", "KILL"]
"Before a command: it ends when the tests do, even if those were killed."

CERTIFICATE = (
    "openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 -days 2 "
    "-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1,DNS:localhost "
    "-keyout /mnt/etc/key.pem -out /mnt/etc/cert.pem"
)


def inside(home: Path, *command: str) -> list[str]:
    """The command line that runs `command` in the chroot, `home` being its /mnt."""
    unshared = [*WITH_US, "unshare", "--mount", "sh", "-c", INSIDE, "inside"]
    return [*unshared, str(CHROOT), str(home), *command]


class Config(string.Template):
    """`%{name}`, since `${name}` is Asterisk's own."""

    delimiter = "%"


def free_port() -> int:
    """A port on 127.0.0.1 that is free for UDP and for TCP."""
    while True:
        with (
            socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        ):
            tcp.bind(("127.0.0.1", 0))
            port: int = tcp.getsockname()[1]
            try:
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


VOICEMAIL = "[message]\ncallerid=101\norigtime=1700000000\nduration=1\n"
"What app_voicemail writes beside the sound."


class Asterisk:
    """One Asterisk on 127.0.0.1 with directories, ports and a password of its own.

    Its configuration is that of `templates`; of two files of one name the later one counts.
    """

    def __init__(self, home: Path, *templates: Path) -> None:
        self.home = home
        self._templates = templates or (TEMPLATES,)
        self.port = free_port()
        "UDP and TCP."
        self.tls_port = free_port()
        self.password = secrets.token_hex(8)
        self._process: subprocess.Popen[bytes] | None = None
        self._write_config()

    @property
    def server(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def tls_server(self) -> str:
        return f"127.0.0.1:{self.tls_port}"

    @property
    def ca_file(self) -> Path:
        """The certificate, which signs itself."""
        return self.home / "etc" / "cert.pem"

    def start(self) -> None:
        """Returns when calls can be made."""
        with (self.home / "log" / "stdout").open("ab") as output:
            self._process = subprocess.Popen(
                inside(self.home, "asterisk", "-f", "-C", "/mnt/etc/asterisk.conf"),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        until(self._booted, START_SECONDS, self.log)

    def kill(self) -> None:
        """Gone without a word, as in a power cut. Twice does no harm."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def cli(self, command: str) -> str:
        """What Asterisk's console answers."""
        with self._console() as console:
            # As `asterisk -rx` does.
            console.sendall(f"cli quit after {command}\0".encode())
            answer = b"".join(iter(lambda: console.recv(4096), b""))
        return answer.decode(errors="replace").partition("\n")[2].replace("\0", "")

    def contacts(self, user: str) -> list[str]:
        """SIP addresses at which the user is registered now."""
        lines = self.cli("pjsip show contacts").splitlines()
        found = [line.split()[1] for line in lines if line.strip().startswith("Contact:")]
        return [uri.partition("/")[2] for uri in found if uri.startswith(f"{user}/")]

    def database(self, key: str) -> str:
        """A value of the database, `DND/100` for one; empty where there is none."""
        family, _, name = key.rpartition("/")
        answer = self.cli(f"database get {family} {name}")
        return answer.removeprefix("Value:").strip() if answer.startswith("Value:") else ""

    def device(self, name: str) -> str:
        """A device state, `BUSY` of `Custom:DEVDND100` for one."""
        answer = self.cli(f"dialplan eval function DEVICE_STATE({name})")
        return answer.partition("Result:")[2].strip()

    def drop_voicemail(self, mailbox: str) -> None:
        """Put a message into a box; Asterisk looks there once a second."""
        message = self._next_message(mailbox, "INBOX")
        message.with_suffix(".wav").touch()
        message.with_suffix(".txt").write_text(VOICEMAIL)

    def hear_voicemail(self, mailbox: str) -> None:
        """All messages go to where the heard ones are, as after `*97`."""
        for text in self._folder(mailbox, "INBOX").glob("*.txt"):
            heard = self._next_message(mailbox, "Old")
            text.with_suffix(".wav").rename(heard.with_suffix(".wav"))
            text.rename(heard.with_suffix(".txt"))

    def notify(self, user: str, what: str) -> None:
        """Send a user's phones a NOTIFY of pjsip_notify.conf."""
        self.cli(f"pjsip send notify {what} endpoint {user}")

    def log(self) -> str:
        """All SIP and all of the dialplan's steps, for when a test fails."""
        files = [self.home / "log" / name for name in ("stdout", "full")]
        return "\n".join(f.read_text(errors="replace") for f in files if f.exists())

    def _booted(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise RuntimeError(f"Asterisk ended with {self._process.returncode}:\n{self.log()}")
        try:
            return "fully booted" in self.cli("core waitfullybooted")
        except (OSError, ValueError):
            return False

    @contextmanager
    def _console(self) -> Iterator[socket.socket]:
        # By way of the directory's handle, as a socket's path may have 107 characters at most.
        directory = os.open(self.home / "run", os.O_PATH)
        try:
            with socket.socket(socket.AF_UNIX) as console:
                console.settimeout(10)
                console.connect(f"/proc/self/fd/{directory}/asterisk.ctl")
                yield console
        finally:
            os.close(directory)

    def _folder(self, mailbox: str, name: str) -> Path:
        folder = self.home / "spool" / "voicemail" / "default" / mailbox / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _next_message(self, mailbox: str, name: str) -> Path:
        folder = self._folder(mailbox, name)
        return folder / f"msg{len(list(folder.glob('*.txt'))):04}"

    def _write_config(self) -> None:
        for name in ("etc", "lib", "spool", "run", "log"):
            (self.home / name).mkdir(parents=True)
        modules = next(CHROOT.glob("usr/lib/*/asterisk/modules")).relative_to(CHROOT)
        values = {
            "modules": f"/{modules}",
            "port": str(self.port),
            "tls_port": str(self.tls_port),
            "password": self.password,
        }
        for folder in self._templates:
            for template in folder.glob("*.conf"):
                text = Config(template.read_text()).substitute(values)
                (self.home / "etc" / template.name).write_text(text)
        subprocess.run(inside(self.home, *CERTIFICATE.split()), check=True, capture_output=True)
