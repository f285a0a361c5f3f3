"""The PBX of a story: slow, deaf, moody, restarted; and still the only one who knows."""

from dataclasses import dataclass, field

from device.core.effects import DialCode, EndCode
from device.core.events import CodeAnswered, CodeEnded, HintLost, LinkChanged
from device.core.kept import initial, kept
from device.core.words import Hint, Link
from tests.core.play import AT_FREEPBX, DIVERT_HINT, DND_HINT, Played, play


@dataclass
class Pbx:
    """What it really does, and the panel that is registered at it, or is not."""

    panel: Played
    tells_of_forward: bool = True
    "There is a hint for diverting."
    dnd: bool = False
    forward: str = ""
    up: bool = False
    codes: list[DialCode] = field(default_factory=list)
    "Dialled, and not yet picked up."

    # What may happen, one method each

    def come(self) -> None:
        """The link is there, and the hint speaks first."""
        if not self.up:
            self.up = True
            self._hear(self.panel.then(LinkChanged(self.now, Link.ONLINE)))
            self.tell()

    def go(self) -> None:
        """The link is lost, and every call with it."""
        if self.up:
            self.up, self.codes = False, []
            self._hear(self.panel.then(LinkChanged(self.now, Link.OFFLINE, "gone")))

    def obey(self) -> None:
        """Carry a code out, and say so."""
        self._serve(carried_out=True, told=True)

    def obey_in_silence(self) -> None:
        """Carry it out; the answer is lost on the way."""
        self._serve(carried_out=True, told=False)

    def refuse(self) -> None:
        if self.codes:
            code = self.codes.pop(0)
            self._hear(self.panel.then(CodeEnded(self.now, code.job, False, "403 Forbidden")))

    def ignore(self) -> None:
        self._serve(carried_out=False, told=False)

    def other_phone(self) -> None:
        """Somebody toggles do not disturb elsewhere."""
        self.dnd = not self.dnd
        self.tell()

    def other_phone_diverts(self) -> None:
        """Somebody toggles diverting elsewhere, where that can be seen at all."""
        if self.tells_of_forward:
            self.forward = "" if self.forward else "999"
            self.tell()

    def wait(self) -> None:
        self._hear(self.panel.later(10.0))

    def restart_panel(self) -> None:
        """The power goes, and comes back."""
        saved = kept(self.panel.state)
        self.up, self.codes = False, []
        self.panel = play(state=initial(AT_FREEPBX, saved, self.now))

    # Helpers

    @property
    def now(self) -> float:
        return self.panel.now

    def tell(self) -> None:
        if not self.up:
            return
        self._hear(self.panel.hint(Hint.BUSY if self.dnd else Hint.AWAY, DND_HINT))
        if self.tells_of_forward:
            self._hear(self.panel.hint(Hint.BUSY if self.forward else Hint.AWAY, DIVERT_HINT))
        else:
            self._hear(self.panel.then(HintLost(self.now, DIVERT_HINT, "404 Not Found")))

    def hear(self, panel: Played) -> None:
        self._hear(panel)

    def _serve(self, *, carried_out: bool, told: bool) -> None:
        if not self.codes:
            return
        code = self.codes.pop(0)
        if carried_out:
            self._do(code.number)
        if told:
            answers = CodeAnswered(self.now, code.job), CodeEnded(self.now, code.job, True)
            self._hear(self.panel.then(*answers))
        if carried_out:
            self.tell()

    def _do(self, code: str) -> None:
        match code[:3]:
            case "*78":
                self.dnd = True
            case "*79":
                self.dnd = False
            case "*72":
                self.forward = code[3:]
            case "*73":
                self.forward = ""

    def _hear(self, panel: Played) -> None:
        for effect in panel.effects if self.up else ():
            match effect:
                case DialCode():
                    self.codes.append(effect)
                case EndCode(job=job):
                    self.codes = [c for c in self.codes if c.job != job]
        self.panel = Played(panel.state)
