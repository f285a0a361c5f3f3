"""The tests' side of a desk phone: orders to it, and its news."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

News = dict[str, Any]

CHECKOUT = Path(__file__).parents[2]
NEWS_SECONDS = 10


class Desk:
    """A desk phone at the PBX, registered when it is there."""

    def __init__(self, server: str, user: str, password: str) -> None:
        self.rang = 0
        "Calls that came in so far, whatever was expected."
        self._news: list[News] = []
        self._heard = threading.Condition()
        self._process = self._start({"server": server, "user": user, "password": password})
        self._reader = threading.Thread(target=self._read, name=f"desk phone {user}")
        self._reader.start()

    def call(self, number: str) -> int:
        """Call a number, or `sip:` address; gives the call's id on this phone."""
        self._order(do="call", number=number)
        call: int = self.expect(event="calling")["call"]
        return call

    def ringing(self) -> News:
        """The next call that comes in, with its `call` and the `headers` of its INVITE."""
        return self.expect(event="incoming")

    def answer(self, call: int, code: int = 200) -> None:
        self._order(do="answer", call=call, code=code)

    def hang_up(self, call: int) -> None:
        self._order(do="hang_up", call=call)

    def ended(self, call: int) -> int:
        """The final code of a call, once it is over."""
        code: int = self.expect(event="call", call=call, state="disconnected")["code"]
        return code

    def dial_code(self, code: str) -> None:
        """Call a feature code and stay until the PBX hangs up."""
        call = self.call(code)
        self.expect(event="call", call=call, state="confirmed")
        self.ended(call)

    def text(self, to: str, text: str) -> int:
        """Send a text; gives its final code."""
        self._order(do="text", to=to, text=text)
        code: int = self.expect(event="text_sent")["code"]
        return code

    def expect(self, **like: Any) -> News:
        """The first news with these values, and those before it are forgotten."""
        with self._heard:
            if not self._heard.wait_for(lambda: self._find(like) is not None, NEWS_SECONDS):
                raise AssertionError(f"no {like}; heard {self._news}")
            found = self._find(like) or 0
            news = self._news[found]
            del self._news[: found + 1]
            return news

    def close(self) -> None:
        """Unregisters. Twice does no harm."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
            self._process.wait()
            self._reader.join()

    def _start(self, login: dict[str, str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.interop.deskphone"],
            cwd=CHECKOUT,
            env={**os.environ, "DESKPHONE": json.dumps(login)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _find(self, like: News) -> int | None:
        fits = (i for i, news in enumerate(self._news) if like.items() <= news.items())
        return next(fits, None)

    def _order(self, **order: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                with self._heard:
                    news = json.loads(line)
                    self.rang += news["event"] == "incoming"
                    self._news.append(news)
                    self._heard.notify_all()
