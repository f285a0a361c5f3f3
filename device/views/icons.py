"""Our own icons, drawn by hand in `icons.txt`."""

from pathlib import Path

from device.views.font import read
from device.views.glyph import Glyph

ICONS: dict[str, Glyph] = read(Path(__file__).with_name("icons.txt").read_text(encoding="utf-8"))
"Notices and statuses by their words; the rest by what they are."
