"""The command line's way to a running panel: the HTTP contract, asked politely."""

import http.client
import json
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

ANSWER_SECONDS = 10.0
SETTLE_SECONDS = 25.0
"A wish needs two codes at most, each given eight seconds and six to be read back."

POLL_SECONDS = 0.1


class ClientError(OSError):
    """The panel said no, or nothing; the message is one line."""


@dataclass(frozen=True, slots=True)
class Client:
    """One running panel, somewhere."""

    url: str
    token: str = field(default="", repr=False)

    def get(self, path: str) -> Any:
        """The JSON at this path. Raises `ClientError`."""
        return json.loads(self.fetch("GET", path))

    def post(self, path: str, wish: dict[str, Any]) -> Any:
        """The JSON that answers this wish. Raises `ClientError` with the panel's reason."""
        return json.loads(self.fetch("POST", path, json.dumps(wish).encode()))

    def delete(self, path: str) -> Any:
        """The JSON that answers. Raises `ClientError`."""
        return json.loads(self.fetch("DELETE", path))

    def settled(
        self, path: str, still: Callable[[Any], bool], seconds: float = SETTLE_SECONDS
    ) -> Any:
        """The JSON at this path, once it is no longer so. After so many seconds, as it is."""
        end = time.monotonic() + seconds
        while still(found := self.get(path)) and time.monotonic() < end:
            time.sleep(POLL_SECONDS)
        return found

    def fetch(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """The body of a 2xx answer. Raises `ClientError`."""
        try:
            with closing(self._connection()) as connection:
                connection.request(method, path, body, self._headers())
                answer = connection.getresponse()
                read = answer.read()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise ClientError(f"No panel answers at {self.url}: {_why(error)}") from error
        if not 200 <= answer.status < 300:
            raise ClientError(_complaint(answer.status, read))
        return read

    def _connection(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        if parts.scheme == "https":
            return http.client.HTTPSConnection(parts.netloc, timeout=ANSWER_SECONDS)
        return http.client.HTTPConnection(parts.netloc, timeout=ANSWER_SECONDS)

    def _headers(self) -> dict[str, str]:
        auth = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {"Content-Type": "application/json", **auth}


def _why(error: Exception) -> str:
    return getattr(error, "strerror", "") or str(error) or type(error).__name__


def _complaint(status: int, body: bytes) -> str:
    try:
        return str(json.loads(body)["error"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {status}"
