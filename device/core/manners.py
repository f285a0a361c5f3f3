"""How a panel is to behave in the room it stands in: its hours, its looks, its lock."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A part of every day, in minutes after local midnight; it may run over midnight."""

    begin: int
    end: int
    "The first minute that is outside again."

    def holds(self, minute: int) -> bool:
        if self.begin < self.end:
            return self.begin <= minute < self.end
        return minute >= self.begin or minute < self.end


@dataclass(frozen=True, slots=True)
class Manners:
    """Read once, at start. All of it may be left as it is."""

    theme: str = "standard"
    "Name of the table of looks that lamps are shown by."
    night: tuple[Span, ...] = ()
    "When the lamps are dimmed."
    night_level: float = 0.2
    "By which share of their brightness they burn then, above 0 up to 1."
    quiet: tuple[Span, ...] = ()
    "When nothing is sounded."
    pin_digits: int = 0
    """How many digits the PIN has that the buttons ask for before they leave absent; 0: there is
    none. The PIN itself is not known in here, so that no journal can hold it."""
    replies: tuple[str, ...] = ("OK",)
    "What may be answered to a text without typing, in the user's own words."
    facts: tuple[tuple[str, str], ...] = ()
    "What the program knows of itself, for the page about the panel: a word, and its value."
    other_target: bool = True
    "Calls may be diverted to a number that is entered at the panel."
