"""Proof of a password without telling it: digest authentication (RFC 3261 section 22, RFC 8760).

The library does this for the requests it knows; those we make ourselves are up to us.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

_PARAMETER = re.compile(r'([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))', re.ASCII)
_HASHES = {
    "SHA-512-256": "sha512_256",
    "SHA-256": "sha256",
    "MD5": "md5",
}
"Algorithms by their names in SIP (RFC 8760 section 2.1), and by Python's."


@dataclass(frozen=True, slots=True)
class Login:
    """Who proves that they know what."""

    user: str
    password: str = field(repr=False)


def prove(
    login: Login,
    challenges: Iterable[str],
    method: str,
    uri: str,
    cnonce: Callable[[], str] = lambda: secrets.token_hex(8),
) -> str:
    """The value for Authorization that answers the first of these WWW-Authenticate values we can.

    The first is what the server likes best (RFC 8760 section 2.4). Empty where none of them can be
    answered. `uri` is the request's, as it is on the wire.
    """
    known = (asked for asked in map(_read, challenges) if _answerable(asked))
    return next((_credentials(login, asked, method, uri, cnonce()) for asked in known), "")


def _read(challenge: str) -> dict[str, str]:
    scheme, _, rest = challenge.strip().partition(" ")
    if scheme.lower() != "digest":
        return {}
    return {m[1].lower(): m[2] if m[2] is not None else m[3] for m in _PARAMETER.finditer(rest)}


def _algorithm(challenge: dict[str, str]) -> str:
    return challenge.get("algorithm", "MD5").upper()


def _answerable(asked: dict[str, str]) -> bool:
    can = _HASHES.get(_algorithm(asked)) in hashlib.algorithms_available
    return can and bool(asked.get("nonce")) and ("qop" not in asked or _counted(asked))


def _counted(asked: dict[str, str]) -> bool:
    """The server goes by `qop`; what it wants beyond `auth` (`auth-int`) we do not have."""
    return "auth" in re.split(r"[\s,]+", asked.get("qop", "").lower())


def _credentials(login: Login, asked: dict[str, str], method: str, uri: str, cnonce: str) -> str:
    # RFC 7616 section 3.4.1. Quoted values are hashed and sent back escaped, just as they came.
    hashed = _hasher(_algorithm(asked))
    counted = _counted(asked)
    middle = [asked["nonce"], *(["00000001", cnonce, "auth"] if counted else [])]
    realm = asked.get("realm", "")
    secret = hashed(f"{login.user}:{realm}:{login.password}")
    response = hashed(":".join([secret, *middle, hashed(f"{method}:{uri}")]))
    said = [("username", login.user), ("realm", realm), ("nonce", asked["nonce"]), ("uri", uri)]
    said += [("response", response)]
    said += [("cnonce", cnonce)] if counted else []
    said += [("opaque", asked["opaque"])] if "opaque" in asked else []
    bare = [f"algorithm={_algorithm(asked)}"] + (["qop=auth", "nc=00000001"] if counted else [])
    return "Digest " + ", ".join([*(f'{name}="{value}"' for name, value in said), *bare])


def _hasher(algorithm: str) -> Callable[[str], str]:
    def hashed(text: str) -> str:
        return hashlib.new(_HASHES[algorithm], text.encode(), usedforsecurity=False).hexdigest()

    return hashed
