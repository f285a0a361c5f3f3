"""Performing and showing: from effects and states to the phone, the boards, the glass, the disk."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from device.core.effects import (
    Answer,
    Beep,
    DialCode,
    Effect,
    EndCode,
    EndDial,
    Refer,
    RingOwn,
    SendText,
)
from device.core.events import Edge, Event, Keyed, PartFound, PartLost, Turned
from device.core.kept import Kept, kept
from device.core.rest import Depth, Rest, rest
from device.core.state import State
from device.core.status import registered
from device.core.words import EVERY_BUTTON, FIRST_BOARD, KEYS
from device.glass import Seen
from device.keeper import Keeper, Trouble
from device.sip.phone import Phone, Presence
from device.views.lamps import lamps, status_lamp
from device.views.paint import brief, paint
from device.views.screen import screen
from device.views.screens import Screen
from device.views.tone import ringing
from hw.inputs import KEY, STEPS
from hw.ports import Board, Glow
from hw.saver import Look, rested


def as_event(part: str, post: Callable[[Event], None]) -> Trouble:
    """What is wrong with a part, be it hardware, the disk or the card, is told to the core."""

    def tell(why: str) -> None:
        at = time.monotonic()
        post(PartLost(at, part, why) if why else PartFound(at, part))

    return tell


class Keep(Protocol):
    """The store, as the world sees it."""

    def keep(self, kept: Kept) -> None: ...

    async def stored(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Shown:
    """What a board shows and sounds."""

    lamps: Mapping[str, Glow] = field(default_factory=dict)
    ringing: bool = False


@dataclass(frozen=True, slots=True)
class BoardPart:
    """A board, kept."""

    board: Board
    post: Callable[[Event], None]
    name: str = FIRST_BOARD

    def open(self) -> None:
        self.board.open(self._edge)

    def show(self, shown: Shown) -> None:
        self.board.show(shown.lamps)
        self.board.ring(shown.ringing)

    def close(self) -> None:
        self.board.close()

    def _edge(self, button: str, down: bool, at: float) -> None:
        if event := _by_hand(button, down, at, self.name):
            self.post(event)


def _by_hand(name: str, down: bool, at: float, board: str) -> Event | None:
    """What an edge is to the core: of a button, of the knob's turning, of a key; or nobody's."""
    if name in EVERY_BUTTON:
        return Edge(at, name, down, board)
    if down and name in STEPS:
        return Turned(at, STEPS[name])
    if down and name in NAMES_OF_KEYS:
        return Keyed(at, name.removeprefix(KEY))
    return None


NAMES_OF_KEYS = frozenset(f"{KEY}{key}" for key in KEYS)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a display shows, and how it rests."""

    screen: Screen
    rest: Rest

    def look(self, size: tuple[int, int], language: str) -> Look:
        """The picture, and its brightness."""
        page = paint(self.screen, size, language)
        wanders = self.rest.depth is Depth.WANDER
        small = brief(self.screen, size, language) if wanders else page
        return rested(page, small, self.rest.depth, self.rest.turn)


def sight(state: State) -> Sight:
    return Sight(screen(state), rest(state))


@dataclass(frozen=True, slots=True)
class BoardOn:
    """A board and the thread that keeps it."""

    board: Board
    keeper: Keeper[Shown]

    def beep(self, tune: str) -> None:
        self.keeper.pulse(lambda: self.board.beep(tune))


@dataclass
class RealWorld:
    """Hands everything over and returns; whatever fails comes back as an event."""

    phone: Phone
    store: Keep
    boards: Sequence[BoardOn]
    oled: Keeper[Seen]
    _presence: Presence = field(default_factory=Presence)

    def open(self, post: Callable[[Event], None]) -> None:
        """Let everything begin but the glass, which the user waits for: it is lit already."""
        for board in self.boards:
            board.keeper.start()
        self.phone.open(post)

    def perform(self, effect: Effect) -> None:
        """Do a pulse, once."""
        match effect:
            case Answer(call=call, code=code, target=target):
                self.phone.answer(call, code, target)
            case DialCode(job=job, number=number):
                self.phone.dial(job, number)
            case RingOwn(job=job, number=number):
                self.phone.ring_own(job, number)
            case Refer(job=job, number=number):
                self.phone.refer(job, number)
            case EndCode(job=job) | EndDial(job=job):
                self.phone.hang_up(job)
            case SendText(job=job, to=to, text=text):
                self.phone.send_text(job, to, text)
            case Beep(notice=notice):
                for board in self.boards:
                    board.beep(notice)

    def show(self, state: State) -> None:
        """Make all levels look like this; each part compares with what it has."""
        shown = Shown(lamps(state) | {"status": status_lamp(state)}, ringing(state))
        for board in self.boards:
            board.keeper.show(shown)
        self.oled.show(sight(state))
        published = state.mirror.publication(state.grants, state.link)
        self._be(Presence(registered(state), state.grants.watched, published))
        self.store.keep(kept(state))

    def _be(self, presence: Presence) -> None:
        if presence != self._presence:
            self._presence = presence
            self.phone.be(presence)

    async def stored(self) -> None:
        """Return when everything shown so far is safe against a power cut."""
        await self.store.stored()

    def close(self) -> None:
        """Glass and lamps go dark, which the user sees, while the phone unregisters."""
        self.oled.end()
        for board in self.boards:
            board.keeper.end()
        self.phone.close()
        self.oled.close()
        for board in self.boards:
            board.keeper.close()
