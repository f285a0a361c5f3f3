"""What hands do at a board, as the core is told of it."""

from collections.abc import Callable, Iterator

import pytest

from device.core.events import Edge, Event, Keyed, Turned
from device.core.words import KEYS, KNOB
from device.world import BoardPart
from hw.mocks.board import VirtualBoard

Told = Callable[[], list[Event]]


@pytest.fixture
def board() -> Iterator[VirtualBoard]:
    times = iter(range(1_000))
    board = VirtualBoard(["dnd", KNOB, "doorbell"], clock=lambda: float(next(times)))
    yield board
    board.close()


@pytest.fixture
def told(board: VirtualBoard) -> Told:
    """All events so far, once every edge has been told."""
    events: list[Event] = []
    BoardPart(board, events.append).open()

    def settled() -> list[Event]:
        board.settle()
        return events

    return settled


def test_buttons_and_a_pushed_knob_are_edges(board: VirtualBoard, told: Told) -> None:
    for name in ("dnd", KNOB):
        board.press(name)
        board.release(name)
    assert told() == [
        Edge(0.0, "dnd", True),
        Edge(1.0, "dnd", False),
        Edge(2.0, KNOB, True),
        Edge(3.0, KNOB, False),
    ]


def test_each_detent_is_a_turn(board: VirtualBoard, told: Told) -> None:
    board.turn(2)
    board.turn(-1)
    assert told() == [Turned(0.0, 1), Turned(1.0, 1), Turned(2.0, -1)]


def test_a_key_counts_when_it_goes_down(board: VirtualBoard, told: Told) -> None:
    for key in KEYS:
        board.key(key)
        board.key(key, down=False)
    assert told() == [Keyed(2.0 * n, key) for n, key in enumerate(KEYS)]


def test_what_nobody_knows_is_nobody_s(board: VirtualBoard, told: Told) -> None:
    board.press("doorbell")
    board.key("?")
    assert told() == []


def test_a_stuck_button_tells_nothing_of_the_finger(board: VirtualBoard, told: Told) -> None:
    board.press("dnd")
    board.stick("dnd")
    board.release("dnd")
    assert told() == [Edge(0.0, "dnd", True)]
    board.free("dnd")
    board.release("dnd")
    assert told() == [Edge(0.0, "dnd", True), Edge(1.0, "dnd", False)]
