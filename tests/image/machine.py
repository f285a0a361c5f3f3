"""A computer that the image is booted on: QEMU, with a card of its own, in a network of its own.

The kernel, the initrd and the command line are the image's; the machine's firmware, which would
read them from the FAT drive, is what QEMU does not have. In QEMU's user network the guest finds
the host's loopback at 10.0.2.2, and the tests refuse to run where there is more than a loopback.
"""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from device.control.client import Client, ClientError
from tests.image import workshop, written
from tests.image.card import Card
from tests.image.qmp import Qmp
from tests.image.written import Write
from tests.interop.asterisk import WITH_US, free_port
from tests.interop.until import until

OUT = Path(os.environ.get("DESKPANEL_IMAGE") or workshop.CHECKOUT / ".image" / "out")
"What `make image` made."
BOOT = OUT / "boot"

BOOT_SECONDS = 600
"""Far more than a boot takes on two cores that are ours (README, figures.json), as a machine may be
busy. What is waited for is a condition; this only ends a wait for what never comes."""

LOG_BYTES = 64 << 30
"Room for what the guest writes; the file is sparse."

Json = Any
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kind:
    """A machine that QEMU can be."""

    name: str
    console: str
    hardware: tuple[str, ...]
    drive: str
    network: str
    serial: tuple[str, ...]
    edit: Callable[[Path], None]
    "What is changed in its device tree, as a real machine's firmware would, or has it."


def _device_tree(*edits: tuple[str, ...]) -> Callable[[Path], None]:
    def edit(tree: Path) -> None:
        for edit in edits:
            workshop.call("fdtput", *(part.replace("TREE", str(tree)) for part in edit))

    return edit


VIRT = Kind(
    name="virt",
    console="ttyAMA0",
    # As much as a Zero 2 W has.
    hardware=("-cpu", "cortex-a53", "-m", "512", "-device", "virtio-rng-device"),
    drive="if=none,id=card",
    network="virtio-net-device",
    serial=(),
    edit=_device_tree(
        # gpiozero wants a Raspberry Pi; a Compute Module 3 has no pull-up on GPIO 3.
        ("-p", "-t", "x", "TREE", "/system", "linux,revision", "a020a0"),
        # Line 3 of the PL061 is a power button there, and shall be the panel's.
        ("-r", "TREE", "/gpio-keys"),
        # No Raspberry Pi has a clock that runs without power.
        ("-r", "TREE", "/pl031@9010000"),
    ),
)

RASPI = Kind(
    name="raspi3b",
    console="ttyS1",
    hardware=("-device", "at24c-eeprom,bus=i2c-bus.1,address=0x3c,rom-size=4096"),
    drive="if=sd",
    network="usb-net",
    # The first serial port belongs to Bluetooth.
    serial=("-serial", "null"),
    edit=_device_tree(("-p", "-t", "x", "TREE", "/system", "linux,revision", "a02082")),
)


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
    written: list[int] = field(default_factory=list)
    "Bytes that went to the card, for every time it was on."
    _process: subprocess.Popen[bytes] | None = None
    _qmp: Qmp | None = None
    _ether: socket.socket | None = None
    _shell: "Shell | None" = None

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

    def start(self, *more: str) -> "Machine":
        """Switch on; `more` goes to the kernel's command line. Returns at once."""
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
                self._command(unsaved, theirs.fileno(), cable.fileno(), more),
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
        self.written.append(written.volume(writes))

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
            self._is_on()
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

    # Within

    @property
    def shell(self) -> "Shell":
        """A session of the user's, with the key; waits until it is let in."""
        if self._shell is None:
            shell = Shell(self.key, self.ssh_port)
            try:
                until(lambda: self._is_on() and shell.open(), BOOT_SECONDS, self.console)
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
        return levels(self.run("cat /sys/kernel/debug/gpio"))[line]

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

    def _is_on(self) -> bool:
        """Raises `RuntimeError` where it is not."""
        if not self.on:
            raise RuntimeError(f"it went off by itself:\n{self.console()[-8000:]}")
        return True

    # How QEMU is told

    @property
    def _log(self) -> Path:
        return self.home / "writes"

    def _command(self, unsaved: Path, qmp: int, cable: int, more: Iterable[str]) -> list[str]:
        kind, files = self.kind, boot_files()
        forward = f"hostfwd=tcp:127.0.0.1:{self.ssh_port}-:22"
        forward += f",hostfwd=tcp:127.0.0.1:{self.web_port}-:8780"
        return workshop.program(
            "qemu-system-aarch64",
            *("-L", workshop.FIRMWARE, "-M", kind.name, "-smp", str(self._smp), *kind.hardware),
            *("-dtb", self._tree(), "-kernel", files.kernel, "-initrd", files.initrd),
            *("-append", " ".join([files.arguments(kind.console), *more])),
            *("-drive", f"{kind.drive},{self._drive(unsaved)}"),
            *(("-device", "virtio-blk-device,drive=card") if kind is VIRT else ()),
            # The user's network, a plug for the tests, and the machine, on one switch.
            *("-netdev", f"user,id=user,{forward}", "-netdev", "hubport,id=a,hubid=0,netdev=user"),
            *("-netdev", f"dgram,id=tests,local.type=fd,local.str={cable}"),
            *("-netdev", "hubport,id=b,hubid=0,netdev=tests", "-netdev", "hubport,id=c,hubid=0"),
            *("-device", f"{kind.network},netdev=c,id=nic"),
            *("-chardev", f"socket,id=qmp,fd={qmp}", "-mon", "chardev=qmp,mode=control"),
            *(*kind.serial, "-serial", f"file:{self.home / 'console.log'}"),
            *("-trace", "i2c_event", "-trace", "i2c_send", "-D", self.home / "i2c.log"),
            *("-display", "none", "-no-reboot", "-nodefaults"),
        )

    @property
    def _smp(self) -> int:
        # QEMU's raspi3b has four cores, no fewer.
        return 4 if self.kind is RASPI else self.cpus

    def _drive(self, unsaved: Path) -> str:
        return (
            "driver=blklogwrites,log-sector-size=512"
            f",file.driver=qcow2,file.file.driver=file,file.file.filename={unsaved}"
            f",log.driver=file,log.filename={self._log}"
        )

    def _tree(self) -> Path:
        tree = self.home / f"{self.kind.name}.dtb"
        if not tree.exists():
            if self.kind is VIRT:
                machine = f"{VIRT.name},dumpdtb={tree}"
                smp = ("-smp", str(self._smp))
                bare = ("-L", workshop.FIRMWARE, *self.kind.hardware, "-display", "none")
                workshop.call("qemu-system-aarch64", "-M", machine, *smp, *bare)
            else:
                shutil.copyfile(boot_files().tree, tree)
            self.kind.edit(tree)
        return tree


@dataclass(frozen=True, slots=True)
class BootFiles:
    """What a Pi's firmware would find on the FAT drive."""

    kernel: Path
    initrd: Path
    tree: Path
    command_line: str

    def arguments(self, console: str) -> str:
        """The image's own, but for the console."""
        kept = [a for a in self.command_line.split() if not a.startswith("console=")]
        return " ".join([*kept, f"console={console},115200"])


def boot_files() -> BootFiles:
    return BootFiles(
        kernel=_only("vmlinuz*"),
        initrd=_only("initrd*"),
        tree=_only("bcm2837-rpi-3-b.dtb"),
        command_line=_only("cmdline*").read_text().strip(),
    )


def _only(pattern: str) -> Path:
    found = list(BOOT.glob(pattern))
    if len(found) != 1:
        raise RuntimeError(f"expected one {pattern} in {BOOT}, found {len(found)}: `make image`")
    return found[0]


def image() -> Path:
    """The image that was built last."""
    found = sorted(OUT.glob("*.img"), key=lambda file: file.stat().st_mtime)
    if not found:
        raise RuntimeError(f"no image in {OUT}: `make image`")
    return found[-1]


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

    def fetch(self, path: str) -> bytes:
        command = [*self.command(), "sudo", "-n", "cat", path]
        return subprocess.run(command, capture_output=True, check=True).stdout

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


def levels(told: str) -> dict[int, str]:
    """The lines in use of the first chip in /sys/kernel/debug/gpio: "hi" or "lo"."""
    first = re.search(r"^gpiochip0: GPIOs (\d+)-(\d+)", told, re.MULTILINE)
    if not first:
        raise ValueError(f"expected a GPIO chip, found {told!r}")
    base, last = int(first[1]), int(first[2])
    found = re.findall(r"^ gpio-(\d+) .*\) (?:in|out) +(hi|lo)", told, re.MULTILINE)
    return {int(n) - base: level for n, level in found if base <= int(n) <= last}


def seconds_of(line: str) -> float:
    """The kernel's clock in a line of `journalctl --output=short-monotonic`."""
    found = re.match(r"\[ *(\d+\.\d+)\]", line)
    if not found:
        raise ValueError(f"expected a stamp, found {line!r}")
    return float(found[1])
