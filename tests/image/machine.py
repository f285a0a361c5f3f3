"""A computer that the image is booted on: QEMU, with a card of its own, in a network of its own.

The kernel, the initrd and the command line are the image's; the machine's firmware, which would
read them from the FAT drive, is what QEMU does not have. In QEMU's user network the guest finds
the host's loopback at 10.0.2.2, and the tests refuse to run where there is more than a loopback.
"""

import contextlib
import re
import socket
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from device.control.client import Client, ClientError
from tests.image import workshop, written
from tests.image.card import Card
from tests.image.kinds import Kind, command_line, initrd, kernel
from tests.image.qmp import Qmp
from tests.image.shell import Shell
from tests.image.written import Write
from tests.interop.asterisk import free_port
from tests.interop.until import until

BOOT_SECONDS = 600
"""Far more than a boot takes on two cores that are ours (figures.json), as a machine may be
busy. What is waited for is a condition; this only ends a wait for what never comes."""

LOG_BYTES = 64 << 30
"Room for what the guest writes; the file is sparse."

Json = Any


@dataclass
class Machine:
    """One computer, off at first. Whoever makes it turns it off."""

    kind: Kind
    card: Card
    home: Path
    "A directory of its own."
    cpus: int = 2
    token: str = ""
    "That the panel asks for."
    _process: subprocess.Popen[bytes] | None = None
    _qmp: Qmp | None = None
    _ether: socket.socket | None = None
    _shell: Shell | None = None

    def __post_init__(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.ssh_port, self.web_port = free_port(), free_port()
        self.key = self.home / "key"
        if not self.key.exists():
            make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "user@pc", "-f"]
            subprocess.run([*make, str(self.key)], check=True)

    @property
    def public_key(self) -> str:
        return self.key.with_suffix(".pub").read_text()

    # Power

    def start(self, *more: str, counted: bool = False) -> "Machine":
        """Switch on; `more` goes to the kernel's command line. Returns at once.

        `counted`: its time is that of its instructions, 4 ns each, whatever else this computer does
        meanwhile; while it waits for its card, it is that of this computer.
        """
        assert self._process is None, "it is on"
        unsaved = self.home / "unsaved.qcow2"
        unsaved.unlink(missing_ok=True)
        backing = ("-b", self.card.file, "-F", "raw")
        workshop.call("qemu-img", "create", "-q", "-f", "qcow2", *backing, unsaved)
        self._log.unlink(missing_ok=True)
        with self._log.open("wb") as log:
            log.truncate(LOG_BYTES)
        ours, theirs = socket.socketpair()
        ether, cable = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        with theirs, cable, (self.home / "qemu.log").open("ab") as output:
            self._process = subprocess.Popen(
                [
                    *self._command(unsaved, theirs.fileno(), cable.fileno(), more),
                    *(("-icount", "shift=2") if counted else ()),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=(theirs.fileno(), cable.fileno()),
            )
        self._ether = ether
        self._qmp = Qmp(ours)
        return self

    def power_cut(self, chance: Random | None = None) -> None:
        """The plug is pulled. With `chance`, the card loses what it may lose."""
        self._end()
        writes = written.read(self._log)
        written.put(written.kept(writes, chance) if chance else writes, self.card.file)

    def power_off(self) -> None:
        """Shut down from within, as `sudo poweroff` does."""
        with contextlib.suppress(RuntimeError):  # the connection ends with the machine
            self.run("systemctl poweroff")
        self.wait_off()

    def wait_off(self) -> None:
        """Return when it has switched itself off, or wants to start anew."""
        assert self._process
        until(lambda: not self.on, BOOT_SECONDS, self.console)
        self.power_cut()

    def throw_away(self) -> None:
        """Off, whatever it did, and its card gone. Twice does no harm."""
        self._end()
        self.card.throw_away()
        for name in ("writes", "unsaved.qcow2"):
            (self.home / name).unlink(missing_ok=True)

    def _end(self) -> None:
        if self._shell:
            self._shell.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        for end in (self._qmp, self._ether):
            if end:
                end.close()
        self._process = self._qmp = self._ether = self._shell = None

    @property
    def on(self) -> bool:
        return self._process is not None and self._process.poll() is None

    # From outside

    @property
    def qmp(self) -> Qmp:
        assert self._qmp, "it is off"
        return self._qmp

    @property
    def ether(self) -> socket.socket:
        """A plug in the switch that the machine's cable goes to: whole frames."""
        assert self._ether, "it is off"
        return self._ether

    def cable(self, plugged: bool) -> None:
        """Plug the network cable in, or out."""
        self.qmp.do("set_link", name="nic", up=plugged)

    def press(self) -> None:
        """Line 3 of the GPIO chip of `virt` goes up, and down a tenth of a second later."""
        self.qmp.do("system_powerdown")

    def console(self) -> str:
        """What is on the screen that nobody has."""
        file = self.home / "console.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def trace(self) -> Iterable[str]:
        """The lines of the I2C bus so far."""
        text = (self.home / "i2c.log").read_text()
        return text[: text.rfind("\n") + 1].splitlines()

    def writes(self) -> list[Write]:
        """What the guest wrote since it was switched on."""
        return written.read(self._log)

    def listens_for_ssh(self) -> bool:
        """Whether anybody is at the guest's port 22; to be asked once the guest has an address."""
        with socket.create_connection(("127.0.0.1", self.ssh_port), timeout=60) as line:
            # QEMU takes every connection, and hangs up when the guest does not.
            try:
                return line.recv(64).startswith(b"SSH-")
            except ConnectionError:
                return False

    def host_key(self) -> str:
        """What it is known by over SSH."""
        scan = ["ssh-keyscan", "-T", "60", "-t", "ed25519", "-p", str(self.ssh_port), "127.0.0.1"]
        done = subprocess.run(scan, capture_output=True, text=True, check=True)
        return done.stdout.split()[-1]

    # The panel in it

    @property
    def client(self) -> Client:
        return Client(f"http://127.0.0.1:{self.web_port}", self.token)

    def shown(self) -> Json:
        """What the panel shows. Raises `ClientError` where none answers."""
        return self.client.get("/api/panel")

    def until(self, condition: Callable[[Json], object], seconds: float = BOOT_SECONDS) -> Json:
        """What it shows, once it shows what is waited for."""
        last: list[Json] = ["nothing yet"]

        def found() -> Json:
            self.must_be_on()
            try:
                last[0] = self.shown()
            except ClientError as error:
                last[0] = error
                return None
            return last[0] if condition(last[0]) else None

        return until(found, seconds, lambda: f"{last[0]}\n{self.console()[-4000:]}")

    def answers(self) -> Json:
        """What the panel shows, once it can be asked."""
        return self.until(lambda shown: shown)

    def online(self) -> Json:
        """What it shows once it is registered and has compared its status with the PBX."""
        return self.until(
            lambda shown: (shown["link"], shown["mirror"]["state"]) == ("online", "confirmed")
        )

    def settled(self, status: str) -> Json:
        """What it shows once the PBX confirmed this status."""
        wanted = (status, "confirmed")
        return self.until(lambda shown: (shown["status"], shown["mirror"]["state"]) == wanted)

    # Within

    @property
    def shell(self) -> Shell:
        """A session of the user's, with the key; waits until it is let in."""
        if self._shell is None:
            shell = Shell(self.key, self.ssh_port)
            try:
                until(lambda: self.must_be_on() and shell.open(), BOOT_SECONDS, self.console)
            except BaseException:
                shell.close()
                raise
            self._shell = shell
        return self._shell

    def run(self, script: str) -> str:
        """What this shell script of root's prints. Raises `RuntimeError` where it fails."""
        return self.shell.run(script)

    def until_runs(self, script: str, seconds: float = BOOT_SECONDS) -> str:
        """What it prints, once it prints something and does not fail."""
        return until(lambda: self.run(f"({script}) 2>/dev/null || true").strip(), seconds)

    def pin(self, line: int) -> str:
        """What the kernel says of a line of the first GPIO chip: "hi" or "lo"."""
        debug = "/sys/kernel/debug"
        mount = f"mountpoint -q {debug} || mount -t debugfs debugfs {debug}"
        return levels(self.run(f"{mount}; cat {debug}/gpio"))[line]

    def on_card(self, file: Path) -> Card:
        """A copy of what is on the card at this moment."""
        twin = self.card.copy(file)
        written.put(self.writes(), twin.file)
        return twin

    def last_words(self) -> str:
        """What may tell why it did not do what was wanted."""
        return f"console:\n{self.console()[-6000:]}\nqemu: {(self.home / 'qemu.log').read_text()}"

    def journal(self, *options: str) -> str:
        return self.run(f"journalctl --no-pager --output=short-monotonic {' '.join(options)}")

    def must_be_on(self) -> bool:
        """Raises `RuntimeError` where it is not."""
        if not self.on:
            raise RuntimeError(f"it went off by itself:\n{self.console()[-8000:]}")
        return True

    # How QEMU is told

    @property
    def _log(self) -> Path:
        return self.home / "writes"

    def _command(self, unsaved: Path, qmp: int, cable: int, more: Iterable[str]) -> list[str]:
        kind, arguments = self.kind, [command_line(self.kind.console), self.kind.words, *more]
        forward = f"hostfwd=tcp:127.0.0.1:{self.ssh_port}-:22"
        forward += f",hostfwd=tcp:127.0.0.1:{self.web_port}-:8780"
        return workshop.program(
            "qemu-system-aarch64",
            *("-L", workshop.FIRMWARE, "-M", kind.name, "-smp", self._cpus, "-dtb", self._tree()),
            *("-drive", f"{kind.drive},{self._drive(unsaved)}", *kind.hardware),
            *("-kernel", kernel(), "-initrd", initrd(), "-append", " ".join(arguments)),
            # The user's network, a plug for the tests, and the machine, on one switch.
            *("-netdev", f"user,id=user,{forward}", "-netdev", "hubport,id=a,hubid=0,netdev=user"),
            *("-netdev", f"dgram,id=tests,local.type=fd,local.str={cable}"),
            *("-netdev", "hubport,id=b,hubid=0,netdev=tests", "-netdev", "hubport,id=c,hubid=0"),
            *("-device", f"{kind.network},netdev=c,id=nic"),
            *("-chardev", f"socket,id=qmp,fd={qmp}", "-mon", "chardev=qmp,mode=control"),
            *("-serial", f"file:{self.home / 'console.log'}"),
            *("-trace", "i2c_event", "-trace", "i2c_send", "-D", self.home / "i2c.log"),
            *("-display", "none", "-no-reboot", "-nodefaults"),
        )

    @property
    def _cpus(self) -> int:
        return self.kind.cpus or self.cpus

    def _drive(self, unsaved: Path) -> str:
        return (
            "driver=blklogwrites,log-sector-size=512"
            f",file.driver=qcow2,file.file.driver=file,file.file.filename={unsaved}"
            f",log.driver=file,log.filename={self._log}"
        )

    def _tree(self) -> Path:
        tree = self.home / "machine.dtb"
        if not tree.exists():
            self.kind.device_tree(tree, self._cpus)
        return tree


def levels(told: str) -> dict[int, str]:
    """The lines in use of the first chip in /sys/kernel/debug/gpio: "hi" or "lo"."""
    first = re.search(r"^gpiochip0: GPIOs (\d+)-(\d+)", told, re.MULTILINE)
    if not first:
        raise ValueError(f"expected a GPIO chip, found {told!r}")
    base, last = int(first[1]), int(first[2])
    found = re.findall(r"^ gpio-(\d+) .*\) (?:in|out) +(hi|lo)", told, re.MULTILINE)
    return {int(n) - base: level for n, level in found if base <= int(n) <= last}
