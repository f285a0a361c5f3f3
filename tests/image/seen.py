"""What a display on QEMU's I2C bus would show, by the bytes in QEMU's trace.

The bus has only a memory chip at the display's address, which acknowledges every byte. The bytes
are decoded by the data sheet's mock, which takes nothing that the sheet does not have.
"""

import re
from collections.abc import Iterable

from PIL import Image

from hw.mocks.glass import Glass, Ssd1306Glass

LINE = re.compile(
    r"(?:i2c_event (?P<what>\w+)|i2c_send send)"
    r"\(addr:0x(?P<at>[0-9a-f]+)\)(?: data:0x(?P<byte>\w+))?"
)


class Trace:
    """`-trace i2c_event -trace i2c_send`, read as it grows."""

    def __init__(self, glass: Glass | None = None) -> None:
        self.glass = glass or Ssd1306Glass()
        self.pictures: list[Image.Image] = []
        "Everything that was on the glass, one after the other."
        self._sent = b""

    def take(self, lines: Iterable[str]) -> None:
        """Some more lines, whole ones."""
        for line in lines:
            found = LINE.search(line)
            if found and int(found["at"], 16) == self.glass.address:
                self._take(found)

    def _take(self, found: re.Match[str]) -> None:
        if found["byte"]:
            self._sent += bytes([int(found["byte"], 16)])
        elif self._sent:  # a start or a finish; between questions, nothing is sent
            sent, self._sent = self._sent, b""
            self.glass.write_i2c_block_data(self.glass.address, sent[0], sent[1:])
            self._look()

    def _look(self) -> None:
        picture = self.glass.pixels()
        if not self.pictures or picture.tobytes() != self.pictures[-1].tobytes():
            self.pictures.append(picture)
