"""How the wheels are pinned. That they work is tried where they are made, by smoke.py there."""

import re
import subprocess
from pathlib import Path

import pytest

from image.deb import needed

WHEELS = Path(needed.__file__).parents[1] / "wheels"


def test_every_source_has_a_hash() -> None:
    lock = (WHEELS / "sources.lock").read_text(encoding="utf-8")
    assert re.fullmatch(r"[0-9a-f]{64}  \S+Xpjproject\S+\n", lock)
    sdists = (WHEELS / "sdists.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in sdists if not line.startswith("#")]
    assert pins
    assert all(re.fullmatch(r"\w+==[\d.]+ --hash=sha256:[0-9a-f]{64}", pin) for pin in pins)


def test_lgpio_is_the_one_of_the_lock_file() -> None:
    lock = (needed.ROOT / "requirements.lock").read_text(encoding="utf-8")
    pin = next(pin for pin in needed.pins(lock) if pin.name == "lgpio")
    sdists = (WHEELS / "sdists.txt").read_text(encoding="utf-8")
    ours = re.search(r"^lgpio==(\S+) --hash=(\S+)$", sdists, flags=re.MULTILINE)
    assert ours
    assert pin.requirement.specifier.contains(ours[1])
    assert ours[2] in pin.text


@pytest.mark.parametrize("script", sorted(WHEELS.glob("*.sh")), ids=lambda path: path.name)
def test_the_scripts_are_shell(script: Path) -> None:
    subprocess.run(["sh", "-n", script], check=True)
