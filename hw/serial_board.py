"""A button board at the end of a wire: USB, a serial port, or a network. Only importer of pyserial.

The protocol is docs/board-protocol.md, its host's end `hw.wire`; here are the port and the thread
that reads it.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from hw.firmware.wire import VERSION
from hw.patterns import RINGING, TUNES, Beat
from hw.ports import EdgeHandler, Glow, HwLost, HwMissing
from hw.specs import BoardSpec
from hw.wire import Answered, Fitted, Gone, Happening, Met, Session, Turned

HELLO_SECONDS = 4.0
"For a board to answer the first time: an Arduino that opening has reset boots for two."

READ_SECONDS = 0.1
"The reader looks up so often, to send again and to notice silence."

WRITE_SECONDS = 1.0
"A board that takes in nothing for so long is lost."

FAREWELL_SECONDS = 0.3
"For a board to go dark when it is closed."

BY_ID = Path("/dev/serial/by-id")
OURS = ("MicroPython", "deskpanel")
"What the name of a board of ours has in it, where no port is configured."

_log = logging.getLogger(__name__)


class SerialBoard:
    """A board that debounces, blinks and dims by itself; here it is told what to show."""

    def __init__(
        self,
        spec: BoardSpec,
        clock: Callable[[], float] = time.monotonic,
        identities: Callable[[], int] = lambda: random.randint(1, 0xFFFF),
    ) -> None:
        self._spec = spec
        self._clock = clock
        self._identities = identities
        self.on_lost: Callable[[], None] | None = None
        "Called from the reading thread, once, when an open board is lost."
        self._link: _Link | None = None
        self._lamps: Mapping[str, Glow] = {}
        self._rings = False

    @property
    def fitted(self) -> Fitted | None:
        """What the board has; None where it is not open."""
        return self._link.fitted if self._link else None

    def open(self, on_edge: EdgeHandler) -> None:
        """Take the port and greet the board, whose lamps are then dark. Raises `HwMissing`."""
        self.close()
        self._lamps, self._rings = {}, False
        port = _open(self._spec)
        self._link = _Link(port, self._identities(), on_edge, self._clock, self._tell_lost)
        try:
            self._link.greet()
        except HwMissing:
            self.close()
            raise

    def show(self, lamps: Mapping[str, Glow]) -> None:
        """Make the lamps look like this, those not named being dark. Raises `HwLost`."""
        self._lamps = dict(lamps)
        self._show(self._insist())

    def beep(self, tune: str) -> None:
        """Play one of `TUNES`, once; nothing where no buzzer is fitted. Raises `HwLost`."""
        link, parts = self._insist(), durations(TUNES[tune])
        if link.fitted.buzzer:
            link.ask(lambda now: link.session.beep(parts, now))

    def ring(self, on: bool) -> None:
        """Sound 1 s in every 5 s, or stop. Raises `HwLost`."""
        link = self._insist()
        if on != self._rings:
            self._rings = on
            self._show(link)

    def close(self) -> None:
        """Lamps dark, port given back, thread ended. Twice does no harm."""
        link, self._link = self._link, None
        if link:
            link.close()

    def _show(self, link: "_Link") -> None:
        cadence = durations(RINGING) if self._rings and link.fitted.buzzer else ()
        link.ask(lambda now: link.session.show(self._lamps, cadence, now))

    def _insist(self) -> "_Link":
        if self._link is None:
            raise HwLost("serial board: it is not open")
        self._link.insist()
        return self._link

    def _tell_lost(self) -> None:
        if self.on_lost:
            self.on_lost()


class _Link:
    """An open port, the session on it, and the thread that reads; which closes the port."""

    def __init__(
        self,
        port: Any,
        identity: int,
        on_edge: EdgeHandler,
        clock: Callable[[], float],
        on_lost: Callable[[], None],
    ) -> None:
        self._port = port
        self._on_edge, self._clock, self._on_lost = on_edge, clock, on_lost
        self._changed = threading.Condition()
        self._answers: dict[int, str] = {}
        self._lost = ""
        self._closing = False
        self.session = Session(identity, clock())
        self._thread = threading.Thread(target=self._run, name="serial-board", daemon=True)

    @property
    def fitted(self) -> Fitted:
        """What the board has; nothing before it has said so."""
        return self.session.fitted or Fitted(VERSION)

    def greet(self) -> None:
        """Return when the board has answered. Raises `HwMissing`."""
        self._thread.start()
        with self._changed:
            self._send()
            self._changed.wait_for(lambda: self.session.fitted or self._ended, HELLO_SECONDS)
            if why := self._unmet():
                raise HwMissing(f"serial board: {self._port.name}: {why}")

    def ask(self, question: Callable[[float], int]) -> None:
        """Put a question and return when the board has done it. Raises `HwLost`."""
        with self._changed:
            self.insist()
            ticket = question(self._clock())
            self._send()
            # Not for ever: the session loses patience, and the reader looks.
            self._changed.wait_for(lambda: ticket in self._answers or self._ended)
            if ticket not in self._answers:
                self.insist()
            if refusal := self._answers.pop(ticket):
                raise HwLost(f"serial board: {self._port.name}: refused: {refusal}")

    def insist(self) -> None:
        """Raises `HwLost` where there is no board any more."""
        if self._ended:
            raise HwLost(f"serial board: {self._port.name}: {self._lost or 'it is not open'}")

    def close(self) -> None:
        """Let the board go dark, if it listens, and end the thread. Twice does no harm."""
        with self._changed:
            if self.session.fitted and not self._ended:
                self._say_bye()
            self._closing = True
            self._wake_reader()
        if self._thread is not threading.current_thread():
            self._thread.join()

    @property
    def _ended(self) -> bool:
        return bool(self._lost) or self._closing

    def _unmet(self) -> str:
        """Why this is no board to talk with; empty: it is one."""
        if self._lost:
            return self._lost
        if self.session.fitted is None:
            noise = f" ({spoilt} damaged lines)" if (spoilt := self.session.spoilt) else ""
            return f"no board answers there{noise}; is the firmware on it, and is board.dtr right?"
        if (theirs := self.fitted.version) != VERSION:
            return f"it speaks version {theirs} of the protocol, we {VERSION}: {_UPDATE}"
        return ""

    def _say_bye(self) -> None:
        ticket = self.session.bye(self._clock())
        self._send()
        self._changed.wait_for(lambda: ticket in self._answers or self._ended, FAREWELL_SECONDS)

    def _wake_reader(self) -> None:
        if cancel := getattr(self._port, "cancel_read", None):
            with _quietly():
                cancel()

    # The reading thread

    def _run(self) -> None:
        try:
            while not self._ended:
                self._turn()
        except _FAILURES as failure:
            self._lose(_plain(failure))
        finally:
            # After a mistake of ours too, which goes on to be loud: else the board was deaf, and
            # nobody told.
            self._give_back()
            if self.session.fitted and not self._closing:
                self._on_lost()

    def _turn(self) -> None:
        data = self._port.read(max(1, self._port.in_waiting))
        with self._changed:
            now = self._clock()
            happened = [*self.session.receive(data, now), *self.session.tick(now)]
            for happening in happened:
                self._note(happening)
        for happening in happened:
            if isinstance(happening, Turned):
                self._tell(happening)
        with self._changed:
            self._send()  # an edge is acknowledged when it has been told

    def _note(self, happening: Happening) -> None:
        match happening:
            case Gone(why=why):
                self._lose(why)
            case Answered(ticket=ticket, refusal=refusal):
                self._answers[ticket] = refusal
            case Met() | Turned():
                pass
        self._changed.notify_all()

    def _tell(self, edge: Turned) -> None:
        try:
            self._on_edge(edge.button, edge.down, edge.at)
        # What leaves here would end every button of this board.
        except Exception:  # noqa: BLE001
            _log.exception("an edge of button %s was lost", edge.button)

    def _send(self) -> None:
        out = self.session.take()
        try:
            if out and not self._ended:
                self._port.write(out)
        except _FAILURES as failure:
            self._lose(_plain(failure))

    def _lose(self, why: str) -> None:
        with self._changed:
            self._lost = self._lost or why
            self._changed.notify_all()

    def _give_back(self) -> None:
        """Also what is unplugged: a port that is held comes back under another name."""
        self._lose("its thread ended")
        # pyserial forgets its socket open where the other side has hung up already.
        connection: Any = getattr(self._port, "_socket", None)
        with self._changed:
            for held in (self._port, connection):
                with _quietly():
                    held.close()


def durations(beat: Beat) -> tuple[int, ...]:
    """A beat as milliseconds on, off, on, as the board wants it; 0 first where it begins off."""
    begin = () if beat.edges[:1] == (0,) else (0, 0)
    end = () if beat.frame in (None, beat.edges[-1]) else (beat.frame,)
    turns = [turn for turn in (*begin, *beat.edges, *end) if turn is not None]
    return tuple((later - sooner) // 1_000 for sooner, later in pairwise(turns))


_UPDATE = "put the firmware of this program on it (docs/board-protocol.md)"
_INSTALL = "install it with `pip install deskpanel[pi]` or `apt install python3-serial`"

try:
    import termios

    # Its error is a plain Exception, which pyserial lets through.
    _FAILURES: tuple[type[Exception], ...] = (OSError, termios.error)
except ModuleNotFoundError:  # where ports are called COM3
    _FAILURES = (OSError,)
_NO_PORT: tuple[type[Exception], ...] = (*_FAILURES, ValueError)


def _open(spec: BoardSpec) -> Any:
    """The port, taken for ourselves. Raises `HwMissing`."""
    serial = _pyserial()
    name = spec.port or _the_only_board()
    try:
        port = serial.serial_for_url(
            name,
            do_not_open=True,
            baudrate=spec.baud,
            timeout=READ_SECONDS,
            # Unknown to pyserial's RFC 2217, whose socket gives up after 5 s.
            write_timeout=None if name.startswith("rfc2217:") else WRITE_SECONDS,
            exclusive=True,
        )
        # Together, since an ESP32's reset circuit acts when they differ.
        port.dtr = port.rts = spec.dtr
        port.open()
    except _NO_PORT as failure:
        raise HwMissing(f"serial board: {name}: {_plain(failure)}{_elsewhere(name)}") from failure
    return port


def _pyserial() -> Any:
    try:
        import serial
    except ModuleNotFoundError as failure:
        raise HwMissing(f"serial board: {failure}; {_INSTALL}") from failure
    return serial


def _the_only_board() -> str:
    """The one port whose name says that it is a board of ours. Raises `HwMissing`."""
    ours = [name for name in _plugged_in() if any(word in name for word in OURS)]
    if len(ours) != 1:
        found = ", ".join(ours) or "none"
        raise HwMissing(f"serial board: one is looked for in {BY_ID} and there is {found}")
    return str(BY_ID / ours[0])


def _plugged_in() -> list[str]:
    return sorted(path.name for path in BY_ID.glob("*"))


def _elsewhere(name: str) -> str:
    """What to take instead of a port that is not there."""
    if "://" in name or Path(name).exists():
        return ""
    return f"; in {BY_ID} there is {', '.join(_plugged_in()) or 'none'}"


def _plain(failure: BaseException) -> str:
    """Without the guesses of pyserial: no data in spite of readiness is an unplugged device."""
    text = str(failure)
    return "it was unplugged" if "returned no data" in text else text


@contextmanager
def _quietly() -> Iterator[None]:
    """Go on when a port that is gone cannot be closed either."""
    try:
        yield
    # pyserial's network ports raise whatever their socket does; and there may be nothing to close.
    except Exception as failure:  # noqa: BLE001
        _log.debug("the port could not be closed: %s", failure)
