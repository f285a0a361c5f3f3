"""A built-in PBX, for trying the panel without a real one and for tests. Nothing else.

It behaves, for one user, like any family of PBX as far as a panel can tell: registration with a
password, feature codes, hints, publishing, voicemail counts, texts, calls from outside that ring
the panel and a desk phone, which is simulated, and calls that the panel makes to that phone. It
listens on loopback, carries no sound and keeps no promises beyond that. The other half of it is the
world: what callers, colleagues and misfortune do. What no real PBX does at will is in `moods`.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from device.core.profile import Colleague, Profile
from device.demo.call import Caller
from device.demo.moods import FarEnd, Moods
from device.demo.people import COLLEAGUES, Being
from device.demo.switchboard import Site, Switchboard
from device.demo.transactions import Timing
from device.demo.wire import Flow, Wire
from device.pbx.profiles import PROFILES

GRANT_SECONDS = 7200
"As FreePBX."


class DemoPbx:
    """A PBX with one user. Everything here belongs to one event loop."""

    def __init__(
        self,
        user: str,
        password: str,
        host: str = "127.0.0.1",
        port: int = 0,
        timing: Timing | None = None,
        grant: int = GRANT_SECONDS,
        profile: Profile = PROFILES["freepbx"],
        colleagues: tuple[Colleague, ...] = COLLEAGUES,
    ) -> None:
        """`grant` is how many seconds a registration is good for at most.

        Over UDP a panel learns that the PBX is away when it next renews its registration, so a
        short grant shows sooner what becomes of it. Over TCP it sees the connection break.
        """
        site = Site(user, password, host, profile, colleagues, timing or Timing(), grant)
        self.host = host
        self.away = True
        self._callbacks: list[Callable[[], None]] = []
        self._wire = Wire(host, port, self._received)
        self._board = Switchboard(site, self._changed)
        self._office = self._board.office

    @property
    def port(self) -> int:
        """UDP and TCP; 0 before the first start, if none was asked for."""
        return self._wire.port

    @property
    def moods(self) -> Moods:
        """What may be wrong with it; what is changed here holds from the next request on."""
        return self._board.moods

    async def start(self) -> None:
        """Listen. Raises `OSError` where the port is taken."""
        await self._wire.open()
        self.away = False
        self._changed()

    async def stop(self) -> None:
        """Gone without a word, as a PBX that lost its power. Twice does no harm."""
        self.away = True
        await self._board.end()
        await self._wire.close()
        self._board.forget()
        self._changed()

    async def __aenter__(self) -> "DemoPbx":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # What there is to see

    def on_change(self, callback: Callable[[], None]) -> None:
        """Call this back, from the event loop, whenever `snapshot` may tell something new."""
        self._callbacks.append(callback)

    def snapshot(self) -> dict[str, Any]:
        """Everything there is to see, ready for JSON."""
        board, settings = self._board, self._office.settings
        own = board.calls.own
        return {
            "away": self.away,
            "profile": board.site.profile.name,
            "contacts": len(board.registrar.bindings),
            "watching": sorted(f"{t.event} {t.number}" for t in board.subscriptions.topics),
            "published": board.publications.count,
            "desk_phone": self._office.desk_phone,
            "codes": self._office.plan.keys,
            "statuses": sorted(settings.on),
            "forward": settings.forward,
            "voicemail": asdict(settings.voicemail),
            "colleagues": [self._seen(c) for c in self._office.colleagues],
            "calls": [asdict(view) for view in board.calls.views],
            "own_call": asdict(own) if own else None,
            "texts": [asdict(text) for text in board.texts],
            "others": self.moods.far_end,
            "refusing": bool(self.moods.refusing),
        }

    def _seen(self, colleague: Colleague) -> dict[str, str]:
        being = self._office.seen(colleague.number)
        return {"number": colleague.number, "name": colleague.name, "being": being}

    # What callers do

    def call(self, number: str, name: str = "", diverted_by: str = "") -> int:
        """An outsider calls the user; an empty number is withheld. Returns the call's id.

        Nobody waits for ever: `Timing.caller` says how long.
        """
        return self._board.place(Caller(number, name, diverted_by), self.away).id

    def hang_up(self, call: int) -> None:
        """The caller gives up, or hangs up. Raises `LookupError`."""
        self._board.calls.hang_up(call)

    def leave_voicemail(self, urgent: bool = False) -> None:
        """Somebody leaves a message in the user's box. Raises `ConnectionError`."""
        self._be_there()
        self._office.keep(self._office.settings.leave_voicemail(urgent))

    def send_text(self, number: str, name: str, text: str) -> None:
        """Somebody writes to the user; every registered panel gets it (RFC 3428).

        Raises `ConnectionError`, and `LookupError` where there is no panel to get it.
        """
        self._be_there()
        if not self._board.registrar.bindings:
            raise LookupError("No panel is registered: the text reached nobody")
        self._board.send_text(Caller(number, name), text)

    # What colleagues do

    def let_colleague(self, number: str, being: Being) -> None:
        """A colleague takes a call, goes away, diverts, or is free. Raises `LookupError`."""
        self._office.be(number, being)

    def let_others(self, far_end: FarEnd) -> None:
        """What those outside do who are called from the user's phone."""
        self.moods.far_end = far_end
        self._changed()

    # What the user does elsewhere

    def answer(self, call: int) -> None:
        """The user picks up the desk phone; nothing if it does not ring. Raises `LookupError`."""
        self._board.calls.answer(call)

    def end(self, call: int) -> None:
        """The talk is over. Raises `LookupError`."""
        self._board.calls.hang_up(call)

    def lift(self) -> None:
        """The desk phone, rung by the panel. Raises `LookupError` where it does not ring so."""
        own = self._board.calls.own
        if not own or not own.answerable:
            raise LookupError("The desk phone does not ring for the panel")
        self._board.calls.answer(own.id)

    def put_down(self) -> None:
        """The desk phone, turning a call of the panel away, or ending it."""
        if own := self._board.calls.own:
            self._board.calls.hang_up(own.id)

    def hear_voicemail(self) -> None:
        """The user listens to all new messages: they are old ones now. Raises `ConnectionError`."""
        self._be_there()
        self._office.keep(self._office.settings.hear_voicemail())

    def dial_on_desk_phone(self, code: str) -> bool:
        """The user dials a feature code on the other phone; False if it was not understood.

        Raises `ConnectionError`, and `LookupError` while that phone is unplugged.
        """
        if not self._office.desk_phone:
            raise LookupError("The desk phone is unplugged: plug it in first")
        self._be_there()
        understood = not self.moods.refusing and self._office.understands(code)
        if understood:
            self._office.dial(code)
        return understood

    def register_desk_phone(self, here: bool) -> None:
        """The desk phone is plugged in, or not; without it the panel's answer is the last word."""
        self._office.desk_phone = here
        if not here:
            self._board.calls.unplug()
        self._changed()

    # What misfortune does

    def refuse_codes(self, refuse: bool = True) -> None:
        """From now on feature codes are answered 403, or understood again."""
        self.moods.refusing = 403 if refuse else 0
        self._changed()

    def slow(self, seconds: float) -> None:
        """Let codes take effect so many seconds after they were picked up."""
        self.moods.acts = seconds

    def end_subscriptions(self, number: str, reason: str) -> None:
        """End those to this extension; `reason` as in RFC 6665 section 4.1.3."""
        self._board.subscriptions.end(number, reason)

    def forget_publications(self) -> None:
        """Whoever refreshes one is told 412."""
        self._board.publications.forget()

    async def go_away(self) -> None:
        """The PBX dies: silence, and all it knew of phones is lost. What users set is kept."""
        await self.stop()

    async def come_back(self) -> None:
        """It is there again, on the same port. Raises `OSError` where that is taken."""
        if self.away:
            await self.start()

    def _be_there(self) -> None:
        if self.away:
            raise ConnectionError("The PBX is gone: let it come back first")

    def _received(self, flow: Flow, data: bytes) -> None:
        if not self.away:
            self._board.receive(flow, data)

    def _changed(self) -> None:
        if not self.away:
            self._board.subscriptions.tell()
        for callback in self._callbacks:
            callback()
