"""The board on GPIO pins, against gpiozero's mock pins."""

import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hw import gpio
from hw.gpio import GpioBoard
from hw.mocks.pins import MockPins
from hw.ports import Colour, Glow, HwLost, HwMissing, Pattern
from hw.specs import BoardSpec, KeypadPins
from hw.ticker import Ticker
from hw.tunes import TUNES, hertz
from tests.hw.clock import Clock, ignore
from tests.hw.waiting import wait_until

SPEC = BoardSpec({"dnd": 6}, {"dnd": 12, "missed": 13, "status": (17, 27, 22)}, buzzer=18)
RGB = (17, 27, 22)
STEADY = Glow(Colour.GREEN, Pattern.STEADY)
FAST = Glow(Colour.GREEN, Pattern.FAST)


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
    from hw.specs import BoardSpec, KeypadPins
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


DIM = Glow(Colour.WHITE, Pattern.STEADY, level=0.25)


def test_a_lamp_is_as_bright_as_its_level(board: GpioBoard, pins: MockPins) -> None:
    board.show({"dnd": DIM})
    assert (pins.share(12), pins.hertz(12)) == (0.25, gpio.DIM_HERTZ)
    assert pins.share(13) == 0.0


def test_no_eye_sees_a_dim_lamp_flicker(board: GpioBoard, pins: MockPins) -> None:
    board.show({"dnd": DIM})
    assert pins.hertz(12) >= 100


def test_a_lamp_that_is_not_dim_needs_no_pwm(board: GpioBoard, pins: MockPins) -> None:
    board.show({"dnd": DIM})
    board.show({"dnd": STEADY})
    assert (pins.share(12), pins.hertz(12)) == (1.0, 0.0)
    board.show({"dnd": DIM})
    board.show({})
    assert (pins.share(12), pins.hertz(12)) == (0.0, 0.0)


def test_an_rgb_lamp_is_dimmed_in_its_colour(board: GpioBoard, pins: MockPins) -> None:
    board.show({"status": Glow(Colour.AMBER, Pattern.STEADY, level=0.5)})
    assert [pins.share(pin) for pin in RGB] == [0.5, 0.2, 0.0]


def test_a_dim_lamp_blinks_between_dim_and_dark(
    board: GpioBoard, pins: MockPins, clock: Clock
) -> None:
    seen = []
    for clock.now in (100.0, 100.2, 100.4):
        board.show({"dnd": Glow(Colour.GREEN, Pattern.FAST, level=0.25)})
        seen.append(pins.share(12))
    assert seen == [0.25, 0.0, 0.25]


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> Iterator[MockPins]:
    """Pins that can do no PWM."""
    monkeypatch.setenv(gpio.FACTORY, "mock")
    plain = MockPins(modulates=False)
    yield plain
    plain.close()


def test_pins_without_pwm_have_their_lamps_on_or_off(plain: MockPins) -> None:
    board = GpioBoard(SPEC)
    board.open(ignore)
    board.show({"dnd": DIM, "status": DIM})
    assert [plain.high(pin) for pin in (12, *RGB)] == [True] * 4
    board.show({})
    assert not plain.high(12)
    board.close()


def test_who_wants_no_pwm_has_none(pins: MockPins) -> None:
    board = GpioBoard(BoardSpec(lamps={"dnd": 12}, dims=False))
    board.open(ignore)
    board.show({"dnd": DIM})
    assert (pins.share(12), pins.hertz(12)) == (1.0, 0.0)
    board.close()


def singing(clock: Clock) -> GpioBoard:
    board = GpioBoard(BoardSpec(buzzer=18, tones=True), clock)
    board.open(ignore)
    return board


def test_a_buzzer_that_can_sing_plays_the_notes(pins: MockPins, clock: Clock) -> None:
    board = singing(clock)
    board.beep("missed")
    heard = []
    for late in (0.0, 0.13, 0.25, 0.37):
        clock.now = 100.0 + late
        board.show({})
        heard.append(round(pins.hertz(18)))
    assert heard == [round(hertz("E6")), 0, round(hertz("C6")), 0]
    board.close()


def test_a_tune_is_as_loud_as_it_says(pins: MockPins, clock: Clock) -> None:
    board = singing(clock)
    board.beep("message")
    board.show({})
    assert pins.share(18) == TUNES["message"].level / 2
    board.ring(True)
    clock.now += 0.5
    board.show({})
    assert pins.share(18) == 0.5
    board.close()


def test_a_buzzer_that_cannot_sing_buzzes(plain: MockPins, clock: Clock) -> None:
    board = singing(clock)
    board.beep("missed")
    heard = []
    for late in (0.0, 0.13, 0.25, 0.37):
        clock.now = 100.0 + late
        board.show({})
        heard.append(plain.high(18))
    assert heard == [True, False, True, False]
    board.close()


def test_two_boards_on_one_clock_turn_together(pins: MockPins, clock: Clock) -> None:
    one, other = (GpioBoard(BoardSpec(lamps={"dnd": pin}), clock) for pin in (12, 13))
    clock.now = 100.15
    one.open(ignore)
    clock.now = 100.33
    other.open(ignore)
    for pattern in (Pattern.FAST, Pattern.SLOW, Pattern.DASH, Pattern.BLIP3, Pattern.PULSE):
        for step in range(90):
            clock.now = 101.0 + step * 0.05
            for board in (one, other):
                board.show({"dnd": Glow(Colour.GREEN, pattern)})
            assert pins.high(12) == pins.high(13)
    one.close()
    other.close()


def test_a_button_that_is_down_already_is_told_when_the_board_opens(pins: MockPins) -> None:
    pins.press(6)
    told: list[tuple[str, bool]] = []
    board = GpioBoard(SPEC)
    board.open(lambda name, down, _at: told.append((name, down)))
    board.close()
    assert told == [("dnd", True)]


def test_a_pin_that_is_stuck_tells_nothing_more(pins: MockPins) -> None:
    told: list[bool] = []
    board = GpioBoard(SPEC)
    board.open(lambda _name, down, _at: told.append(down))
    pins.press(6)
    pins.stick(6)
    pins.release(6)
    assert told == [True]
    pins.free(6)
    pins.release(6)
    assert told == [True, False]
    board.close()


def test_the_mock_s_one_thread_dies_of_a_fault_as_lgpio_s_does(pins: MockPins) -> None:
    """Without our guard no button would be heard any more: what the contract promises is ours."""
    from gpiozero import InputDevice

    def faulty(_ticks: float, _level: bool) -> None:
        raise RuntimeError("a fault in a handler")

    heard: list[bool] = []

    def sound(_ticks: float, level: bool) -> None:
        heard.append(level)

    bad, good = InputDevice(5, pull_up=True), InputDevice(6, pull_up=True)
    bad.pin.when_changed, good.pin.when_changed = faulty, sound
    pins.press(6)
    assert heard == [False]
    pins.press(5)
    pins.release(6)
    assert pins.deaf
    assert heard == [False]


def test_edges_of_all_pins_come_from_one_thread_and_in_order(pins: MockPins) -> None:
    threads, told = set(), []

    def listen(name: str, down: bool, at: float) -> None:
        threads.add(threading.current_thread().name)
        told.append((name, down, at))

    board = GpioBoard(BoardSpec({"dnd": 6, "missed": 16}))
    board.open(listen)
    fingers = [threading.Thread(target=pins.press, args=(pin, 20)) for pin in (6, 16)]
    for finger in fingers:
        finger.start()
    for finger in fingers:
        finger.join()
    board.close()
    assert len(threads) == 1
    for button in ("dnd", "missed"):
        times = [at for name, _, at in told if name == button]
        assert len(times) == 41
        assert times == sorted(times)


def test_a_held_key_is_read_again_and_a_keypad_at_rest_is_not(pins: MockPins) -> None:
    reads: list[str] = []
    board = GpioBoard(BoardSpec(keypad=KeypadPins((17, 27, 22, 23), (24, 25, 12, 16))))
    board.open(lambda name, down, _at: reads.append(f"{name} {down}"))
    yardstick = Ticker(lambda now: now + 0.002, "yardstick")
    yardstick.start()
    wait_until(lambda: yardstick.turns > 30)
    asleep = board.readings
    wait_until(lambda: yardstick.turns > 80)
    assert board.readings == asleep <= 2
    pins.key(27, 25, True)
    wait_until(lambda: board.readings > asleep + 3)
    pins.key(27, 25, False)
    wait_until(lambda: reads == ["key-5 True", "key-5 False"])
    yardstick.stop()
    board.close()


TRY_NOTIFY = """
    import os, struct, sys, threading
    from types import SimpleNamespace
    try:
        import lgpio
    except ImportError:
        sys.exit("no lgpio here")
    from hw.gpio import _edge_handler

    def edges(guarded):
        # lgpio's own loop over its own records, fed by a pipe in place of its FIFO.
        told, (reader, writer) = [], os.pipe()

        def fault(down, at):
            told.append(down)
            notify.go = len(told) < 3
            raise RuntimeError("a fault in a handler")

        handler = _edge_handler("dnd", True, fault, lambda: 1.0)
        raw = lambda chip, gpio, level, tick: handler(tick / 1e9, level)
        if not guarded:
            raw = lambda chip, gpio, level, tick: fault(level == 0, tick / 1e9)
        notify = lgpio._callback_thread.__new__(lgpio._callback_thread)
        threading.Thread.__init__(notify, daemon=True)
        notify._file, notify.go = os.fdopen(reader, "rb"), True
        notify.callbacks = [SimpleNamespace(chip=0, gpio=6, func=raw)]
        threading.excepthook = lambda _: None
        notify.start()
        for level in (0, 1, 0):
            os.write(writer, struct.pack("QBBBBI", 10**9, 0, 6, level, 0, 0))
        os.close(writer)
        notify.join(10.0)
        print(len(told))

    edges(guarded=False)
    edges(guarded=True)
    os._exit(0)
"""


def test_lgpio_s_own_thread_outlives_a_fault_behind_our_guard(tmp_path: Path) -> None:
    """Three edges are all told; without the guard the first fault ends the thread for good."""
    done = subprocess.run(
        [sys.executable, "-u", "-c", textwrap.dedent(TRY_NOTIFY)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "LG_WD": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.split() == ["1", "3"] or done.stderr.strip() == "no lgpio here"
