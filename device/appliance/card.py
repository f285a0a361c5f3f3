"""Takes over from the card's FAT partition what a user put there from any PC.

First everything is where it belongs, and on the disk; only then is it wiped from the card. So a
power cut at any moment leaves it in one of the two places, and the next boot does it again, or is
done.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from device.appliance import keys, wifi
from device.appliance.disk import (
    TAKEN,
    Disk,
    finish,
    folder,
    put,
    put_together,
    remove,
    wipe,
)
from device.appliance.glass import tell
from device.appliance.places import Places
from device.appliance.refused import RefusedError
from device.appliance.text import decoded

HEAD = "This was not taken over, because something is not right:"
PUBLIC = (".deb", ".sig")
"Need no zeros when they go, and have many megabytes."

TAIL = "Mend it on a PC, eject the card, and start the panel with it."

Remount = Callable[[Path, str], None]
"Mounts the card anew: rw or ro."

Update = Callable[[Path], None]
"Puts a package in place to be tried. Raises `RefusedError`."


@dataclass(frozen=True, slots=True)
class Hands:
    """What it is done with."""

    disk: Disk
    remount: Remount
    update: Update


def remount(card: Path, how: str) -> None:
    """With its device told: mount(8) would look that up in fstab, and then among the devices, which
    the unit does not see."""
    words = ["mount", "--internal-only", "--options", f"remount,{how}", _device(card), str(card)]
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)


def _device(card: Path) -> str:
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        about, _, what = line.partition(" - ")
        if about.split()[4] == str(card):
            return what.split()[1]
    raise OSError(f"{card} is not mounted by itself")


def take_over(places: Places, hands: Hands) -> list[str]:
    """Everything that is there. What was wrong with it is returned, and told to the panel and to
    the PC."""
    done, complaints = list[Path](), list[str]()
    for take in (_unfinished, _config, _wifi, _keys, _updates):
        try:
            done += take(_files(places.card), places, hands)
        except RefusedError as error:
            complaints += error.complaints
        except OSError as error:
            complaints.append(_why(error))
    try:
        _clear(done, complaints, places, hands)
    except (OSError, subprocess.CalledProcessError) as error:
        complaints.append(f"the card cannot be written, so what was taken is still on it: {error}")
    tell(places, complaints)
    return complaints


def _files(card: Path) -> dict[str, Path]:
    """By name in small letters. What begins with a dot is a Mac's own."""
    return {p.name.lower(): p for p in sorted(card.iterdir()) if p.name[0] != "." and p.is_file()}


def _why(error: OSError) -> str:
    name = f"{Path(error.filename).name}: " if error.filename else ""
    return f"{name}{error.strerror or error}"


# Each kind of thing: puts it where it belongs, and returns what may go from the card

Files = dict[str, Path]


def _unfinished(card: Files, places: Places, hands: Hands) -> list[Path]:  # noqa: ARG001 - as all
    folder(hands.disk, places.config, 0o755)
    finish(hands.disk, places.config)
    return []


def _config(card: Files, places: Places, hands: Hands) -> list[Path]:
    path = _one(card, "deskpanel.toml")
    if path is None:
        return []
    from device.appliance.given import given  # checks configs, and loads a library for pictures

    found = given(path, card, places)
    put_together(hands.disk, places.config, found.files, 0o600, places.user)
    return list(found.sources)


def _wifi(card: Files, places: Places, hands: Hands) -> list[Path]:
    path = _one(card, "wifi.txt")
    if path is None:
        return []
    text = _text(path)
    if not text.strip():
        remove(hands.disk, places.wifi)
        return [path]
    network = wifi.parse(text, path.name)
    folder(hands.disk, places.wifi.parent, 0o700)
    put(hands.disk, places.wifi, str(network).encode(), 0o600)
    return [path]


def _keys(card: Files, places: Places, hands: Hands) -> list[Path]:
    """All that are there, instead of those before. An empty `authorized_keys` lets nobody in."""
    paths = [path for name, path in card.items() if _is_key(name)]
    if not paths:
        return []
    lines, complaints = list[str](), list[str]()
    for path in paths:
        try:
            lines += _lines(path)
        except RefusedError as error:
            complaints += error.complaints
    if complaints:
        raise RefusedError(*complaints)
    if lines:
        folder(hands.disk, places.keys.parent, 0o755)  # sshd wants nobody else to write there
        put(hands.disk, places.keys, "".join(f"{k}\n" for k in lines).encode(), 0o644)
    else:
        remove(hands.disk, places.keys)
    return paths


def _is_key(name: str) -> bool:
    plain = name.removesuffix(".txt")
    # Those that begin so are looked at too: it is the private one that is put there by mistake.
    return plain == "authorized_keys" or plain.endswith((".pub", ".ppk")) or plain.startswith("id_")


def _lines(path: Path) -> list[str]:
    found = keys.parse(_text(path), path.name)
    if not found and not path.name.lower().startswith("authorized_keys"):
        raise RefusedError(f"{path.name}: there is no key in it")
    return found


def _updates(card: Files, places: Places, hands: Hands) -> list[Path]:  # noqa: ARG001 - as all
    ours = [name for name in card if name.startswith("deskpanel_")]
    name = _one_of([n for n in ours if n.endswith(".deb")], card)
    signatures = [card[n] for n in ours if n.endswith(".deb.sig")]  # one may be of last time
    if name is None:
        return signatures
    hands.update(card[name])
    return [card[name], *signatures]


def _one(card: Files, name: str) -> Path | None:
    """The file of this name, to which Windows may have added .txt unseen."""
    found = _one_of([n for n in (name, f"{name}.txt") if n in card], card)
    return card[found] if found else None


def _one_of(names: list[str], card: Files) -> str | None:
    if len(names) > 1:
        raise RefusedError(f"{' and '.join(card[n].name for n in names)}: leave one of them")
    return names[0] if names else None


def _text(path: Path) -> str:
    try:
        return decoded(path.read_bytes())
    except ValueError as error:
        raise RefusedError(f"{path.name}: {error}") from error


# The card afterwards


def _clear(done: list[Path], complaints: list[str], places: Places, hands: Hands) -> None:
    """Wipe what was taken, and leave the complaints: the only time when the card is writable."""
    left = [p for name, p in _files(places.card).items() if name.endswith(TAKEN)]
    errors = _letter(complaints)
    told = places.errors.read_bytes() if places.errors.exists() else b""
    if not done and not left and errors == told:
        return
    with _writable(places.card, hands.remount):
        for path in dict.fromkeys(
            (*left, *done)
        ):  # what a power cut left is wiped once the new is safe
            (remove if path.suffix in PUBLIC else wipe)(hands.disk, path)
        if not errors:
            remove(hands.disk, places.errors)
        elif errors != told:
            hands.disk.create(places.errors, errors, 0o644)
            hands.disk.sync(places.card)


def _letter(complaints: list[str]) -> bytes:
    """For any editor: with a mark that says UTF-8, and line ends as Notepad had them for long."""
    if not complaints:
        return b""
    text = "\r\n".join([HEAD, "", *complaints, "", TAIL, ""])
    return text.encode("utf-8-sig")


@contextmanager
def _writable(card: Path, remount: Remount) -> Iterator[None]:
    if not os.statvfs(card).f_flag & os.ST_RDONLY:
        yield
        return
    remount(card, "rw")
    try:
        yield
    finally:
        remount(card, "ro")
