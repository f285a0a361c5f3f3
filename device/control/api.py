"""The panel over HTTP: questions and wishes, in JSON."""

from collections.abc import Callable

from aiohttp import web

from device.control import metrics, wishes
from device.control.glass import Glass
from device.control.seam import Panel
from device.core.events import Chosen, DialCancelled, Event, Muted, TellWhenFree
from device.core.pages import BALLOON_SECONDS, NOT_POSSIBLE
from device.core.state import State
from device.views import public


class Api:
    """One handler per line of the contract."""

    def __init__(self, panel: Panel, glass: Glass, now: Callable[[], float]) -> None:
        self._panel = panel
        self._glass = glass
        self._now = now

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/panel", self.panel),
            web.post("/api/status", self.choose),
            web.post("/api/press", self.press),
            web.get("/api/screen.png", self.screen),
            web.get("/api/calls", self.calls),
            web.get("/api/messages", self.messages),
            web.post("/api/messages", self.send),
            web.get("/api/sent", self.sent),
            web.get("/api/voicemail", self.voicemail),
            web.post("/api/dial", self.dial),
            web.delete("/api/dial", self.cancel),
            web.post("/api/mute", self.mute),
            web.delete("/api/mute", self.sound),
            web.get("/api/colleagues", self.colleagues),
            web.post("/api/colleagues/{who}/tell", self.tell),
            web.delete("/api/colleagues/{who}/tell", self.do_not_tell),
            web.get("/metrics", self.metrics),
        ]

    async def panel(self, _: web.Request) -> web.Response:
        return self._tell(self._panel.state)

    async def choose(self, request: web.Request) -> web.Response:
        """Set a status. What is told is how it stands right now: perhaps pending still."""
        event = wishes.chosen(await request.read(), self._now(), self._panel.state.grants)
        after = await self._panel.ask(event)
        refusal = _refusal(after, event)
        return error(409, refusal) if refusal else self._tell(after)

    async def press(self, request: web.Request) -> web.Response:
        """Press a button. What that asks for may be refused, as on the board."""
        event = wishes.pressed(await request.read(), self._now(), self._panel.state.grants)
        after = await self._panel.ask(event)
        refusal = _not_possible(after, event)
        return error(409, refusal) if refusal else self._tell(after)

    async def screen(self, _: web.Request) -> web.Response:
        return web.Response(body=self._glass.png(self._panel.state), content_type="image/png")

    async def calls(self, _: web.Request) -> web.Response:
        return web.json_response(public.calls(self._panel.state))

    async def messages(self, _: web.Request) -> web.Response:
        return web.json_response(public.messages(self._panel.state))

    async def send(self, request: web.Request) -> web.Response:
        """Send a text. Whether it got there is known later, under its job in `/api/sent`."""
        event = wishes.text_wanted(await request.read(), self._now())
        after = await self._panel.ask(event)
        return web.json_response({"job": after.sent[0].job}, status=202)

    async def sent(self, _: web.Request) -> web.Response:
        return web.json_response(public.sent(self._panel.state))

    async def voicemail(self, _: web.Request) -> web.Response:
        return web.json_response(public.voicemail(self._panel.state))

    async def dial(self, request: web.Request) -> web.Response:
        """Make a call for the user. How it goes on is told as `calling` in the panel."""
        event = wishes.dial_wanted(await request.read(), self._now(), self._panel.state.grants)
        after = await self._panel.ask(event)
        refusal = _not_possible(after, event)
        return error(409, refusal) if refusal else self._tell(after, status=202)

    async def cancel(self, _: web.Request) -> web.Response:
        """No call is made any more; where none was, that is as well."""
        return self._tell(await self._panel.ask(DialCancelled(self._now())))

    async def mute(self, request: web.Request) -> web.Response:
        """Sound nothing, for a while or until sound is wanted again; all is shown as before."""
        return self._tell(await self._panel.ask(wishes.muted(await request.read(), self._now())))

    async def sound(self, _: web.Request) -> web.Response:
        """Sound again; where nothing was muted, that is as well."""
        return self._tell(await self._panel.ask(Muted(self._now(), wanted=False)))

    async def colleagues(self, _: web.Request) -> web.Response:
        return web.json_response(public.colleagues(self._panel.state))

    async def tell(self, request: web.Request) -> web.Response:
        return await self._wait_for(request.match_info["who"], wanted=True)

    async def do_not_tell(self, request: web.Request) -> web.Response:
        return await self._wait_for(request.match_info["who"], wanted=False)

    async def metrics(self, _: web.Request) -> web.Response:
        text = metrics.metrics(self._panel.state)
        return web.Response(body=text.encode(), headers={"Content-Type": metrics.CONTENT_TYPE})

    async def _wait_for(self, who: str, wanted: bool) -> web.Response:
        """Tell when a colleague is free, or leave it; one who is free now is told of at once."""
        colleague = self._panel.state.grants.colleague(who)
        if colleague is None:
            return error(404, f"There is no colleague {who[:64]!a}")
        after = await self._panel.ask(TellWhenFree(self._now(), colleague.number, wanted))
        return web.json_response(public.person(after, colleague))

    def _tell(self, state: State, status: int = 200) -> web.Response:
        return web.json_response(public.public(state, self._now()), status=status)


def error(status: int, sentence: str) -> web.Response:
    """Every complaint has this form."""
    return web.json_response({"error": sentence}, status=status)


def _refusal(after: State, event: Chosen) -> str:
    """Why this wish was not granted; a refusal older than the wish is about another one."""
    refusal = after.mirror.refusal
    return refusal.reason if refusal and refusal.at >= event.at else ""


def _not_possible(after: State, event: Event) -> str:
    """The core's answer to what cannot be done is the balloon that the user sees."""
    until = event.at + BALLOON_SECONDS
    told = (b for b in after.balloons if b.title == NOT_POSSIBLE and b.until >= until)
    return next((b.text for b in told), "")
