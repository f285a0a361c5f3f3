"""Programs of the workshop (`image/workshop.sh`), run where they lie, without a chroot.

Through their own loader: a Debian 12 has an older C library than QEMU 10 wants.
"""

import os
import subprocess
from pathlib import Path

from tests.interop.asterisk import WITH_US

CHECKOUT = Path(__file__).parents[2]
ROOT = CHECKOUT / ".image" / "workshop"
LOADER = ROOT / "lib64" / "ld-linux-x86-64.so.2"
LIBRARIES = ROOT / "usr/lib/x86_64-linux-gnu"
FIRMWARE = ROOT / "usr/share/qemu"
"What QEMU loads into its machines."


def program(name: str, *arguments: object) -> list[str]:
    """The command line that runs it; it ends when the tests do."""
    found = next(p for d in ("usr/bin", "usr/sbin") if (p := ROOT / d / name).exists())
    # mtools are one program, which looks at the name it was called by.
    loader = [str(LOADER), "--library-path", str(LIBRARIES), "--argv0", name]
    return [*WITH_US, *loader, str(found), *map(str, arguments)]


def call(name: str, *arguments: object, fine: tuple[int, ...] = (0,)) -> str:
    """What it prints. Raises `RuntimeError` with what it complained of."""
    # mtools turn file names with iconv, whose tables must fit the C library.
    environment = {**os.environ, "GCONV_PATH": str(LIBRARIES / "gconv"), "MTOOLSRC": "/dev/null"}
    done = subprocess.run(
        program(name, *arguments),
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    if done.returncode not in fine:
        raise RuntimeError(f"{name} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout
