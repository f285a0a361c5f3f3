"""The way from a display's driver to a mock glass, without luma between."""

from collections.abc import Sequence
from dataclasses import dataclass

from hw.mocks.glass import Glass


@dataclass(frozen=True, slots=True)
class Wire:
    """What luma's I2C is to a display, on a bus that takes any length at once."""

    glass: Glass

    def command(self, *commands: int) -> None:
        self.glass.write_i2c_block_data(self.glass.address, 0x00, commands)

    def data(self, data: Sequence[int]) -> None:
        self.glass.write_i2c_block_data(self.glass.address, 0x40, data)

    def status(self) -> int:
        return self.glass.read_byte(self.glass.address)

    def cleanup(self) -> None:
        """Nothing was opened."""
