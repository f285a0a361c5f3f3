"""Our own icons, drawn by hand in `icons.txt`."""

from importlib.resources import files

from device.views.font import read
from device.views.glyph import Glyph

ICONS: dict[str, Glyph] = read(files(__package__).joinpath("icons.txt").read_text(encoding="utf-8"))
"Notices and statuses by their words; the rest by what they are."
