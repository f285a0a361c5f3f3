"""What goes into the package, and how it is called."""

import itertools
import shutil
import subprocess
from pathlib import Path

import pytest

from image.deb import needed as picked
from image.deb.version import debian, ours

LOCK = """\
# by a tool
aiohttp==3.14.5 \\
    --hash=sha256:aa \\
    --hash=sha256:ab
    # via deskpanel (pyproject.toml)
attrs==26.1.0 \\
    --hash=sha256:bb
    # via
    #   aiohttp
    #   cattrs
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:cc
    # via aiohttp
colorzero==2.0 \\
    --hash=sha256:dd
    # via gpiozero
gpiozero==2.0.1 \\
    --hash=sha256:ee
    # via deskpanel (pyproject.toml)
lgpio==0.2.2.0 ; sys_platform == 'linux' \\
    --hash=sha256:ff
    # via deskpanel (pyproject.toml)
only-lgpio-wants==1.0 \\
    --hash=sha256:99
    # via lgpio
pluggy==1.7.0 \\
    --hash=sha256:77
    # via pytest
pytest==9.2.0 \\
    --hash=sha256:88
    # via deskpanel (pyproject.toml)
some-arm-thing==1.0 ; platform_machine == 'aarch64' \\
    --hash=sha256:66
    # via aiohttp
"""

PROJECT = """\
[project]
dependencies = ["aiohttp>=3.11,<4"]
[project.optional-dependencies]
pi = ["gpiozero>=2", "lgpio>=0.2.2; sys_platform == 'linux'"]
busylight = []
dev = ["pytest>=8"]
"""


def names(machine: str = "aarch64", *but: str) -> list[str]:
    return [pin.name for pin in picked.needed(LOCK, PROJECT, machine, but)]


def test_what_is_wanted_comes_along_and_what_developers_want_stays() -> None:
    wanted = ["aiohttp", "attrs", "colorzero", "gpiozero", "lgpio", "only-lgpio-wants"]
    assert names() == [*wanted, "some-arm-thing"]


def test_the_machine_of_the_package_decides_and_not_that_of_the_build() -> None:
    assert "some-arm-thing" not in names("x86_64")


def test_what_we_compile_ourselves_is_left_to_us_with_what_it_wants() -> None:
    assert not {"lgpio", "only-lgpio-wants"} & set(names("aarch64", "lgpio"))


def test_each_pin_keeps_its_hashes() -> None:
    first = picked.needed(LOCK, PROJECT, "aarch64", ())[0]
    assert first.text == "aiohttp==3.14.5 \\\n    --hash=sha256:aa \\\n    --hash=sha256:ab"


def test_the_lock_file_has_all_that_the_program_names() -> None:
    lock = (picked.ROOT / "requirements.lock").read_text(encoding="utf-8")
    project = (picked.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found = {pin.name for pin in picked.needed(lock, project, "aarch64", ())}
    # of pjsua2 the lock has what PyPI has, which is nothing for this Python
    assert picked.direct(project) - found == {"pjsua2-python"}
    assert "pytest" not in found


@pytest.mark.parametrize(
    ("version", "package"),
    [
        ("0.1.0", "0.1.0"),
        ("0.2.0rc1", "0.2.0~rc1"),
        ("0.2.0a2", "0.2.0~a2"),
        ("0.2.0.dev3", "0.2.0~dev3"),
        ("1.0.post1", "1.0+post1"),
    ],
)
def test_a_version_reads_as_debian_writes_it(version: str, package: str) -> None:
    assert debian(version) == package


@pytest.mark.skipif(not shutil.which("dpkg"), reason="no dpkg here")
def test_dpkg_sorts_versions_as_they_came() -> None:
    came = [debian(each) for each in ("0.2.0.dev3", "0.2.0rc1", "0.2.0", "0.2.0.post1", "0.2.1")]
    for one, next_one in itertools.pairwise(came):
        subprocess.run(["dpkg", "--compare-versions", one, "lt", next_one], check=True)


def test_the_package_has_the_version_of_the_program() -> None:
    from device import VERSION

    assert ours() == VERSION


def test_the_launcher_is_python_and_the_scripts_are_shell() -> None:
    deb = Path(picked.__file__).parent
    compile((deb / "launcher.py").read_text(encoding="utf-8"), "launcher.py", "exec")
    for script in ("build.sh", "inside.sh", "sign.sh", "wrapper.sh", "postinst", "prerm", "postrm"):
        subprocess.run(["sh", "-n", deb / script], check=True)
