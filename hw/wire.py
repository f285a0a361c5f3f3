"""The host's end of the board's protocol (docs/board-protocol.md): no port, no clock, no thread.

Bytes and moments in, bytes and happenings out. Moments are monotonic seconds.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hw.firmware.wire import VERSION, Parser, frame
from hw.ports import DARK, Colour, Glow, Pattern

BEAT_SECONDS = 1.0
AGAIN_SECONDS = 0.25
"After which what was not answered is sent again."

PATIENCE_SECONDS = 2.0
"For an answer, sent again meanwhile."

SILENCE_SECONDS = 3.0
"After which the board counts as lost; it beats each second."

MOST_LAMPS = 64
"Six letters each, so that all of them and a cadence fit into one frame."

_MOMENT = re.compile("[0-9]{1,12}")
"Milliseconds: twelve digits are thirty years, and a number that a float can hold."

_VERSION = re.compile("[0-9]{1,3}")
_LAMP = re.compile("[A-Za-z0-9_-]+")
_BUTTON = re.compile("[A-Za-z0-9_*#-]+")
"Keys of a keypad are buttons (`hw.inputs`)."

_COLOURS = {
    Colour.OFF: "-",
    Colour.GREEN: "g",
    Colour.AMBER: "a",
    Colour.WHITE: "w",
    Colour.BLUE: "b",
    Colour.RED: "r",
}
_PATTERNS = {
    Pattern.OFF: "-",
    Pattern.STEADY: "s",
    Pattern.FAST: "f",
    Pattern.SLOW: "l",
    Pattern.BLIP3: "3",
    Pattern.DASH: "d",
    Pattern.PULSE: "p",
}


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a board says it has."""

    version: int
    buttons: tuple[str, ...] = ()
    lamps: tuple[str, ...] = ()
    coloured: frozenset[str] = frozenset()
    "Those of the lamps that have every colour."
    buzzer: bool = False


@dataclass(frozen=True, slots=True)
class Met:
    """The board has answered our hello."""

    fitted: Fitted


@dataclass(frozen=True, slots=True)
class Turned:
    """A button was pressed or let go, at a moment of our own clock."""

    button: str
    down: bool
    at: float


@dataclass(frozen=True, slots=True)
class Answered:
    """The board has done what this ticket asked, or says why not."""

    ticket: int
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """The session is over, and why."""

    why: str


Happening = Met | Turned | Answered | Gone


@dataclass(slots=True)
class _Question:
    """Something asked of the board, and when it was sent."""

    ticket: int
    payload: str
    sequence: int
    sent: float
    first_sent: float


class Session:
    """One conversation, from a hello on. `identity` is 1 to 0xFFFF and unlike the last one."""

    def __init__(self, identity: int, now: float) -> None:
        self._identity = identity
        self._parser = Parser()
        self._out: list[bytes] = []
        self._fitted: Fitted | None = None
        self._gone = False
        self._waiting: deque[tuple[int, str]] = deque()
        self._asked: _Question | None = None
        self._tickets = self._sequence = self._edges = 0
        self._heard = self._greeted = self._met = self._beat = now
        self._behind: float | None = None
        self._last_edge = now
        self._greet(now)

    @property
    def fitted(self) -> Fitted | None:
        """What the board has; None until it has answered."""
        return self._fitted

    @property
    def spoilt(self) -> int:
        """Lines that came damaged."""
        return self._parser.spoilt

    def show(self, lamps: Mapping[str, Glow], ring: Sequence[int], now: float) -> int:
        """Ask for these lamps and this ringing cadence, as levels; the ticket of the answer."""
        fitted = self._fitted.lamps if self._fitted else ()
        words = [_durations(ring) or "-", *(lamp_word(lamps.get(name, DARK)) for name in fitted)]
        return self._ask("show " + " ".join(words), now)

    def beep(self, tune: Sequence[int], now: float) -> int:
        """Ask for a tune, once: milliseconds on, off, on; the ticket of the answer."""
        return self._ask("beep " + _durations(tune), now)

    def bye(self, now: float) -> int:
        """Let the board go dark and forget us; the ticket of the answer."""
        return self._ask("bye", now)

    def receive(self, data: bytes, now: float) -> list[Happening]:
        """What these bytes, in pieces of any size, bring about."""
        found: list[Happening] = []
        for session, sequence, payload in self._parser.feed(data):
            if not self._gone:
                found.extend(self._read(session, sequence, payload.split(" "), now))
        return found

    def tick(self, now: float) -> list[Happening]:
        """Do what is due; to be called a few times in a second."""
        if self._gone:
            return []
        if self._fitted is None:
            self._greet_again(now)
            return []
        if now - self._heard >= SILENCE_SECONDS:
            return [self._end("it fell silent")]
        if self._asked and now - self._asked.first_sent >= PATIENCE_SECONDS:
            return [self._end("it does not answer")]
        self._repeat(now)
        return []

    def take(self) -> bytes:
        """Bytes for the board, once."""
        out, self._out = self._out, []
        return b"".join(out)

    # What the board may say

    def _read(
        self, session: int, sequence: int, words: list[str], now: float
    ) -> Iterator[Happening]:
        # One that boots again in this second says so again, when it is not greeted.
        if (session, words[0]) == (0, "boot") and self._fitted and now - self._met >= BEAT_SECONDS:
            yield self._end("it began anew")
        if session != self._identity:
            return  # said to somebody before us
        if words[0] == "hello":
            yield from self._meet(words[1:], now)
        elif self._fitted:
            self._heard = now
            yield from self._listen(sequence, words, now)

    def _listen(self, sequence: int, words: list[str], now: float) -> Iterator[Happening]:
        match words:
            case ["beat", at] if _MOMENT.fullmatch(at):
                self._set_clock(int(at) / 1000, now)
            case ["ack", answered]:
                yield from self._answered(answered, "", now)
            case ["no", answered, *why]:
                yield from self._answered(answered, " ".join(why) or "without a reason", now)
            case ["edge", at, button, ("down" | "up") as way] if _MOMENT.fullmatch(at):
                yield from self._edge(sequence, button, way == "down", int(at) / 1000, now)

    def _meet(self, words: list[str], now: float) -> Iterator[Happening]:
        # A bare version is our own hello, from a wire that echoes.
        if self._fitted or words == [str(VERSION)]:
            return
        self._fitted = _read_fitted(words)
        if self._fitted is None:
            yield self._end(f"its hello is none of version {VERSION}: {' '.join(words)[:60]!r}")
            return
        self._heard = self._met = now
        if self._fitted.version == VERSION:
            self._set_clock(int(words[1]) / 1000, now)
        self._tell_time(now)
        yield Met(self._fitted)

    def _answered(self, sequence: str, refusal: str, now: float) -> Iterator[Happening]:
        if self._asked and sequence == f"{self._asked.sequence:02X}":
            ticket = self._asked.ticket
            self._asked = None
            self._ask_next(now)
            yield Answered(ticket, refusal)

    def _edge(
        self, sequence: int, button: str, down: bool, at: float, now: float
    ) -> Iterator[Happening]:
        expected = self._edges % 255 + 1
        if sequence == expected:
            self._edges = sequence
            if self._fitted and button in self._fitted.buttons:
                yield Turned(button, down, self._ours(at, now))
        # Also what we had already: our word for it was lost. What came too early comes again.
        self._say(f"ack {self._edges:02X}") if self._edges else None

    # Clocks

    def _set_clock(self, at: float, now: float) -> None:
        # The way takes time and never less than none, so the smallest difference is the truest.
        # The millisecond lets it follow two quartzes that drift apart.
        behind = now - at
        self._behind = (
            behind if self._behind is None else min(behind, self._behind + BEAT_SECONDS / 1000)
        )

    def _ours(self, at: float, now: float) -> float:
        """A moment of the board's clock in ours; never ahead, never before the edge before it."""
        moment = now if self._behind is None else min(now, at + self._behind)
        self._last_edge = max(self._last_edge, moment)
        return self._last_edge

    # What we say

    def _greet(self, now: float) -> None:
        self._greeted = now
        self._say(f"hello {VERSION}")

    def _greet_again(self, now: float) -> None:
        if now - self._greeted >= AGAIN_SECONDS:
            self._greet(now)

    def _tell_time(self, now: float) -> None:
        self._beat = now
        self._say(f"beat {int(now * 1000)}")

    def _ask(self, payload: str, now: float) -> int:
        self._tickets += 1
        self._waiting.append((self._tickets, payload))
        self._ask_next(now)
        return self._tickets

    def _ask_next(self, now: float) -> None:
        if self._asked is None and self._waiting and self._fitted:
            self._sequence = self._sequence % 255 + 1
            ticket, payload = self._waiting.popleft()
            self._asked = _Question(ticket, payload, self._sequence, now, now)
            self._say(payload, self._sequence)

    def _repeat(self, now: float) -> None:
        if now - self._beat >= BEAT_SECONDS:
            self._tell_time(now)
        if self._asked and now - self._asked.sent >= AGAIN_SECONDS:
            self._asked.sent = now
            self._say(self._asked.payload, self._asked.sequence)

    def _say(self, payload: str, sequence: int = 0) -> None:
        self._out.append(frame(self._identity, sequence, payload))

    def _end(self, why: str) -> Gone:
        self._gone = True
        self._out.clear()
        return Gone(why)


def lamp_word(glow: Glow) -> str:
    """A lamp as five letters: colour, pattern, two hex digits of level, overlay."""
    level = max(0, min(255, round(glow.level * 255)))
    pattern = _PATTERNS[glow.pattern]
    return f"{_COLOURS[glow.colour]}{pattern}{level:02X}{_COLOURS[glow.overlay]}"


def _durations(parts: Sequence[int]) -> str:
    return ",".join(map(str, parts))


def _read_fitted(words: list[str]) -> Fitted | None:
    """What a hello says; None: it says nothing that is allowed."""
    match words:
        case [version, *_] if not _VERSION.fullmatch(version):
            return None
        case [version, *_] if int(version) != VERSION:
            return Fitted(int(version))  # of a protocol whose further words we do not know
        case [_, at, buttons, lamps, ("buzzer" | "-") as buzzer] if _MOMENT.fullmatch(at):
            return _fitted(_names(buttons), _names(lamps), buzzer == "buzzer")
    return None


def _fitted(buttons: tuple[str, ...], lamps: tuple[str, ...], buzzer: bool) -> Fitted | None:
    plain = tuple(name.removesuffix("*") for name in lamps)
    if not (_are(_BUTTON, buttons) and _are(_LAMP, plain)) or len(plain) > MOST_LAMPS:
        return None
    coloured = frozenset(name[:-1] for name in lamps if name.endswith("*"))
    return Fitted(VERSION, buttons, plain, coloured, buzzer)


def _are(names: re.Pattern[str], said: tuple[str, ...]) -> bool:
    return len(set(said)) == len(said) and all(map(names.fullmatch, said))


def _names(word: str) -> tuple[str, ...]:
    return () if word == "-" else tuple(word.split(","))
