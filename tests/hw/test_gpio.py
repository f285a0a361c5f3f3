"""The board on GPIO pins, against gpiozero's mock pins."""

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hw import gpio
from hw.gpio import GpioBoard
from hw.mocks.pins import MockPins
from hw.ports import Colour, Glow, HwLost, HwMissing, Pattern
from hw.specs import BoardSpec
from hw.ticker import Ticker
from tests.hw.waiting import wait_until

SPEC = BoardSpec({"dnd": 6}, {"dnd": 12, "missed": 13, "status": (17, 27, 22)}, buzzer=18)
RGB = (17, 27, 22)
STEADY = Glow(Colour.GREEN, Pattern.STEADY)
FAST = Glow(Colour.GREEN, Pattern.FAST)


class Clock:
    """Time as a number."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def ignore(_name: str, _down: bool, _at: float) -> None:
    """Nobody listens."""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def board(pins: MockPins, clock: Clock) -> Iterator[GpioBoard]:
    assert pins
    board = GpioBoard(SPEC, clock)
    board.open(ignore)
    yield board
    board.close()


def colour(pins: MockPins) -> tuple[bool, ...]:
    return tuple(pins.high(pin) for pin in RGB)


def test_lamps_with_one_pattern_turn_together(
    board: GpioBoard, pins: MockPins, clock: Clock
) -> None:
    seen = []
    for clock.now in (100.0, 100.1, 100.2, 100.3, 100.4):
        board.show({"dnd": FAST, "missed": FAST})
        seen.append((pins.high(12), pins.high(13)))
    on, off = (True, True), (False, False)
    assert seen == [on, on, off, off, on]


@pytest.mark.parametrize(
    ("wanted", "pins_high"),
    [
        (Colour.GREEN, (False, True, False)),
        (Colour.AMBER, (True, True, False)),
        (Colour.WHITE, (True, True, True)),
        (Colour.BLUE, (False, False, True)),
        (Colour.RED, (True, False, False)),
        (Colour.OFF, (False, False, False)),
    ],
)
def test_an_rgb_lamp_shows_the_colour(
    board: GpioBoard, pins: MockPins, wanted: Colour, pins_high: tuple[bool, ...]
) -> None:
    board.show({"status": Glow(wanted, Pattern.STEADY)})
    assert colour(pins) == pins_high


def test_an_rgb_lamp_carries_status_and_notice(
    board: GpioBoard, pins: MockPins, clock: Clock
) -> None:
    glow = {"status": Glow(Colour.GREEN, Pattern.PULSE, overlay=Colour.RED)}
    clock.now = 104.0
    board.show(glow)
    assert colour(pins) == (True, False, False)
    clock.now = 104.2
    board.show(glow)
    assert colour(pins) == (False, True, False)


def test_a_lamp_blinks_by_itself(pins: MockPins) -> None:
    board = GpioBoard(SPEC)
    board.open(ignore)
    board.show({"dnd": FAST})
    wait_until(lambda: len(pins.history(12)) > 4)
    board.close()


def test_while_nothing_blinks_the_lamp_thread_sleeps(board: GpioBoard) -> None:
    board.show({"dnd": STEADY})
    yardstick = Ticker(lambda now: now + 0.002, "yardstick")
    yardstick.start()
    wait_until(lambda: yardstick.turns > 10)
    asleep_since = board.turns
    wait_until(lambda: yardstick.turns > 60)
    assert board.turns == asleep_since
    assert asleep_since <= 3
    yardstick.stop()


def test_ringing_sounds_one_second_in_five(board: GpioBoard, pins: MockPins, clock: Clock) -> None:
    clock.now = 203.0
    board.ring(True)
    heard = []
    for clock.now in (203.0, 203.9, 204.1, 207.9, 208.1):
        board.show({})
        heard.append(pins.high(18))
    assert heard == [True, True, False, False, True]
    board.ring(False)
    board.show({})
    assert not pins.high(18)


def test_ringing_again_does_not_begin_the_cadence_anew(
    board: GpioBoard, pins: MockPins, clock: Clock
) -> None:
    board.ring(True)
    clock.now += 2
    board.ring(True)
    board.show({})
    assert not pins.high(18)


def test_a_beep_is_heard_and_ends_by_itself(pins: MockPins) -> None:
    board = GpioBoard(SPEC)
    board.open(ignore)
    board.beep("message")
    wait_until(lambda: pins.history(18)[-3:] == [False, True, False])
    board.close()


def test_an_unknown_tune_is_a_fault_of_ours(board: GpioBoard) -> None:
    with pytest.raises(KeyError):
        board.beep("fanfare")


def test_closing_silences_the_buzzer(board: GpioBoard, pins: MockPins) -> None:
    board.ring(True)
    board.show({})
    assert pins.high(18)
    board.close()
    assert not pins.high(18)


def test_a_loss_that_only_the_lamp_thread_saw_is_told(pins: MockPins) -> None:
    board = GpioBoard(SPEC)
    board.open(ignore)
    board.show({"dnd": FAST})
    pins.take_away(12)

    def lost() -> bool:
        try:
            board.ring(False)
        except HwLost:
            return True
        return False

    wait_until(lost)
    board.close()


def test_buttons_may_be_wired_to_the_supply(pins: MockPins) -> None:
    told: list[bool] = []
    board = GpioBoard(BoardSpec({"dnd": 6}, pull_up=False))
    board.open(lambda _name, down, _at: told.append(down))
    pins.release(6)  # "up", which here is what a press does
    pins.press(6)
    board.close()
    assert told == [True, False]


def test_a_pin_that_is_taken_is_named(pins: MockPins) -> None:
    twice = GpioBoard(BoardSpec({"dnd": 6}, {"dnd": 6}))
    with pytest.raises(HwMissing, match=r"button dnd, pin 6: .*already in use"):
        twice.open(ignore)
    assert pins.function(6) == "input"


def test_a_pin_that_does_not_exist_is_named(pins: MockPins) -> None:
    assert pins
    with pytest.raises(HwMissing, match="lamp dnd, pin 99"):
        GpioBoard(BoardSpec(lamps={"dnd": 99})).open(ignore)


def test_pins_are_given_back_when_one_cannot_be_had(pins: MockPins) -> None:
    assert pins
    with pytest.raises(HwMissing):
        GpioBoard(BoardSpec({"dnd": 6}, {"dnd": 12, "status": (17, 27, 99)}, 18)).open(ignore)
    board = GpioBoard(SPEC)
    board.open(ignore)
    board.close()


def test_an_edge_carries_the_time_of_the_chip(pins: MockPins) -> None:
    times: list[float] = []
    board = GpioBoard(SPEC, clock=lambda: time.monotonic() + 1)  # as if the handler ran late
    board.open(lambda _name, _down, at: times.append(at))
    pins.press(6)
    board.close()
    assert times[0] < time.monotonic()


def test_a_chip_with_another_clock_is_not_believed(pins: MockPins) -> None:
    times: list[float] = []
    board = GpioBoard(SPEC, clock=lambda: 1e9)
    board.open(lambda _name, _down, at: times.append(at))
    pins.press(6)
    board.close()
    assert times == [1e9]


def test_an_unknown_pin_factory_is_named_and_no_other_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from gpiozero import Device

    monkeypatch.setenv(gpio.FACTORY, "nonsense")
    with pytest.raises(HwMissing, match=r'pin factory "nonsense".*board\.driver = "none"'):
        GpioBoard(SPEC).open(ignore)
    assert Device.pin_factory is None


TRY_LGPIO = """
    import os, warnings
    from hw.gpio import GpioBoard
    from hw.ports import HwMissing
    from hw.specs import BoardSpec
    import gpiozero
    try:
        GpioBoard(BoardSpec()).open(lambda *edge: None)
    except HwMissing as missing:
        print("HwMissing", missing)
    print(type(gpiozero.Device.pin_factory).__name__)
    print(os.environ["GPIOZERO_PIN_FACTORY"])
    print(os.environ.get("LG_WD"))
    print(os.getcwd())
    try:
        warnings.warn(gpiozero.PinFactoryFallback("falling back"))
    except gpiozero.PinFactoryFallback:
        print("a fallback is an error")
"""


def test_lgpio_or_nothing_and_no_trace_of_it(tmp_path: Path) -> None:
    """On a machine that is no Pi it is `HwMissing`; on a Pi it is lgpio; never another factory."""
    unset = (gpio.FACTORY, "LG_WD")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(TRY_LGPIO)],
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    *said, factory, variable, lg_wd, directory, fallback = done.stdout.splitlines()
    assert factory == ("NoneType" if said else "LGPIOFactory")
    assert all("lgpio" in line for line in said)
    assert (variable, lg_wd, directory) == ("lgpio", "None", str(tmp_path))
    assert fallback == "a fallback is an error"
    assert list(tmp_path.iterdir()) == []
