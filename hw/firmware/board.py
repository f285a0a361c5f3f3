"""The board's end of the protocol: bytes and edges in, bytes and levels of light out.

It waits for nothing and knows no pins. Times are milliseconds since the board began, ever rising.
"""

from hw.firmware import light
from hw.firmware.wire import VERSION, Parser, frame

BEAT_MS = 1_000
AGAIN_MS = 250
"After which an edge that was not acknowledged is told again."

HOST_LOST_MS = 5_000
"Of silence, after which every lamp says so."

MOST_EDGES = 32
"That wait for the host; later ones are lost."

_NOBODY = 0


class Board:
    """What is fitted, who is the host, and what it wants shown."""

    def __init__(
        self, buttons: list[str], lamps: list[str], coloured: list[str], buzzer: bool, at: int
    ) -> None:
        self._buttons, self._lamps, self._coloured = buttons, lamps, coloured
        self._buzzer = buzzer
        self._parser = Parser()
        self._out: list[bytes] = []
        self._visit = _Visit(_NOBODY, len(lamps))
        self._heard = at  # having begun counts: the lamps do not cry out in the first seconds
        self._boot(at)

    # The wire

    def receive(self, data: bytes, at: int) -> None:
        """Take in what came, in pieces of any size."""
        for session, sequence, payload in self._parser.feed(data):
            verb, _, rest = payload.partition(" ")
            if verb == "hello" and session != _NOBODY:
                self._greet(session, at)
            elif session == self._visit.session != _NOBODY:
                self._heard = at
                self._do(sequence, verb, rest, at)
            elif self._visit.session == _NOBODY and at - self._booted >= BEAT_MS:
                self._boot(at)  # the host takes us for one that it has greeted

    def edge(self, name: str, down: bool, at: int) -> None:
        """Tell the host of an edge, until it has heard."""
        visit = self._visit
        if self._listens(at) and len(visit.edges) < MOST_EDGES:
            visit.sequence = visit.sequence % 255 + 1
            payload = f"edge {at} {name} {'down' if down else 'up'}"
            visit.told = visit.told if visit.edges else at
            visit.edges.append((visit.sequence, payload))
            self._say(payload, visit.sequence)

    def tick(self, at: int) -> None:
        """Do what is due; to be called every few milliseconds."""
        visit = self._visit
        if visit.session != _NOBODY and at - visit.beat >= BEAT_MS:
            visit.beat = at
            self._say(f"beat {at}")
        if not self._listens(at):
            visit.edges = []
        elif at - visit.told >= AGAIN_MS:
            visit.told = at
            for sequence, payload in visit.edges:
                self._say(payload, sequence)

    def take(self) -> bytes:
        """Bytes for the host, once."""
        out, self._out = self._out, []
        return b"".join(out)

    # What is to be seen and heard

    def lamp(self, number: int, at: int) -> str:
        """What a lamp shows, by its number among those that are fitted."""
        visit = self._visit
        return visit.shown[number] if visit.ended or self._host_is_there(at) else light.LOST

    def clock(self, at: int) -> int:
        """Milliseconds from which the patterns count, the same for every board of a host."""
        return at + (self._visit.ahead or 0)

    def sounds(self, at: int) -> bool:
        """Whether the buzzer is on."""
        visit = self._visit
        tune, tune_began = visit.tune
        ring, ring_began = visit.ring
        if not self._host_is_there(at):
            return False
        if light.sounds(tune, at - tune_began):
            return True
        return bool(ring) and light.sounds(ring, (at - ring_began) % sum(ring))

    @property
    def waiting(self) -> int:
        """Edges that the host has not acknowledged."""
        return len(self._visit.edges)

    # What the host may say

    def _greet(self, session: int, at: int) -> None:
        if session != self._visit.session:
            self._visit = _Visit(session, len(self._lamps))
        self._heard = self._visit.beat = at
        lamps = [name + "*" if name in self._coloured else name for name in self._lamps]
        buzzer = "buzzer" if self._buzzer else "-"
        fitted = f"{','.join(self._buttons) or '-'} {','.join(lamps) or '-'} {buzzer}"
        self._say(f"hello {VERSION} {at} {fitted}")

    def _do(self, sequence: int, verb: str, rest: str, at: int) -> None:
        visit = self._visit
        if verb == "beat" and rest.isdigit():
            visit.set_clock(int(rest) - at)
        elif verb == "ack":
            visit.forget(rest)
        elif sequence and sequence == visit.last[0]:
            self._say(visit.last[1])  # our answer was lost; what was asked is done
        elif sequence:
            visit.last = (sequence, self._answer(sequence, verb, rest, at))
            self._say(visit.last[1])
            if verb == "bye":
                self._visit = _Visit(_NOBODY, len(self._lamps), ended=True)

    def _answer(self, sequence: int, verb: str, rest: str, at: int) -> str:
        try:
            self._obey(verb, rest, at)
        except ValueError as wrong:
            return f"no {sequence:02X} {wrong}"
        return f"ack {sequence:02X}"

    def _obey(self, verb: str, rest: str, at: int) -> None:
        if verb == "show":
            self._show(rest.split(" "), at)
        elif verb == "beep":
            self._visit.tune = (light.durations(rest), at)
        elif verb != "bye":
            raise ValueError(f"this board knows no {verb}")

    def _show(self, words: list[str], at: int) -> None:
        ring, lamps = words[0], words[1:]
        if len(lamps) != len(self._lamps) or not all(light.is_lamp(lamp) for lamp in lamps):
            raise ValueError(f"{len(self._lamps)} lamps of five letters were expected")
        cadence = [] if ring == "-" else light.durations(ring)
        if cadence != self._visit.ring[0]:
            self._visit.ring = (cadence, at)
        self._visit.shown = lamps

    def _host_is_there(self, at: int) -> bool:
        return at - self._heard < HOST_LOST_MS

    def _listens(self, at: int) -> bool:
        return self._visit.session != _NOBODY and self._host_is_there(at)

    def _boot(self, at: int) -> None:
        self._booted = at
        self._out.append(frame(_NOBODY, 0, f"boot {VERSION}"))

    def _say(self, payload: str, sequence: int = 0) -> None:
        self._out.append(frame(self._visit.session, sequence, payload))


class _Visit:
    """What is between the board and one host; the next one begins with nothing."""

    def __init__(self, session: int, lamps: int, ended: bool = False) -> None:
        self.session = session
        self.ended = ended
        "The host took its leave, so that darkness is right."
        self.sequence = 0
        self.last = (0, "")
        "The last question's number, and our answer."
        self.edges: list[tuple[int, str]] = []
        self.shown = [light.DARK] * lamps
        # Each with its beginning, so that the timer never sees one without the other.
        self.tune: tuple[list[int], int] = ([], 0)
        self.ring: tuple[list[int], int] = ([], 0)
        self.told = self.beat = 0
        self.ahead: int | None = None

    def set_clock(self, ahead: int) -> None:
        # What was late on its way makes the host's clock look behind, never ahead. The millisecond
        # lets quartzes drift apart by 1 in 1000 at most, where they do by 1 in 10,000.
        self.ahead = ahead if self.ahead is None else max(ahead, self.ahead - 1)

    def forget(self, heard: str) -> None:
        told = [f"{number:02X}" for number, _ in self.edges]
        if heard in told:
            self.edges = self.edges[told.index(heard) + 1 :]
