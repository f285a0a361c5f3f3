"""First light: a picture on the glass before there is a panel.

A small computer takes seconds to load the whole program, and a user who sees nothing thinks that
nothing happens. So this loads no more than the glass and one picture need, and is as much of a
builder as `wiring` is, for the glass alone; the rest is loaded while the picture stands.
"""

import logging
import threading
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from device import VERSION
from device.glass import OledPart, Seen, language_of, spec_of
from device.keeper import Keeper
from device.life import DEVICE_SECONDS, Lives
from device.tables import Complaints, Table
from device.views.outset import Outset, Starting, picture
from device.views.words import LANGUAGES
from hw import drivers
from hw.ports import HwMissing, Oled
from hw.saver import Look
from hw.specs import OledSpec

log = logging.getLogger("deskpanel")

T = TypeVar("T")

USUAL = OledSpec("ssd1306")
"What most people wire, and how: tried where no config says otherwise."

LIT_SECONDS = 3.0
"How long the rest of the program waits for the glass, which may not be there yet, or not at all."


@dataclass(frozen=True, slots=True)
class Fitted:
    """A display as a config has it."""

    spec: OledSpec = USUAL
    language: str = LANGUAGES[0]


@dataclass(frozen=True, slots=True)
class Bright:
    """A screen without rest."""

    screen: Outset

    def look(self, size: tuple[int, int], language: str) -> Look:
        return Look(picture(self.screen, size, language), 1.0)


STARTING = Bright(Starting(VERSION))


class Ear(Generic[T]):
    """What is told last is told to whoever comes to listen."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: list[T] = []
        self._tell: Callable[[T], None] = lambda _: None

    def __call__(self, what: T) -> None:
        with self._lock:
            self._last = [what]
            self._tell(what)

    def hear(self, tell: Callable[[T], None]) -> None:
        """Listen from now on, in the place of whoever did before."""
        with self._lock:
            self._tell = tell
            for what in self._last:
                tell(what)


class Glass:
    """A display that shows something from the first light on, and whoever shows it more later."""

    def __init__(
        self, fitted: Fitted, lives: Lives, on_lit: Callable[[], None] = lambda: None
    ) -> None:
        """`on_lit` is called when the first picture was handed over, from the keeper's thread."""
        self.fitted, self._on_lit = fitted, on_lit
        self.trouble, self.bug = Ear[str](), Ear[BaseException]()
        self._known, self._lit = threading.Event(), False
        part = OledPart(self._oled(), fitted.language, self._shown)
        turned = lives.of("oled", DEVICE_SECONDS)
        self.keeper: Keeper[Seen] = Keeper("oled", part, self._lost, self._broken, turned)
        self.keeper.show(STARTING)
        self.keeper.start()

    def lit(self, seconds: float = LIT_SECONDS) -> bool:
        """Wait until a picture was handed over, or it is known that none can be for now."""
        self._known.wait(seconds)
        return self._lit

    def close(self) -> None:
        """Dark. Twice does no harm."""
        self.keeper.close()

    def _oled(self) -> Oled:
        """The driver, or none: a library that is missing does not come back by waiting."""
        spec = self.fitted.spec
        try:
            return drivers.oled(spec.driver, spec)
        except HwMissing as error:
            self._lost(str(error))
            return drivers.oled("none", spec)

    # In the keeper's thread

    def _shown(self) -> None:
        if not self._lit:
            self._lit = True
            self._on_lit()
            self._known.set()

    def _lost(self, why: str) -> None:
        self.trouble(why)
        self._known.set()

    def _broken(self, bug: BaseException) -> None:
        self.bug(bug)
        self._known.set()


def light(path: Path | None, lives: Lives) -> Glass:
    """Let there be a picture on the display of this config, or on the usual one; soon."""
    return Glass(fitted(path) or Fitted(), lives, _say_when)


def _say_when() -> None:
    # Linux counts these seconds from the kernel's first moments on.
    log.info("first picture after %.2f s", time.monotonic())


def fitted(path: Path | None) -> Fitted | None:
    """What a config says of its display, right or wrong in the rest; None: it cannot be known."""
    if path is None:
        return None
    try:
        return _read(path)
    except (OSError, ValueError, RecursionError):
        return None


def _read(path: Path) -> Fitted | None:
    text = path.read_text(encoding="utf-8")
    document = tomllib.loads(text)
    complaints = Complaints(path, text)
    oled = Table(document.get("oled", {}), "oled", complaints)
    found = Fitted(spec_of(oled), language_of(oled))
    return None if complaints else found
