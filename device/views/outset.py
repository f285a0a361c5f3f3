"""What the glass shows before there is a panel: values, and how they are drawn.

The first of them is on the glass before most of the program is loaded, and needs little of it.
"""

from dataclasses import dataclass

from PIL import Image

from device.views import layout
from device.views.canvas import Canvas
from device.views.font import SMALL
from device.views.headline import headline
from device.views.layout import Brief, Face, Pile
from device.views.pieces import Offer, centred, gap, written
from device.views.words import tongue


@dataclass(frozen=True, slots=True)
class Starting:
    """The program has begun, and knows nothing yet."""

    version: str


@dataclass(frozen=True, slots=True)
class NoConfig:
    """Nobody has told the panel yet whose it is."""

    address: str = ""
    "Where the panel is on the network; empty: on none."
    name: str = ""
    "What it is called there."


Outset = Starting | NoConfig


def picture(screen: Outset, size: tuple[int, int], language: str) -> Image.Image:
    """The same as `paint` paints."""
    canvas = Canvas(size)
    layout.draw(canvas, pile(Face(*size, tongue(language)), screen))
    return canvas.image


def pile(face: Face, screen: Outset) -> Pile:
    """A screen, taken apart for this glass."""
    return _starting(face, screen) if isinstance(screen, Starting) else _no_config(face, screen)


def _starting(face: Face, screen: Starting) -> Pile:
    head = headline(face, "connecting", False, face.say("Starting…"))
    name = f"deskpanel {screen.version}"
    return Pile((gap(), head, centred(face, name, 50), gap()), Brief((face.say("Starting…"),)))


def _no_config(face: Face, screen: NoConfig) -> Pile:
    title = face.say("No config")
    wanted = face.say("Put deskpanel.toml on the card")
    small = (Offer(SMALL, 1, 90), Offer(SMALL, 2, 88), Offer(SMALL, 3, 80))
    where = screen.address or face.say("No network")
    lines = (
        written(face, wanted, *small),
        written(face, where, Offer(SMALL, 1, 86), whole=True),
        written(face, screen.name, Offer(SMALL, 1, 84), whole=True),
    )
    head = headline(face, "unknown", False, title)
    return Pile((gap(), head, gap(), *lines, gap()), Brief((title,), "unknown"))
