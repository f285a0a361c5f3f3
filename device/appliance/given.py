"""The config that was put on the card, and whether it would be right where it goes."""

import re
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from device import config
from device.appliance.places import Places
from device.appliance.refused import RefusedError
from device.appliance.text import decoded
from device.tables import ConfigError

NAME = "deskpanel.toml"

OF_THE_BOOT = ("config.txt", "cmdline.txt", "extraconfig.txt", "sysconf.txt", "issue.txt")
"What the computer starts from is no password, whatever a config says."

SECRET = ("password", "pin", "token")
CURLY = "“”„‟‘’‚«»"


@dataclass(frozen=True, slots=True)
class Given:
    """A config that is right, with the files of its own that came with it."""

    files: Mapping[str, bytes] = field(repr=False)
    "As they are to be, by their names."
    sources: tuple[Path, ...]
    "Where they are on the card; the config last: while it is there the others are looked for."


def given(path: Path, card: Mapping[str, Path], places: Places) -> Given:
    """Read and check one; `card` has every file by its name in small letters.

    Raises `RefusedError` with every complaint, in which the file has the name its writer knows.
    """
    try:
        text = decoded(path.read_bytes())
    except ValueError as error:
        raise RefusedError(f"{path.name}: {error}") from error
    beside = _beside(text, card)
    files, problems = {path.name: text}, list[str]()
    for name, source in beside.items():
        try:
            files[name] = decoded(source.read_bytes())
        except ValueError as error:
            problems.append(f"{source.name}: {error}")
    problems += _complaints(path.name, files, places)
    if problems:
        raise RefusedError(*problems)
    files[NAME] = files.pop(path.name)
    written = {name: content.encode() for name, content in files.items()}
    return Given(written, (*beside.values(), path))


def _beside(text: str, card: Mapping[str, Path]) -> dict[str, Path]:
    """The files that the config names and that are on the card, where Windows may have hidden from
    its user that they end in .txt."""
    found = {}
    for _, name in _named(text):
        for candidate in (name.lower(), f"{name.lower()}.txt"):
            if candidate in card and candidate not in OF_THE_BOOT:
                found[name] = card[candidate]
                break
    return found


def _named(text: str) -> Iterator[tuple[str, str]]:
    """Key and name of each file that is looked for beside the config."""
    for key, value in _leaves(text):
        plain = isinstance(value, str) and re.fullmatch(r"[^/\\.~\0][^/\\\0]*", value.strip())
        if key.endswith("_file") and plain and value.strip().lower() != NAME:
            yield key, value.strip()


def _leaves(text: str) -> list[tuple[str, Any]]:
    """Every value, with its whole key."""
    try:
        return list(_below(tomllib.loads(text)))
    except (tomllib.TOMLDecodeError, RecursionError):
        return []  # which is complained of when it is loaded


def _below(table: Mapping[str, Any], name: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        full = f"{name}.{key}" if name else key
        if isinstance(value, dict):
            yield from _below(value, full)
        else:
            yield full, value


# As it would be at its destination


def _complaints(name: str, files: Mapping[str, str], places: Places) -> list[str]:
    """Of the application's own checker, in memory, with what was taken over before beside it."""
    text = files[name]
    places.complaints.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=places.complaints.parent) as made:
        folder = Path(made)
        _lay_out(folder, files, text, places)
        try:
            config.load(folder / name, places.state)
        except ConfigError as error:
            found = [complaint.replace(f"{folder}/", "") for complaint in error.complaints]
            return [_without_secrets(_with_hint(c, text), text) for c in found]
        return [
            f"{name}: {key}: {file} is not on the card, and was not before"
            for key, file in _named(text)
            if not (folder / file).exists()
        ]


def _lay_out(folder: Path, files: Mapping[str, str], text: str, places: Places) -> None:
    for file, content in files.items():
        _write(folder / file, content.encode())
    for _, file in _named(text):
        before = places.config / file
        if file not in files and before.is_file():
            _write(folder / file, before.read_bytes())


def _write(path: Path, data: bytes) -> None:
    path.touch(0o600)
    path.write_bytes(data)


def _with_hint(complaint: str, text: str) -> str:
    line = re.search(r"at line (\d+)", complaint)
    if line and any(c in CURLY for c in text.split("\n")[int(line[1]) - 1]):
        return f'{complaint}; the quotes are typographic, and should be "straight" ones'
    return complaint


def _without_secrets(complaint: str, text: str) -> str:
    """A complaint that quotes what it found, where that is nobody's business."""
    if re.search(rf": \S*\b({'|'.join(SECRET)}): ", complaint):
        complaint = re.sub(r",? found .*", "", complaint)
    for key, value in _leaves(text):
        if key.rpartition(".")[2] in SECRET and len(str(value)) >= 4:
            complaint = complaint.replace(str(value), "...")
    return complaint
