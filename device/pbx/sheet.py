"""Profiles in words, for `deskpanel profiles`."""

from collections.abc import Iterator, Mapping
from typing import Any

from device.core.profile import Profile, Switch
from device.core.words import Means, Status

SHOWN = (Status.DND, Status.ABSENT, Status.DIVERTED, Status.LOGGED_OUT)
"Available is what is left where none of these is set."


def means(profile: Profile, status: Status) -> str:
    """How the PBX keeps a status: a `Means`, or the status it keeps instead, `as dnd`."""
    if switch := profile.switches.get(status):
        return _means(switch)
    kept = profile.kept_as(status)
    if kept is not status:
        return f"as {kept}"
    return "unregisters" if status is Status.LOGGED_OUT else Means.ANSWERS


def _means(switch: Switch) -> str:
    if switch.published:
        return Means.PUBLISH
    if not switch.hint:
        return Means.CODE
    return f"{Means.HINT} or {Means.CODE}" if switch.optional else Means.HINT


# All of them, a line each


def overview(profiles: Mapping[str, Profile]) -> list[str]:
    """A table of all, and what is not possible with each."""
    lines = [_row("", [str(status) for status in SHOWN])]
    for name, profile in profiles.items():
        lines.append(_row(name, [means(profile, status) for status in SHOWN]))
    lines += ["", *LEGEND, "", "What is not possible:"]
    for name, profile in profiles.items():
        limits = [f"  {status}: {text}" for status, text in profile.limits.items()]
        lines += [name, *limits] if limits else []
    return lines


LEGEND = (
    "hint: set by a feature code, and read back    code: set by one, and not read back",
    "publish: published, and read back             answers: the panel's own answers to calls",
    "as dnd: the nearest that the PBX has          unregisters: the panel's contact goes",
)


def _row(name: str, cells: list[str]) -> str:
    return f"{name:16}{''.join(f'{cell:14}' for cell in cells)}".rstrip()


# One of them


def in_full(profile: Profile) -> list[str]:
    """Everything that one says, with the keys that a config may change."""
    return [
        *_fields(profile),
        *(line for status in Status for line in _status(profile, status)),
    ]


def _fields(profile: Profile) -> Iterator[str]:
    kind = "one status at a time" if profile.selector else "each status by itself"
    yield f"{profile.name}: {kind}" if profile.switches else f"{profile.name}: no status"
    if profile.agents:
        yield f"known by {' or '.join(profile.agents)} in what the PBX calls itself"
    for key in ("line", "own_phone", "voicemail", "dnd_code", "absent_code"):
        yield f"  {key:12} {getattr(profile, key) or 'none'}"


def _status(profile: Profile, status: Status) -> Iterator[str]:
    switch = profile.switches.get(status)
    if not switch and status is Status.AVAILABLE:
        return
    yield f"{status}: {means(profile, status)}"
    for key, value in _switch(switch).items() if switch else ():
        yield f"  {key:12} {value}"
    if limit := profile.limits.get(status):
        yield f"  {limit}"


def _switch(switch: Switch) -> dict[str, str]:
    shown = {key: getattr(switch, key) for key in ("on", "off", "hint", "note")}
    if switch.optional:
        shown["hint"] += ", not everywhere"
    if published := switch.published:
        basic = "open" if published.open else "closed"
        shown["published"] = ", ".join(filter(None, (basic, published.activity, published.note)))
    return {key: value for key, value in shown.items() if value}


# For other programs


def as_json(profile: Profile) -> dict[str, Any]:
    """Everything that one says, and how each status is kept."""
    return {
        "name": profile.name,
        "agents": list(profile.agents),
        "line": profile.line,
        "own_phone": profile.own_phone,
        "voicemail": profile.voicemail,
        "dnd_code": profile.dnd_code,
        "absent_code": profile.absent_code,
        "statuses": {str(status): _status_json(profile, status) for status in Status},
    }


def _status_json(profile: Profile, status: Status) -> dict[str, Any]:
    known = status in profile.switches or status is not Status.AVAILABLE
    told: dict[str, Any] = {"means": str(means(profile, status)) if known else "none set"}
    if switch := profile.switches.get(status):
        told |= {
            key: value for key in ("on", "off", "hint", "note") if (value := getattr(switch, key))
        }
        if switch.hint:
            told["optional"] = switch.optional
        if document := switch.published:
            told["published"] = {
                "open": document.open,
                "activity": document.activity,
                "note": document.note,
            }
    if limit := profile.limits.get(status):
        told["limit"] = limit
    return told
