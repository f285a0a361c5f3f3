"""What is wrong with a config, with what else was put on the card, or with a part: in full."""

from collections.abc import Sequence

from device.core.room import Room, parts
from device.views.screens import TextPage

SIGN = "warning"


def complaints(told: Sequence[str], room: Room) -> list[TextPage]:
    """Every complaint in full, as many screenfuls as this glass needs for each."""
    found = enumerate(told)
    return [page for index, text in found for page in complaint(text, room, index, len(told))]


def complaint(told: str, room: Room, index: int = 0, count: int = 1) -> list[TextPage]:
    """One of several, which begins with the file and the line where it has them."""
    where, text = _apart(told)
    screenfuls, place = parts(text, room), f"{index + 1}/{count}" if count > 1 else ""
    pages = enumerate(screenfuls)
    return [TextPage(where, "", p, place, n, len(screenfuls), SIGN) for n, p in pages]


def _apart(told: str) -> tuple[str, str]:
    """The file without its folders, and what is wrong there."""
    where, colon, text = told.partition(": ")
    if not colon or " " in where:
        return "deskpanel", told
    return where.rpartition("/")[2], text
