"""Who asks for what: every request of the panel, and which part of the PBX answers it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sipmessage import Request

from device.core.profile import Colleague, Profile
from device.core.words import Status
from device.demo.call import Call, Caller, Route, Showing
from device.demo.calls import Calls
from device.demo.chores import Chores
from device.demo.codes import CodeCalls
from device.demo.dialogs import first, named_by
from device.demo.digest import Door, Verdict
from device.demo.forks import address
from device.demo.moods import Moods
from device.demo.office import Office
from device.demo.own import OwnCalls
from device.demo.publications import Publications
from device.demo.registrar import Registrar
from device.demo.subscriptions import EVENTS, Subscriptions
from device.demo.transactions import Question, Timing, Transactions, Tuning
from device.demo.wire import Flow

TEXT = "text/plain"

SHOWING = ("deskpanel",)
"Families that show panels the calls which a status keeps from them."


@dataclass(frozen=True, slots=True)
class Text:
    """A text that the panel sent."""

    to: str
    text: str


@dataclass(frozen=True, slots=True)
class Site:
    """What is the same for as long as the PBX exists."""

    user: str
    password: str
    host: str
    profile: Profile
    colleagues: tuple[Colleague, ...]
    timing: Timing
    grant: int
    "Seconds that a registration is good for at most."

    @property
    def agent(self) -> str:
        """What a PBX of this family would call itself, as far as `check` can tell."""
        agents = self.profile.agents
        return f"{agents[0]} demo" if agents else ""

    @property
    def showing(self) -> Showing | None:
        if self.profile.name not in SHOWING:
            return None
        return Showing(self.user, self.timing.shown)


class Switchboard:
    """All that speaks SIP, and the office behind it."""

    def __init__(self, site: Site, changed: Callable[[], None]) -> None:
        self.site = site
        self.moods = Moods()
        self.texts: list[Text] = []
        self._chores = chores = Chores()
        self._door = Door(site.user, site.password)
        self._changed = changed
        tuning = Tuning(site.timing, site.agent)
        self._transactions = turns = Transactions(self._handle, chores, tuning)
        self.office = office = Office(
            site.user, site.profile, site.colleagues, site.host, self.moods, changed
        )
        self.registrar = office.registrar = Registrar(chores, changed, site.grant)
        self.publications = office.publications = Publications(chores, self.moods, changed)
        self.calls = office.calls = Calls(turns, chores, office.being, changed)
        self.subscriptions = Subscriptions(turns, chores, self.moods, changed)
        self.codes = CodeCalls(turns, chores, self.moods)
        self.own = OwnCalls(turns, chores, self.calls, self.moods, office.called)

    def receive(self, flow: Flow, data: bytes) -> None:
        """What came over the wire."""
        self._transactions.receive(flow, data)

    def place(self, caller: Caller, away: bool) -> Call:
        """Somebody calls the user; while the PBX is away they reach nobody."""
        settings = self.office.settings
        route = self._route(settings.status, settings.forward, away)
        return self.calls.place(caller, route, self.site.timing.caller)

    def send_text(self, caller: Caller, text: str) -> None:
        """To every registered panel (RFC 3428)."""
        who = address(caller, self.site.host)
        for binding in self.registrar.bindings:
            headers = [("Content-Type", f"{TEXT};charset=utf-8")]
            message = first("MESSAGE", who, binding.uri, binding.flow, headers, text.encode())
            self._chores.start(self._deliver(binding.flow, message))

    async def end(self) -> None:
        """Nothing is under way any more."""
        await self._chores.end()

    def forget(self) -> None:
        """All but what users have set."""
        for part in (
            self._transactions,
            self.registrar,
            self.subscriptions,
            self.publications,
            self.codes,
            self.calls,
            self.own,
            self._door,
        ):
            part.forget()

    def _route(self, status: Status, forward: str, away: bool = False) -> Route:
        bindings = self.registrar.bindings
        desk_phone, showing = self.office.desk_phone, self.site.showing
        return Route(away, status, forward, desk_phone, bindings, showing)

    # What the panel asks for

    def _handle(self, question: Question) -> None:
        """A new request came in."""
        open_to_all = {"OPTIONS": self._asked_options, "BYE": self._asked_bye}
        guarded = {
            "REGISTER": self._asked_register,
            "INVITE": self._asked_invite,
            "REFER": self.own.refer,
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
        question.respond(200, self.registrar.register(question.asked, question.flow))

    def _asked_invite(self, question: Question) -> None:
        number, name = question.asked.number, named_by(question.asked)
        if question.asked.to_tag:
            if not self.codes.again(question, name) and not self.own.again(question, name):
                question.respond(481)
        elif self.office.understands(number):
            self.codes.pick_up(question, lambda: self.office.dial(number))
        elif self.office.locked:
            question.respond(403)
        elif self.office.plan.is_own_phone(number):
            self._ring_own(question)
        else:
            question.respond(404)

    def _ring_own(self, question: Question) -> None:
        """No status of theirs keeps users from their own phone; a divert is for others."""
        route = self._route(Status.AVAILABLE, "")
        if not self.moods.forks:
            route = replace(route, bindings=())
        self.own.ring(question, self.site.user, route, self.site.timing.caller)

    def _asked_bye(self, question: Question) -> None:
        name = named_by(question.asked)
        known = any(part.hung_up(name) for part in (self.codes, self.own, self.calls))
        question.respond(200 if known else 481)

    def _asked_subscribe(self, question: Question) -> None:
        asked, denied = question.asked, self.moods.denied
        if code := denied.get(asked.event) or denied.get(asked.number):
            question.respond(code)
        elif asked.to_tag:
            self.subscriptions.refresh(question)
        elif asked.event not in EVENTS:
            question.respond(489, [("Allow-Events", ", ".join(EVENTS))])
        elif topic := self.office.topic(asked.event, asked.number):
            self.subscriptions.open(question, topic)
        else:
            question.respond(404)

    def _asked_publish(self, question: Question) -> None:
        """Asterisk takes none from phones, nor do most."""
        if self.site.profile.publishes:
            self.publications.publish(question)
        else:
            question.respond(489)

    def _asked_message(self, question: Question) -> None:
        asked = question.asked
        if asked.content_type != TEXT:
            question.respond(415, [("Accept", TEXT)])
            return
        self.texts.append(Text(asked.number, asked.message.body.decode(errors="replace")))
        question.respond(202)
        self._changed()

    def _asked_options(self, question: Question) -> None:
        question.respond(200, [("Allow-Events", ", ".join(EVENTS)), ("Accept", TEXT)])

    async def _deliver(self, flow: Flow, message: Request) -> None:
        await self._transactions.ask(flow, message)
