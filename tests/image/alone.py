"""No packet of a guest may leave this computer."""

import os
from pathlib import Path


def why_not() -> str:
    """Why the image cannot be booted here; empty: it can."""
    if not os.environ.get("DESKPANEL_IMAGE"):
        return "booting the image is `make image-check`"
    if networks := sorted(other_networks()):
        return f"there is more than a loopback here: {', '.join(networks)}; `make image-check`"
    return ""


def other_networks() -> set[str]:
    """Network interfaces of this namespace but its loopback."""
    # Not /sys/class/net: that shows the namespace it was mounted in.
    lines = Path("/proc/self/net/dev").read_text().splitlines()[2:]
    return {line.partition(":")[0].strip() for line in lines} - {"lo"}
