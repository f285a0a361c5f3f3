"""A panel that waits for a config: it says on the glass what is wrong with the one there is, where
there is one, and where the panel is on the network."""

import logging
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from device import config as configs
from device import dawn, network, places
from device.card import troubles as card_troubles
from device.config import Config
from device.dawn import Fitted, Glass
from device.life import Lives
from device.sip.missing import SipMissing
from device.systemd import Manager
from device.tables import ConfigError
from device.views.complaints import complaints
from device.views.lists import room
from device.views.outset import NoConfig
from device.views.paint import paint
from device.views.screens import Screen
from hw.saver import Look, rested
from hw.specs import OledSpec

log = logging.getLogger("deskpanel")

LOOK_SECONDS = 1.0
"Between looks at the files and the network; SIGTERM is answered within it as well."

PAGE_SECONDS = 5.0
"How long a screenful stands where there are several: to read a hundred letters, twice."

MOVE_SECONDS, DIM_SECONDS = 60.0, 600.0
"After which what stands for days moves by a pixel, and burns no longer at its full brightness."

NO_DISPLAY = OledSpec("none")

Signature = tuple[object, ...]
"Of files: the same as long as nobody touches them."


@dataclass(frozen=True, slots=True)
class Told:
    """A screen, and how it rests."""

    screen: Screen
    depth: int = 0
    turn: int = 0

    def look(self, size: tuple[int, int], language: str) -> Look:
        page = paint(self.screen, size, language)
        return rested(page, page, self.depth, self.turn)


@dataclass(frozen=True, slots=True)
class Found:
    """What there is instead of a config that is right."""

    troubles: tuple[str, ...] = ()
    "A line each; empty: there is no config at all, and nothing else is wrong."
    fitted: Fitted = field(default_factory=Fitted)
    "The display to say it on."


class Standby:
    """Waits until there is a config that is right, or the end is wanted."""

    def __init__(
        self,
        path: Path | None,
        glass: Glass,
        manager: Manager,
        lives: Lives,
        rest: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`path`: the config that was named; None: it may come to any of the usual places."""
        self._path, self._manager, self._lives = path, manager, lives
        self._rest, self._clock = rest, clock
        self._bugs: list[BaseException] = []
        self._ends = False
        self._glass = self._heard(glass)

    def wait(self) -> tuple[Config, Glass] | None:
        """The config, and the glass that it is shown on; None where we are to end."""
        with self._told_to_end():
            config = self._right()
        if config is None:
            self._manager.stopping()
            self._glass.close()
            return None
        self._go_on_with(Fitted(config.oled, config.language))
        self._glass.keeper.show(dawn.STARTING)
        self._live()
        return config, self._glass

    def _right(self) -> Config | None:
        seen, said, since = Signature(), Found(), self._clock()
        while not self._ends:
            if (now := self._signature()) != seen:
                first, seen = not seen, now
                found = self._read()
                if isinstance(found, Config):
                    return found
                if found != said or first:
                    said, since = found, self._clock()
                    self._say(said)
            self._show(said, self._clock() - since)
            self._live()
            self._rest(LOOK_SECONDS)
        return None

    @contextmanager
    def _told_to_end(self) -> Iterator[None]:
        """SIGTERM and SIGINT end the waiting, and nothing else: what is under way is finished."""

        def end(*_: object) -> None:
            self._ends = True

        before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    # What there is

    def _signature(self) -> Signature:
        """Beside a config there may be what it names, a password's file for one."""
        path = None
        with suppress(OSError):
            path = self._path or places.config()
        beside = _files_in(path.parent) if path else ()
        return (path, *beside, _stamp(places.COMPLAINTS))

    def _read(self) -> Config | Found:
        try:
            path = self._path or places.config()
            if path is None or not path.exists():
                return Found(card_troubles())
            return configs.load(path, places.state_directory())
        except ConfigError as error:
            told = dict.fromkeys((*error.complaints, *card_troubles()))
            return Found(tuple(told), _display(path))
        except OSError as error:  # a folder that we may not look into
            return Found((f"{error.filename}: {error.strerror}",))

    # What is said of it

    def _say(self, found: Found) -> None:
        """To who looks after computers, once."""
        told = found.troubles or (f"no {places.CONFIGS[0].name}",)
        for trouble in told:
            log.warning("waiting: %s", trouble)
        more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
        self._manager.ready(f"waiting: {told[0]}{more}")
        self._go_on_with(found.fitted)

    def _show(self, found: Found, passed: float) -> None:
        """To who looks at the glass: a screenful after the other."""
        pages = self._pages(found)
        page = pages[int(passed // PAGE_SECONDS) % len(pages)]
        depth, turn = int(passed > DIM_SECONDS), int(passed // MOVE_SECONDS)
        self._glass.keeper.show(Told(page, depth, turn))

    def _pages(self, found: Found) -> Sequence[Screen]:
        if found.troubles:
            return complaints(found.troubles, room(self._glass.fitted.spec.seen_size))
        address = network.own_address()
        return [NoConfig(address, network.own_name() if address else "")]

    def _go_on_with(self, fitted: Fitted) -> None:
        """Another display may be wanted than the one that is lit."""
        if fitted != self._glass.fitted:
            self._glass.close()
            self._glass = self._heard(Glass(fitted, self._lives))

    def _heard(self, glass: Glass) -> Glass:
        glass.trouble.hear(lambda why: log.warning("oled: %s", why or "is there again"))
        glass.bug.hear(self._bugs.append)
        return glass

    def _live(self) -> None:
        """Feed the watchdog, where there is nothing wrong with us. Raises a bug of the glass."""
        for bug in self._bugs:
            raise bug
        if not self._lives.hanging():
            self._manager.alive()


@contextmanager
def last_words(glass: Glass, rest: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Show why a panel could not begin or go on, for it will be tried again and nobody would know.

    What is no refusal is a bug of ours: that is for the journal, and its sentence for nobody.
    """
    try:
        yield
    except (OSError, SipMissing) as error:
        glass.close()  # if the panel did not
        with closing(Glass(glass.fitted, Lives())) as again:
            for page in complaints([str(error)], room(glass.fitted.spec.seen_size)):
                again.keeper.show(Told(page))
                rest(PAGE_SECONDS)
        raise


def _display(path: Path | None) -> Fitted:
    """The one that the config has, where it has one and that much of it is right."""
    fitted = dawn.fitted(path)
    return Fitted() if fitted is None or fitted.spec == NO_DISPLAY else fitted


def _files_in(folder: Path) -> Signature:
    with suppress(OSError):
        return tuple(_stamp(path) for path in sorted(folder.iterdir()))
    return ()


def _stamp(path: Path) -> Signature:
    """What changes when a file is written, replaced or taken away."""
    with suppress(OSError):
        about = path.stat()
        return (path.name, about.st_ino, about.st_size, about.st_mtime_ns, about.st_mode)
    return ()
