"""What every board promises, whatever it is made of."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest

from hw.gpio import GpioBoard
from hw.mocks.board import VirtualBoard
from hw.mocks.pins import MockPins
from hw.none import NoBoard
from hw.patterns import TUNES, lit
from hw.ports import Board, Colour, Glow, HwError, HwLost, HwMissing, Pattern
from hw.specs import BoardSpec

BUTTONS = {"dnd": 6, "missed": 16}
LAMPS = {"dnd": 12, "missed": 17}
GREEN = Glow(Colour.GREEN, Pattern.STEADY)


@dataclass
class Edges:
    """Remembers what a board told, and from where; may be made to fail."""

    told: list[tuple[str, bool, float]] = field(default_factory=list)
    threads: set[threading.Thread] = field(default_factory=set)
    failures: int = 0

    def __call__(self, name: str, down: bool, at: float) -> None:
        self.threads.add(threading.current_thread())
        if self.failures:
            self.failures -= 1
            raise RuntimeError("a fault in the handler")
        self.told.append((name, down, at))

    @property
    def levels(self) -> list[tuple[str, bool]]:
        return [(name, down) for name, down, _ in self.told]


@dataclass
class Rig:
    """A board and the world around it."""

    board: Board
    press: Callable[[str, int], None]
    release: Callable[[str, int], None]
    burning: Callable[[], set[str]]
    unplug: Callable[[], None]
    plug: Callable[[], None]


def virtual() -> Rig:
    board = VirtualBoard(BUTTONS, LAMPS)

    def move(act: Callable[[str], None]) -> Callable[[str, int], None]:
        def moved(name: str, bounces: int) -> None:
            board.bounces = bounces
            act(name)
            board.settle()

        return moved

    def burning() -> set[str]:
        return {name for name, glow in board.glows.items() if lit(glow, 0.0)}

    return Rig(board, move(board.press), move(board.release), burning, board.unplug, board.plug)


def gpio(pins: MockPins) -> Rig:
    return Rig(
        GpioBoard(BoardSpec(BUTTONS, LAMPS)),
        lambda name, bounces: pins.press(BUTTONS[name], bounces),
        lambda name, bounces: pins.release(BUTTONS[name], bounces),
        lambda: {name for name, pin in LAMPS.items() if pins.high(pin)},
        lambda: pins.take_away(*LAMPS.values()),
        lambda: None,
    )


@pytest.fixture(params=["virtual", "gpio"])
def rig(request: pytest.FixtureRequest, pins: MockPins) -> Iterator[Rig]:
    rig = virtual() if request.param == "virtual" else gpio(pins)
    yield rig
    rig.board.close()


@pytest.fixture(params=["virtual", "gpio", "none"])
def any_board(request: pytest.FixtureRequest, pins: MockPins) -> Board:
    made: dict[str, Callable[[], Board]] = {
        "virtual": lambda: virtual().board,
        "gpio": lambda: gpio(pins).board,
        "none": NoBoard,
    }
    return made[request.param]()


def ignore(_name: str, _down: bool, _at: float) -> None:
    """Nobody listens."""


def test_everything_may_be_asked_of_an_open_board(any_board: Board) -> None:
    any_board.open(ignore)
    any_board.show({"dnd": GREEN, "a lamp that is not fitted": GREEN})
    for tune in TUNES:
        any_board.beep(tune)
    any_board.ring(True)
    any_board.ring(False)
    any_board.close()


def test_closing_twice_or_before_opening_does_no_harm(any_board: Board) -> None:
    any_board.close()
    any_board.open(ignore)
    any_board.close()
    any_board.close()


def test_a_closed_board_leaves_no_thread(any_board: Board) -> None:
    before = threading.active_count()
    any_board.open(ignore)
    any_board.show({"dnd": Glow(Colour.GREEN, Pattern.FAST)})
    any_board.close()
    assert threading.active_count() == before


def test_lamps_are_as_shown_and_those_not_named_are_dark(rig: Rig) -> None:
    rig.board.open(ignore)
    assert rig.burning() == set()
    rig.board.show({"dnd": GREEN, "missed": GREEN})
    assert rig.burning() == {"dnd", "missed"}
    rig.board.show({"missed": GREEN})
    assert rig.burning() == {"missed"}


def test_closing_leaves_the_lamps_dark(rig: Rig) -> None:
    rig.board.open(ignore)
    rig.board.show({"dnd": GREEN})
    rig.board.close()
    assert rig.burning() == set()


def test_a_press_and_a_release_are_told_with_their_times(rig: Rig) -> None:
    edges = Edges()
    rig.board.open(edges)
    rig.press("dnd", 0)
    rig.release("dnd", 0)
    assert edges.levels == [("dnd", True), ("dnd", False)]
    assert edges.told[0][2] < edges.told[1][2]


def test_a_bounce_is_told_raw_and_from_a_foreign_thread(rig: Rig) -> None:
    edges = Edges()
    rig.board.open(edges)
    rig.press("missed", 3)
    assert [down for _, down in edges.levels] == [True, False, True, False, True, False, True]
    assert all(early < late for (*_, early), (*_, late) in pairwise(edges.told))
    assert threading.current_thread() not in edges.threads


def test_a_fault_in_the_handler_costs_one_edge_only(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    edges = Edges(failures=1)
    rig.board.open(edges)
    rig.press("dnd", 0)
    rig.release("dnd", 0)
    rig.press("missed", 0)
    assert edges.levels == [("dnd", False), ("missed", True)]
    assert "button dnd" in caplog.text


def test_no_edge_is_told_after_closing(rig: Rig) -> None:
    edges = Edges()
    rig.board.open(edges)
    rig.board.close()
    rig.press("dnd", 0)
    assert edges.told == []


def test_what_was_unplugged_is_lost(rig: Rig) -> None:
    rig.board.open(ignore)
    rig.unplug()
    with pytest.raises(HwLost):
        rig.board.show({"dnd": GREEN})
    with pytest.raises(HwLost):
        rig.board.show({})


def test_opened_again_it_is_right_again(rig: Rig) -> None:
    edges = Edges()
    rig.board.open(ignore)
    rig.unplug()
    with pytest.raises(HwLost):
        rig.board.show({"dnd": GREEN})
    rig.plug()
    rig.board.open(edges)
    rig.board.show({"missed": GREEN})
    rig.press("dnd", 0)
    assert rig.burning() == {"missed"}
    assert edges.levels == [("dnd", True)]


def test_a_board_that_is_not_open_says_so(rig: Rig) -> None:
    with pytest.raises(HwLost, match="not open"):
        rig.board.show({})
    rig.board.open(ignore)
    rig.board.close()
    with pytest.raises(HwLost, match="not open"):
        rig.board.show({})


def test_our_errors_are_of_the_plain_kinds_too() -> None:
    kinds: list[tuple[type[HwError], type[Any]]] = [
        (HwMissing, LookupError),
        (HwLost, ConnectionError),
    ]
    for ours, plain in kinds:
        assert issubclass(ours, plain)
