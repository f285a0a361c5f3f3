"""A canvas that remembers what was written on it."""

from device.views.canvas import Canvas
from device.views.font import Font


class Glance(Canvas):
    """What can be read on the glass, line by line; words only, no icons."""

    __slots__ = ("read",)
    read: list[str]

    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__(size)
        object.__setattr__(self, "read", [])

    def text(self, font: Font, x: int, y: int, text: str, ink: int = 1) -> int:
        if text:
            self.read.append(text)
        return super().text(font, x, y, text, ink)
