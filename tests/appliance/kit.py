"""A small appliance in a folder, and packages to put on its card."""

import io
import os
import pwd
import subprocess
import tarfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

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
        known |= {name.replace("_", "-"): value for name, value in control.items()}
        lines = [f"{name}: {value}" for name, value in known.items()]
        (tree / "DEBIAN/control").write_text("\n".join([*lines, ""]))
        deb = self.folder / f"deskpanel_{version}_{known['Architecture']}.deb"
        words = ["dpkg-deb", "--root-owner-group", "-Zgzip", "--build", str(tree), str(deb)]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        self.sign(deb)
        return deb


def architecture() -> str:
    return subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()


def deb_of(
    *members: tarfile.TarInfo | tuple[tarfile.TarInfo, bytes], version: str = "1.4"
) -> bytes:
    """A package with what no honest tool would put there."""
    control = f"Package: deskpanel\nVersion: {version}\nArchitecture: all\n"
    control += "Maintainer: x <x@example.com>\nDescription: x\n"
    return archive(
        ("debian-binary", b"2.0\n"),
        ("control.tar.gz", tar_of((tarfile.TarInfo("./control"), control.encode()))),
        ("data.tar.gz", tar_of(*members)),
    )


def archive(*files: tuple[str, bytes]) -> bytes:
    """ar(5)"""
    whole = b"!<arch>\n"
    for name, data in files:
        whole += f"{name:16}{0:<12}{0:<6}{0:<6}{0o100644:<8o}{len(data):<10}`\n".encode()
        whole += data + b"\n" * (len(data) % 2)
    return whole


def tar_of(*members: tarfile.TarInfo | tuple[tarfile.TarInfo, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        for member in members:
            info, data = member if isinstance(member, tuple) else (member, b"")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", mode: int = 0o755) -> Any:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode = kind, link, mode
    return info


def folders(*below: str) -> list[Any]:
    names = ["./opt", "./opt/deskpanel", *(f"./opt/deskpanel/{name}" for name in below)]
    return [entry(name, tarfile.DIRTYPE) for name in names]


def start(version: str = "1.4") -> tuple[Any, bytes]:
    return entry("./opt/deskpanel/bin/deskpanel"), SCRIPT.format(version=version).encode()
