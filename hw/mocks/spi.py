"""An OLED module on SPI: what luma uses of spidev and of RPi.GPIO, with a mock glass behind it.

Four wires and two lines: data or command, and reset (SSD1306 data sheet, 8.1.3). Nothing comes
back, so that nobody notices a module that is gone.
"""

import errno
import os
from collections.abc import Sequence

from hw.mocks.glass import Glass

DATA_COMMAND, RESET = 24, 25
"BCM pins that luma uses unless told otherwise."


class SpiLine:
    """Both at once: pass it for `spi` and for `gpio`."""

    LOW, HIGH = 0, 1
    OUT = 0

    def __init__(self, glass: Glass) -> None:
        self._glass = glass
        self._data = False
        self.max_speed_hz = 0
        self.opened: list[tuple[int, int]] = []
        self.broken = False
        "Let writing fail, as when the driver is unloaded."

    # As RPi.GPIO has it

    def setup(self, pin: int, direction: int) -> None:
        """Pins need nothing here."""

    def output(self, pin: int, level: int) -> None:
        """Data or command is for what is written next; reset acts at once."""
        if pin == DATA_COMMAND:
            self._data = level == self.HIGH
        elif pin == RESET and level == self.LOW:
            self._glass.reset()

    def cleanup(self, pins: Sequence[int]) -> None:
        """Nor do they here."""

    # As spidev has it

    def open(self, port: int, device: int) -> None:
        """Of /dev/spidevPORT.DEVICE."""
        self.opened.append((port, device))

    def writebytes(self, data: list[int]) -> None:
        """Into the controller, or into nothing. Raises `OSError` while broken."""
        if self.broken:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        if not isinstance(data, list):
            raise TypeError(f"spidev wants a list, not {type(data).__name__}")
        self._glass.on_bus += len(data)
        if self._glass.plugged:
            self._glass.take(bytes(data), data=self._data)

    def close(self) -> None:
        """Twice does no harm."""
