"""Packages of other versions, good and bad, made from the real one."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.image.workshop import CHECKOUT

KEYS = CHECKOUT / ".image" / "keys"
DEBS = CHECKOUT / ".image" / "deb"

PROGRAM = Path("opt/deskpanel")

Edit = Callable[[Path], None]
"Changes the program in a folder."


def real() -> Path:
    """The package that was built last."""
    found = sorted(DEBS.glob("deskpanel_*_arm64.deb"), key=lambda file: file.stat().st_mtime)
    if not found:
        raise RuntimeError(f"no package in {DEBS}: `make deb`")
    return found[-1]


def good(_: Path) -> None:
    """Nothing but the version is another."""


def ends_at_once(program: Path) -> None:
    """It does not start."""
    (program / "bin/deskpanel").write_text("#!/bin/sh\nexit 1\n")


def never_registers(program: Path) -> None:
    """It starts, and looks for the PBX where none is."""
    replace(program / "lib/device/config.py", "server=host,", 'server="127.0.0.1",')


def replace(module: Path, old: str, new: str) -> None:
    """Change a source file; its bytecode would be believed unseen."""
    text = module.read_text()
    if text.count(old) != 1:
        raise RuntimeError(f"{module.name}: expected one {old!r}, found {text.count(old)}")
    module.write_text(text.replace(old, new))
    for compiled in (module.parent / "__pycache__").glob(f"{module.stem}.*.pyc"):
        compiled.unlink()


def package(home: Path, version: str, edit: Edit = good) -> Path:
    """Made in `home`, and signed as an update."""
    tree = home / f"tree-{version}"
    subprocess.run(["dpkg-deb", "--raw-extract", str(real()), str(tree)], check=True)
    control = tree / "DEBIAN/control"
    lines = control.read_text().splitlines()
    told = [f"Version: {version}" if line.startswith("Version:") else line for line in lines]
    control.write_text("\n".join([*told, ""]))
    (tree / PROGRAM / "VERSION").write_text(f"{version}\n")
    edit(tree / PROGRAM)
    deb = home / f"deskpanel_{version}_arm64.deb"
    # Unpacked by an emulated processor: gzip is kinder to it than xz.
    build = ["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", str(tree), str(deb)]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["rm", "-r", str(tree)], check=True)
    subprocess.run([CHECKOUT / "image/deb/sign.sh", deb], check=True, capture_output=True)
    return deb


def signature(deb: Path) -> Path:
    return deb.with_name(f"{deb.name}.sig")


def sign_as_a_stranger(deb: Path) -> None:
    """Good in itself, with a key that nobody trusts."""
    key = deb.with_name("stranger")
    if not key.exists():
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    signature(deb).unlink()
    sign = ["ssh-keygen", "-q", "-Y", "sign", "-n", "deskpanel-update", "-f", str(key), str(deb)]
    subprocess.run(sign, check=True, capture_output=True)
