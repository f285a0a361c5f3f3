"""The web server: the page that shows the panel, and the HTTP contract behind it."""

import errno
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Iterable
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from device.control.api import Api, error
from device.control.glass import Glass
from device.control.guard import Address, Guard, bearer
from device.control.live import Live, OnEdge
from device.control.seam import Panel
from device.control.wishes import WishError

PAGE = Path(__file__).parent / "page"
FILES = {
    "/": "index.html",
    "/panel.css": "panel.css",
    "/panel.js": "panel.js",
    "/people.js": "people.js",
    "/sheet.js": "sheet.js",
    "/sound.js": "sound.js",
    "/world.js": "world.js",
    "/favicon.ico": "icon.svg",
}
"What anybody may fetch: it holds nothing of this user's."

LARGEST_BODY = 16 * 1024

SHUTDOWN_SECONDS = 1.0
"What is still being answered at the end gets this long."

HEADERS = {
    # Nothing from elsewhere is ever loaded, and no other page may put this one into a frame.
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}

log = logging.getLogger(__name__)


class WebServer:
    """Serves one panel at one address, in the running asyncio loop."""

    def __init__(
        self,
        panel: Panel,
        listen: str = "127.0.0.1:8780",
        token: str = "",
        on_edge: OnEdge | None = None,
        extra_routes: Iterable[web.RouteDef] = (),
        demo: bool = False,
        *,
        names: Collection[str] = (),
        size: tuple[int, int] = (128, 64),
        language: str = "en",
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises `ValueError` where `listen` is not an address, or open to others without a token.

        `on_edge` hears the page's buttons where the board is virtual; `names` are host names the
        panel is called by; `size` and `language` are the
        OLED's.
        """
        self._address = Address.parse(listen)
        self._guard = Guard.of(self._address, token, names)
        glass = Glass(size, language)
        self._live = Live(panel, glass, on_edge, demo, now)
        events = web.get("/api/events", self._live.handle)
        files = (web.get(path, _serve(PAGE / name)) for path, name in FILES.items())
        self._routes = [*Api(panel, glass, now).routes(), events, *files, *extra_routes]
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen. Raises `OSError` in one sentence where the address cannot be had."""
        runner = web.AppRunner(
            self._app(),
            access_log=None,  # a WebSocket's address may carry the token
            handle_signals=False,
            shutdown_timeout=SHUTDOWN_SECONDS,
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, self._address.host, self._address.port).start()
        except OSError as fault:
            await runner.cleanup()
            raise OSError(_why(self._address, fault)) from fault
        self._runner = runner

    @property
    def url(self) -> str:
        """Where the page is, for a browser on this machine."""
        assert self._runner, "not started"
        port: int = self._runner.addresses[0][1]
        everywhere = self._address.host in ("0.0.0.0", "::")
        return f"http://{Address('localhost' if everywhere else self._address.host, port)}"

    async def stop(self) -> None:
        """Say goodbye to the pages and listen no longer. Twice does no harm."""
        runner, self._runner = self._runner, None
        if runner:
            await runner.cleanup()

    def _app(self) -> web.Application:
        app = web.Application(
            middlewares=[in_words, self._admit], client_max_size=LARGEST_BODY, logger=log
        )
        app.add_routes(self._routes)
        app.on_response_prepare.append(_headers)
        app.on_shutdown.append(self._leave)
        return app

    async def _leave(self, _: web.Application) -> None:
        await self._live.close()

    @web.middleware
    async def _admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer only those who may ask."""
        headers = request.headers
        refused = self._guard.refuses_page(headers.get("Host"), headers.get("Origin"))
        if not refused and request.path not in FILES:
            refused = self._guard.refuses_stranger(_token(request))
        return error(refused.status, refused.reason) if refused else await handler(request)


@web.middleware
async def in_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever goes wrong is told as `{"error": sentence}`."""
    try:
        return await handler(request)
    except WishError as fault:
        return error(400, str(fault))
    except web.HTTPException as fault:
        return _http_error(request, fault)
    except OSError as fault:
        # What was asked for holds, and would be lost with the power: no answer of ours may hide it.
        return error(507, f"Not safely stored: {fault}")
    except Exception:
        # The log gets the traceback; the client must not.
        log.exception("%s %s ended in a bug of ours", request.method, request.path)
        return error(500, "Something is wrong inside the panel; its log tells more")


def _http_error(request: web.Request, fault: web.HTTPException) -> web.Response:
    match fault:
        case web.HTTPNotFound():
            return error(404, f"There is nothing at {request.path}")
        case web.HTTPMethodNotAllowed():
            allowed = ", ".join(sorted(fault.allowed_methods))
            answer = error(405, f"{request.path} takes {allowed}, not {request.method}")
            answer.headers["Allow"] = allowed
            return answer
        case web.HTTPRequestEntityTooLarge():
            return error(413, f"The body is longer than {LARGEST_BODY} bytes")
        case _:
            return error(fault.status, fault.reason)


def _token(request: web.Request) -> str:
    """What was shown; a browser cannot give a WebSocket a header, so there it is in the address."""
    shown = bearer(request.headers.get("Authorization", ""))
    return shown or (request.query.get("token", "") if request.path == "/api/events" else "")


def _serve(file: Path) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def serve(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(file)

    return serve


async def _headers(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)


def _why(address: Address, fault: OSError) -> str:
    if fault.errno == errno.EADDRINUSE:
        return f"{address} is taken by another program; perhaps a panel runs already"
    return f"Cannot listen on {address}: {fault.strerror or fault}"
