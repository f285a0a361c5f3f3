"""A Chromium to look at pages with, driven over its own DevTools protocol.

See https://chromedevtools.github.io/devtools-protocol/. The few methods used here are stable ones,
and a WebSocket is all it takes.
"""

import base64
import os
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Self

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome")
FOUND = next(filter(None, map(shutil.which, NAMES)), None)

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
)
# Not even a test run that is killed leaves a browser behind (prctl(2), PR_SET_PDEATHSIG).
LEASH = ("setpriv", "--pdeathsig", "KILL") if shutil.which("setpriv") else ()

START_SECONDS = 20.0
WAIT_SECONDS = 8.0
"For something on a page to become so."

SHIFT = 8
"Input.dispatchMouseEvent: modifiers."


@contextmanager
def chromium(profile: Path) -> Iterator[int]:
    """A browser of our own; gives the port its DevTools listen on."""
    assert FOUND, "no Chromium here"
    command = [*LEASH, FOUND, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
    browser = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # so that all its processes can be ended together
    )
    try:
        yield _port(browser, profile / "DevToolsActivePort")
    finally:
        os.killpg(browser.pid, signal.SIGKILL)
        browser.wait()


def _port(browser: "subprocess.Popen[bytes]", file: Path) -> int:
    """Chromium writes it into a file when it listens."""
    end = time.monotonic() + START_SECONDS
    while not (file.exists() and len(file.read_text().split()) == 2):
        assert browser.poll() is None, f"{FOUND} ended with {browser.returncode}"
        assert time.monotonic() < end, f"{FOUND} does not listen"
        time.sleep(0.05)  # a file tells nobody that it was written
    return int(file.read_text().split()[0])


class Tab:
    """One page."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = 0
        self.faults: list[str] = []
        "What the page complained of: exceptions, console errors, things it could not load."

    async def __call__(self, method: str, **params: object) -> dict[str, Any]:
        """Call a method of the protocol."""
        self._ids += 1
        await self._socket.send_json({"id": self._ids, "method": method, "params": params})
        while (message := await self._socket.receive_json()).get("id") != self._ids:
            self._note(message)
        assert "error" not in message, f"{method}: {message['error']}"
        result: dict[str, Any] = message["result"]
        return result

    async def open(self, url: str, width: int = 1100, height: int = 800) -> Self:
        for domain in ("Page", "Runtime", "Log"):
            await self(f"{domain}.enable")
        await self.resize(width, height)
        await self("Page.navigate", url=url)
        return self

    async def resize(self, width: int, height: int) -> None:
        """CSS pixels, one device pixel each."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        await self("Emulation.setDeviceMetricsOverride", **size)

    async def js(self, expression: str) -> Any:
        """The value of an expression, or of what it promises."""
        how = {"awaitPromise": True, "returnByValue": True}
        told = await self("Runtime.evaluate", expression=expression, **how)
        assert "exceptionDetails" not in told, f"{expression}: {told['exceptionDetails']}"
        return told["result"].get("value")

    async def until(self, condition: str) -> None:
        """Wait until an expression is true, looking at every frame."""
        look = f"{{ try {{ if ({condition}) return yes(true); }} catch {{}}"
        again = f"requestAnimationFrame(look); }}; look(); setTimeout(yes, {WAIT_SECONDS * 1000})"
        found = await self.js(f"new Promise((yes) => {{ const look = () => {look} {again}; }})")
        assert found, f"never so: {condition}; the page says {await self.text('body')!r}"

    async def text(self, selector: str) -> str:
        """What is to be read there."""
        return str(await self.js(f"document.querySelector({selector!r}).innerText"))

    async def click(self, selector: str) -> None:
        await self.mouse("mousePressed", selector)
        await self.mouse("mouseReleased", selector)

    async def mouse(self, what: str, selector: str, modifiers: int = 0) -> None:
        """Move a button of the mouse, in the middle of an element, as soon as there is one."""
        await self.until(f"document.querySelector({selector!r}) !== null")
        x, y = await self.js(
            f"(() => {{ const e = document.querySelector({selector!r});"
            " e.scrollIntoView({ block: 'nearest' }); const r = e.getBoundingClientRect();"
            " return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        how = {"button": "left", "clickCount": 1, "modifiers": modifiers}
        await self("Input.dispatchMouseEvent", type=what, x=x, y=y, **how)

    async def key(self, what: str, code: str, key: str) -> None:
        await self("Input.dispatchKeyEvent", type=what, code=code, key=key)

    async def screenshot(self, file: Path) -> None:
        told = await self("Page.captureScreenshot", format="png")
        file.write_bytes(base64.b64decode(told["data"]))

    def _note(self, message: dict[str, Any]) -> None:
        params = message.get("params", {})
        match message.get("method"):
            case "Runtime.exceptionThrown":
                self.faults.append(str(params["exceptionDetails"]))
            case "Log.entryAdded" if params["entry"]["level"] == "error":
                self.faults.append(params["entry"]["text"])
            case "Runtime.consoleAPICalled" if params["type"] == "error":
                self.faults.append(str(params["args"]))
            case _:
                pass


@asynccontextmanager
async def tab(port: int) -> AsyncIterator[Tab]:
    """The one tab of the browser at this port, empty again afterwards."""
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        async with session.get("/json") as answer:
            address = next(t for t in await answer.json() if t["type"] == "page")
        async with session.ws_connect(address["webSocketDebuggerUrl"], max_msg_size=0) as socket:
            found = Tab(socket)
            yield found
            await found("Page.navigate", url="about:blank")
