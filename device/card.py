"""What is wrong with what somebody put on the card, as `deskpanel card` left it for the glass."""

from contextlib import suppress

from device import places

MOST_LETTERS = 2000
"More than this nobody reads on a glass."


def troubles() -> tuple[str, ...]:
    """A line each; none where all was right, or nothing was put there."""
    with suppress(OSError, ValueError):
        text = places.COMPLAINTS.read_text(encoding="utf-8")[:MOST_LETTERS]
        return tuple(line.strip() for line in text.splitlines() if line.strip())
    return ()
