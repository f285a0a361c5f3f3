"""How worn an OLED is: for how many hours each pixel was lit, dimmed hours counting for less."""

from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image

_UNITS = 360_000
"Of a hundredth of a second, in an hour."


@dataclass(frozen=True, slots=True)
class Lit:
    """A picture of mode "1", and how it stood."""

    picture: Image.Image
    seconds: float
    level: float = 1.0
    "Brightness, 0 to 1."


@dataclass(frozen=True, slots=True)
class Wear:
    """Hours at full brightness, for each pixel of a glass."""

    size: tuple[int, int]
    planes: tuple[int, ...] = ()
    """A binary counter per pixel, lying down: of plane k, bit p is bit k of pixel p's counter. So a
    picture is added to all of them with a few operations on long integers."""

    @property
    def most(self) -> float:
        """Hours of the pixel that was lit longest."""
        left, most = -1, 0
        for power in range(len(self.planes) - 1, -1, -1):
            if left & self.planes[power]:
                left &= self.planes[power]
                most += 1 << power
        return most / _UNITS

    def hours(self, x: int, y: int) -> float:
        """Hours of one pixel."""
        bit = _bit(self.size, x, y)
        return sum((plane >> bit & 1) << k for k, plane in enumerate(self.planes)) / _UNITS


def worn(size: tuple[int, int], shown: Iterable[Lit], before: Wear | None = None) -> Wear:
    """The wear after all of this was shown on a glass of this size."""
    planes = list(before.planes if before else ())
    for lit in shown:
        weight, light = round(lit.seconds * lit.level * 100), _light(lit.picture)
        for power in range(weight.bit_length()):
            if weight >> power & 1:
                _add(planes, power, light)
    return Wear(size, tuple(planes))


def _add(planes: list[int], power: int, carry: int) -> None:
    while carry:
        if power >= len(planes):
            planes += [0] * (power + 1 - len(planes))
        planes[power], carry = planes[power] ^ carry, planes[power] & carry
        power += 1


def _light(picture: Image.Image) -> int:
    # Pillow fills the last byte of a row with zeros, which are pixels of nothing, and dark.
    return int.from_bytes(picture.tobytes())


def _bit(size: tuple[int, int], x: int, y: int) -> int:
    stride = (size[0] + 7) // 8 * 8
    return stride * size[1] - 1 - (stride * y + x)
