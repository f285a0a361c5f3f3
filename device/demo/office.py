"""How everybody stands, and every extension that tells of it."""

from collections.abc import Callable, Iterator

from device.core.events import Counts
from device.core.profile import NUMBER, Colleague, Profile
from device.core.words import Status
from device.demo.bodies import (
    ON_THE_PHONE,
    PIDF,
    READY,
    RINGING,
    SUMMARY,
    UNAVAILABLE,
    Document,
    presence,
    summary,
)
from device.demo.calls import Calls
from device.demo.moods import FarEnd, Moods, Telling
from device.demo.people import Being, Person, colleague, told
from device.demo.plan import Plan
from device.demo.publications import Publications
from device.demo.registrar import Registrar
from device.demo.settings import Settings
from device.demo.subscriptions import Topic

ANSWERS = {Being.FREE: 200, Being.DIVERTED: 200, Being.AWAY: 480}
"Of a colleague who is called; of others there is one that says busy."
OTHERS = {FarEnd.ANSWERS: 200, FarEnd.BUSY: 486, FarEnd.SILENT: 480}


class Office:
    """One user, some colleagues, and the family of PBX they are at."""

    def __init__(
        self,
        user: str,
        profile: Profile,
        colleagues: tuple[Colleague, ...],
        host: str,
        moods: Moods,
        changed: Callable[[], None],
    ) -> None:
        self.user = user
        self.plan = Plan(profile, user)
        self.settings = Settings(profile.selector)
        self.colleagues = colleagues
        self.desk_phone = True
        "It is plugged in."
        self.calls: Calls
        self.registrar: Registrar
        self.publications: Publications
        self._beings = {c.number: Being.FREE for c in colleagues}
        self._host = host
        self._moods = moods
        self._changed = changed

    # What people do

    def keep(self, settings: Settings) -> None:
        self.settings = settings
        self._changed()

    def be(self, number: str, being: Being) -> None:
        """Raises `LookupError` for those who are no colleagues."""
        if number not in self._beings:
            raise LookupError(f"there is no colleague {number}")
        self._beings[number] = being
        self._changed()

    def understands(self, code: str) -> bool:
        return self.plan.is_voicemail(code) or self.plan.deed(code) is not None

    def dial(self, code: str) -> None:
        """A code takes effect; one that only speaks changes nothing."""
        if deed := self.plan.deed(code):
            self.keep(self.settings.after(deed))

    # How things stand

    def being(self, number: str) -> Being:
        """Somebody outside is free."""
        return self._beings.get(number, Being.FREE)

    def seen(self, number: str) -> Being:
        """The same, with what callers do to a colleague."""
        being = self.being(number)
        talks = being is Being.FREE and self.calls.diverted_to(number)
        return Being.BUSY if talks else being

    @property
    def locked(self) -> bool:
        """The user's phones reach codes, and nobody else."""
        return Status.ABSENT in self.settings.on

    def called(self, number: str) -> int:
        """The final answer of whoever is called from the user's phone."""
        if self.locked:
            return 403
        if self.understands(number):
            self.dial(number)
            return 200
        if number in self._beings:
            return ANSWERS.get(self.being(number), 486)
        return OTHERS[self._moods.far_end] if NUMBER.fullmatch(number) else 404

    def topic(self, event: str, number: str) -> Topic | None:
        """What can be subscribed to under this name; None if there is nothing."""
        if event == "message-summary" and number == self.user:
            return Topic(event, number, SUMMARY, lambda: summary(number, self._host, self._box))
        if event == "presence" and self._document(number):
            return Topic(event, number, PIDF, lambda: self._presence(number))
        return None

    @property
    def _box(self) -> Counts:
        return self.settings.voicemail

    def _presence(self, number: str) -> bytes:
        return presence(number, self._host, self._document(number) or READY)

    def _document(self, number: str) -> Document | None:
        lie = self._moods.telling is Telling.OPPOSITE
        found = (told(self.plan.profile, p, number, lie=lie) for p in self._people())
        return next((document for document in found if document), None)

    def _people(self) -> Iterator[Person]:
        settings, published = self.settings, self.publications.document
        yield Person(self.user, self._line(), settings.on, settings.cleared, published)
        yield from (colleague(number, self.seen(number)) for number in self._beings)

    def _line(self) -> Document:
        """The user's own phones, taken together as Asterisk takes them."""
        if self.calls.talking:
            return ON_THE_PHONE
        if self.calls.ringing:
            return RINGING
        return READY if self.desk_phone or self.registrar.bindings else UNAVAILABLE
