"""Busy lights on USB: the real library, and lights that misbehave as theirs do."""

import sys
from collections.abc import Iterator
from itertools import pairwise

import pytest
from busylight_core import KuandoLights  # type: ignore[import-untyped, unused-ignore]

from hw import busylight
from hw.busylight import LAMP, REFRESH_SECONDS, BusylightBoard
from hw.mocks.lights import BLACK, Flag, Kuando, UsbLight, UsbPort
from hw.ports import Colour, Glow, HwLost, HwMissing, Pattern
from tests.hw.clock import Clock, ignore
from tests.hw.waiting import wait_until

GREEN, RED, AMBER = (0, 255, 0), (255, 0, 0), (255, 120, 0)
STEADY = {LAMP: Glow(Colour.GREEN, Pattern.STEADY)}
FAST = {LAMP: Glow(Colour.GREEN, Pattern.FAST)}

OFTEN = 0.002
"Seconds between two refreshes, for those who watch them."


@pytest.fixture
def flag() -> Flag:
    return Flag()


@pytest.fixture
def kuando(clock: Clock) -> Kuando:
    return Kuando(clock)


@pytest.fixture
def port(flag: Flag, kuando: Kuando) -> Iterator[UsbPort]:
    with UsbPort(flag, kuando).in_place() as port:
        yield port


@pytest.fixture
def board(port: UsbPort, clock: Clock) -> Iterator[BusylightBoard]:
    assert port
    board = BusylightBoard(clock)
    board.open(ignore)
    yield board
    board.close()


@pytest.fixture
def eager(port: UsbPort) -> Iterator[BusylightBoard]:
    """A board that refreshes all the time."""
    assert port
    board = BusylightBoard(refresh=OFTEN)
    board.open(ignore)
    yield board
    board.close()


def test_every_light_shows_the_status(board: BusylightBoard, flag: Flag, kuando: Kuando) -> None:
    assert set(board.names) == {"Luxafor Flag", "Kuando Busylight Alpha"}
    board.show(STEADY)
    assert (flag.colour, kuando.colour) == (GREEN, GREEN)
    board.show({})
    assert (flag.colour, kuando.colour) == (BLACK, BLACK)


@pytest.mark.parametrize("wanted", list(Colour))
def test_every_colour_is_told_from_the_others(
    board: BusylightBoard, flag: Flag, kuando: Kuando, wanted: Colour
) -> None:
    board.show({LAMP: Glow(wanted, Pattern.STEADY)})
    assert flag.colour == busylight.COLOURS[wanted]
    # A Kuando has a hundred steps of each.
    assert all(abs(a - b) <= 2 for a, b in zip(kuando.colour, flag.colour, strict=True))
    assert len(set(busylight.COLOURS.values())) == len(Colour)


def test_a_level_is_a_share_of_the_brightness(board: BusylightBoard, flag: Flag) -> None:
    board.show({LAMP: Glow(Colour.AMBER, Pattern.STEADY, level=0.3)})
    assert flag.colour == (76, 36, 0)


def test_it_keeps_to_the_one_clock_of_all_lamps(
    board: BusylightBoard, flag: Flag, clock: Clock
) -> None:
    told = []
    for clock.now in (100.0, 100.1, 100.2, 100.3, 100.4):
        board.show(FAST)
        told.append(flag.colour)
    assert told == [GREEN, GREEN, BLACK, BLACK, GREEN]


def test_one_lamp_carries_status_and_notice(
    board: BusylightBoard, flag: Flag, clock: Clock
) -> None:
    glow = {LAMP: Glow(Colour.AMBER, Pattern.PULSE, overlay=Colour.RED)}
    told = []
    for clock.now in (104.0, 104.2, 107.9, 108.1):
        board.show(glow)
        told.append(flag.colour)
    assert told == [RED, AMBER, AMBER, RED]


def test_it_blinks_by_itself(port: UsbPort, flag: Flag) -> None:
    assert port
    board = BusylightBoard()
    board.open(ignore)
    board.show(FAST)
    wait_until(lambda: len(flag.history) > 4)
    board.close()
    assert all({a, b} == {GREEN, BLACK} for a, b in pairwise(flag.history))


def test_a_kuando_that_is_not_refreshed_goes_dark(
    board: BusylightBoard, kuando: Kuando, clock: Clock
) -> None:
    """The board's clock stands still here but for this: what the next test proves is needed."""
    board.show(STEADY)
    clock.now += 14.0
    assert kuando.colour == GREEN
    clock.now += 1.0
    assert kuando.colour == BLACK


def test_a_kuando_stays_lit_for_as_long_as_it_is_wanted(
    eager: BusylightBoard, kuando: Kuando, clock: Clock
) -> None:
    eager.show(STEADY)
    for _ in range(20):
        clock.now += 10.0
        assert kuando.colour == GREEN
        before = kuando.kept_alive
        wait_until(lambda before=before: kuando.kept_alive >= before + 2)  # type: ignore[misc]


def test_it_is_refreshed_more_often_than_the_library_would() -> None:
    assert REFRESH_SECONDS < KuandoLights.REFRESH_INTERVAL < KuandoLights.KEEPALIVE_INTERVAL


def test_a_dark_light_is_refreshed_too(eager: BusylightBoard, flag: Flag) -> None:
    """Else it would be missed only when it is needed."""
    assert eager.names
    before = flag.reports
    wait_until(lambda: flag.reports > before + 3)
    assert flag.colour == BLACK


@pytest.mark.parametrize("which", [0, 1])
def test_pulled_out_it_is_lost_at_the_next_look(
    board: BusylightBoard, port: UsbPort, which: int
) -> None:
    board.show(STEADY)
    port.lights[which].unplug()
    with pytest.raises(HwLost, match=r"busy light: .* does not answer"):
        board.show(STEADY)
    with pytest.raises(HwLost, match="does not answer"):
        board.show({})


def test_pulled_out_while_nothing_changes_it_is_told(eager: BusylightBoard, flag: Flag) -> None:
    lost: list[bool] = []
    eager.on_lost = lambda: lost.append(True)
    eager.show(STEADY)
    flag.unplug()
    wait_until(lambda: bool(lost))
    with pytest.raises(HwLost, match="Luxafor Flag does not answer"):
        eager.show(STEADY)
    eager.close()
    assert lost == [True]


def test_pulled_out_in_the_middle_of_blinking_it_is_told(port: UsbPort, flag: Flag) -> None:
    assert port
    lost: list[bool] = []
    board = BusylightBoard()
    board.on_lost = lambda: lost.append(True)
    board.open(ignore)
    board.show(FAST)
    wait_until(lambda: len(flag.history) > 2)
    flag.unplug()
    wait_until(lambda: bool(lost))
    board.close()


def test_put_back_it_is_right_again_when_opened(board: BusylightBoard, flag: Flag) -> None:
    board.show(STEADY)
    flag.unplug()
    flag.plug()
    with pytest.raises(HwLost):  # the old handle is of no use, though the light is there
        board.show(STEADY)
    board.open(ignore)
    board.show(STEADY)
    assert flag.colour == GREEN


def test_a_report_that_is_not_taken_is_a_loss_and_opening_mends_it(
    board: BusylightBoard, flag: Flag
) -> None:
    flag.failing = 1
    with pytest.raises(HwLost, match="the report was not sent"):
        board.show(STEADY)
    board.open(ignore)
    board.show(STEADY)
    assert flag.colour == GREEN


def test_an_open_light_is_ours_alone_until_it_is_closed(board: BusylightBoard, flag: Flag) -> None:
    board.show(STEADY)
    other = BusylightBoard()
    with pytest.raises(HwMissing, match="open failed"):
        other.open(ignore)
    board.close()
    assert flag.colour == BLACK
    other.open(ignore)
    other.close()


def test_one_of_two_is_enough(port: UsbPort, flag: Flag, kuando: Kuando) -> None:
    assert port
    flag.locked = True
    board = BusylightBoard()
    board.open(ignore)
    board.show(STEADY)
    assert (flag.colour, kuando.colour) == (BLACK, GREEN)
    board.close()


def test_without_a_light_it_is_missing_and_says_what_to_look_at() -> None:
    with (
        UsbPort().in_place(),
        pytest.raises(HwMissing, match=r"none is plugged in.*busylight\.md"),
    ):
        BusylightBoard().open(ignore)


def test_a_light_that_may_not_be_opened_is_named(port: UsbPort, flag: Flag, kuando: Kuando) -> None:
    assert port
    flag.locked = kuando.locked = True
    with pytest.raises(HwMissing, match=r"Luxafor Flag: open failed.*docs/busylight"):
        BusylightBoard().open(ignore)


def test_a_light_that_fails_while_it_is_opened_is_given_back(port: UsbPort, flag: Flag) -> None:
    assert port
    board = BusylightBoard()
    for light in port.lights:
        light.failing = 1
    with pytest.raises(HwMissing, match=r"Luxafor Flag: .*not sent"):
        board.open(ignore)
    board.open(ignore)
    board.show(STEADY)
    assert flag.colour == GREEN
    board.close()


def test_usb_that_does_not_answer_is_missing(port: UsbPort) -> None:
    port.broken = True
    with pytest.raises(HwMissing, match="no USB here"):
        BusylightBoard().open(ignore)


def test_without_the_library_it_is_missing_and_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "busylight_core", None)
    with pytest.raises(HwMissing, match=r"pip install deskpanel\[busylight\]"):
        BusylightBoard().open(ignore)


def test_a_report_with_a_wrong_sum_is_not_obeyed(kuando: Kuando) -> None:
    """The stand-in is as strict as the light."""
    assert isinstance(kuando, UsbLight)
    kuando.write(bytes([0x10, 0, 100, 0, 0]) + bytes(59))
    assert kuando.colour == BLACK
