"""Whether one of those whom we trust has signed a file."""

import hashlib
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from device.appliance.refused import RefusedError

NAMESPACE = "deskpanel-update"
"So that what somebody signed for another purpose is no update."

MOST_BYTES = 128 << 20


@dataclass(frozen=True, slots=True)
class Signed:
    """A file as it was when its signature was verified: nothing reads it again from where it is."""

    data: bytes = field(repr=False)
    sha256: str


def verified(path: Path, signers: Path) -> Signed:
    """Nothing in the file is looked at before. Raises `RefusedError`."""
    signature = path.with_name(f"{path.name}.sig")
    if not signers.exists() or not signers.read_bytes().strip():
        raise RefusedError(
            f"{path.name}: no signers are known here, so no update is taken: {signers}"
        )
    if not signature.exists():
        raise RefusedError(f"{path.name}: its signature is missing: {signature.name}")
    if path.stat().st_size > MOST_BYTES:
        raise RefusedError(f"{path.name}: is too large")
    data = path.read_bytes()
    if not _holds(data, signature, signers):
        raise RefusedError(f"{path.name}: is not signed by anybody who is trusted here")
    return Signed(data, hashlib.sha256(data).hexdigest())


def _holds(data: bytes, signature: Path, signers: Path) -> bool:
    # The name that the signer goes by is whatever stands in the file of those who are trusted.
    about = ["-f", str(signers), "-s", str(signature)]
    found = _ssh_keygen(["find-principals", *about])
    names = found.stdout.decode("utf-8", "replace").splitlines()
    verify = ["verify", *about, "-n", NAMESPACE, "-I"]
    return any(_ssh_keygen([*verify, name], data).returncode == 0 for name in names)


def _ssh_keygen(words: list[str], data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["ssh-keygen", "-Y", *words], input=data, capture_output=True)
    except FileNotFoundError as error:
        raise RefusedError("ssh-keygen is missing: apt install openssh-client") from error
