"""A small appliance in a folder, and packages to put on its card."""

import os
import pwd
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from device.appliance.places import Places

CHOOSE = Path(__file__).parents[2] / "image/deb/files/usr/lib/deskpanel/choose"

SCRIPT = "#!/bin/sh\necho {version}\n"


def me() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name


def appliance(root: Path, base: str = "1.0") -> Places:
    """As it is when it is started for the first time."""
    places = replace(Places().under(root), user=me())
    for folder in (places.card, places.config, places.app.parent, places.signers.parent):
        folder.mkdir(parents=True)
    places.wifi.parent.parent.joinpath("state").mkdir()
    program(places.base, base)
    return places


def program(tree: Path, version: str) -> None:
    (tree / "bin").mkdir(parents=True)
    (tree / "bin/deskpanel").write_text(SCRIPT.format(version=version))
    (tree / "bin/deskpanel").chmod(0o755)
    (tree / "VERSION").write_text(f"{version}\n")


@dataclass(frozen=True, slots=True)
class Builder:
    """Somebody who makes packages and signs them."""

    folder: Path
    name: str = "update"

    @property
    def key(self) -> Path:
        key = self.folder / self.name
        if not key.exists():
            words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(key)]
            subprocess.run(words, check=True)
        return key

    def trusted_by(self, places: Places) -> None:
        public = self.key.with_suffix(".pub").read_text()
        places.signers.write_text(f'{self.name} namespaces="deskpanel-update" {public}')

    def sign(self, path: Path, namespace: str = "deskpanel-update") -> None:
        words = ["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", str(self.key), str(path)]
        path.with_name(f"{path.name}.sig").unlink(missing_ok=True)
        subprocess.run(words, check=True, stderr=subprocess.DEVNULL)

    def package(self, version: str = "1.4", **control: str) -> Path:
        """Built of what a program needs at least."""
        tree = self.folder / f"tree-{version}"
        program(tree / "opt/deskpanel", version)
        (tree / "usr/lib/systemd").mkdir(parents=True)
        (tree / "usr/lib/systemd/deskpanel.service").write_text("not ours to take\n")
        return self.build(tree, version, **control)

    def build(self, tree: Path, version: str = "1.4", **control: str) -> Path:
        known = {"Package": "deskpanel", "Version": version, "Architecture": architecture()}
        known |= {"Maintainer": "x <x@example.com>", "Description": "x", "Installed-Size": "10"}
        (tree / "DEBIAN").mkdir()
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in (known | control).items()]
        (tree / "DEBIAN/control").write_text("\n".join([*lines, ""]))
        deb = self.folder / f"deskpanel_{version}_{known['Architecture']}.deb"
        words = ["dpkg-deb", "--root-owner-group", "-Zgzip", "--build", str(tree), str(deb)]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        self.sign(deb)
        return deb


def architecture() -> str:
    return subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()
