"""The words of the product, each an enum, so that a typing slip is an error and not a new state."""

from enum import StrEnum


class Status(StrEnum):
    """What the user chose."""

    AVAILABLE = "available"
    DND = "dnd"
    ABSENT = "absent"
    DIVERTED = "diverted"
    LOGGED_OUT = "logged_out"


class Line(StrEnum):
    """What the user's phone is doing. Never merged with the status."""

    FREE = "free"
    RINGING = "ringing"
    BUSY = "busy"
    UNKNOWN = "unknown"


class Link(StrEnum):
    """How the registration at the PBX stands (RFC 3261 section 10)."""

    OFFLINE = "offline"
    CONNECTING = "connecting"
    ONLINE = "online"
    REFUSED = "refused"


class MirrorState(StrEnum):
    """What the PBX says of the chosen status."""

    UNKNOWN = "unknown"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Means(StrEnum):
    """How well the PBX can confirm a status, best first."""

    HINT = "hint"
    """It is read back."""
    PUBLISH = "publish"
    """It is published (RFC 3903), and read back; what callers meet is still our own answer."""
    CODE = "code"
    """The PBX carried out a feature code, and nothing tells whether that still holds."""
    ANSWERS = "answers"
    """It lives in our own SIP answers; the PBX only knows that we are registered."""


class Notice(StrEnum):
    """What waits for the user."""

    MISSED = "missed"
    MESSAGE = "message"
    VOICEMAIL = "voicemail"


class By(StrEnum):
    """Who set a status."""

    BUTTON = "button"
    WEB = "web"
    CLI = "cli"
    TRAY = "tray"
    MQTT = "mqtt"
    SCHEDULE = "schedule"
    PBX = "pbx"


class Hint(StrEnum):
    """What a watched extension is doing (an Asterisk hint, seen through RFC 3856 presence)."""

    FREE = "free"
    RINGING = "ringing"
    BUSY = "busy"
    AWAY = "away"
    UNKNOWN = "unknown"


class CallEnd(StrEnum):
    """Why an offered call stopped ringing."""

    GIVEN_UP = "given_up"
    ANSWERED_ELSEWHERE = "answered_elsewhere"
    CLOSED = "closed"
    """Our own final answer; or, while the call still rang, the link was lost and it with it."""


class CallKind(StrEnum):
    """How a listed call met the user."""

    MISSED = "missed"
    DND = "dnd"
    ABSENT = "absent"
    DIVERTED = "diverted"


class CallingStage(StrEnum):
    """How far a call has come that the panel makes for the user."""

    LIFT = "lift"
    """The user's own phone rings and waits to be lifted."""
    CONNECTING = "connecting"
    """It was lifted, and referred to the number (RFC 3515)."""
    CONNECTED = "connected"
    """The number has picked up, says the PBX."""
    FAILED = "failed"


class Page(StrEnum):
    """What the OLED is about."""

    IDLE = "idle"
    RINGING = "ringing"
    CALLING = "calling"
    MISSED = "missed"
    MESSAGE = "message"
    VOICEMAIL = "voicemail"
    TARGETS = "targets"
    TIMES = "times"
    COLLEAGUES = "colleagues"
    REPLY = "reply"
    ABOUT = "about"
    MUTE = "mute"
    """For how long nothing is to be sounded."""
    NUMBER = "number"
    """A number is put together, digit by digit."""
    PIN = "pin"
    """The PIN is asked for, before absent is left."""


class Purpose(StrEnum):
    """What a number is put together for."""

    DIVERT = "divert"
    DIAL = "dial"
    UNLOCK = "unlock"


STATUS_BUTTONS: tuple[str, ...] = tuple(Status)
NOTICE_BUTTONS: tuple[str, ...] = tuple(Notice)
BUTTONS: tuple[str, ...] = STATUS_BUTTONS + NOTICE_BUTTONS
"The eight that every panel has. Colleagues have buttons beside them."

FIRST_BOARD = "board"
"What the first board is called, among the parts that may be lost too."

MOST_COLLEAGUES = 32
COLLEAGUE_BUTTONS: tuple[str, ...] = tuple(f"colleague-{n + 1}" for n in range(MOST_COLLEAGUES))
"In the order of the config; a button has a lamp of the same name."
KNOB = "knob"
"What a rotary encoder is as a button, pushed."
EVERY_BUTTON = frozenset((*BUTTONS, *COLLEAGUE_BUTTONS, KNOB))

KEYS = "0123456789*#ABCD"
"What a keypad may have."
