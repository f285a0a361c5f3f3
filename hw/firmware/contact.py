"""A button's contact: the first edge acts at once, what bounces after it is not looked at."""

WINDOW_MS = 30
"Bounces of common push buttons end within 10 ms; a finger needs 50 for the next edge."


class Contact:
    """Sampled over and over; turns when the level does, and then rests for a window."""

    def __init__(self, down: bool = False) -> None:
        self.down = down
        self._blind_until = 0

    def turns(self, down: bool, at: int) -> bool:
        """Whether this sample, taken `at` milliseconds, is an edge; `self.down` says which."""
        if down == self.down or at < self._blind_until:
            return False
        self.down = down
        self._blind_until = at + WINDOW_MS
        return True
