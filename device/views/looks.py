"""Themes: tables of how lamps look, as data in the files beside this one.

A theme tells what is confirmed, and what waits. What is asked for, refused or not known looks the
same in all of them: `fast`, `blip3` and `dash`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from device.core.words import Hint, Status
from hw.ports import DARK, Colour, Glow, Pattern

STANDARD = "standard"

UNSURE = Glow(Colour.WHITE, Pattern.DASH)


@dataclass(frozen=True, slots=True)
class Theme:
    """How everything looks that a lamp can say."""

    about: str
    status: Mapping[Status, Glow]
    "What the PBX confirmed."
    colleague: Mapping[Hint, Glow]
    unseen: Glow
    urgent: Glow
    seen: Glow
    wink: Colour | None
    "What is unseen, as a wink of the one lamp that carries all; None: it does not."

    def asked(self, status: Status, pattern: Pattern) -> Glow:
        """A status that is not confirmed, in its colour and another pattern."""
        glow = self.status[status]
        colour = glow.overlay if glow.colour is Colour.OFF else glow.colour
        return Glow(colour, pattern, glow.level)


def _read(data: Mapping[str, Any]) -> Theme:
    notice = data["notice"]
    people = {Hint(word): _glow(look) for word, look in data["colleague"].items()}
    return Theme(
        about=data["about"],
        status={Status(word): _glow(look) for word, look in data["status"].items()},
        colleague=people | {Hint.UNKNOWN: UNSURE},
        unseen=_glow(notice["unseen"]),
        urgent=_glow(notice["urgent"]),
        seen=_glow(notice["seen"]),
        wink=None if data["wink"] == "none" else Colour(data["wink"]),
    )


def _glow(look: Mapping[str, Any]) -> Glow:
    pattern, level = Pattern(look["pattern"]), float(look.get("level", 1.0))
    colour = Colour(look.get("colour", "off"))
    if pattern is Pattern.OFF and colour is Colour.OFF:
        return DARK
    return Glow(colour, pattern, level, Colour(look.get("overlay", "off")))


def _all() -> dict[str, Theme]:
    found = (f for f in files(__package__).joinpath("themes").iterdir() if f.name.endswith(".toml"))
    return {
        f.name.removesuffix(".toml"): _read(tomllib.loads(f.read_text(encoding="utf-8")))
        for f in sorted(found, key=lambda f: f.name)
    }


THEMES = _all()


def theme(name: str) -> Theme:
    """The theme of this name, or the standard one: an old journal may name one that has gone."""
    return THEMES.get(name, THEMES[STANDARD])
