"""A letter or an icon, as the dots that are lit."""

from dataclasses import dataclass

Dot = tuple[int, int]
"Right and down from the top left of the capitals, in pixels."


@dataclass(frozen=True, slots=True)
class Glyph:
    """A letter, as the dots that are lit."""

    width: int
    dots: frozenset[Dot]

    @property
    def top(self) -> int:
        return min((y for _, y in self.dots), default=0)

    @property
    def bottom(self) -> int:
        return max((y for _, y in self.dots), default=0)

    @property
    def reach(self) -> int:
        """Columns to its last dot; letters that join their neighbour go on into the gap."""
        return max(self.width, max((x + 1 for x, _ in self.dots), default=0))

    def moved(self, right: int, down: int) -> frozenset[Dot]:
        return frozenset((x + right, y + down) for x, y in self.dots)


def doubled(glyph: Glyph) -> Glyph:
    """Twice the size, with the stairs of slanting lines filled in (Scale2x)."""
    lit = {dot for x, y in _square(glyph) for dot in _quarters(glyph, x, y)}
    return Glyph(glyph.width * 2, frozenset(lit))


def _square(glyph: Glyph) -> list[tuple[int, int]]:
    columns = [x for x, _ in glyph.dots] or [0]
    rows = range(glyph.top - 1, glyph.bottom + 2)
    return [(x, y) for y in rows for x in range(min(columns) - 1, max(columns) + 2)]


def _quarters(glyph: Glyph, x: int, y: int) -> list[tuple[int, int]]:
    here = (x, y) in glyph.dots
    up, down = (x, y - 1) in glyph.dots, (x, y + 1) in glyph.dots
    left, right = (x - 1, y) in glyph.dots, (x + 1, y) in glyph.dots
    quarters = {
        (0, 0): up if left == up and left != down and up != right else here,
        (1, 0): right if up == right and up != left and right != down else here,
        (0, 1): down if left == down and left != up and down != right else here,
        (1, 1): right if down == right and left != down and up != right else here,
    }
    return [(2 * x + dx, 2 * y + dy) for (dx, dy), lit in quarters.items() if lit]
