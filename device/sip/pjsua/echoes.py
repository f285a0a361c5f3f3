"""Our own calls as the PBX sends them back: a call to the user rings every phone, us as well."""

import uuid
from dataclasses import dataclass, field

from device.pbx.address import Party
from device.sip.pjsua.desk import now
from device.sip.wire import Message

LATE_SECONDS = 2.0
"How long after its end a call may still come back: who hangs up at once is faster than the PBX."

_NIL = "0" * 32


@dataclass(slots=True)
class Echoes:
    """The calls to the user's own phone that are under way."""

    user: str
    _sessions: dict[int, str] = field(default_factory=dict)
    "By job, what names each from end to end (RFC 7989)."
    _late: tuple[str, float] = ("", 0.0)
    "What named the last one that is over, and until when it may still come back."

    def expect(self, job: int) -> str:
        """A call begins: gives the Session-ID to send with it."""
        session = self._sessions.setdefault(job, uuid.uuid4().hex)
        return f"{session};remote={_NIL}"

    def forget(self, job: int) -> None:
        """The call is over."""
        session = self._sessions.pop(job, "")
        if session:
            self._late = session, now() + LATE_SECONDS

    def __len__(self) -> int:
        return len(self._sessions)

    def heard(self, invite: Message, caller: Party) -> bool:
        """Whether this is one of them.

        Session-ID is sure; but many a PBX does not pass it on, and then it is the caller's number:
        nobody else calls the user from the user's own number in these few seconds.
        """
        session, until = self._late
        expected = {*self._sessions.values(), *([session] if now() < until else [])}
        named = invite.first("session-id").partition(";")[0].strip().lower()
        return named in expected or (bool(expected) and caller.user == self.user)
