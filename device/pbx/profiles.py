"""What each family of PBX understands, from the data files beside this one."""

import tomllib
from importlib.resources import files
from typing import Any

from device.core.profile import Profile, Switch
from device.core.words import Status


def _profile(name: str, data: dict[str, Any]) -> Profile:
    switches = {Status(s): Switch(**codes) for s, codes in data.pop("status", {}).items()}
    return Profile(name, switches, **data)


def _read_all() -> dict[str, Profile]:
    folder = files("device.pbx") / "families"
    found = sorted(f.name for f in folder.iterdir() if f.name.endswith(".toml"))
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in found}
    return {
        n.removesuffix(".toml"): _profile(n.removesuffix(".toml"), tomllib.loads(t))
        for n, t in texts.items()
    }


PROFILES = _read_all()
"By name; `deskpanel profiles` lists them."
