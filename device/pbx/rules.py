"""What every profile must keep to. Each rule finds problems: the key, and a sentence."""

from collections.abc import Callable, Iterator
from itertools import groupby
from string import Formatter

from device.core.profile import Profile, Switch
from device.core.words import Status
from device.pbx.activities import ACTIVITIES
from device.pbx.address import USER_PART

Problem = tuple[str, str]
"The key, `status.dnd.on` for one, and what is wrong there."

TARGET, USER = "target", "user"


def problems(profile: Profile) -> Iterator[Problem]:
    """All that is wrong with it."""
    for rule in _RULES:
        yield from rule(profile)


def _can_be_set(profile: Profile) -> Iterator[Problem]:
    for status, switch in profile.switches.items():
        if switch.off and not switch.on:
            yield _key(status, "on"), "is missing; there is a code to clear it"
        elif not switch.on and not switch.published:
            yield _key(status), "has neither a code that sets it nor something to publish"


def _can_be_cleared(profile: Profile) -> Iterator[Problem]:
    for status, switch in profile.switches.items():
        if profile.selector and switch.off:
            sentence = "has no place beside status.available: setting a status ends the others"
            yield _key(status, "off"), sentence
        elif switch.on and not switch.off and not profile.selector:
            yield _key(status, "off"), "is missing; without it the status could not be cleared"


def _never_toggles(profile: Profile) -> Iterator[Problem]:
    for status, switch in profile.switches.items():
        if switch.on and switch.on == switch.off:
            sentence = f"is {switch.on} as well: a code that toggles drifts, and is never used"
            yield _key(status, "off"), sentence


def _one_meaning(profile: Profile) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for key, code in _dialled(profile):
        before = taken.setdefault(code, key)
        if key != before and _part(key) != _part(before):
            yield key, f"{code} is {before} already"


def _no_target(profile: Profile) -> Iterator[Problem]:
    """A code that begins as that of a divert does would divert to the rest of it."""
    divert = profile.switches.get(Status.DIVERTED)
    start, mark, end = (divert.on if divert else "").partition("{target}")
    for key, code in _dialled(profile):
        other = key != _key(Status.DIVERTED, "on")
        if mark and other and code.startswith(start) and code.endswith(end):
            yield key, f"{code} would be taken for status.diverted.on, {start}{mark}{end}"


def _placeholders(profile: Profile) -> Iterator[Problem]:
    for key, template, known in _templates(profile):
        try:
            names = _names(template)
        except ValueError as error:
            yield key, f"{template!r}: {error}"
            continue
        for name in sorted(set(names) - known):
            yield key, _misplaced(name, known)
        if template and names <= known and not USER_PART.fullmatch(_filled(template)):
            yield key, f"{template!r} cannot be dialled or watched"


def _targets(profile: Profile) -> Iterator[Problem]:
    divert = profile.switches.get(Status.DIVERTED)
    if divert and divert.on and "{target}" not in divert.on:
        yield _key(Status.DIVERTED, "on"), "needs {target}: where calls go"


def _hints(profile: Profile) -> Iterator[Problem]:
    for status, switch in profile.switches.items():
        if switch.note and not switch.hint:
            yield _key(status, "note"), "needs a hint that has it"
        if switch.optional and not switch.hint:
            yield _key(status, "optional"), "says something of a hint, and there is none"


def _shared_hints(profile: Profile) -> Iterator[Problem]:
    """One hint tells of several things only by notes that differ."""
    told = [(s.hint, status, s) for status, s in profile.switches.items() if s.hint]
    for hint, entries in groupby(sorted(told), key=lambda entry: entry[0]):
        group = list(entries)
        if len(group) > 1 or hint == profile.line:
            yield from _without_note(hint, group)
        yield from _same_note(group)


def _without_note(hint: str, group: list[tuple[str, Status, Switch]]) -> Iterator[Problem]:
    for _, status, switch in group:
        if not switch.note:
            yield _key(status, "note"), f"is missing; {hint} tells of more than this status"


def _same_note(group: list[tuple[str, Status, Switch]]) -> Iterator[Problem]:
    seen: dict[str, Status] = {}
    for _, status, switch in group:
        before = seen.setdefault(switch.note.casefold(), status)
        if switch.note and before is not status:
            yield _key(status, "note"), f"{switch.note!r} tells of {before} already"


def _answers(profile: Profile) -> Iterator[Problem]:
    for key, code in (("dnd_code", profile.dnd_code), ("absent_code", profile.absent_code)):
        if not 400 <= code <= 699:
            yield key, f"expected a SIP answer from 400 to 699, found {code}"


def _nearest(profile: Profile) -> Iterator[Problem]:
    for status, kept in profile.nearest.items():
        if status is Status.AVAILABLE:
            yield (
                f"nearest.{status}",
                "has no place: available is what is left where nothing is set",
            )
        elif kept is status:
            yield f"nearest.{status}", "is itself"
        elif status in profile.switches:
            yield f"nearest.{status}", f"has no place beside status.{status}"
        elif kept not in profile.switches:
            yield f"nearest.{status}", f"the PBX does not keep {kept} either: no status.{kept}"


def _publications(profile: Profile) -> Iterator[Problem]:
    for status, switch in profile.switches.items():
        if switch.published and switch.on:
            yield _key(status, "published"), "has no place beside a code that sets it"
        elif profile.publishes and not switch.published:
            yield _key(status, "published"), "is missing; the other statuses are published"
    if profile.publishes and not profile.selector:
        yield "status.available", "is missing; something must be published then as well"


def _documents(profile: Profile) -> Iterator[Problem]:
    for status, switch in profile.switches.items():
        if not (published := switch.published):
            continue
        if published.activity and published.activity not in ACTIVITIES:
            key = _key(status, "published.activity")
            yield key, f"{published.activity!r} is no activity of RFC 4480"
        if switch.note and switch.note != published.note:
            yield _key(status, "note"), f"is read back, and {published.note!r} is published"


def _words(profile: Profile) -> Iterator[Problem]:
    if not profile.own_phone:
        yield "own_phone", "expected a number; {user} is the user's own"
    if not all(word.strip() for word in profile.agents):
        yield "agents", "an empty word would fit every PBX"
    for status, sentence in profile.limits.items():
        if not sentence.strip():
            yield f"limits.{status}", "expected a sentence"


_RULES: tuple[Callable[[Profile], Iterator[Problem]], ...] = (
    _can_be_set,
    _can_be_cleared,
    _never_toggles,
    _one_meaning,
    _no_target,
    _placeholders,
    _targets,
    _hints,
    _shared_hints,
    _answers,
    _nearest,
    _publications,
    _documents,
    _words,
)


# Helpers


def _key(status: Status, field: str = "") -> str:
    return f"status.{status}.{field}" if field else f"status.{status}"


def _part(key: str) -> str:
    return key.rpartition(".")[0] or key


def _dialled(profile: Profile) -> Iterator[tuple[str, str]]:
    """Every number that is called, and means something to the PBX."""
    for status, switch in profile.switches.items():
        for field, code in (("on", switch.on), ("off", switch.off)):
            if code:
                yield _key(status, field), code
    for key, number in (("voicemail", profile.voicemail), ("own_phone", profile.own_phone)):
        if number:
            yield key, number


def _templates(profile: Profile) -> Iterator[tuple[str, str, set[str]]]:
    """Every text that is called or watched, with the names that may stand in it."""
    for status, switch in profile.switches.items():
        target = {TARGET} if status is Status.DIVERTED else set()
        yield _key(status, "on"), switch.on, {USER} | target
        yield _key(status, "off"), switch.off, {USER}
        yield _key(status, "hint"), switch.hint, {USER}
    yield "line", profile.line, {USER}
    yield "own_phone", profile.own_phone, {USER}
    yield "voicemail", profile.voicemail, set()


def _names(template: str) -> set[str]:
    """The placeholders, with a ! where something is done to one. Raises `ValueError`."""
    fields = [field for field in Formatter().parse(template) if field[1] is not None]
    return {f"{name}{'!' * bool(conversion or form)}" for _, name, form, conversion in fields}


def _misplaced(name: str, known: set[str]) -> str:
    if name == TARGET:
        return "only status.diverted.on knows {target}"
    may = " and ".join(f"{{{k}}}" for k in sorted(known)) or "nothing in braces"
    return f"{{{name}}} stands for nothing here; known is {may}"


def _filled(template: str) -> str:
    return template.format(user="1", target="1")
