"""Digest authentication as Asterisk asks for it (RFC 3261 section 22, RFC 2617 with MD5)."""

import hmac
import secrets
from collections import deque
from enum import Enum, auto
from hashlib import md5

from sipmessage import AuthChallenge, AuthCredentials, AuthParameters

from device.demo.messages import Asked

REALM = "asterisk"

NONCES = 1000
"As many are remembered; older ones are stale."


class Verdict(Enum):
    """What to make of a request's credentials."""

    ADMITTED = auto()
    STALE = auto()
    "The password is right, the nonce is not one of ours any more."
    CHALLENGED = auto()
    "None were given, or they are wrong. Asterisk makes no difference: 401 with a new nonce."


class Door:
    """Lets one user in."""

    def __init__(self, user: str, password: str) -> None:
        self._user = user
        self._secret = _hash(f"{user}:{REALM}:{password}")
        self._nonces: deque[str] = deque(maxlen=NONCES)

    def judge(self, asked: Asked) -> Verdict:
        given = asked.credentials
        if given is None or given.parameters is None or not self._right(given, asked.method):
            return Verdict.CHALLENGED
        return Verdict.ADMITTED if given.parameters["nonce"] in self._nonces else Verdict.STALE

    def challenge(self, verdict: Verdict) -> str:
        """A WWW-Authenticate header with a new nonce."""
        self._nonces.append(secrets.token_hex(16))
        parameters = AuthParameters(
            realm=REALM, nonce=self._nonces[-1], algorithm="MD5", qop="auth"
        )
        if verdict is Verdict.STALE:
            parameters = parameters.replace(stale="true")
        return str(AuthChallenge("Digest", parameters))

    def forget(self) -> None:
        """No nonce given out so far is good any more, as after a crash."""
        self._nonces.clear()

    def _right(self, given: AuthCredentials, method: str) -> bool:
        said = given.parameters or AuthParameters()
        if said.get("username") != self._user or said.get("realm") != REALM:
            return False
        asked_for = _hash(f"{method}:{said.get('uri', '')}")
        middle = [said.get(name, "") for name in ("nonce", *_counted(said))]
        expected = _hash(":".join([self._secret, *middle, asked_for]))
        return "nonce" in said and hmac.compare_digest(
            expected.encode(), said.get("response", "").lower().encode()
        )


def _counted(said: AuthParameters) -> tuple[str, ...]:
    """What is hashed with the nonce where the client goes by `qop` (RFC 2617 section 3.2.2.1)."""
    return ("nc", "cnonce", "qop") if "qop" in said else ()


def _hash(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()
