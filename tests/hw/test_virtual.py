"""The world's side of the virtual board and display."""

import threading

import pytest
from PIL import Image

from hw.mocks.board import VirtualBoard
from hw.mocks.oled import VirtualOled
from hw.ports import Colour, Glow, HwLost, HwMissing, Pattern

GREEN = Glow(Colour.GREEN, Pattern.STEADY)


def ignore(_name: str, _down: bool, _at: float) -> None:
    """Nobody listens."""


def test_the_world_is_told_of_every_change_and_of_nothing_else() -> None:
    board = VirtualBoard(["dnd"], ["dnd"])
    board.open(ignore)
    told: list[bool] = []
    board.on_change = lambda: told.append(board.glows["dnd"] == GREEN)
    board.show({"dnd": GREEN})
    board.show({"dnd": GREEN})
    board.show({})
    board.close()
    assert told[:2] == [True, False]
    assert [dict(glows)["dnd"].pattern for glows in board.history] == [Pattern.STEADY, Pattern.OFF]


def test_beeps_and_ringing_are_heard() -> None:
    board = VirtualBoard([])
    board.open(ignore)
    board.beep("missed")
    board.ring(True)
    assert (list(board.beeps), board.ringing) == (["missed"], True)
    board.close()
    assert not board.ringing


def test_a_button_that_is_not_there_cannot_be_pressed() -> None:
    with pytest.raises(KeyError):
        VirtualBoard(["dnd"]).press("missed")


def test_times_come_from_the_clock_that_was_given() -> None:
    times = iter((1.0, 1.5, 2.0))
    told: list[tuple[bool, float]] = []
    board = VirtualBoard(["dnd"], bounces=1, spacing=0.0, clock=lambda: next(times))
    board.open(lambda _name, down, at: told.append((down, at)))
    board.press("dnd")
    board.settle()
    board.close()
    assert told == [(True, 1.0), (False, 1.5), (True, 2.0)]


def test_an_unplugged_board_tells_no_edges_and_cannot_be_opened() -> None:
    told: list[str] = []
    board = VirtualBoard(["dnd"])
    board.open(lambda name, _down, _at: told.append(name))
    board.unplug()
    board.press("dnd")
    board.settle()
    with pytest.raises(HwMissing):
        board.open(ignore)
    board.close()
    assert told == []


def test_a_handler_may_close_the_board() -> None:
    board = VirtualBoard(["dnd"])
    closed = threading.Event()

    def close(_name: str, _down: bool, _at: float) -> None:
        board.close()
        closed.set()

    board.open(close)
    board.press("dnd")
    assert closed.wait(10)
    board.settle()
    with pytest.raises(HwLost):
        board.show({})


def test_a_virtual_display_is_noisy_until_it_is_opened() -> None:
    oled = VirtualOled()
    assert oled.pixels.getbbox() is not None
    oled.open()
    assert oled.pixels.getbbox() is None
    oled.unplug()
    oled.plug()
    assert oled.pixels.getbbox() is not None


def test_the_world_sees_each_new_picture_once() -> None:
    oled, told = VirtualOled((8, 8)), []
    oled.open()
    oled.on_change = lambda: told.append(oled.pixels.tobytes())
    white = Image.new("1", (8, 8), 1)
    oled.show(white)
    oled.show(white.copy())
    assert told == [white.tobytes()]
    assert oled.shown == 1
