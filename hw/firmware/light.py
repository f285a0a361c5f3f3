"""What lamps and buzzer do at a moment: the board's side of the panel's patterns.

A lamp is a word of five letters: colour, pattern, two hex digits of level, overlay (`gsFF-`).
Times are milliseconds of the clock that the host's heartbeat sets.
"""

DARK = "--FF-"
LOST = "rdFF-"
"Shown by every lamp while the host is silent: nobody knows what is true."

# Turns up at the first, down at the second, and so on; then when it begins anew. In milliseconds.
PATTERNS = {
    "f": ((0, 200), 400),
    "l": ((0, 1000), 2000),
    "3": ((0, 100, 200, 300, 400, 500), 1200),
    "d": ((0, 100), 2000),
    "p": ((0, 150), 4000),
}

# Amber is less green than the sum of two equal lights, which looks like a lime.
COLOURS = {
    "-": (0, 0, 0),
    "g": (0, 255, 0),
    "a": (255, 110, 0),
    "w": (255, 255, 255),
    "b": (0, 0, 255),
    "r": (255, 0, 0),
}


def is_lamp(word: str) -> bool:
    """Whether a word says what a lamp can show."""
    return (
        len(word) == 5
        and word[0] in COLOURS
        and (word[1] in PATTERNS or word[1] in "-s")
        and all(digit in "0123456789ABCDEF" for digit in word[2:4])
        and word[4] in COLOURS
    )


def up(pattern: str, at: int) -> bool:
    """Whether a pattern is in one of its high parts."""
    edges, period = PATTERNS[pattern]
    phase = at % period
    return sum(1 for edge in edges if edge <= phase) % 2 == 1


def seen(lamp: str, at: int) -> str:
    """The letter of the colour that a lamp of all colours has."""
    colour, pattern, overlay = lamp[0], lamp[1], lamp[4]
    if pattern == "-":
        return "-"
    if pattern == "s":
        return colour
    if pattern == "p":
        return overlay if up("p", at) else colour
    return colour if up(pattern, at) else "-"


def burns(lamp: str, at: int) -> bool:
    """Whether a lamp of one colour is on: an overlay is a wink, or a flash from the dark."""
    if lamp[1] == "p" and up("p", at):
        return lamp[0] == "-" and lamp[4] != "-"
    return seen(lamp, at) != "-"


def brightness(lamp: str, at: int) -> int:
    """Of a lamp of one colour, 0 to 255."""
    return int(lamp[2:4], 16) if burns(lamp, at) else 0


def mixed(lamp: str, at: int) -> tuple[int, int, int]:
    """Red, green and blue of a lamp of all colours, 0 to 255."""
    level = int(lamp[2:4], 16)
    red, green, blue = COLOURS[seen(lamp, at)]
    return red * level // 255, green * level // 255, blue * level // 255


def durations(word: str) -> list[int]:
    """Milliseconds on, off, on, and so on. Raises `ValueError` for what is not that."""
    found = [int(part) for part in word.split(",")]
    if not all(0 <= part <= 60_000 for part in found) or not any(found):
        raise ValueError("milliseconds: 0 to 60000, and not 0 in all")
    return found


def sounds(parts: list[int], elapsed: int) -> bool:
    """Whether the buzzer is on, so long after a tune began; past its end it is not."""
    on = True
    for part in parts:
        if elapsed < part:
            return on
        elapsed -= part
        on = not on
    return False
