"""A rotary encoder's two contacts, decoded.

Turned clockwise by one detent, A closes, B closes, A opens, B opens. Each contact bounces while the
other one rests, so that a bounce goes to and fro and comes to nothing; no window is needed.
"""

_ROUND = ((False, False), (True, False), (True, True), (False, True))
"What A and B say on the way around, clockwise, from the rest on."

_HALF_WAY = 2
"Quarters of a detent, of which one edge may have been lost."


class Quadrature:
    """Where the knob is between two detents."""

    def __init__(self, a: bool = False, b: bool = False) -> None:
        self._a, self._b = a, b
        self._quarters = 0

    def a(self, closed: bool) -> int:
        """Contact A changed: detents passed by that, 1 clockwise, -1 the other way, 0 none yet."""
        return self._go(closed, self._b)

    def b(self, closed: bool) -> int:
        """The same of contact B."""
        return self._go(self._a, closed)

    def _go(self, a: bool, b: bool) -> int:
        way = (_ROUND.index((a, b)) - _ROUND.index((self._a, self._b))) % len(_ROUND)
        self._a, self._b = a, b
        self._quarters += (0, 1, 0, -1)[way]
        return self._rest() if (a, b) == _ROUND[0] else 0

    def _rest(self) -> int:
        quarters, self._quarters = self._quarters, 0
        if abs(quarters) < _HALF_WAY:
            return 0
        return 1 if quarters > 0 else -1
