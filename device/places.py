"""Where things are on this computer."""

import os
from pathlib import Path

CONFIGS = (Path("/etc/deskpanel/deskpanel.toml"), Path("~/.config/deskpanel/deskpanel.toml"))

COMPLAINTS = Path("/run/deskpanel-card/complaints")
"What was wrong with what somebody put on the card, a line each; not there: nothing was."


def config() -> Path | None:
    """The config that is used when none is named."""
    return next((p for p in map(Path.expanduser, CONFIGS) if p.exists()), None)


def state_directory() -> Path:
    """Where what survives is kept: systemd's choice, else the user's own place for state."""
    if given := os.environ.get("STATE_DIRECTORY"):
        return Path(given)
    home = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(home).expanduser() / "deskpanel"
