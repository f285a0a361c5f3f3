"""A real Asterisk for the tests: Debian's, out of the chroot that `make pbx` builds."""

import secrets
import socket
import string
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.interop.until import until

CHROOT = Path(__file__).parents[2] / ".pbx" / "root"
TEMPLATES = Path(__file__).parent / "etc"

START_SECONDS = 20

# A mount namespace of its own: whatever ends the process, no mount stays behind. `unshare` and
# `chroot` both exec, so the process we hold is Asterisk itself.
INSIDE = """
mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && mount --bind "$2" "$1/mnt" || exit 1
root=$1; shift 2; exec chroot "$root" "$@"
"""

CERTIFICATE = (
    "openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 -days 2 "
    "-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1,DNS:localhost "
    "-keyout /mnt/etc/key.pem -out /mnt/etc/cert.pem"
)


def inside(home: Path, *command: str) -> list[str]:
    """The command line that runs `command` in the chroot, `home` being its /mnt."""
    unshared = ["unshare", "--mount", "sh", "-c", INSIDE, "inside"]
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


@dataclass(frozen=True, slots=True)
class Voicemail:
    """A message to be dropped into a mailbox."""

    caller: str = "101"
    urgent: bool = False

    @property
    def folder(self) -> str:
        return "Urgent" if self.urgent else "INBOX"

    def text(self) -> str:
        """What app_voicemail writes beside the sound."""
        flag = "Urgent" if self.urgent else ""
        return f"[message]\ncallerid={self.caller}\norigtime=1700000000\nduration=1\nflag={flag}\n"


class Asterisk:
    """One Asterisk on 127.0.0.1 with directories, ports and a password of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
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
        with socket.socket(socket.AF_UNIX) as console:
            console.settimeout(10)
            console.connect(str(self.home / "run" / "asterisk.ctl"))
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

    def drop_voicemail(self, mailbox: str, *messages: Voicemail) -> None:
        """Put messages into a box; Asterisk looks there once a second."""
        for message in messages:
            folder = self._folder(mailbox, message.folder)
            name = f"msg{len(list(folder.glob('*.txt'))):04}"
            (folder / f"{name}.wav").write_bytes(b"")
            (folder / f"{name}.txt").write_text(message.text())

    def hear_voicemail(self, mailbox: str) -> None:
        """All messages go to where the heard ones are, as after `*97`."""
        old = self._folder(mailbox, "Old")
        for folder in ("INBOX", "Urgent"):
            for number, file in enumerate(sorted(self._folder(mailbox, folder).iterdir())):
                file.rename(old / f"msg{number // 2:04}{file.suffix}")

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

    def _folder(self, mailbox: str, name: str) -> Path:
        folder = self.home / "spool" / "voicemail" / "default" / mailbox / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

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
        for template in TEMPLATES.glob("*.conf"):
            text = Config(template.read_text()).substitute(values)
            (self.home / "etc" / template.name).write_text(text)
        subprocess.run(inside(self.home, *CERTIFICATE.split()), check=True, capture_output=True)
