"""What a buzzer sounds at a moment: a tune that was begun, else the ringing cadence."""

from hw.tunes import RINGING, Tune

SILENCE = (0.0, 0.0)


class Score:
    """Tunes and when they began; no pins, no clock."""

    def __init__(self) -> None:
        self._tune: tuple[Tune, float] | None = None
        self._ring: tuple[Tune, float] | None = None

    def play(self, tune: Tune, now: float) -> None:
        """Begin a tune, in the place of one that plays."""
        self._tune = (tune, now)

    def ring(self, on: bool, now: float) -> None:
        """Begin the cadence, or end it; begun again it goes on as it was."""
        self._ring = (self._ring or (RINGING, now)) if on else None

    def sound(self, now: float) -> tuple[float, float]:
        """Hertz, and how loud; nought and nought for silence."""
        for tune, began in self._playing():
            pitch = tune.pitch(now - began)
            if pitch:
                return pitch, tune.level
        return SILENCE

    def next_change(self, now: float) -> float | None:
        """When the sound next turns, if it does."""
        turns = [
            began + turn
            for tune, began in self._playing()
            if (turn := tune.next_note(now - began)) is not None
        ]
        return min(turns, default=None)

    def _playing(self) -> list[tuple[Tune, float]]:
        return [playing for playing in (self._tune, self._ring) if playing]
