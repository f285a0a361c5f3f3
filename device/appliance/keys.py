"""SSH public keys, as ssh-keygen and PuTTY write them."""

import base64
import binascii
import re

from device.appliance.refused import RefusedError

KINDS = (
    "ssh-ed25519",
    "ssh-rsa",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
)

PRIVATE = (
    "this is a PRIVATE key, which belongs on no card. It was not taken, and not deleted, as it may"
    " be your only one: move it back, and put the public one here, which ends in .pub."
    " Who had this card in hand may have a copy: better make a new pair"
)
DAMAGED = "the key is damaged: copy it anew"

_IS_PRIVATE = re.compile(
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----|^PuTTY-User-Key-File-", re.MULTILINE
)
_RFC4716 = "---- BEGIN SSH2 PUBLIC KEY ----"
_KEY = re.compile(
    rf"(?:(.*)\s)?({'|'.join(map(re.escape, KINDS))})\s+([A-Za-z0-9+/]+=*)(?:\s+(.*))?"
)


def parse(text: str, name: str) -> list[str]:
    """The lines for authorized_keys; none where there is no key. Raises `RefusedError`."""
    if _IS_PRIVATE.search(text):
        raise RefusedError(f"{name}: {PRIVATE}")
    if text.lstrip().startswith(_RFC4716):
        return [_from_putty(text, name)]
    found, complaints = list[str](), list[str]()
    for number, line in enumerate(map(str.strip, text.split("\n")), 1):
        if line and not line.startswith("#"):
            try:
                found.append(_checked(line))
            except ValueError as error:
                complaints.append(f"{name}:{number}: {error}")
    if complaints:
        raise RefusedError(*complaints)
    return found


def _checked(line: str) -> str:
    found = _KEY.fullmatch(line)
    if not found or not line.isprintable():
        raise ValueError(f"expected a public key, like: {KINDS[0]} AAAA... name")
    if _kind(_blob(found[3])) != found[2]:
        raise ValueError(DAMAGED)
    return line


def _from_putty(text: str, name: str) -> str:
    """RFC 4716: headers, which may go on after a backslash, and the key over several lines."""
    body = re.sub(r"(?m)^[^\s:]+:.*(?:(?<=\\)\n.*)*$", "", text.strip())
    try:
        blob = _blob("".join(line for line in body.split("\n") if not line.startswith("----")))
        kind = _kind(blob)
    except ValueError as error:
        raise RefusedError(f"{name}: {error}") from error
    return _checked(f"{kind} {base64.b64encode(blob).decode()}")


def _blob(text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except binascii.Error as error:
        raise ValueError(DAMAGED) from error


def _kind(blob: bytes) -> str:
    """What a whole key calls itself: the first of its fields, RFC 4251, 5, and RFC 4253, 6.6."""
    fields = list[bytes]()
    while blob:
        length = int.from_bytes(blob[:4], "big") + 4
        if len(blob) < max(length, 4):
            raise ValueError(DAMAGED)
        fields.append(blob[4:length])
        blob = blob[length:]
    if len(fields) < 2:
        raise ValueError(DAMAGED)
    return fields[0].decode("ascii", "replace")
