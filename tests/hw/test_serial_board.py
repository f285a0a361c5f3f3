"""The serial driver, over ptys and sockets, against a mock board and wires that lie."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import serial.rfc2217
from hypothesis import given, settings
from hypothesis import strategies as st

from hw import serial_board
from hw.drivers import board
from hw.firmware import light
from hw.firmware.wire import LONGEST, frame
from hw.mocks.wire import FarEnd, Pty, Tcp, Wire
from hw.patterns import RINGING, TUNES, Beat
from hw.ports import Colour, Glow, HwLost, HwMissing, Pattern
from hw.serial_board import FAREWELL_SECONDS, SerialBoard, durations
from hw.specs import BoardSpec
from hw.wire import BEAT_SECONDS, SILENCE_SECONDS, Session, lamp_word
from tests.hw.waiting import wait_until

BUTTONS, LAMPS = ["dnd", "missed"], ["dnd", "missed", "status"]
GREEN = Glow(Colour.GREEN, Pattern.STEADY)
DIM = Glow(Colour.AMBER, Pattern.PULSE, 0.25, Colour.RED)


class Clock:
    """Time that goes on by itself, and can be put forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


class Edges(list[tuple[str, bool]]):
    """What was told of buttons."""

    def __call__(self, name: str, down: bool, _at: float) -> None:
        self.append((name, down))


@pytest.fixture
def edges() -> Edges:
    return Edges()


@pytest.fixture
def port(tmp_path: Path) -> Path:
    """Where the board is found once it is plugged in."""
    return tmp_path / "usb-board-if00"


@pytest.fixture
def far(port: Path) -> Iterator[FarEnd]:
    """A board that is plugged in."""
    with FarEnd(lambda: Pty(port), BUTTONS, LAMPS, ["status"]) as far:
        yield far


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def panel(port: Path, clock: Clock) -> Iterator[SerialBoard]:
    """The driver, not yet opened."""
    panel = SerialBoard(BoardSpec(port=str(port)), clock)
    yield panel
    panel.close()


def press(far: FarEnd, *buttons: str) -> None:
    for button in buttons:
        far.move(button, True, bounces=3)
        wait_until(lambda: far.rests)
        far.move(button, False)
        wait_until(lambda: far.rests)


def right(far: FarEnd, lamps: dict[str, Glow]) -> bool:
    return all(far.lamp(name) == lamp_word(lamps.get(name, Glow())) for name in LAMPS)


# Showing and telling


def test_lamps_are_shown_with_colour_pattern_level_and_overlay_when_show_returns(
    far: FarEnd, panel: SerialBoard, edges: Edges
) -> None:
    panel.open(edges)
    panel.show({"dnd": GREEN, "status": DIM, "unheard of": GREEN})
    assert right(far, {"dnd": GREEN, "status": DIM})


def test_ringing_is_a_level_beside_the_lamps(far: FarEnd, panel: SerialBoard, edges: Edges) -> None:
    panel.open(edges)
    panel.show({"dnd": GREEN})
    panel.ring(True)
    assert far.sounds
    assert right(far, {"dnd": GREEN})
    panel.show({})
    panel.ring(True)
    assert far.sounds
    panel.ring(False)
    assert not far.sounds


def test_a_tune_is_played(far: FarEnd, panel: SerialBoard, edges: Edges) -> None:
    panel.open(edges)
    panel.beep("voicemail")
    assert far.sounds
    wait_until(lambda: not far.sounds)


def test_a_board_without_a_buzzer_is_asked_for_no_sound(port: Path, edges: Edges) -> None:
    with FarEnd(lambda: Pty(port), BUTTONS, LAMPS, buzzer=False) as far:
        panel = board("serial", BoardSpec(port=str(port)))
        panel.open(edges)
        panel.beep("missed")
        panel.ring(True)
        assert not far.sounds
        panel.close()


MS = 1_000


@pytest.mark.parametrize(
    "beat",
    [
        RINGING,
        *TUNES.values(),
        Beat((0, 120 * MS, 240 * MS, 360 * MS)),
        Beat((50 * MS, 120 * MS)),
        Beat((0, 100 * MS), 100 * MS + 1_000 * MS),
        Beat((30 * MS, 100 * MS), 100 * MS),
    ],
)
def test_the_board_sounds_as_the_tune_is_meant(beat: Beat) -> None:
    parts = light.durations(",".join(map(str, durations(beat))))
    for ms in range(3_000):
        elapsed = ms % sum(parts) if beat.frame else ms
        assert light.sounds(parts, elapsed) == beat.up(ms / 1_000), ms


@pytest.mark.parametrize("wire", [wire for wire in Wire if wire is not Wire.CUT])
def test_over_any_wire_lamps_come_right_and_every_press_is_told(
    far: FarEnd, panel: SerialBoard, edges: Edges, wire: Wire
) -> None:
    far.be(wire)
    panel.open(edges)
    panel.show({"dnd": GREEN})
    panel.show({"missed": GREEN, "status": DIM})
    assert right(far, {"missed": GREEN, "status": DIM})
    press(far, "dnd")
    assert edges == [("dnd", True), ("dnd", False)]


def test_noise_of_booting_is_passed_over(port: Path, panel: SerialBoard, edges: Edges) -> None:
    noise = b"\x00\xff~MPY: soft reboot\r\n~00" + frame(7, 3, "edge 5 dnd down")
    with FarEnd(lambda: Pty(port), BUTTONS, LAMPS, noise=noise) as far:
        panel.open(edges)
        panel.show({"dnd": GREEN})
        assert right(far, {"dnd": GREEN})
        assert edges == []
        panel.close()


# Not there, and not there any more


def test_no_such_port_is_missing_and_those_plugged_in_are_named(
    tmp_path: Path, edges: Edges, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serial_board, "BY_ID", tmp_path)
    (tmp_path / "usb-Some_Modem-if00").touch()
    panel = SerialBoard(BoardSpec(port=str(tmp_path / "usb-MicroPython-if00")))
    with pytest.raises(HwMissing, match=r"No such file.*there is usb-Some_Modem-if00"):
        panel.open(edges)


def test_without_a_configured_port_the_only_board_is_taken(
    tmp_path: Path, edges: Edges, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serial_board, "BY_ID", tmp_path)
    (tmp_path / "usb-Some_Modem-if00").touch()
    panel = SerialBoard(BoardSpec())
    with pytest.raises(HwMissing, match="there is none"):
        panel.open(edges)
    with FarEnd(lambda: Pty(tmp_path / "usb-MicroPython_Board-if00"), BUTTONS, LAMPS):
        panel.open(edges)
        panel.close()
        (tmp_path / "usb-MicroPython_Board_2-if00").touch()
        with pytest.raises(HwMissing, match=r"there is usb-MicroPython_Board-if00, usb-Micro"):
            panel.open(edges)


@pytest.mark.parametrize("port", ["sokcet://localhost:1", "socket://127.0.0.1:no", "socket://x"])
def test_a_port_that_is_written_wrong_is_missing_in_words(port: str, edges: Edges) -> None:
    with pytest.raises(HwMissing, match=f"serial board: {port}: "):
        SerialBoard(BoardSpec(port=port)).open(edges)


@pytest.mark.usefixtures("far")
def test_a_port_in_use_is_missing(panel: SerialBoard, port: Path, edges: Edges) -> None:
    panel.open(edges)
    other = SerialBoard(BoardSpec(port=str(port)))
    with pytest.raises(HwMissing, match="exclusively lock"):
        other.open(edges)
    panel.close()
    other.open(edges)
    other.close()


def test_where_no_board_answers_it_is_missing_and_the_port_is_given_back(
    far: FarEnd, panel: SerialBoard, edges: Edges, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serial_board, "HELLO_SECONDS", 0.3)
    far.be(Wire.CUT)
    with pytest.raises(HwMissing, match="no board answers there"):
        panel.open(edges)
    far.be(Wire.WHOLE)
    panel.open(edges)


def test_a_board_of_another_version_is_missing_and_what_to_do_is_said(
    port: Path, panel: SerialBoard, edges: Edges
) -> None:
    class Newer(Pty):
        def write(self, data: bytes) -> None:
            session = int(data[1:5], 16)
            super().write(frame(session, 0, "hello 2 and what more there will be"))

    words = "version 2 of the protocol, we 1: put the firmware"
    with FarEnd(lambda: Newer(port), BUTTONS, LAMPS), pytest.raises(HwMissing, match=words):
        panel.open(edges)


def test_a_port_that_dies_while_the_board_is_greeted_is_missing_not_lost(edges: Edges) -> None:
    class HangsUp(Tcp):
        def read(self, timeout: float) -> bytes:
            super().read(timeout)
            self._hang_up()
            return b""

    server = HangsUp()
    lost = threading.Event()
    panel = SerialBoard(BoardSpec(port=f"socket://127.0.0.1:{server.port}"))
    panel.on_lost = lost.set
    with (
        FarEnd(lambda: server, BUTTONS, LAMPS),
        pytest.raises(HwMissing, match=r"disconnected|reset"),
    ):
        panel.open(edges)
    assert not lost.is_set()


def test_an_unplugged_board_is_noticed_at_once_though_nobody_asks(
    far: FarEnd, panel: SerialBoard, edges: Edges
) -> None:
    lost = threading.Event()
    panel.on_lost = lost.set
    panel.open(edges)
    far.unplug()
    assert lost.wait(1.0)
    asks: list[Callable[[], None]] = [
        lambda: panel.show({}),
        lambda: panel.ring(False),
        lambda: panel.beep("missed"),
    ]
    for ask in asks:
        with pytest.raises(HwLost, match="unplugged"):
            ask()


def test_an_unplugged_port_is_given_back_so_that_it_comes_again_by_its_name(
    far: FarEnd, panel: SerialBoard, edges: Edges
) -> None:
    lost = threading.Event()
    panel.on_lost = lost.set
    before = handles()
    panel.open(edges)
    far.unplug()
    assert lost.wait(1.0)
    assert handles() <= before


def handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_plugged_in_again_it_is_right_and_told_of_though_it_is_another_tty(
    far: FarEnd, port: Path, panel: SerialBoard, edges: Edges
) -> None:
    panel.open(edges)
    panel.show({"dnd": GREEN})
    panel.ring(True)
    before = port.readlink()
    taken = [os.openpty() for _ in range(2)]
    far.unplug()
    with pytest.raises(HwLost):
        panel.show({})
    taken += [os.openpty()]
    far.plug()
    assert port.readlink() != before
    panel.open(edges)
    panel.show({"missed": GREEN})
    assert right(far, {"missed": GREEN})
    assert not far.sounds
    press(far, "missed")
    assert edges == [("missed", True), ("missed", False)]
    for pair in taken:
        for handle in pair:
            os.close(handle)


def test_a_board_that_hangs_is_noticed_by_its_silence(
    far: FarEnd, panel: SerialBoard, edges: Edges, clock: Clock
) -> None:
    lost = threading.Event()
    panel.on_lost = lost.set
    panel.open(edges)
    far.hang()
    clock.ahead += SILENCE_SECONDS
    assert lost.wait(1.0)
    with pytest.raises(HwLost, match=r"fell silent"):
        panel.show({})


def test_a_wire_that_is_cut_in_the_midst_of_a_question_is_lost(
    far: FarEnd, panel: SerialBoard, edges: Edges, clock: Clock
) -> None:
    panel.open(edges)
    far.be(Wire.CUT)
    threading.Timer(0.05, lambda: setattr(clock, "ahead", SILENCE_SECONDS)).start()
    with pytest.raises(HwLost, match=r"fell silent|does not answer"):
        panel.show({"dnd": GREEN})


def test_a_board_that_began_anew_is_lost_until_it_is_greeted(
    far: FarEnd, panel: SerialBoard, edges: Edges, clock: Clock
) -> None:
    lost = threading.Event()
    panel.on_lost = lost.set
    panel.open(edges)
    clock.ahead += BEAT_SECONDS
    far.restart()
    assert lost.wait(1.0)
    with pytest.raises(HwLost, match="it began anew"):
        panel.show({"dnd": GREEN})
    panel.open(edges)
    panel.show({"dnd": GREEN})
    assert right(far, {"dnd": GREEN})


def test_closing_a_board_that_hangs_takes_no_longer_than_a_farewell(
    far: FarEnd, panel: SerialBoard, edges: Edges
) -> None:
    panel.open(edges)
    far.hang()
    began = time.monotonic()
    panel.close()
    assert time.monotonic() - began < FAREWELL_SECONDS + 0.2


def test_a_listener_may_close_the_board(far: FarEnd, panel: SerialBoard) -> None:
    closed = threading.Event()

    def close(_name: str, _down: bool, _at: float) -> None:
        panel.close()
        closed.set()

    panel.open(close)
    far.move("dnd", True)
    assert closed.wait(5.0)
    with pytest.raises(HwLost, match="not open"):
        panel.show({})
    wait_until(lambda: not any(t.name == "serial-board" for t in threading.enumerate()))


# Over a network


def test_a_board_behind_a_socket_is_a_board(edges: Edges) -> None:
    links: list[Tcp] = []

    def listen() -> Tcp:
        links.append(Tcp())
        return links[-1]

    with FarEnd(listen, BUTTONS, LAMPS) as far:
        lost = threading.Event()
        panel = SerialBoard(BoardSpec(port=f"socket://127.0.0.1:{links[0].port}"))
        panel.on_lost = lost.set
        panel.open(edges)
        panel.show({"dnd": GREEN})
        assert right(far, {"dnd": GREEN})
        press(far, "dnd")
        assert edges == [("dnd", True), ("dnd", False)]
        far.unplug()
        assert lost.wait(1.0)
        with pytest.raises(HwMissing, match="Could not open port"):
            panel.open(edges)


class Lines:
    """A serial port as RFC 2217's server sees one: remembers its lines and its speed."""

    def __init__(self) -> None:
        self.baudrate, self.bytesize, self.parity, self.stopbits = 9600, 8, "N", 1
        self.dtr = self.rts = self.cts = self.dsr = self.ri = self.cd = False

    def reset_input_buffer(self) -> None:
        """Nothing is kept."""

    def reset_output_buffer(self) -> None:
        """Likewise."""


class TelnetEnd(Tcp):
    """A device server of RFC 2217, by pyserial's own other half."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = Lines()
        self._manager = serial.rfc2217.PortManager(self.lines, self)

    def read(self, timeout: float) -> bytes:
        return b"".join(self._manager.filter(super().read(timeout)))

    def write(self, data: bytes) -> None:
        super().write(
            data if data[:1] == serial.rfc2217.IAC else b"".join(self._manager.escape(data))
        )


# pyserial's, as of 3.5.
@pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning")
@pytest.mark.parametrize("dtr", [True, False])
def test_a_board_behind_a_device_server_has_its_speed_and_its_dtr(dtr: bool, edges: Edges) -> None:
    links: list[TelnetEnd] = []

    def listen() -> TelnetEnd:
        links.append(TelnetEnd())
        return links[-1]

    with FarEnd(listen, BUTTONS, LAMPS) as far:
        url = f"rfc2217://127.0.0.1:{links[0].port}"
        panel = SerialBoard(BoardSpec(port=url, baud=57_600, dtr=dtr))
        panel.open(edges)
        panel.show({"dnd": GREEN})
        assert right(far, {"dnd": GREEN})
        lines = links[0].lines
        assert (lines.dtr, lines.rts, lines.baudrate) == (dtr, dtr, 57_600)
        press(far, "dnd")
        assert edges == [("dnd", True), ("dnd", False)]
        panel.close()


# A board that means harm, or has gone mad


LETTERS = st.characters(min_codepoint=0x20, max_codepoint=0x7D)
WORDS = st.one_of(
    st.integers(0, 10**400).map(str),
    st.sampled_from(["1", "-", "dnd", "dnd,missed", "dnd*", "buzzer", "down", "up", "01", ""]),
    st.lists(st.text("abc*", max_size=2), max_size=150).map(",".join),
    st.text(LETTERS, max_size=20),
)
PAYLOADS = st.tuples(
    st.sampled_from(["hello", "beat", "edge", "ack", "no", "boot", "show"]),
    st.lists(WORDS, max_size=5),
).map(lambda said: " ".join([said[0], *said[1]])[:LONGEST])
HELLOS = st.one_of(
    PAYLOADS.map(lambda payload: f"hello 1 {payload.partition(' ')[2]}"[:LONGEST]),
    WORDS.map(lambda lamps: f"hello 1 5 dnd {lamps} buzzer"[:LONGEST]),
    st.just("hello 1 5 dnd dnd buzzer"),
)


class Hostile:
    """A port whose board says, in good frames, what it likes, and is then unplugged.

    What follows its hello comes when it has been asked something.
    """

    name = "hostile"
    in_waiting = 0

    def __init__(self, hello: str, said: list[tuple[int, str]]) -> None:
        self._hello = [frame(7, 0, hello)]
        self._said = [frame(7, sequence, payload) for sequence, payload in said]
        self._asked = threading.Event()

    def read(self, _size: int) -> bytes:
        if self._hello:
            return self._hello.pop()
        assert self._asked.wait(5)
        if self._said:
            return self._said.pop(0)
        raise OSError("returned no data")

    def write(self, data: bytes) -> None:
        if b" show " in data or b" bye " in data:
            self._asked.set()

    def cancel_read(self) -> None:
        self._asked.set()

    def close(self) -> None:
        self._asked.set()


@settings(deadline=None)
@given(HELLOS, st.lists(st.tuples(st.integers(0, 255), PAYLOADS), max_size=6))
def test_whatever_a_board_says_it_is_refused_or_lost_and_never_dead_in_silence(
    hello: str, said: list[tuple[int, str]]
) -> None:
    panel, lost = SerialBoard(BoardSpec(port="hostile"), identities=lambda: 7), threading.Event()
    panel.on_lost = lost.set
    with pytest.MonkeyPatch.context() as patch, suppress(HwMissing):
        patch.setattr(serial_board, "_open", lambda _: Hostile(hello, said))
        patch.setattr(serial_board, "HELLO_SECONDS", 0.05)
        panel.open(Edges())
        with suppress(HwLost):
            panel.show({"dnd": GREEN})  # answered, if one of the frames is its answer
        assert lost.wait(5)
        with pytest.raises(HwLost):
            panel.show({})
    panel.close()


def test_a_mistake_of_ours_in_the_reading_thread_is_loud_and_the_board_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: told.append(args.exc_type))
    port = Hostile("hello 1 5 dnd dnd -", [(0, "beat 5")])
    monkeypatch.setattr(serial_board, "_open", lambda _: port)
    panel, lost = SerialBoard(BoardSpec(port="hostile"), identities=lambda: 7), threading.Event()
    panel.on_lost = lost.set
    panel.open(Edges())
    monkeypatch.setattr(Session, "_listen", lambda *_: 1 / 0)
    with pytest.raises(HwLost):
        panel.show({})
    assert lost.wait(5)
    panel.close()
    assert told == [ZeroDivisionError]
