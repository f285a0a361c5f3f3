"""Texts in and out (RFC 3428)."""

from dataclasses import dataclass, field
from typing import Any

from device.core.events import TextReceived, TextSent
from device.pbx.address import caller, legible
from device.sip import body, settings
from device.sip.pjsua.desk import Desk, now
from device.sip.pjsua.lib import pj
from device.sip.wire import Message, mend


@dataclass(slots=True)
class Texts:
    """Texts of ours that wait for their answer, oldest first."""

    desk: Desk
    waiting: list[tuple[int, str, str, Any]] = field(default_factory=list)
    "Job, URI, text, and the library's buddy, through which alone it sends."

    def send(self, job: int, to: str, text: str) -> None:
        """Send a text; without a link it has failed already."""
        if not self.desk.online:
            self.desk.post(TextSent(now(), job, False, "The PBX is offline"))
            return
        uri = settings.uri(self.desk.account, to)
        try:
            self.waiting.append((job, uri, text, _sent(self.desk.line, uri, text)))
        except pj.Error as error:
            self.desk.post(TextSent(now(), job, False, error.reason))

    def sent(self, to: str, text: str, code: int, reason: str) -> None:
        """The answer to a text. The library tells no more of it than what was sent, and to whom."""
        same = (entry for entry in self.waiting if entry[1] == to and entry[2] == text)
        entry = next(same, None)
        if entry is None:
            return
        self.waiting.remove(entry)
        self.desk.ended.append(entry[3])
        ok = code // 100 == 2
        why = "" if ok else f"{code} {mend(reason)}".strip()
        self.desk.post(TextSent(now(), entry[0], ok, why))

    def close(self) -> None:
        """Nobody will hear of these any more."""
        self.desk.ended.extend(entry[3] for entry in self.waiting)
        self.waiting.clear()

    def heard(self, raw: str) -> None:
        """A text came in; the library has answered it with 200, whatever it was."""
        message = Message.read(raw)
        asserted = message.all("p-asserted-identity")
        who = caller(message.first("from"), asserted, message.first("privacy"))
        self.desk.post(TextReceived(now(), who.user, who.name, legible(body.read(raw))))


def _sent(line: Any, uri: str, text: str) -> Any:
    config = pj.BuddyConfig()
    config.uri, config.subscribe = uri, False
    buddy = pj.Buddy()
    buddy.create(line, config)
    prm = pj.SendInstantMessageParam()
    prm.contentType, prm.content = "text/plain;charset=utf-8", text
    buddy.sendInstantMessage(prm)
    return buddy
