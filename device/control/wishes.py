"""From what somebody sent as JSON to an event, or to a sentence that says what was expected."""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass

from device.core.events import Chosen, DialWanted, For, Muted, Pressed, TextWanted, Until
from device.core.notices import LONGEST_SENT
from device.core.profile import Grants, Target
from device.core.words import BUTTONS, COLLEAGUE_BUTTONS, By, Status

CALLERS = (By.WEB, By.CLI, By.TRAY)
"Who may say to be whom over HTTP; the other surfaces have ways of their own."

LONGEST_LIMIT = 31 * 24 * 3600
"Seconds. A status for longer than a month has no end."

ADDRESSEE = re.compile(r"[+*#0-9A-Za-z._-]{1,64}", re.ASCII)
"""Whom a stranger may ask us to call or write to: less than a SIP URI could take before its @ (RFC
3261 section 25.1), as some of that means more to a PBX than a number. What is a telephone number,
and what may be dialled, the core knows."""

SPAN = re.compile(r"(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s?)?", re.ASCII)
TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)


class WishError(ValueError):
    """What was sent cannot be understood; the text is a sentence for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A JSON object from outside, read field by field."""

    fields: dict[str, object]

    @classmethod
    def parse(cls, body: bytes, known: Collection[str]) -> "Wish":
        """Take a body whose keys are all known. Raises `WishError`."""
        try:
            fields = json.loads(body)
        except (ValueError, RecursionError) as fault:
            raise WishError("The body is not JSON") from fault
        return cls._of(fields, "The body", known)

    @classmethod
    def _of(cls, fields: object, where: str, known: Collection[str]) -> "Wish":
        if not isinstance(fields, dict):
            raise WishError(f"{where} is not a JSON object with {' or '.join(known)}")
        strange = [k for k in fields if k not in known]
        if strange:
            raise WishError(f"Unknown key {strange[0][:64]!a}; known are {', '.join(known)}")
        return cls(fields)

    def within(self, key: str, known: Collection[str]) -> "Wish":
        """The object at this key."""
        return self._of(self.fields.get(key), key, known)

    def text(self, key: str) -> str:
        """A line of text, trimmed; empty where it is absent."""
        value = self.fields.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise WishError(f"{key}: expected text, found {_kind(value)}")
        if not _plain(value):
            raise WishError(f"{key}: control characters are not allowed")
        return value.strip()

    def flag(self, key: str) -> bool:
        """True or false; false where it is absent."""
        value = self.fields.get(key, False)
        if not isinstance(value, bool):
            raise WishError(f"{key}: expected true or false, found {_kind(value)}")
        return value

    def whole(self, key: str) -> int:
        """A whole number."""
        value = self.fields.get(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise WishError(f"{key}: expected a whole number, found {_kind(value)}")
        return value

    def number(self, key: str) -> str:
        """A number to call or write to; spaces in it do no harm, unless it is a name."""
        text = self.text(key)
        value = text if _has_letters(text) else "".join(text.split())
        if not ADDRESSEE.fullmatch(value):
            raise WishError(f"{key}: expected a number, found {value[:64]!a}")
        return value

    def letter(self, key: str) -> str:
        """The text of a message, which may have several lines."""
        text = self.fields.get(key)
        if not isinstance(text, str) or not text.strip():
            raise WishError(f"{key}: expected something to send")
        if not _plain(text.translate(dict.fromkeys(map(ord, "\t\r\n")))):
            raise WishError(f"{key}: control characters are not allowed")
        if (size := len(text.encode())) > LONGEST_SENT:
            raise WishError(f"{key}: {size} bytes are more than the {LONGEST_SENT} of a SIP text")
        return text

    def one_of(self, key: str, words: Collection[str]) -> str:
        """One of a few words."""
        value = self.text(key)
        if value not in words:
            raise WishError(f"{key}: expected one of {', '.join(words)}, found {value[:64]!a}")
        return value


def chosen(body: bytes, at: float, grants: Grants) -> Chosen:
    """POST /api/status. Raises `WishError`."""
    wish = Wish.parse(body, ("status", "target", "for", "until", "by"))
    status = Status(wish.one_of("status", tuple(Status)))
    by = By(wish.one_of("by", CALLERS)) if "by" in wish.fields else By.WEB
    return Chosen(at, status, by, _target(wish, status, grants), _limit(wish))


def pressed(body: bytes, at: float, grants: Grants) -> Pressed:
    """POST /api/press. Raises `WishError`."""
    wish = Wish.parse(body, ("button", "hold"))
    return Pressed(at, wish.one_of("button", buttons(grants)), wish.flag("hold"), By.WEB)


def buttons(grants: Grants) -> tuple[str, ...]:
    """Those this panel has: the eight, and one for each colleague."""
    return (*BUTTONS, *COLLEAGUE_BUTTONS[: len(grants.colleagues)])


def muted(body: bytes, at: float) -> Muted:
    """POST /api/mute: for so long, or until sound is wanted again. Raises `WishError`."""
    span = Wish.parse(body or b"{}", ("for",)).fields.get("for")
    return Muted(at, seconds=None if span is None else _seconds(span))


def text_wanted(body: bytes, at: float) -> TextWanted:
    """POST /api/messages. Raises `WishError`."""
    wish = Wish.parse(body, ("to", "text"))
    return TextWanted(at, wish.number("to"), wish.letter("text"))


def dial_wanted(body: bytes, at: float, grants: Grants) -> DialWanted:
    """POST /api/dial: a number, or a colleague or target by name. Raises `WishError`."""
    wish = Wish.parse(body, ("number", "name"))
    wanted = wish.text("number")
    if known := grants.colleague(wanted) or _named(grants, wanted):
        return DialWanted(at, known.number, known.name)
    if _has_letters(wanted) and wanted not in _numbers(grants):
        raise WishError(f"There is no colleague or target called {wanted[:64]}")
    return DialWanted(at, wish.number("number"), wish.text("name"))


def _numbers(grants: Grants) -> tuple[str, ...]:
    """Those of the config, which may have letters."""
    return (grants.profile.voicemail, grants.mobile, *(t.number for t in grants.targets))


def _named(grants: Grants, wanted: str) -> Target | None:
    """The divert target of this name."""
    return next((t for t in grants.targets if wanted and wanted.lower() == t.name.lower()), None)


def _target(wish: Wish, status: Status, grants: Grants) -> str:
    """A divert target by its name in the config, or any number; what may be is for the core."""
    target = wish.text("target")
    if target and status is not Status.DIVERTED:
        raise WishError(f"target: only goes with diverted, not with {status}")
    if not target or _named(grants, target):
        return target
    if _has_letters(target) and len(target.split()) > 1:
        raise WishError(f"There is no target called {target[:64]}")
    return wish.number("target")


def _limit(wish: Wish) -> For | Until | None:
    span, until = wish.fields.get("for"), wish.fields.get("until")
    if span is not None and until is not None:
        raise WishError("for and until do not go together")
    if span is not None:
        return For(_seconds(span))
    return None if until is None else Until(_minute(until))


def _seconds(value: object) -> float:
    """Seconds from a number, or from words such as 25m, 1h, 90s, 1h30m."""
    seconds = _spelled(value) if isinstance(value, str) else value
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise WishError("for: expected a time such as 25m, 1h or 90s, or seconds")
    if not 0 < seconds <= LONGEST_LIMIT:
        raise WishError("for: expected more than nothing and at most 31 days")
    return float(seconds)


def _spelled(value: str) -> int | None:
    match = SPAN.fullmatch("".join(value.split()))
    if not match or not any(match.groups()):
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def _minute(value: object) -> int:
    match = TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        raise WishError("until: expected a time of day such as 14:30")
    return int(match[1]) * 60 + int(match[2])


def _plain(text: str) -> bool:
    """Neither control characters nor halves of surrogate pairs, which no wire and no file takes."""
    return not any(c < " " or "\x7f" <= c < "\xa0" or "\ud800" <= c <= "\udfff" for c in text)


def _has_letters(text: str) -> bool:
    """It is a name, or a number that is one."""
    return any(c.isalpha() for c in text)


def _kind(value: object) -> str:
    """What JSON calls a value of this type."""
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case dict():
            return "an object"
        case _:
            return "null" if value is None else "text"
