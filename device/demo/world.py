"""The world around the demo's panel, over HTTP: what callers, colleagues and misfortune do.

`GET /demo/world` tells how it stands, `POST /demo/world {"do": ...}` lets something happen and
tells how it stands then.
"""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from aiohttp import web

from device.control.api import error
from device.control.wishes import Wish
from device.demo.moods import FarEnd
from device.demo.people import Being

KNOWN = ("do", "number", "name", "diverted_by", "text", "call", "urgent", "code", "on", "be")


class Around(Protocol):
    """What of the built-in PBX is the world's."""

    def snapshot(self) -> dict[str, Any]:
        """Everything there is to see."""

    def call(self, number: str, name: str = "", diverted_by: str = "") -> int:
        """An outsider calls, perhaps a colleague first, who diverts to the user."""

    def hang_up(self, call: int) -> None:
        """The caller gives up, or hangs up. Raises `LookupError`."""

    def answer(self, call: int) -> None:
        """The desk phone is picked up. Raises `LookupError`."""

    def lift(self) -> None:
        """The desk phone, rung by the panel. Raises `LookupError` where it does not ring so."""

    def put_down(self) -> None:
        """The desk phone again."""

    def let_colleague(self, number: str, being: Being) -> None:
        """A colleague takes a call, goes away, diverts, or is free. Raises `LookupError`."""

    def let_others(self, far_end: FarEnd) -> None:
        """From now on others who are called do so."""

    def leave_voicemail(self, urgent: bool = False) -> None:
        """Somebody speaks to the box. Raises `OSError` while the PBX is away, as all it does."""

    def hear_voicemail(self) -> None:
        """The user listens. Raises `OSError`."""

    def send_text(self, number: str, name: str, text: str) -> None:
        """Somebody writes. Raises `OSError`, or `LookupError` where nobody gets it."""

    def dial_on_desk_phone(self, code: str) -> bool:
        """The user dials a code elsewhere. Raises `OSError`, or `LookupError`: no phone."""

    def register_desk_phone(self, here: bool) -> None:
        """The other phone is plugged in, or not."""

    def refuse_codes(self, refuse: bool = True) -> None:
        """The PBX understands no codes any more, or again."""

    async def go_away(self) -> None:
        """The PBX dies."""

    async def come_back(self) -> None:
        """It is there again. Raises `OSError`."""


def world_routes(pbx: Around) -> list[web.RouteDef]:
    """For a web server that shows the world beside the panel."""
    world = World(pbx)
    return [web.get("/demo/world", world.look), web.post("/demo/world", world.do)]


class World:
    """One handler to look, one to push."""

    def __init__(self, pbx: Around) -> None:
        self._pbx = pbx
        self._now: dict[str, Callable[[Wish], None]] = {
            "call": self._call,
            "hang_up": lambda wish: pbx.hang_up(wish.whole("call")),
            "answer": lambda wish: pbx.answer(wish.whole("call")),
            "lift": lambda _: pbx.lift(),
            "put_down": lambda _: pbx.put_down(),
            "colleague": self._colleague,
            "others": lambda wish: pbx.let_others(FarEnd(wish.one_of("be", tuple(FarEnd)))),
            "leave_voicemail": lambda wish: pbx.leave_voicemail(wish.flag("urgent")),
            "hear_voicemail": lambda _: pbx.hear_voicemail(),
            "send_text": self._send_text,
            "dial": self._dial,
            "desk_phone": lambda wish: pbx.register_desk_phone(wish.flag("on")),
            "refuse_codes": lambda wish: pbx.refuse_codes(wish.flag("on")),
        }
        self._later: dict[str, Callable[[], Coroutine[None, None, None]]] = {
            "go_away": pbx.go_away,
            "come_back": pbx.come_back,
        }

    async def look(self, _: web.Request) -> web.Response:
        return web.json_response(self._pbx.snapshot())

    async def do(self, request: web.Request) -> web.Response:
        """Let it happen. What cannot happen any more is told with 409."""
        wish = Wish.parse(await request.read(), KNOWN)
        deed = wish.one_of("do", (*self._now, *self._later))
        try:
            await self._happen(deed, wish)
        except (LookupError, OSError) as fault:
            return error(409, str(fault))
        return await self.look(request)

    async def _happen(self, deed: str, wish: Wish) -> None:
        if deed in self._later:
            await self._later[deed]()
        else:
            self._now[deed](wish)

    def _call(self, wish: Wish) -> None:
        self._pbx.call(_caller(wish), wish.text("name"), wish.text("diverted_by"))

    def _colleague(self, wish: Wish) -> None:
        being = Being(wish.one_of("be", tuple(Being)))
        self._pbx.let_colleague(wish.number("number"), being)

    def _send_text(self, wish: Wish) -> None:
        self._pbx.send_text(_caller(wish), wish.text("name"), wish.letter("text"))

    def _dial(self, wish: Wish) -> None:
        code = wish.number("code")
        if not self._pbx.dial_on_desk_phone(code):
            raise LookupError(f"The PBX did not take {code}")


def _caller(wish: Wish) -> str:
    """A caller's number; empty where it is withheld."""
    return wish.number("number") if wish.text("number") else ""
