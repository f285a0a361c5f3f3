"""Who diverted a call before it came here (RFC 5806 Diversion, RFC 7044 History-Info)."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from device.pbx.address import Party, split

_INDEX = re.compile(r";\s*index\s*=\s*([\d.]+)\s*(?:;|$)", re.IGNORECASE | re.ASCII)
# Why an entry was left, as a header field in its URI (RFC 7044 section 5.1): it redirected.
_REDIRECTED = re.compile(
    r"[?&]reason=sip\s*;[^?&>]*cause\s*=\s*3\d\d(?!\d)", re.IGNORECASE | re.ASCII
)

UNKNOWN = "unknown"
"Who diverted a call and keeps their number to themselves, or has none that can be read."


def hops(diversion: Iterable[str], history: Iterable[str], me: str = "") -> tuple[str, ...]:
    """User parts of those who diverted the call, latest first.

    Both arguments are header field values in the order received, each perhaps a list. The top
    Diversion is the latest (RFC 5806 section 4.1); History-Info grows at the end, and ends with
    where the call is now (RFC 7044 section 5.1), so entries for `me` are left out of it, unless it
    was I who diverted the call. A call is not undiverted for want of a name: it is `UNKNOWN` then.
    """
    told = [_who(entry) for entry in _entries(diversion)]
    if not told:
        left = [entry for entry in _by_index(history) if _who(entry) != me or _redirected(entry)]
        told = [_who(entry) for entry in reversed(left)]
    return tuple(dict.fromkeys(told))


def _who(entry: str) -> str:
    return Party.read(entry).user or UNKNOWN


def _redirected(entry: str) -> bool:
    return _REDIRECTED.search(unquote(entry)) is not None


def _by_index(history: Iterable[str]) -> list[str]:
    """Entries in the order of their index, where every one has it; else as received."""
    entries = list(_entries(history))
    keys = [_index(entry) for entry in entries]
    if not all(keys):
        return entries
    return [entry for _, entry in sorted(zip(keys, entries, strict=True), key=lambda p: p[0])]


def _index(entry: str) -> tuple[int, ...]:
    found = _INDEX.search(entry)
    parts = found[1].split(".") if found else []
    return tuple(int(part[:9]) for part in parts if part)


def _entries(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        yield from (entry for entry in map(str.strip, split(value)) if entry)
