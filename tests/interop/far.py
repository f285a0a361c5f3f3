"""A panel's phone in a process of its own: it publishes, watches, and can be killed.

Orders are what it should be, one JSON a line on standard input; events go to standard output in
the same way. The end of the input closes it.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from device.core.events import Event
from device.core.profile import Publication
from device.sip.phone import Account, Presence
from tests.interop.asterisk import WITH_US

CHECKOUT = Path(__file__).parents[2]
NEWS_SECONDS = 15

News = dict[str, Any]


class Far:
    """The tests' side of it: a context manager that closes it at the end."""

    def __init__(self, server: str, user: str, password: str, **account: Any) -> None:
        host, _, port = server.partition(":")
        login = {"server": host, "port": int(port), "user": user, "password": password}
        self.news: list[News] = []
        self._heard = threading.Condition()
        self._process = subprocess.Popen(
            [*WITH_US, sys.executable, "-m", "tests.interop.far"],
            cwd=CHECKOUT,
            env={**os.environ, "FAR": json.dumps({"retry": 1} | login | account)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, name=f"far {user}")
        self._reader.start()

    def __enter__(self) -> "Far":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def be(
        self, published: Publication | None = None, *watched: str, registered: bool = True
    ) -> "Far":
        """What it should be from now on."""
        told = asdict(published) if published else None
        order = {"registered": registered, "watched": watched, "published": told}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self

    def hears(self, event: str, **like: Any) -> News:
        """The next event of this kind with these values; those before it are forgotten."""
        wanted = {"event": event} | like
        with self._heard:
            if not self._heard.wait_for(lambda: self._find(wanted) is not None, NEWS_SECONDS):
                raise AssertionError(f"no {wanted}; heard {self.news}")
            found = self._find(wanted) or 0
            news = self.news[found]
            del self.news[: found + 1]
            return news

    def sees(self, number: str, hint: str, note: str) -> None:
        """A watched number is seen so."""
        self.hears("HintHeard", number=number, hint=hint, note=note)

    def close(self) -> None:
        """It says goodbye. Twice does no harm."""
        assert self._process.stdin is not None
        if not self._process.stdin.closed:
            self._process.stdin.close()
            self._end()

    def kill(self) -> None:
        """Gone without a word."""
        assert self._process.stdin is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.stdin.close()
        self._end()

    def _end(self) -> None:
        self._process.wait()
        self._reader.join()

    def _find(self, like: News) -> int | None:
        fits = (i for i, news in enumerate(self.news) if like.items() <= news.items())
        return next(fits, None)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                with self._heard:
                    self.news.append(json.loads(line))
                    self._heard.notify_all()


def _serve() -> None:
    """The other side."""
    from device.sip.pjsua import PjsuaPhone

    news = os.dup(sys.stdout.fileno())
    # The library prints there before it can be told not to.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def post(event: Event) -> None:
        told = {"event": type(event).__name__} | asdict(event)
        os.write(news, json.dumps(told).encode() + b"\n")

    def fault(error: BaseException) -> None:
        os.write(2, "".join(getattr(error, "__notes__", [repr(error)])).encode())
        os._exit(1)

    phone = PjsuaPhone(Account(**json.loads(os.environ["FAR"])), fault)
    phone.open(post)
    for line in sys.stdin:
        order = json.loads(line)
        told = order["published"]
        published = Publication(**told) if told else None
        phone.be(Presence(order["registered"], frozenset(order["watched"]), published))
    phone.close()


if __name__ == "__main__":
    _serve()
