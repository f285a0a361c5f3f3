"""The board's main loop: a timer looks at contacts and moves lamps, the rest is talk."""

import select
import sys
from time import ticks_diff, ticks_ms  # type: ignore[attr-defined]  # MicroPython's

import micropython  # type: ignore[import-not-found]  # MicroPython's own

from hw.firmware import fitted
from hw.firmware.board import Board
from hw.firmware.contact import Contact
from hw.firmware.pins import Pins, every, watchdog

SCAN_MS = 5
DOG_MS = 4_000
"Without a turn of the main loop, after which the board begins anew."

MOST_AT_ONCE = 64
"Bytes read before the rest gets its turn."


class Panel:
    """Pins on one side, USB on the other, a board between them."""

    def __init__(self, pins: Pins) -> None:
        self._pins = pins
        self._base = (0, ticks_ms())
        self._board = Board(pins.buttons, pins.lamps, pins.coloured, pins.buzzes, 0)
        self._contacts = [Contact(pins.pressed(n)) for n in range(len(pins.buttons))]
        self._turned: list[tuple[str, bool, int]] = []
        self._stdin = select.poll()
        self._stdin.register(sys.stdin, select.POLLIN)

    def scan(self, _timer: object = None) -> None:
        """Look at every contact and move every lamp; the timer calls it in the midst of `turn`.

        It adds to one list and reads the board, which both stand an interruption anywhere.
        """
        at = self._now()[0]
        for number, contact in enumerate(self._contacts):
            if contact.turns(self._pins.pressed(number), at):
                self._turned.append((self._pins.buttons[number], contact.down, at))
        self._pins.show(self._board, at)

    def turn(self) -> None:
        """Read, answer, tell."""
        data = self._read()
        self._base = self._now()
        at = self._base[0]
        self._board.receive(data, at)
        while self._turned:
            self._board.edge(*self._turned.pop(0))
        self._board.tick(at)
        out = self._board.take()
        if out:
            self._pins.show(self._board, at)  # what is acknowledged is seen already
            sys.stdout.buffer.write(out)

    def _now(self) -> tuple[int, int]:
        """Milliseconds since the start, and the ticks, which begin anew every twelve days."""
        (at, before), ticks = self._base, ticks_ms()
        return at + ticks_diff(ticks, before), ticks

    def _read(self) -> bytes:
        data = b""
        while len(data) < MOST_AT_ONCE and self._stdin.poll(0 if data else 2):
            byte = sys.stdin.buffer.read(1)
            if not byte:
                break
            data += byte
        return data


def main() -> None:
    """Be a button board, for good; or leave the prompt to whoever holds the button for that."""
    pins = Pins(fitted.BUTTONS, fitted.LAMPS, fitted.BUZZER)
    if fitted.PROMPT in pins.buttons and pins.pressed(pins.buttons.index(fitted.PROMPT)):
        return
    micropython.kbd_intr(-1)  # a 3 in the noise of a wire must not end the program
    panel = Panel(pins)
    timer = every(SCAN_MS, panel.scan)
    dog = watchdog(DOG_MS)
    while timer:
        panel.turn()
        dog.feed()
