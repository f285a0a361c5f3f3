"""The version of the package, from that of the program."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def debian(version: str) -> str:
    """As dpkg sorts it: what comes before a release with a tilde, what comes after with a plus."""
    return re.sub(r"\.(post\d)", r"+\1", re.sub(r"\.?(a|b|rc|dev)(?=\d)", r"~\1", version))


def ours() -> str:
    """What `device.VERSION` says, read and not run."""
    text = (ROOT / "device" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^VERSION = "(.+)"$', text, flags=re.MULTILINE)
    assert found, "device/__init__.py does not say VERSION"
    return found[1]


if __name__ == "__main__":
    print(debian(ours()))  # noqa: T201
