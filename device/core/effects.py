"""What the core asks of the world: pulses only, done once each. Levels are views of the state."""

from dataclasses import dataclass

from device.core.words import Notice


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer an offered call: 180 and wait, or a final code."""

    call: int
    code: int
    target: str = ""
    "With 302: the number that goes into Contact (RFC 3261 section 21.3.3)."


@dataclass(frozen=True, slots=True)
class DialCode:
    """Call a feature code; `CodeAnswered` and `CodeEnded` tell how it goes."""

    job: int
    number: str


@dataclass(frozen=True, slots=True)
class EndCode:
    """Hang up a feature code's call, whatever became of it."""

    job: int


@dataclass(frozen=True, slots=True)
class RingOwn:
    """Call the user's own phone. `OwnRings`, `OwnLifted` and `DialEnded` tell how it goes."""

    job: int
    number: str


@dataclass(frozen=True, slots=True)
class Refer:
    """Send the user's phone, which was lifted, on to a number (RFC 3515). `Referred` follows."""

    job: int
    number: str


@dataclass(frozen=True, slots=True)
class EndDial:
    """Hang up the call to the user's own phone, whatever became of it."""

    job: int


@dataclass(frozen=True, slots=True)
class SendText:
    """Send a MESSAGE; `TextSent` tells how it went."""

    job: int
    to: str
    text: str


@dataclass(frozen=True, slots=True)
class Beep:
    """Play the tune of a new notice, once."""

    notice: Notice


Effect = Answer | DialCode | EndCode | RingOwn | Refer | EndDial | SendText | Beep
