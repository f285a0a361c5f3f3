"""The firmware under MicroPython, in the chroot that `make pbx` builds, at the end of a pty."""

import os
import shutil
import socket
import subprocess
import tty
from contextlib import suppress
from pathlib import Path

from hw.firmware import fitted
from hw.firmware.contact import WINDOW_MS
from tests.hw.waiting import LIMIT_SECONDS, wait_until
from tests.interop.asterisk import CHROOT, inside

FIRMWARE = Path(__file__).parents[2] / "hw" / "firmware"
STAND_IN = FIRMWARE.parent / "mocks" / "pico.py"

SCAN_MS = 5
"As in the firmware's main loop, which plain Python cannot import."

LAMPS = {name: pin for name, pin in fitted.LAMPS.items() if isinstance(pin, int)}
"Those of one colour."

RESTING = WINDOW_MS // SCAN_MS + 2
"Looks that the board takes at a contact, until it believes in another edge."

HEAP = "192K"
"What the RP2040 leaves to MicroPython, nearly; words are twice as long here."


def missing() -> str:
    """Why no MicroPython can be run here; empty: it can."""
    if not (CHROOT / "usr/bin/micropython").exists():
        return "no MicroPython here: `make pbx` installs it"
    if os.geteuid() != 0:
        return "MicroPython is run in a chroot, which needs root"
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode:
        return "nothing may be mounted here, as in a container without the right to"
    return ""


class Pico:
    """A button board whose firmware is real; pins, timers and USB are stand-ins."""

    def __init__(self, home: Path) -> None:
        self.port = home / "board"
        "Where a driver finds it."
        self._home = home / "flash"
        self._process: subprocess.Popen[bytes] | None = None
        self._outputs: dict[int, int] = {}
        self._moved: list[tuple[int, int]] = []
        self._told = b""
        shutil.copytree(FIRMWARE, self._home / "hw" / "firmware")
        shutil.copy(STAND_IN, self._home)

    def plug(self) -> None:
        """Give it power, and return when its program has begun."""
        self.start()
        wait_until(lambda: self._booted() or self._failed())

    def start(self, *held: str) -> None:
        """Give it power, with these buttons held down."""
        self.unplug()
        self._outputs, self._moved, self._told = {}, [], b""
        board, self._host = os.openpty()
        tty.setraw(self._host)
        self._world, pins = socket.socketpair()
        self._world.setblocking(False)
        with pins, (self._home / "stderr").open("ab") as complaints:
            self._process = subprocess.Popen(
                inside(self._home, *self._command(pins.fileno(), held)),
                stdin=board,
                stdout=board,
                stderr=complaints,
                pass_fds=[pins.fileno()],
            )
        os.close(board)
        self.port.symlink_to(os.ttyname(self._host))

    def edit(self, module: str, old: str, new: str) -> None:
        """Change its program, which it runs when it is started the next time."""
        path = self._home / "hw" / "firmware" / module
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    def ended(self) -> str:
        """What its program complained of, once it has ended and left the prompt."""
        assert self._process
        self._process.wait(LIMIT_SECONDS)
        return self.log()

    def scribble(self, noise: bytes) -> None:
        """Send it something that is no protocol."""
        os.write(self._host, noise)

    def unplug(self) -> None:
        """Pull it out. Twice does no harm."""
        if self._process:
            self.port.unlink(missing_ok=True)
            self._process.kill()
            self._process.wait()
            self._process = None
            self._world.close()
            os.close(self._host)

    def press(self, button: str, bounces: int = 0) -> None:
        """Join a button's pin to ground; returns when the contact has rested for a while."""
        self._drive(fitted.BUTTONS[button], "0 1 " * bounces + "0", *["0"] * RESTING)

    def release(self, button: str, bounces: int = 0) -> None:
        """Let it float up again; returns likewise."""
        self._drive(fitted.BUTTONS[button], "1 0 " * bounces + "1", *["1"] * RESTING)

    def _drive(self, pin: int, *levels: str) -> None:
        """One after the other, each at a look of the board's; those with several bounce."""
        self._look()
        self._moved.clear()
        for some in levels:
            self._world.sendall(f"{pin} {some}\n".encode())
        wait_until(lambda: len(self._moves()) == len(levels))

    def level(self, pin: int) -> int:
        """Of an output: its duty of 65535, or 0 and 1."""
        self._look()
        return self._outputs.get(pin, 0)

    @property
    def burning(self) -> set[str]:
        """Lamps of one colour that burn now."""
        return {
            name for name, pin in fitted.LAMPS.items() if isinstance(pin, int) and self.level(pin)
        }

    @property
    def touched(self) -> set[int]:
        """Outputs that were written to since the last time a button moved."""
        self._look()
        return {pin for pin, _ in self._moved} - set(fitted.BUTTONS.values())

    def log(self) -> str:
        """What MicroPython complained of."""
        return (self._home / "stderr").read_text()

    def _command(self, pins: int, held: tuple[str, ...]) -> list[str]:
        low = [str(fitted.BUTTONS[button]) for button in held]
        micropython = ["micropython", "-X", f"heapsize={HEAP}", "/mnt/pico.py", str(pins), *low]
        return ["env", "MICROPYPATH=/mnt", *micropython]

    def _booted(self) -> bool:
        self._look()
        return fitted.BUZZER in self._outputs  # which comes last

    def _failed(self) -> bool:
        assert self._process
        assert self._process.poll() is None, self.log()
        return False

    def _moves(self) -> list[tuple[int, int]]:
        """What buttons' pins did since they were driven last."""
        self._look()
        return [(pin, level) for pin, level in self._moved if pin in fitted.BUTTONS.values()]

    def _look(self) -> None:
        """Take in what the pins have told."""
        with suppress(BlockingIOError):
            self._told += self._world.recv(1 << 16)
        *lines, self._told = self._told.split(b"\n")
        for line in lines:
            pin, level = map(int, line.split())
            self._outputs[pin] = level
            self._moved.append((pin, level))
