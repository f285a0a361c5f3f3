"""The firmware itself: under MicroPython with pins of air, and what of it plain Python can tell."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hw.firmware import fitted, light
from hw.firmware.wire import VERSION
from hw.ports import Colour, Glow, Pattern
from hw.serial_board import SerialBoard
from hw.specs import BoardSpec
from hw.wire import Fitted
from tests.hw.micropython import FIRMWARE, LAMPS, RESTING, SCAN_MS, Pico
from tests.hw.waiting import wait_until

STEADY = Glow(Colour.GREEN, Pattern.STEADY)
FULL = 65_535


class Clock:
    """A host that falls silent without knowing: its time can be stopped, and goes on from there."""

    def __init__(self) -> None:
        self._stopped: float | None = None
        self._behind = 0.0

    def __call__(self) -> float:
        return time.monotonic() - self._behind if self._stopped is None else self._stopped

    def stop(self) -> None:
        self._stopped = self()

    def go_on(self) -> None:
        self._behind = time.monotonic() - self()
        self._stopped = None


class Edges(list[tuple[str, bool, float]]):
    def __call__(self, name: str, down: bool, at: float) -> None:
        self.append((name, down, at))


@pytest.fixture
def edges() -> Edges:
    return Edges()


@pytest.fixture
def board(pico: Pico, edges: Edges) -> Iterator[SerialBoard]:
    board = SerialBoard(BoardSpec(port=str(pico.port)))
    board.open(edges)
    yield board
    board.close()


def status(pico: Pico) -> tuple[int, ...]:
    """Red, green and blue of the status lamp, in 255ths."""
    pins = fitted.LAMPS["status"]
    assert isinstance(pins, tuple)
    return tuple(pico.level(pin) // 257 for pin in pins)


def test_it_says_what_fitted_py_says(board: SerialBoard) -> None:
    assert board.fitted
    assert board.fitted.version == VERSION
    assert set(board.fitted.buttons) == set(fitted.BUTTONS)
    assert set(board.fitted.lamps) == set(fitted.LAMPS)
    assert board.fitted.coloured == {"status"}
    assert board.fitted.buzzer


def test_a_lamp_is_dimmed_and_a_lamp_of_all_colours_mixes_them(
    pico: Pico, board: SerialBoard
) -> None:
    dim = Glow(Colour.WHITE, Pattern.STEADY, 0.2)
    board.show({"absent": dim, "status": Glow(Colour.AMBER, Pattern.STEADY)})
    assert pico.burning == {"absent"}
    assert pico.level(2) == FULL // 5
    assert status(pico) == light.COLOURS["a"]


def test_a_lamp_that_stays_is_not_touched(pico: Pico, board: SerialBoard) -> None:
    board.show({"dnd": STEADY, "status": STEADY})
    pico.press("dnd")
    assert pico.touched == set()


def test_lamps_of_one_pattern_turn_together(pico: Pico, board: SerialBoard) -> None:
    fast = Glow(Colour.GREEN, Pattern.FAST)
    board.show({"dnd": fast, "missed": fast, "voicemail": STEADY})
    seen: set[frozenset[str]] = set()
    for burn in (True, False, True, False):
        wait_until(lambda burn=burn: ("dnd" in pico.burning) == burn)  # type: ignore[misc]
        seen.add(frozenset(pico.burning))
    assert seen == {frozenset({"voicemail"}), frozenset({"voicemail", "dnd", "missed"})}


def test_the_buzzer_sounds_a_tune_and_rings_until_told_otherwise(
    pico: Pico, board: SerialBoard
) -> None:
    board.beep("message")
    assert pico.level(11) == 1
    wait_until(lambda: pico.level(11) == 0)
    board.ring(True)
    assert pico.level(11) == 1
    board.ring(False)
    assert pico.level(11) == 0


@pytest.mark.usefixtures("board")
def test_a_press_that_bounces_is_one_press(pico: Pico, edges: Edges) -> None:
    pico.press("dnd", bounces=2)
    pico.release("dnd", bounces=2)
    wait_until(lambda: len(edges) >= 2)
    assert [(name, down) for name, down, _ in edges] == [("dnd", True), ("dnd", False)]
    (_, _, pressed), (_, _, released) = edges
    assert released - pressed >= RESTING * SCAN_MS / 1000


def test_every_button_has_its_name(pico: Pico, board: SerialBoard, edges: Edges) -> None:
    assert board
    for name in fitted.BUTTONS:
        pico.press(name)
    wait_until(lambda: len(edges) >= len(fitted.BUTTONS))
    assert [name for name, _, _ in edges] == list(fitted.BUTTONS)


def test_garbage_and_half_frames_do_not_disturb_it(pico: Pico, edges: Edges) -> None:
    pico.scribble(b"\x03\x04~0001 01 008 bye\r\nAT\r\n~" + bytes(range(256)) + b"~" + b"x" * 5_000)
    board = SerialBoard(BoardSpec(port=str(pico.port)))
    board.open(edges)
    board.show({"dnd": STEADY})
    assert pico.burning == {"dnd"}
    board.close()


def test_a_board_that_lost_its_host_says_so_with_every_lamp(pico: Pico, edges: Edges) -> None:
    pico.edit("board.py", "HOST_LOST_MS = 5_000", "HOST_LOST_MS = 1_200")
    pico.plug()
    clock = Clock()
    board = SerialBoard(BoardSpec(port=str(pico.port)), clock)
    board.open(edges)
    board.show({"dnd": STEADY})
    clock.stop()
    wait_until(lambda: pico.burning == set(LAMPS))
    wait_until(lambda: status(pico) == light.COLOURS["r"])
    clock.go_on()
    wait_until(lambda: pico.burning == {"dnd"})
    assert status(pico) == (0, 0, 0)
    board.close()


def test_who_holds_the_button_for_it_gets_the_prompt(pico: Pico) -> None:
    pico.start(fitted.PROMPT)
    assert pico.ended() == ""


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ('"dnd": 1,', '"dnd": 0,', "GP0 is used twice"),
        ('"dnd": 13,', '"dnd": 5,', "GP5 is used twice"),
        ("BUZZER = 11", "BUZZER = 10", "GP10 is used twice"),
        ('"dnd": 1,', '"dnd": 20,', "GP20 shares its PWM channel with another lamp"),
    ],
)
def test_pins_that_clash_are_complained_of_where_the_prompt_shows_it(
    pico: Pico, right: str, wrong: str, complaint: str
) -> None:
    pico.edit("fitted.py", right, wrong)
    pico.start()
    assert f"ValueError: fitted.py: {complaint}" in pico.ended()


def test_a_board_with_one_button_and_nothing_else_is_a_board(pico: Pico, edges: Edges) -> None:
    pico.edit("fitted.py", "BUZZER = 11", 'BUTTONS, LAMPS, BUZZER = {"dnd": 2}, {}, None')
    pico.start()
    board = SerialBoard(BoardSpec(port=str(pico.port)))
    board.open(edges)
    assert board.fitted == Fitted(VERSION, ("dnd",))
    board.show({"dnd": STEADY})
    board.beep("missed")
    board.close()


# What MicroPython does not know


@pytest.mark.parametrize("path", sorted(FIRMWARE.glob("*.py")), ids=lambda path: path.name)
def test_the_firmware_imports_what_a_pico_has(path: Path) -> None:
    found = re.findall(r"^(?:from|import) ([\w.]+)", path.read_text(), re.MULTILINE)
    builtin = {"machine", "micropython", "select", "sys", "time"}
    assert {name for name in found if not name.startswith("hw.firmware")} <= builtin
