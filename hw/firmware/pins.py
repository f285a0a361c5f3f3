"""The pins of a Raspberry Pi Pico: the only file of the firmware that knows `machine`."""

import machine  # type: ignore[import-not-found]  # MicroPython's own

from hw.firmware import light
from hw.firmware.board import Board

FREQUENCY = 1_000
"Hertz of the lamps' PWM: no flicker, and the same for pins that share a slice."

_CHANNELS = 16


class Pins:
    """Every button, lamp and buzzer of a board. Raises `ValueError` for pins that clash."""

    def __init__(
        self,
        buttons: dict[str, int],
        lamps: dict[str, int | tuple[int, int, int]],
        buzzer: int | None,
    ) -> None:
        _check(buttons, lamps, buzzer)
        self.buttons = list(buttons)
        self.lamps = list(lamps)
        self.coloured = [name for name in lamps if isinstance(lamps[name], tuple)]
        self.buzzes = buzzer is not None
        self._contacts = [_input(buttons[name]) for name in buttons]
        self._lights = [[_output(pin) for pin in _of(lamps[name])] for name in lamps]
        self._shown: list[tuple[int, ...]] = [()] * len(lamps)
        self._buzzer = None if buzzer is None else machine.Pin(buzzer, machine.Pin.OUT, value=0)
        self._sounds = False

    def pressed(self, number: int) -> bool:
        """Whether a button joins its pin to ground now."""
        return not self._contacts[number].value()

    def show(self, board: Board, at: int) -> None:
        """Make lamps and buzzer be as the board says; what stays is not touched."""
        clock = board.clock(at)
        for number in range(len(self._lights)):
            self._light(number, board.lamp(number, at), clock)
        if self._buzzer and board.sounds(at) != self._sounds:
            self._sounds = not self._sounds
            self._buzzer.value(self._sounds)

    def _light(self, number: int, lamp: str, clock: int) -> None:
        leds = self._lights[number]
        levels = light.mixed(lamp, clock) if len(leds) > 1 else (light.brightness(lamp, clock),)
        if levels != self._shown[number]:
            self._shown[number] = levels
            for led, level in zip(leds, levels):  # noqa: B905 - MicroPython knows no strict=
                led.duty_u16(level * 257)


def every(period: int, call: object) -> object:
    """Have something called every so many milliseconds, as long as what comes back is kept."""
    return machine.Timer(period=period, mode=machine.Timer.PERIODIC, callback=call)


def watchdog(patience: int) -> machine.WDT:
    """Have the board begin anew when this is not fed for so many milliseconds."""
    return machine.WDT(timeout=patience)


def _input(pin: int) -> machine.Pin:
    return machine.Pin(pin, machine.Pin.IN, machine.Pin.PULL_UP)


def _output(pin: int) -> machine.PWM:
    return machine.PWM(machine.Pin(pin), freq=FREQUENCY, duty_u16=0)


def _of(pins: int | tuple[int, int, int]) -> tuple[int, ...]:
    return pins if isinstance(pins, tuple) else (pins,)


def _check(
    buttons: dict[str, int], lamps: dict[str, int | tuple[int, int, int]], buzzer: int | None
) -> None:
    outputs = [pin for name in lamps for pin in _of(lamps[name])]
    used = list(buttons.values()) + outputs + ([] if buzzer is None else [buzzer])
    for pin in used:
        if used.count(pin) > 1:
            raise ValueError(f"fitted.py: GP{pin} is used twice")
    # GPIO n and n + 16 are the same PWM channel (RP2040 data sheet, section 4.5.2).
    channels = [pin % _CHANNELS for pin in outputs]
    for pin in outputs:
        if channels.count(pin % _CHANNELS) > 1:
            raise ValueError(f"fitted.py: GP{pin} shares its PWM channel with another lamp")
