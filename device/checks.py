"""What a value in the config may be: each check returns ours, or says what it expected."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from device.core.manners import Span
from device.core.words import KEYS
from device.pbx.address import USER_PART
from hw.specs import VALID_PINS, pins_of_bus

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

T = TypeVar("T")
Check = Callable[[Any], T]
"""Turns a value from the file into ours, or raises `ValueError` with what was expected."""


def words(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"expected text in quotes, found {value!r}")
    if any(ord(c) < 32 for c in value):
        raise ValueError("control characters do not belong here")
    return value.strip()


def filled(value: Any) -> str:
    """A password."""
    if not (text := words(value)):
        raise ValueError("is empty: write the password that a phone of this user logs in with")
    return text


def yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"expected true or false, found {value!r}")
    return value


def table(value: Any) -> dict[str, Any]:
    """A table that somebody else reads."""
    if not isinstance(value, dict):
        raise ValueError(f"expected a table, found {value!r}")
    return value


def number(least: int, most: int) -> Check[int]:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"expected a number from {least} to {most}, found {value!r}")
        return value

    return check


def one_of(kind: type[T]) -> Check[T]:
    return one_of_these({str(member): member for member in kind})  # type: ignore[attr-defined]


def one_of_these(known: Mapping[str, T]) -> Check[T]:
    def check(value: Any) -> T:
        if not isinstance(value, str) or value not in known:
            raise ValueError(f"expected one of {', '.join(known)}, found {value!r}")
        return known[value]

    return check


def list_of(check: Check[T]) -> Check[list[T]]:
    def check_all(value: Any) -> list[T]:
        if not isinstance(value, list):
            raise ValueError(f"expected a list, found {value!r}")
        return [check(item) for item in value]

    return check_all


def one_or_list(check: Check[T]) -> Check[list[T]]:
    return lambda value: list_of(check)(value if isinstance(value, list) else [value])


def pin(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value not in VALID_PINS:
        raise ValueError(f"pin {value!r} is not on this board; BCM pins are 0 to 27")
    return value


def lamp(value: Any) -> int | tuple[int, int, int]:
    """One pin, or three for red, green and blue."""
    if not isinstance(value, list):
        return pin(value)
    if len(value) != 3:
        raise ValueError(f"expected one pin, or three for red, green and blue, found {value!r}")
    red, green, blue = map(pin, value)
    return red, green, blue


def phone_number(value: Any) -> str:
    """A number, or whatever else can be called as it is: config and PBX may have names as well."""
    text = words(value)
    if not USER_PART.fullmatch(text):
        raise ValueError(f"expected a telephone number, found {value!r}")
    return text


def pattern(value: Any) -> re.Pattern[str]:
    try:
        return re.compile(words(value))
    except re.error as error:
        raise ValueError(f"{value!r} is no regular expression: {error}") from error


def server(value: Any) -> tuple[str, int | None]:
    """`host`, `host:port`, or `[address]:port`."""
    found = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::(\d{1,5}))?", words(value))
    if not found or (found[2] and not 0 < int(found[2]) < 65536):
        raise ValueError(f'expected "host" or "host:port", found {value!r}')
    return found[1].strip("[]"), int(found[2]) if found[2] else None


def listening(value: Any) -> str:
    text = words(value)
    if text:
        _, port = (text, 0) if text.endswith(":0") else server(text)  # 0: the system chooses
        if port is None:
            raise ValueError(f'expected "address:port", or "" for no web, found {value!r}')
    return text


def is_loopback(listen: str) -> bool:
    """Only this machine can ask there."""
    host = listen.rpartition(":")[0].strip("[]")
    return host in ("::1", "localhost") or host.startswith("127.")


def bus(value: Any) -> str:
    pins_of_bus(words(value))
    return words(value)


def size(value: Any) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(f"expected [width, height], found {value!r}")
    width, height = map(number(16, 512), value)
    return width, height


def minute(value: Any) -> int:
    """Minutes after midnight, of `HH:MM`."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", words(value))
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError(f'expected a time like "18:00", found {value!r}')
    return int(found[1]) * 60 + int(found[2])


def span(value: Any) -> Span:
    """A part of every day, of `HH:MM-HH:MM`."""
    begin, dash, end = words(value).partition("-")
    if not dash or minute(begin) == minute(end):
        raise ValueError(f'expected times like "22:00-07:00", found {value!r}')
    return Span(minute(begin), minute(end))


def share(value: Any) -> float:
    """More than nothing, and all of it at most."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        raise ValueError(f"expected a number above 0 up to 1, found {value!r}")
    return float(value)


def keys(value: Any) -> str:
    """What is printed on a row of keys."""
    text = words(value)
    if not text or not set(text) <= set(KEYS):
        raise ValueError(f'expected keys of {KEYS}, as in "123A", found {value!r}')
    return text


def pin_code(value: Any) -> str:
    text = words(value)
    if not re.fullmatch(r"[0-9]{4,12}", text):
        raise ValueError("expected 4 to 12 digits in quotes")
    return text


def days(value: Any) -> tuple[int, ...]:
    """`mon-fri`, `sat,sun`, `daily`, as numbers from 0, which is Monday."""
    text = words(value).lower()
    if text == "daily":
        return tuple(range(len(DAYS)))
    return tuple(sorted({d for part in text.split(",") for d in _day_range(part.strip(), value)}))


def _day_range(part: str, value: Any) -> Iterator[int]:
    first, _, last = part.partition("-")
    if first not in DAYS or (last or first) not in DAYS:
        raise ValueError(f'expected days like "mon-fri" or "sat,sun", found {value!r}')
    begin, end = DAYS.index(first), DAYS.index(last or first)
    yield from (n % len(DAYS) for n in range(begin, end + 1 + len(DAYS) * (end < begin)))


def zone(value: Any) -> str:
    """A name of the tz database, which has to be on this computer."""
    from zoneinfo import TZPATH, ZoneInfo  # not at first light, which has the checks of displays

    name = words(value)
    # Those that Python may bring itself are no help: it is the C library that is told the name, and
    # it takes one that it does not find for UTC.
    if not any(Path(folder, "UTC").is_file() for folder in TZPATH):
        raise ValueError("this computer has no time zones: install tzdata, or leave this out")
    try:
        ZoneInfo(name)
    except (LookupError, OSError, ValueError) as error:
        raise ValueError(f'expected a time zone like "Europe/Rome", found {value!r}') from error
    return name


def beside(folder: Path) -> Check[Path]:
    """A path; a relative one counts from this folder."""
    return lambda value: folder / Path(words(value)).expanduser()
