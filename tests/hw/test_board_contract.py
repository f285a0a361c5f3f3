"""What every board promises, whatever it is made of.

A new driver is a line in `ALWAYS`, with a stand-in at its end, and one in `REAL`.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest

from hw import drivers
from hw import gpio as gpio_driver
from hw.busylight import LAMP, BusylightBoard
from hw.gpio import GpioBoard
from hw.mocks.board import VirtualBoard
from hw.mocks.lights import BLACK, Flag, UsbPort
from hw.mocks.pins import MockPins
from hw.mocks.wire import FarEnd, Pty
from hw.none import NoBoard
from hw.patterns import TUNES, lit
from hw.ports import Board, Colour, Glow, HwError, HwLost, HwMissing, Pattern
from hw.serial_board import SerialBoard
from hw.specs import BoardSpec, LampPins
from tests.hw import contract
from tests.hw.contract import ALL, NOTHING, Can, Fitting
from tests.hw.micropython import Pico
from tests.hw.waiting import wait_until

BUTTONS = {"dnd": 6, "missed": 16}
LAMPS = {"dnd": 12, "missed": 17}
GREEN = Glow(Colour.GREEN, Pattern.STEADY)

Finger = Callable[[str, int], None]
"Moves a button, with so many bounces."


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

    def become(self, *levels: tuple[str, bool]) -> None:
        """Wait for these edges and no others."""
        wait_until(lambda: len(self.told) >= len(levels))
        assert self.levels == list(levels)


def nobody(*_: object) -> Any:
    raise AssertionError("nobody can do that here: does the contract say what it needs?")


@dataclass
class Rig:
    """A board and the world around it, as far as that can be moved."""

    board: Board
    buttons: tuple[str, ...] = ()
    "Two of the buttons, if any can be pressed."
    lamps: tuple[str, ...] = ()
    "Those of the lamps that can be seen."
    press: Finger = nobody
    release: Finger = nobody
    burning: Callable[[], set[str]] = nobody
    unplug: Callable[[], None] = nobody
    plug: Callable[[], None] = nobody

    def show(self, *lamps: str) -> None:
        """Have these lamps burn, and no others."""
        self.board.show(dict.fromkeys(lamps, GREEN))
        self.until_burning(*lamps)

    def until_burning(self, *lamps: str) -> None:
        wait_until(lambda: self.burning() == set(lamps))


def virtual(_request: pytest.FixtureRequest) -> Rig:
    board = VirtualBoard(BUTTONS, LAMPS)

    def move(act: Callable[[str], None]) -> Finger:
        def moved(name: str, bounces: int) -> None:
            board.bounces = bounces
            act(name)
            board.settle()

        return moved

    return Rig(
        board,
        tuple(BUTTONS),
        tuple(LAMPS),
        move(board.press),
        move(board.release),
        lambda: {name for name, glow in board.glows.items() if lit(glow, 0.0)},
        board.unplug,
        board.plug,
    )


def gpio(request: pytest.FixtureRequest) -> Rig:
    pins: MockPins = request.getfixturevalue("pins")
    return Rig(
        GpioBoard(BoardSpec(BUTTONS, LAMPS)),
        tuple(BUTTONS),
        tuple(LAMPS),
        lambda name, bounces: pins.press(BUTTONS[name], bounces),
        lambda name, bounces: pins.release(BUTTONS[name], bounces),
        lambda: {name for name, pin in LAMPS.items() if pins.high(pin)},
        lambda: pins.take_away(*LAMPS.values()),
        lambda: None,
    )


def serial(request: pytest.FixtureRequest) -> Rig:
    port = request.getfixturevalue("tmp_path") / "board"
    far = FarEnd(lambda: Pty(port), BUTTONS, LAMPS)
    request.addfinalizer(far.unplug)
    far.plug()

    def move(down: bool) -> Finger:
        def moved(name: str, bounces: int) -> None:
            far.move(name, down, bounces)
            wait_until(lambda: far.rests)

        return moved

    return Rig(
        SerialBoard(BoardSpec(port=str(port))),
        tuple(BUTTONS),
        tuple(LAMPS),
        move(True),
        move(False),
        lambda: far.burning,
        far.unplug,
        far.plug,
    )


def firmware(request: pytest.FixtureRequest) -> Rig:
    pico: Pico = request.getfixturevalue("pico")
    return Rig(
        SerialBoard(BoardSpec(port=str(pico.port))),
        tuple(BUTTONS),
        tuple(LAMPS),
        pico.press,
        pico.release,
        lambda: pico.burning,
        pico.unplug,
        pico.plug,
    )


def busylight(request: pytest.FixtureRequest) -> Rig:
    flag = Flag()
    port = UsbPort(flag).in_place()
    port.__enter__()
    request.addfinalizer(lambda: port.__exit__(None, None, None))
    return Rig(
        BusylightBoard(),
        lamps=(LAMP,),
        burning=lambda: set() if flag.colour == BLACK else {LAMP},
        unplug=flag.unplug,
        plug=flag.plug,
    )


ALWAYS = {
    "virtual": Fitting(virtual),
    "gpio": Fitting(gpio),
    "serial": Fitting(serial, ALL - {Can.BOUNCE}),  # which such a board keeps to itself
    "serial, the firmware": Fitting(firmware, ALL - {Can.BOUNCE}),
    "busylight": Fitting(busylight, frozenset({Can.LOSE, Can.SEE, Can.UNPLUG})),
    "none": Fitting(lambda _: Rig(NoBoard()), NOTHING),
}


def real_gpio(request: pytest.FixtureRequest) -> Rig:
    """The lamps are seen by reading their pins back; nobody is asked to press."""
    factory = request.getfixturevalue("real_factory")
    request.getfixturevalue("monkeypatch").setenv(gpio_driver.FACTORY, factory)
    request.addfinalizer(gpio_driver.forget_factory)
    spec = real_spec(request, "gpio")

    def burning() -> set[str]:
        return {name for name, pins in spec.lamps.items() if any(map(high, each_of(pins)))}

    return Rig(GpioBoard(spec), lamps=tuple(spec.lamps), burning=burning)


def each_of(pins: LampPins) -> tuple[int, ...]:
    return pins if isinstance(pins, tuple) else (pins,)


def high(pin: int) -> bool:
    """A pin that is driven, and up."""
    from gpiozero import Device

    line = Device.pin_factory.pin(pin)
    return line.function == "output" and bool(line.state)


def real(driver: str) -> Callable[[pytest.FixtureRequest], Rig]:
    """What the config says, opened as the panel would; there is no eye and no finger."""
    return lambda request: Rig(drivers.board(driver, real_spec(request, driver)))


def real_spec(request: pytest.FixtureRequest, driver: str) -> BoardSpec:
    boards = {board.driver: board.spec for board in contract.fitted(request.config).boards}
    if driver not in boards:
        raise pytest.UsageError(f'--real: the config has no board.driver = "{driver}"')
    return boards[driver]


REAL = {
    "gpio": Fitting(real_gpio, frozenset({Can.LOSE, Can.SEE})),
    "serial": Fitting(real("serial"), frozenset({Can.LOSE})),
    "busylight": Fitting(real("busylight"), frozenset({Can.LOSE})),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    contract.spread(metafunc, ALWAYS, REAL)


@pytest.fixture
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    rig: Rig = request.param.rig(request)
    yield rig
    rig.board.close()


def ignore(_name: str, _down: bool, _at: float) -> None:
    """Nobody listens."""


def test_everything_may_be_asked_of_an_open_board(rig: Rig) -> None:
    rig.board.open(ignore)
    rig.board.show({"dnd": GREEN, "a lamp that is not fitted": GREEN})
    for tune in TUNES:
        rig.board.beep(tune)
    rig.board.ring(True)
    rig.board.ring(False)
    rig.board.close()


def test_closing_twice_or_before_opening_does_no_harm(rig: Rig) -> None:
    rig.board.close()
    rig.board.open(ignore)
    rig.board.close()
    rig.board.close()


def test_a_closed_board_leaves_no_thread(rig: Rig) -> None:
    before = threading.active_count()
    rig.board.open(ignore)
    rig.board.show(dict.fromkeys((*rig.lamps, "dnd"), Glow(Colour.GREEN, Pattern.FAST)))
    rig.board.close()
    assert threading.active_count() == before


@pytest.mark.needs(Can.SEE)
def test_lamps_are_as_shown_and_those_not_named_are_dark(rig: Rig) -> None:
    rig.board.open(ignore)
    rig.until_burning()
    rig.show(*rig.lamps)
    rig.show(rig.lamps[-1])
    rig.show()


@pytest.mark.needs(Can.SEE)
def test_closing_leaves_the_lamps_dark(rig: Rig) -> None:
    rig.board.open(ignore)
    rig.show(*rig.lamps)
    rig.board.close()
    rig.until_burning()


@pytest.mark.needs(Can.PRESS)
def test_a_press_and_a_release_are_told_with_their_times(rig: Rig) -> None:
    edges, button = Edges(), rig.buttons[0]
    rig.board.open(edges)
    rig.press(button, 0)
    rig.release(button, 0)
    edges.become((button, True), (button, False))
    assert edges.told[0][2] < edges.told[1][2]


@pytest.mark.needs(Can.BOUNCE)
def test_a_bounce_is_told_raw(rig: Rig) -> None:
    edges, button = Edges(), rig.buttons[1]
    rig.board.open(edges)
    rig.press(button, 3)
    edges.become(*[(button, down) for down in (True, False, True, False, True, False, True)])
    assert all(early < late for (*_, early), (*_, late) in pairwise(edges.told))


@pytest.mark.needs(Can.PRESS)
def test_an_edge_is_told_from_a_foreign_thread(rig: Rig) -> None:
    edges = Edges()
    rig.board.open(edges)
    rig.press(rig.buttons[0], 0)
    edges.become((rig.buttons[0], True))
    assert threading.current_thread() not in edges.threads


@pytest.mark.needs(Can.PRESS)
def test_a_fault_in_the_handler_costs_one_edge_only(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    edges, (one, other) = Edges(failures=1), rig.buttons
    rig.board.open(edges)
    rig.press(one, 0)
    rig.release(one, 0)
    rig.press(other, 0)
    edges.become((one, False), (other, True))
    assert f"button {one}" in caplog.text


@pytest.mark.needs(Can.PRESS)
def test_no_edge_is_told_after_closing(rig: Rig) -> None:
    edges = Edges()
    rig.board.open(edges)
    rig.board.close()
    rig.press(rig.buttons[0], 0)
    assert edges.told == []


@pytest.mark.needs(Can.UNPLUG)
def test_what_was_unplugged_is_lost(rig: Rig) -> None:
    rig.board.open(ignore)
    rig.unplug()
    with pytest.raises(HwLost):
        rig.board.show(dict.fromkeys(rig.lamps, GREEN))
    with pytest.raises(HwLost):
        rig.board.show({})


@pytest.mark.needs(Can.UNPLUG, Can.SEE)
def test_opened_again_it_is_right_again(rig: Rig) -> None:
    rig.board.open(ignore)
    rig.unplug()
    with pytest.raises(HwLost):
        rig.board.show(dict.fromkeys(rig.lamps, GREEN))
    rig.plug()
    rig.board.open(ignore)
    rig.until_burning()
    rig.show(rig.lamps[-1])


@pytest.mark.needs(Can.UNPLUG, Can.PRESS)
def test_opened_again_its_edges_are_told_again(rig: Rig) -> None:
    edges, button = Edges(), rig.buttons[0]
    rig.board.open(ignore)
    rig.unplug()
    with pytest.raises(HwLost):
        rig.board.show({})
    rig.plug()
    rig.board.open(edges)
    rig.press(button, 0)
    edges.become((button, True))


@pytest.mark.needs(Can.LOSE)
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
