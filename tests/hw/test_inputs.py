"""Knob and keypad: the decoding as numbers, and both on every board that has them."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw.gpio import GpioBoard
from hw.inputs import KEY, KNOB, LEFT, RIGHT
from hw.keypad import BOUNCE_SECONDS, SCAN_SECONDS, Keys, Matrix
from hw.knob import Quadrature
from hw.mocks.board import VirtualBoard
from hw.mocks.pins import MockPins
from hw.specs import BoardSpec, KeypadPins, KnobPins
from hw.ticker import Ticker
from tests.hw.waiting import wait_until

KNOB_AT = KnobPins(5, 6, 13)
KEYPAD_AT = KeypadPins((17, 27, 22, 23), (24, 25, 12, 16))
SPEC = BoardSpec(knob=KNOB_AT, keypad=KEYPAD_AT)

CLOCKWISE = (("a", True), ("b", True), ("a", False), ("b", False))
OTHER_WAY = (("b", True), ("a", True), ("b", False), ("a", False))


def steps(*moves: tuple[str, bool]) -> int:
    knob = Quadrature()
    return sum((knob.a if contact == "a" else knob.b)(closed) for contact, closed in moves)


@given(st.lists(st.sampled_from([1, -1])), st.data())
def test_every_detent_counts_once_however_its_contacts_bounce(
    ways: list[int], data: st.DataObject
) -> None:
    moves = []
    for way in ways:
        for contact, closed in CLOCKWISE if way > 0 else OTHER_WAY:
            bounces = data.draw(st.integers(0, 5))
            moves += [(contact, closed), (contact, not closed)] * bounces + [(contact, closed)]
    assert steps(*moves) == sum(ways)


def test_a_knob_that_trembles_between_two_detents_has_not_been_turned() -> None:
    forth, back = CLOCKWISE[:2], (("b", False), ("a", False))
    assert steps(*forth, *back, *forth, *back) == 0


@given(st.integers(0, 3))
def test_an_edge_that_was_lost_costs_one_detent_at_most(lost: int) -> None:
    moves = list(CLOCKWISE * 3)
    del moves[lost]
    assert 2 <= steps(*moves) <= 3


def grid(*down: str) -> list[list[int]]:
    """Columns that are low, row by row, while these keys are down."""
    rows = ("123A", "456B", "789C", "*0#D")
    return [[c for c, key in enumerate(row) if key in down] for row in rows]


def read(keys: Keys, at: float, *down: str) -> list[tuple[str, bool]]:
    return keys.read(lambda row: grid(*down)[row], at)


def test_a_key_is_told_at_its_first_reading() -> None:
    assert read(Keys(), 1.0, "5") == [("5", True)]


def test_a_key_that_bounces_is_one_key() -> None:
    keys, told = Keys(), []
    for n, down in enumerate([True, False, True, True, True, True, True, True]):
        told += read(keys, 1.0 + n * 0.01, *(["5"] if down else []))
    for n in range(8):
        told += read(keys, 2.0 + n * 0.01, *(["5"] if n == 1 else []))
    assert told == [("5", True), ("5", False)]


def test_a_keypad_at_rest_need_not_be_read() -> None:
    keys = Keys()
    read(keys, 1.0, "5")
    read(keys, 2.0)
    assert keys.down
    read(keys, 2.0 + BOUNCE_SECONDS)
    assert not keys.down


def test_a_second_key_before_the_first_is_up_is_told() -> None:
    keys = Keys()
    read(keys, 1.0, "5")
    assert read(keys, 1.1, "5", "6") == [("6", True)]


def test_a_key_that_only_seems_to_be_down_is_not_told() -> None:
    """Three keys in the corners of a rectangle join the fourth corner's lines as well."""
    keys = Keys()
    read(keys, 1.0, "1", "2")
    assert read(keys, 1.1, "1", "2", "4", "5") == []


class Line:
    """A row of a matrix whose every column moves when it does, as under a key that is held."""

    matrix: Matrix | None = None

    def drive(self) -> None:
        if self.matrix:
            self.matrix.column_moved()

    let_go = drive


def test_what_reading_moves_is_not_read_again_for_that() -> None:
    line = Line()
    matrix = line.matrix = Matrix(Keys(("1",)), [line], [lambda: True])
    yardstick = Ticker(lambda now: now + SCAN_SECONDS, "yardstick")
    yardstick.start()
    matrix.listen(lambda *_: None)
    wait_until(lambda: matrix.turns > 20)
    paced = matrix.turns
    yardstick.stop()
    matrix.close()
    assert paced <= 2 * yardstick.turns + 5


@dataclass
class Told:
    edges: list[tuple[str, bool]] = field(default_factory=list)

    def __call__(self, name: str, down: bool, _at: float) -> None:
        self.edges.append((name, down))

    def become(self, *edges: tuple[str, bool]) -> None:
        wait_until(lambda: len(self.edges) >= len(edges))
        assert self.edges == list(edges)


@dataclass
class Rig:
    """A board with a knob and a keypad, and the hand at them."""

    board: GpioBoard | VirtualBoard
    pins: MockPins | None = None

    def turn(self, detents: int) -> None:
        if isinstance(self.board, VirtualBoard):
            self.board.turn(detents)
        elif self.pins:
            self.pins.turn(KNOB_AT.a, KNOB_AT.b, detents, bounces=2)

    def key(self, key: str, down: bool) -> None:
        if isinstance(self.board, VirtualBoard):
            self.board.key(key, down)
        elif self.pins:
            row = next(n for n, keys in enumerate(KEYPAD_AT.keys) if key in keys)
            column = KEYPAD_AT.keys[row].index(key)
            self.pins.key(KEYPAD_AT.rows[row], KEYPAD_AT.columns[column], down)

    def push(self, down: bool) -> None:
        if isinstance(self.board, VirtualBoard):
            (self.board.press if down else self.board.release)(KNOB)
        elif self.pins and KNOB_AT.push:
            (self.pins.press if down else self.pins.release)(KNOB_AT.push)


@pytest.fixture(params=["gpio", "virtual"])
def rig(request: pytest.FixtureRequest, pins: MockPins) -> Iterator[Rig]:
    board = GpioBoard(SPEC) if request.param == "gpio" else VirtualBoard([KNOB])
    yield Rig(board, pins)
    board.close()


@pytest.mark.parametrize(("detents", "name"), [(3, RIGHT), (-2, LEFT)])
def test_each_detent_is_told_once_and_which_way(rig: Rig, detents: int, name: str) -> None:
    told = Told()
    rig.board.open(told)
    rig.turn(detents)
    told.become(*[(name, True)] * abs(detents))


def test_a_pushed_knob_is_a_button(rig: Rig) -> None:
    told = Told()
    rig.board.open(told)
    rig.push(True)
    rig.push(False)
    told.become((KNOB, True), (KNOB, False))


@pytest.mark.parametrize("key", [*"159D*0#"])
def test_a_key_is_told_by_what_is_printed_on_it(rig: Rig, key: str) -> None:
    told = Told()
    rig.board.open(told)
    rig.key(key, True)
    told.become((KEY + key, True))
    rig.key(key, False)
    told.become((KEY + key, True), (KEY + key, False))


def test_keys_are_told_one_after_the_other(rig: Rig) -> None:
    told, number = Told(), "+390".replace("+", "A")
    rig.board.open(told)
    for key in number:
        rig.key(key, True)
        wait_until(lambda: told.edges[-1:] == [(KEY + key, True)])  # noqa: B023
        rig.key(key, False)
        wait_until(lambda: told.edges[-1:] == [(KEY + key, False)])  # noqa: B023
    told.become(*itertools.chain(*([(KEY + k, True), (KEY + k, False)] for k in number)))


def test_a_knob_and_a_keypad_take_the_pins_they_say(pins: MockPins) -> None:
    board = GpioBoard(SPEC)
    board.open(Told())
    wait_until(lambda: all(pins.function(pin) == "output" for pin in KEYPAD_AT.rows))
    assert {pins.function(pin) for pin in (*KNOB_AT.pins, *KEYPAD_AT.columns)} == {"input"}
    board.close()
    assert {pins.function(pin) for pin in (*KNOB_AT.pins, *KEYPAD_AT.pins)} == {"input"}
