"""The OLED's picture for those who look from outside, drawn once however many look."""

import base64
import io
from functools import lru_cache

from PIL import Image

from device.core.state import State
from device.views.paint import paint
from device.views.screen import screen


class Glass:
    """What the OLED would show, by state."""

    def __init__(self, size: tuple[int, int], language: str) -> None:
        self.size = size
        "Width and height in pixels."
        self._language = language
        self._paint = lru_cache(maxsize=2)(paint)

    def pixels(self, state: State) -> str:
        """Base64 of the rows, top first; eight pixels a byte, leftmost in bit 7, 1 lit."""
        return base64.b64encode(self._picture(state).tobytes()).decode("ascii")

    def png(self, state: State) -> bytes:
        """The same as a PNG file, one bit a pixel."""
        file = io.BytesIO()
        self._picture(state).save(file, "PNG", optimize=True)
        return file.getvalue()

    def _picture(self, state: State) -> Image.Image:
        return self._paint(screen(state), self.size, self._language)
