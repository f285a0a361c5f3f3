"""A built-in PBX, for trying the panel without a real one and for tests. Nothing else.

It behaves like a FreePBX for one user as far as a panel can tell: registration with a password,
feature codes, hints, voicemail counts, texts, and calls from outside that ring the panel and a
desk phone, which is simulated. It listens on loopback, carries no sound and keeps no promises
beyond that. The other half of it is the world: what callers, colleagues and misfortune do.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from sipmessage import Request

from device.demo.bodies import PIDF, SUMMARY, Device, presence, summary
from device.demo.calls import Calls, Route, caller
from device.demo.chores import Chores
from device.demo.codes import CodeCalls
from device.demo.dialogs import first, named_by
from device.demo.digest import Door, Verdict
from device.demo.registrar import Registrar
from device.demo.settings import Settings
from device.demo.subscriptions import EVENTS, Subscriptions, Topic
from device.demo.transactions import Question, Timing, Transactions
from device.demo.wire import Flow, Wire

COLLEAGUES = ("101", "102")

TEXT = "text/plain"

GRANT_SECONDS = 7200
"As FreePBX."


@dataclass(frozen=True, slots=True)
class Text:
    """A text that the panel sent."""

    to: str
    text: str


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
    ) -> None:
        """`grant` is how many seconds a registration is good for at most.

        Over UDP a panel learns that the PBX is away when it next renews its registration, so a
        short grant shows sooner what becomes of it. Over TCP it sees the connection break.
        """
        self.host = host
        self.away = True
        self.desk_phone = True
        self._refusing = False
        self._texts: list[Text] = []
        self._settings = Settings(user)
        self._colleagues = dict.fromkeys(COLLEAGUES, Device.NOT_INUSE)
        self._callbacks: list[Callable[[], None]] = []
        self._chores = Chores()
        self._wire = Wire(host, port, self._received)
        self._door = Door(user, password)
        self._timing = timing or Timing()
        self._transactions = Transactions(self._handle, self._chores, self._timing)
        self._registrar = Registrar(self._chores, self._changed, grant)
        self._subscriptions = Subscriptions(self._transactions, self._chores, self._changed)
        self._codes = CodeCalls(self._transactions, self._chores)
        self._calls = Calls(self._transactions, self._chores, self._changed)

    @property
    def port(self) -> int:
        """UDP and TCP; 0 before the first start, if none was asked for."""
        return self._wire.port

    async def start(self) -> None:
        """Listen. Raises `OSError` where the port is taken."""
        await self._wire.open()
        self.away = False
        self._changed()

    async def stop(self) -> None:
        """Gone without a word, as a PBX that lost its power. Twice does no harm."""
        self.away = True
        await self._chores.end()
        await self._wire.close()
        self._forget()
        self._changed()

    async def __aenter__(self) -> "DemoPbx":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # The world

    def on_change(self, callback: Callable[[], None]) -> None:
        """Call this back, from the event loop, whenever `snapshot` may tell something new."""
        self._callbacks.append(callback)

    def snapshot(self) -> dict[str, Any]:
        """Everything there is to see, ready for JSON."""
        return {
            "away": self.away,
            "contacts": len(self._registrar.bindings),
            "watching": sorted(f"{t.event} {t.number}" for t in self._subscriptions.topics),
            "desk_phone": self.desk_phone,
            "dnd": self._settings.dnd,
            "forward": self._settings.forward,
            "voicemail": asdict(self._settings.voicemail),
            "colleagues": {n: self._device(n).name.lower() for n in COLLEAGUES},
            "calls": [asdict(view) for view in self._calls.views],
            "texts": [asdict(text) for text in self._texts],
            "refusing": self._refusing,
            "slow": self._codes.seconds,
        }

    def call(self, number: str, name: str = "") -> int:
        """An outsider calls the user; an empty number is withheld. Returns the call's id.

        Nobody waits for ever: `Timing.caller` says how long.
        """
        bindings = self._registrar.bindings
        settings = self._settings
        route = Route(self.away, settings.dnd, settings.forward, self.desk_phone, bindings)
        return self._calls.place(number, name, route, self._timing.caller)

    def hang_up(self, call: int) -> None:
        """The caller gives up, or hangs up. Raises `LookupError`."""
        self._calls.hang_up(call)

    def answer(self, call: int) -> None:
        """The user picks up the desk phone; nothing if it does not ring. Raises `LookupError`."""
        self._calls.answer(call)

    def end(self, call: int) -> None:
        """The talk is over. Raises `LookupError`."""
        self._calls.hang_up(call)

    def leave_voicemail(self, urgent: bool = False) -> None:
        """Somebody leaves a message in the user's box. Raises `ConnectionError`."""
        self._be_there()
        self._set(self._settings.leave_voicemail(urgent))

    def hear_voicemail(self) -> None:
        """The user listens to all new messages: they are old ones now. Raises `ConnectionError`."""
        self._be_there()
        self._set(self._settings.hear_voicemail())

    def send_text(self, number: str, name: str, text: str) -> None:
        """Somebody writes to the user; every registered panel gets it (RFC 3428).

        Raises `ConnectionError`, and `LookupError` where there is no panel to get it.
        """
        self._be_there()
        if not self._registrar.bindings:
            raise LookupError("No panel is registered: the text reached nobody")
        who = caller(number, name, self.host)
        for binding in self._registrar.bindings:
            headers = [("Content-Type", f"{TEXT};charset=utf-8")]
            message = first("MESSAGE", who, binding.uri, binding.flow, headers, text.encode())
            self._chores.start(self._deliver(binding.flow, message))

    def dial_on_desk_phone(self, code: str) -> bool:
        """The user dials a feature code on the other phone; False if it was not understood.

        Raises `ConnectionError`, and `LookupError` while that phone is unplugged.
        """
        if not self.desk_phone:
            raise LookupError("The desk phone is unplugged: plug it in first")
        self._be_there()
        settings = None if self._refusing else self._settings.dial(code)
        if settings:
            self._set(settings)
        return settings is not None

    def register_desk_phone(self, here: bool) -> None:
        """The desk phone is plugged in, or not; without it the panel's answer is the last word."""
        self.desk_phone = here
        if not here:
            self._calls.unplug()
        self._changed()

    def busy_colleague(self, number: str, busy: bool) -> None:
        """A colleague takes or ends a call of their own. Raises `LookupError`."""
        if number not in self._colleagues:
            raise LookupError(f"there is no colleague {number}")
        self._colleagues[number] = Device.BUSY if busy else Device.NOT_INUSE
        self._changed()

    def refuse_codes(self, refuse: bool = True) -> None:
        """From now on feature codes are answered 403, or understood again."""
        self._refusing = refuse
        self._changed()

    def slow(self, seconds: float) -> None:
        """Let codes take effect so many seconds after they were picked up."""
        self._codes.seconds = seconds
        self._changed()

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

    # The panel

    def _received(self, flow: Flow, data: bytes) -> None:
        if not self.away:
            self._transactions.receive(flow, data)

    def _handle(self, question: Question) -> None:
        """A new request came in."""
        open_to_all = {"OPTIONS": self._asked_options, "BYE": self._asked_bye}
        guarded = {
            "REGISTER": self._asked_register,
            "INVITE": self._asked_invite,
            "SUBSCRIBE": self._asked_subscribe,
            "PUBLISH": self._asked_publish,
            "MESSAGE": self._asked_message,
        }
        method = question.asked.method
        if method in open_to_all:
            open_to_all[method](question)
        elif method not in guarded:
            question.respond(501)
        elif self._admits(question):
            guarded[method](question)

    def _admits(self, question: Question) -> bool:
        verdict = self._door.judge(question.asked)
        if verdict is not Verdict.ADMITTED:
            question.respond(401, [("WWW-Authenticate", self._door.challenge(verdict))])
        return verdict is Verdict.ADMITTED

    def _asked_register(self, question: Question) -> None:
        question.respond(200, self._registrar.register(question.asked, question.flow))

    def _asked_invite(self, question: Question) -> None:
        asked = question.asked
        if asked.to_tag:
            if not self._codes.again(question, named_by(asked)):
                question.respond(481)
        elif self._settings.dial(asked.number) is None:
            question.respond(404)
        elif self._refusing:
            question.respond(403)
        else:
            self._codes.pick_up(question, lambda: self._act(asked.number))

    def _asked_bye(self, question: Question) -> None:
        name = named_by(question.asked)
        known = self._codes.hung_up(name) or self._calls.hung_up(name)
        question.respond(200 if known else 481)

    def _asked_subscribe(self, question: Question) -> None:
        asked = question.asked
        if asked.to_tag:
            self._subscriptions.refresh(question)
        elif asked.event not in EVENTS:
            question.respond(489, [("Allow-Events", ", ".join(EVENTS))])
        elif topic := self._topic(asked.event, asked.number):
            self._subscriptions.open(question, topic)
        else:
            question.respond(404)

    def _asked_publish(self, question: Question) -> None:
        """Asterisk takes none from phones."""
        question.respond(489)

    def _asked_message(self, question: Question) -> None:
        asked = question.asked
        if asked.content_type != TEXT:
            question.respond(415, [("Accept", TEXT)])
            return
        self._texts.append(Text(asked.number, asked.message.body.decode(errors="replace")))
        question.respond(202)
        self._changed()

    async def _deliver(self, flow: Flow, message: Request) -> None:
        await self._transactions.ask(flow, message)

    def _asked_options(self, question: Question) -> None:
        question.respond(200, [("Allow-Events", ", ".join(EVENTS)), ("Accept", TEXT)])

    # How things stand

    def _topic(self, event: str, number: str) -> Topic | None:
        """What can be subscribed to under this name; None if there is nothing."""
        host, settings = self.host, self._settings
        if event == "message-summary" and number == settings.user:
            box = self._settings.user
            return Topic(event, box, SUMMARY, lambda: summary(box, host, self._settings.voicemail))
        if event == "presence" and (number in self._extensions or settings.hint(number)):
            return Topic(event, number, PIDF, lambda: presence(number, host, self._device(number)))
        return None

    @property
    def _extensions(self) -> tuple[str, ...]:
        return self._settings.user, *self._colleagues

    def _device(self, number: str) -> Device:
        """What a hint shows now."""
        if number == self._settings.user:
            return self._line()
        if number in self._colleagues:
            busy = self._calls.diverted_to(number)
            return Device.BUSY if busy else self._colleagues[number]
        return self._settings.hint(number) or Device.NOT_INUSE

    def _line(self) -> Device:
        """The user's own phones, taken together as Asterisk takes them."""
        if self._calls.talking:
            return Device.BUSY
        if self._calls.ringing:
            return Device.RINGING
        here = self.desk_phone or self._registrar.bindings
        return Device.NOT_INUSE if here else Device.UNAVAILABLE

    def _act(self, code: str) -> None:
        """A code that was understood when it was dialled takes effect."""
        if settings := self._settings.dial(code):
            self._set(settings)

    def _forget(self) -> None:
        """All but what users have set."""
        self._transactions.forget()
        self._registrar.forget()
        self._subscriptions.forget()
        self._codes.forget()
        self._calls.forget()
        self._door.forget()

    def _set(self, settings: Settings) -> None:
        self._settings = settings
        self._changed()

    def _changed(self) -> None:
        if not self.away:
            self._subscriptions.tell()
        for callback in self._callbacks:
            callback()
