"""The PBX of a story: slow, deaf, moody, restarted; and still the only one who knows."""

from dataclasses import dataclass, field, replace

from device.core.effects import DialCode, EndCode
from device.core.events import (
    CodeAnswered,
    CodeEnded,
    Event,
    HintHeard,
    HintLost,
    LinkChanged,
    Published,
)
from device.core.kept import initial, kept
from device.core.profile import Grants, Publication
from device.core.words import Hint, Link, Status
from tests.core.play import Played, play


@dataclass
class Pbx:
    """What it really does, and the panel that is registered at it, or is not."""

    grants: Grants
    hintless: frozenset[str] = frozenset()
    "Hints that this one of the family does not have."
    contrary: bool = False
    "Its codes mean the opposite of what the profile says."
    on: set[Status] = field(default_factory=set)
    "The statuses it keeps; what callers meet."
    target: str = ""
    up: bool = False
    codes: list[DialCode] = field(default_factory=list)
    "Dialled, and not yet picked up."
    post: list[Event] = field(default_factory=list)
    "Answers on their way."
    published: Publication | None = None

    def __post_init__(self) -> None:
        self.panel = play(grants=self.grants)
        if self.grants.profile.selector:
            self.on = {Status.AVAILABLE}

    # What may happen, one method each

    def come(self) -> None:
        """The link is there, and the hints speak first."""
        if not self.up:
            self.up = True
            self.hear(self.panel.then(LinkChanged(self.now, Link.ONLINE)))
            self.tell()

    def go(self) -> None:
        """The link is lost, and with it every call and what was published."""
        if self.up:
            self.up, self.codes, self.post, self.published = False, [], [], None
            self.hear(self.panel.then(LinkChanged(self.now, Link.OFFLINE, "gone")))

    def obey(self) -> None:
        """Carry a code out, and say so."""
        self.mumble()
        self.deliver()
        self.deliver()
        self.tell()

    def mumble(self) -> None:
        """Carry it out; the hints tell, the answers are still on their way."""
        if self.codes:
            code = self.codes.pop(0)
            self._do(code.number)
            self.post += [CodeAnswered(0.0, code.job), CodeEnded(0.0, code.job, True)]
            self.tell()

    def obey_in_silence(self) -> None:
        """Carry it out; the answer is lost on the way."""
        if self.codes:
            self._do(self.codes.pop(0).number)
            self.tell()

    def deliver(self) -> None:
        """The first answer comes."""
        if self.post:
            self._say(self.post.pop(0))

    def deliver_twice(self) -> None:
        """An answer comes, and once more."""
        if self.post:
            self._say(self.post[0])
            self.deliver()

    def deliver_out_of_order(self) -> None:
        """The last answer overtakes the others."""
        if self.post:
            self._say(self.post.pop())

    def refuse(self) -> None:
        if self.codes:
            self._say(CodeEnded(0.0, self.codes.pop(0).job, False, "403 Forbidden"))

    def ignore(self) -> None:
        if self.codes:
            self.codes.pop(0)

    def other_phone(self) -> None:
        """Somebody sets or clears do not disturb elsewhere."""
        self._elsewhere(Status.DND)

    def other_phone_diverts(self) -> None:
        """Somebody sets or clears a divert elsewhere, where that can be seen at all."""
        self._elsewhere(Status.DIVERTED)

    def wait(self) -> None:
        self.hear(self.panel.later(10.0))

    def restart_panel(self) -> None:
        """The power goes, and comes back."""
        saved = kept(self.panel.state)
        self.up, self.codes, self.post, self.published = False, [], [], None
        self.panel = play(state=initial(self.grants, saved, self.now))

    def end_a_subscription(self) -> None:
        """Every hint is lost for a moment, and speaks again."""
        for number in sorted(self._hints()):
            self._say(HintLost(0.0, number, "timeout"))
        self.tell()

    # Helpers

    @property
    def now(self) -> float:
        return self.panel.now

    def tell(self) -> None:
        """Every hint says how things stand."""
        for number in sorted(self._hints()) if self.up else ():
            if number in self.hintless:
                self._say(HintLost(0.0, number, "404 Not Found"))
            elif hint := self._word(number):
                self._say(hint)

    def hear(self, panel: Played) -> None:
        """Take what the panel asks for, as far as there is a link."""
        for effect in panel.effects if self.up else ():
            match effect:
                case DialCode():
                    self.codes.append(effect)
                case EndCode(job=job):
                    self.codes = [c for c in self.codes if c.job != job]
        self.panel = Played(panel.state)
        self._take_publication()

    def keeps(self) -> set[Status]:
        """What callers meet that is not simply available."""
        return self.on - {Status.AVAILABLE}

    def _hints(self) -> set[str]:
        switches = self.grants.profile.switches.values()
        return {s.hint.format(user=self.grants.user) for s in switches if s.hint}

    def _word(self, number: str) -> HintHeard | None:
        """A hint of its own for each status, or one for all, told apart by the note."""
        for status, switch in self.grants.profile.switches.items():
            if switch.hint.format(user=self.grants.user) != number:
                continue
            if switch.published:
                note = self.published.note if self.published else ""
                return HintHeard(0.0, number, Hint.FREE, note) if note else None
            if not switch.note:
                return HintHeard(0.0, number, Hint.BUSY if status in self.on else Hint.AWAY)
            if status in self.on:
                return HintHeard(0.0, number, Hint.UNKNOWN, switch.note)
        return None

    def _do(self, code: str) -> None:
        for status, switch in self.grants.profile.switches.items():
            before, wants_target, _ = switch.on.partition("{target}")
            if code == switch.on or (wants_target and code.startswith(before)):
                self._set(status, not self.contrary, code.removeprefix(before))
            elif code == switch.off:
                self._set(status, self.contrary, "")

    def _set(self, status: Status, on: bool, target: str) -> None:
        if self.grants.profile.selector:
            self.on = {status if on else Status.AVAILABLE}
        elif on:
            self.on.add(status)
        else:
            self.on.discard(status)
        if status is Status.DIVERTED:
            self.target = target if on else ""

    def _elsewhere(self, status: Status) -> None:
        """On another phone; only what a hint can tell of."""
        switch = self.grants.profile.switches[status]
        hint = switch.hint.format(user=self.grants.user)
        if hint and hint not in self.hintless and not switch.published:
            self._set(status, status not in self.on, "999")
            self.tell()

    def _take_publication(self) -> None:
        """What the panel publishes is a level: taken as soon as it is heard of."""
        wanted = self.panel.state.mirror.publication(self.grants, self.panel.state.link)
        if self.up and wanted and wanted != self.published:
            self.published = wanted
            published = self.grants.profile.switches.items()
            self.on = {s for s, switch in published if switch.published == wanted}
            self._say(Published(0.0, wanted, True))
            self.tell()

    def _say(self, event: Event) -> None:
        self.hear(self.panel.and_then(_at(event, self.now)))


def _at(event: Event, now: float) -> Event:
    return replace(event, at=now)
