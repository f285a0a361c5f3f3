"""Our own icons, drawn by hand in `icons.txt`."""

from importlib.resources import files

from device.views.font import Glyph, read

ICONS: dict[str, Glyph] = read(files(__package__).joinpath("icons.txt").read_text(encoding="utf-8"))
"Notices and statuses by their words; the rest by what they are."


def doubled(icon: Glyph) -> Glyph:
    """Twice the size, with the stairs of slanting lines filled in (Scale2x)."""
    lit = {dot for x, y in _square(icon) for dot in _quarters(icon, x, y)}
    return Glyph(icon.width * 2, frozenset(lit))


def _square(icon: Glyph) -> list[tuple[int, int]]:
    rows = range(-1, icon.bottom + 2)
    return [(x, y) for y in rows for x in range(-1, icon.width + 1)]


def _quarters(icon: Glyph, x: int, y: int) -> list[tuple[int, int]]:
    here = (x, y) in icon.dots
    up, down = (x, y - 1) in icon.dots, (x, y + 1) in icon.dots
    left, right = (x - 1, y) in icon.dots, (x + 1, y) in icon.dots
    quarters = {
        (0, 0): up if left == up and left != down and up != right else here,
        (1, 0): right if up == right and up != left and right != down else here,
        (0, 1): down if left == down and left != up and down != right else here,
        (1, 1): right if down == right and left != down and up != right else here,
    }
    return [(2 * x + dx, 2 * y + dy) for (dx, dy), lit in quarters.items() if lit]
