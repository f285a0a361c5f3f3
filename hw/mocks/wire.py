"""The far end of a wire: a board that is not there, and a wire that does to bytes what wires do."""

import os
import random
import select
import socket
import threading
import time
import tty
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from enum import Enum, auto
from pathlib import Path
from typing import Protocol

from hw.firmware import light
from hw.firmware.board import Board
from hw.firmware.contact import Contact

TURN_SECONDS = 0.002


class Wire(Enum):
    """What becomes of bytes on their way."""

    WHOLE = auto()
    "Each piece arrives as it was sent."
    BYTEWISE = auto()
    "One byte at a time."
    LOSSY = auto()
    "One byte in two hundred is lost."
    CORRUPTING = auto()
    "One byte in two hundred is another."
    LATE = auto()
    "A piece takes up to 0.3 s, and none overtakes another."
    TWICE = auto()
    "Every piece arrives two times."
    HALF = auto()
    "Each piece ends in its middle; the rest comes before the next piece."
    CUT = auto()
    "Nothing arrives any more."


LATEST_SECONDS = 0.3
_ONE_IN = 200


class Liar:
    """One direction of a wire. Moments are seconds of whatever clock the caller has."""

    def __init__(self, wire: Wire, seed: int = 0) -> None:
        self.wire = wire
        "May be changed at any time."
        self._chance = random.Random(seed)
        self._on_its_way: list[tuple[float, bytes]] = []
        self._held = b""

    def put(self, data: bytes, now: float) -> None:
        """Send these bytes on their way."""
        if data:
            due = now + self._delay()
            last = self._on_its_way[-1][0] if self._on_its_way else due
            self._on_its_way.append((max(due, last), self._bent(data)))

    def take(self, now: float) -> list[bytes]:
        """What arrives now, in pieces as a reader gets them."""
        arrived = [data for due, data in self._on_its_way if due <= now]
        self._on_its_way = self._on_its_way[len(arrived) :]
        if self.wire is Wire.BYTEWISE:
            return [bytes([byte]) for data in arrived for byte in data]
        return [data for data in arrived if data]

    def _bent(self, data: bytes) -> bytes:
        match self.wire:
            case Wire.LOSSY:
                return bytes(byte for byte in data if self._chance.randrange(_ONE_IN))
            case Wire.CORRUPTING:
                return bytes(self._spoilt(byte) for byte in data)
            case Wire.TWICE:
                return data * 2
            case Wire.HALF:
                whole, middle = self._held + data, len(self._held) + len(data) // 2
                self._held = whole[middle:]
                return whole[:middle]
            case Wire.CUT:
                return b""
            case _:
                return data

    def _spoilt(self, byte: int) -> int:
        return byte if self._chance.randrange(_ONE_IN) else self._chance.randrange(256)

    def _delay(self) -> float:
        return self._chance.uniform(0, LATEST_SECONDS) if self.wire is Wire.LATE else 0.0


class Link(Protocol):
    """The board's side of something that a driver can open."""

    def read(self, timeout: float) -> bytes:
        """What has come, after so many seconds at most."""

    def write(self, data: bytes) -> None:
        """Send; what nobody takes is lost, as with USB when nobody has the port open."""

    def close(self) -> None:
        """Be gone, for the driver too."""


class Pty:
    """A pseudo-terminal, found by a name as udev makes them in /dev/serial/by-id."""

    def __init__(self, name: Path) -> None:
        self._name = name
        self._board, self._host = os.openpty()  # ours too, or reading failed while nobody is there
        tty.setraw(self._host)
        os.set_blocking(self._board, False)
        name.unlink(missing_ok=True)
        name.symlink_to(os.ttyname(self._host))

    def read(self, timeout: float) -> bytes:
        ready, _, _ = select.select([self._board], [], [], timeout)
        return os.read(self._board, 4096) if ready else b""

    def write(self, data: bytes) -> None:
        with suppress(BlockingIOError):
            os.write(self._board, data)

    def close(self) -> None:
        self._name.unlink(missing_ok=True)
        os.close(self._board)
        os.close(self._host)


class Tcp:
    """A listening socket on 127.0.0.1, for `socket://`; one caller at a time."""

    def __init__(self, port: int = 0) -> None:
        self._listener = socket.create_server(("127.0.0.1", port))
        self._caller: socket.socket | None = None

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def read(self, timeout: float) -> bytes:
        waits = [self._listener, *([self._caller] if self._caller else [])]
        ready, _, _ = select.select(waits, [], [], timeout)
        if self._listener in ready:
            self._hang_up()
            self._caller, _ = self._listener.accept()
        elif self._caller in ready and self._caller:
            return self._receive(self._caller)
        return b""

    def write(self, data: bytes) -> None:
        if self._caller:
            with suppress(OSError):
                self._caller.sendall(data)

    def close(self) -> None:
        self._hang_up()
        self._listener.close()

    def _receive(self, caller: socket.socket) -> bytes:
        try:
            data = caller.recv(4096)
        except ConnectionError:
            data = b""
        if not data:
            self._hang_up()
        return data

    def _hang_up(self) -> None:
        caller, self._caller = self._caller, None
        if caller:
            caller.close()


class _Finger:
    """On one button; the contact under it bounces."""

    def __init__(self) -> None:
        self.contact = Contact()
        self._level = False
        self._coming: list[bool] = []

    def move(self, down: bool, bounces: int) -> None:
        self._coming.extend([down, not down] * bounces + [down])

    def edges(self, at: int) -> Iterator[bool]:
        """Those that the board sees. A bounce is over in the moment in which it is looked at."""
        levels, self._coming = self._coming or [self._level], []
        for self._level in levels:
            if self.contact.turns(self._level, at):
                yield self._level

    @property
    def rests(self) -> bool:
        return not self._coming and self.contact.down == self._level


class FarEnd:
    """A board at the other end of a wire; what it does is the firmware's own code."""

    def __init__(
        self,
        link: Callable[[], Link],
        buttons: Iterable[str],
        lamps: Iterable[str],
        coloured: Iterable[str] = (),
        *,
        wire: Wire = Wire.WHOLE,
        buzzer: bool = True,
        noise: bytes = b"",
        seed: int = 0,
    ) -> None:
        self._make_link = link
        self.buttons, self.lamps, self.coloured = list(buttons), list(lamps), list(coloured)
        self.to_board, self.to_host = Liar(wire, seed), Liar(wire, seed + 1)
        self._buzzer, self._noise = buzzer, noise
        self._lock = threading.RLock()
        self._ended = threading.Event()
        self._link: Link | None = None
        self._thread: threading.Thread | None = None
        self._begin()

    # The world's side

    def __enter__(self) -> "FarEnd":
        self.plug()
        return self

    def __exit__(self, *_: object) -> None:
        self.unplug()

    def plug(self) -> None:
        """Give it power: it boots, and can be found."""
        self.unplug()
        self.restart()
        self._ended.clear()
        self._link = self._make_link()
        self._thread = threading.Thread(target=self._run, args=(self._link,), name="far end")
        self._thread.start()

    def unplug(self) -> None:
        """Pull it out. Twice does no harm."""
        self._ended.set()
        if self._thread:
            self._thread.join()
        link, self._link, self._thread = self._link, None, None
        if link:
            link.close()

    def restart(self) -> None:
        """Let the board begin anew, its port staying: a watchdog, or a weak supply."""
        with self._lock:
            self._begin()

    def hang(self, hangs: bool = True) -> None:
        """Let it do nothing, its port staying; or go on."""
        with self._lock:
            self._hangs = hangs

    def be(self, wire: Wire) -> None:
        """Be this kind of wire from now, both ways."""
        with self._lock:
            self.to_board.wire = self.to_host.wire = wire

    def move(self, button: str, down: bool, bounces: int = 0) -> None:
        """Press or let go. Unknown: `KeyError`."""
        with self._lock:
            self._fingers[button].move(down, bounces)

    @property
    def rests(self) -> bool:
        """Whether every move of a button has been told, and heard."""
        with self._lock:
            moved = all(finger.rests for finger in self._fingers.values())
            return moved and not self._board.waiting

    @property
    def burning(self) -> set[str]:
        """Lamps that burn now."""
        with self._lock:
            clock = self._board.clock(self._now())
            return {name for name in self.lamps if light.burns(self.lamp(name), clock)}

    @property
    def sounds(self) -> bool:
        """Whether the buzzer is heard now."""
        with self._lock:
            return self._board.sounds(self._now())

    @property
    def clock(self) -> int:
        """Milliseconds from which the patterns count, as the board has it now."""
        with self._lock:
            return self._board.clock(self._now())

    def lamp(self, name: str) -> str:
        """What a lamp shows now, in the protocol's five letters."""
        with self._lock:
            return self._board.lamp(self.lamps.index(name), self._now())

    # The board's side

    def _begin(self) -> None:
        self._started, self._hangs = time.monotonic(), False
        self._board = Board(self.buttons, self.lamps, self.coloured, self._buzzer, 0)
        self._fingers = {name: _Finger() for name in self.buttons}
        self.to_host.put(self._noise, self._started)

    def _now(self) -> int:
        return int((time.monotonic() - self._started) * 1_000)

    def _run(self, link: Link) -> None:
        while not self._ended.is_set():
            data = link.read(TURN_SECONDS)
            with self._lock:
                out = [] if self._hangs else self._turn(data)
            for piece in out:
                link.write(piece)

    def _turn(self, data: bytes) -> list[bytes]:
        now, at = time.monotonic(), self._now()
        self.to_board.put(data, now)
        for piece in self.to_board.take(now):
            self._board.receive(piece, at)
        for name, finger in self._fingers.items():
            for down in finger.edges(at):
                self._board.edge(name, down, at)
        self._board.tick(at)
        self.to_host.put(self._board.take(), now)
        return self.to_host.take(now)
