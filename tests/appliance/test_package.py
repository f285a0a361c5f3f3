"""What is in a package, and what is taken of it. With the real dpkg-deb."""

import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from device.appliance.disk import Disk
from device.appliance.package import about, unpack
from device.appliance.refused import RefusedError
from tests.appliance.kit import Builder, archive, deb_of, entry, folders, start

OURS = "./opt/deskpanel"
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
NEXT = f"{sys.version_info.major}.{sys.version_info.minor + 1}"


@pytest.fixture
def builder(tmp_path: Path) -> Builder:
    return Builder(tmp_path)


def refused(data: bytes) -> str:
    with pytest.raises(RefusedError) as found:
        about(data)
    return str(found.value)


# What it says of itself


def test_a_package_of_ours_fits(builder: Builder) -> None:
    need = f"libc6, python3 (>= {HERE}), python3:any (<< {NEXT}~), python3-minimal"
    found = about(builder.package(Depends=need).read_bytes())
    assert (found.name, found.version, found.kilobytes) == ("deskpanel", "1.4", 10)


@pytest.mark.parametrize(
    "need",
    [f"python3 (>= {NEXT})", f"libc6, python3 (<< {HERE})", f"python{NEXT}", "python3 (= 3)"],
)
def test_one_for_another_python_needs_another_image(builder: Builder, need: str) -> None:
    told = refused(builder.package(Depends=need).read_bytes())
    assert told.startswith(f"it wants {need.removeprefix('libc6, ')}, and this is Python {HERE}.")


def test_everything_that_does_not_fit_is_told(builder: Builder) -> None:
    data = builder.package(Package="hello", Architecture="s390x").read_bytes()
    assert "this is a package of hello, not of deskpanel\n" in refused(data)
    assert "this is a package for s390x, and this computer is " in refused(data)


@pytest.mark.parametrize("version", ["1.4.part", "1:2.0", "2:0"])
def test_a_version_that_could_name_something_else_is_none(version: str) -> None:
    assert "is no version of deskpanel" in refused(deb_of(start(), version=version))


@pytest.mark.parametrize("data", [b"", b"!<arch>\n", b"nonsense", archive(("debian-binary", b"9"))])
def test_what_is_no_package_is_damaged(data: bytes) -> None:
    assert refused(data) == "the package is damaged"


# What is taken


def files(tree: Path) -> set[str]:
    return {str(path.relative_to(tree)) for path in tree.rglob("*")}


def test_only_the_program_is_taken(builder: Builder, tmp_path: Path) -> None:
    unpack(builder.package().read_bytes(), tmp_path / "new", Disk())
    assert files(tmp_path / "new") == {"bin", "bin/deskpanel", "VERSION"}
    assert (tmp_path / "new/bin/deskpanel").stat().st_mode & 0o7777 == 0o755
    assert (tmp_path / "new/VERSION").stat().st_mode & 0o7777 == 0o644


def test_links_inside_of_it_are_taken(tmp_path: Path) -> None:
    links = [entry(f"{OURS}/bin/panel", tarfile.SYMTYPE, "deskpanel")]
    links += [entry(f"{OURS}/start", tarfile.SYMTYPE, "bin/deskpanel")]
    links += [entry(f"{OURS}/bin/up", tarfile.SYMTYPE, "../start")]
    unpack(deb_of(*folders("bin"), start(), *links), tmp_path / "new", Disk())
    assert (tmp_path / "new/bin/up").resolve() == tmp_path / "new/bin/deskpanel"


def test_nobody_becomes_root_by_it(tmp_path: Path) -> None:
    info, data = start()
    info.mode = 0o6777
    unpack(deb_of(*folders("bin"), (info, data)), tmp_path / "new", Disk())
    assert (tmp_path / "new/bin/deskpanel").stat().st_mode & 0o7777 == 0o755


def link(name: str, target: str) -> Any:
    return entry(f"{OURS}/{name}", tarfile.SYMTYPE, target)


HOSTILE = {
    "a way out": [entry(f"{OURS}/../../evil")],
    "another way out": [entry("./opt/../evil")],
    "a path from the root": [entry("/opt/deskpanel/evil")],
    "a link to the root": [link("evil", "/etc")],
    "a link up": [link("bin/evil", "../../evil")],
    "a link up by way of a link": [link("bin/x", ".."), link("evil", "bin/x/../..")],
    "a link out and back": [link("evil", "../deskpanel/bin")],
    "a file through a link": [link("evil", "bin"), entry(f"{OURS}/evil/deskpanel")],
    "a link in place of a folder": [link("lib", "bin"), entry(f"{OURS}/lib", tarfile.DIRTYPE)],
    "a file in no folder": [entry(f"{OURS}/none/x")],
    "the same file twice": [start()],
    "a file in place of a folder": [entry(f"{OURS}/bin")],
    "a hard link": [entry(f"{OURS}/evil", tarfile.LNKTYPE, "./etc/shadow")],
    "a hard link inside": [entry(f"{OURS}/evil", tarfile.LNKTYPE, f"{OURS}/bin/deskpanel")],
    "a pipe": [entry(f"{OURS}/evil", tarfile.FIFOTYPE)],
    "a device": [entry(f"{OURS}/evil", tarfile.CHRTYPE)],
    "a link in place of it all": [entry(OURS, tarfile.SYMTYPE, "/etc")],
}


@pytest.mark.parametrize("members", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_package_is_refused(tmp_path: Path, members: list[Any]) -> None:
    with pytest.raises((RefusedError, OSError)):
        unpack(deb_of(*folders("bin"), start(), *members), tmp_path / "new", Disk())
    assert files(tmp_path) <= {
        "new",
        "new/bin",
        "new/bin/deskpanel",
        "new/bin/x",
        "new/evil",
        "new/lib",
    }


def test_a_package_without_a_program_is_refused(tmp_path: Path) -> None:
    info, data = start()
    info.mode = 0o644
    for n, members in enumerate([(), folders(), [*folders("bin"), (info, data)]]):
        with pytest.raises(RefusedError, match="the package has no bin/deskpanel"):
            unpack(deb_of(*members), tmp_path / str(n), Disk())


def test_a_package_that_ends_early_is_refused(tmp_path: Path) -> None:
    whole = deb_of(*folders("bin"), start(), (entry(f"{OURS}/big"), bytes(range(256)) * 5000))
    for size in range(0, len(whole) - 1, 97):
        with pytest.raises(RefusedError):
            unpack(whole[:size], tmp_path / str(size), Disk())
