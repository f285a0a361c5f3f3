"""A phone without SIP, for tests: it remembers what it was asked, and says what it is told to."""

from collections.abc import Callable

from device.core.events import Event
from device.sip.phone import Presence

Asked = tuple[str | int, ...]


class ScriptedPhone:
    """A `Phone` whose world side is `say`, `asked` and `presence`."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        "The name of each method called, with its arguments: `('answer', 1, 302, '101')`."
        self.presence = Presence()
        "The level it was last told to be."
        self.opened = False
        self._post: Callable[[Event], None] | None = None

    def say(self, event: Event) -> None:
        """Let something happen, as the SIP thread would; nothing is heard of a closed phone."""
        if self._post is not None:
            self._post(event)

    def open(self, post: Callable[[Event], None]) -> None:
        """Begin to be heard."""
        self._post, self.opened = post, True

    def be(self, presence: Presence) -> None:
        """Remember the level; nothing answers by itself."""
        self.presence = presence

    def answer(self, call: int, code: int, target: str = "") -> None:
        """Remember the answer."""
        self.asked.append(("answer", call, code, target))

    def dial(self, job: int, number: str) -> None:
        """Remember the code."""
        self.asked.append(("dial", job, number))

    def ring_own(self, job: int, number: str) -> None:
        """Remember whom it rang."""
        self.asked.append(("ring_own", job, number))

    def refer(self, job: int, number: str) -> None:
        """Remember where the call went."""
        self.asked.append(("refer", job, number))

    def hang_up(self, job: int) -> None:
        """Remember whose call was to end."""
        self.asked.append(("hang_up", job))

    def send_text(self, job: int, to: str, text: str) -> None:
        """Remember the text."""
        self.asked.append(("send_text", job, to, text))

    def close(self) -> None:
        """Be heard no more."""
        self._post, self.opened = None, False
