"""Our own calls as the PBX sends them back: a call to the user rings every phone, us as well."""

import uuid
from dataclasses import dataclass, field

from device.pbx.address import Party
from device.sip.wire import Message

_NIL = "0" * 32


@dataclass(slots=True)
class Echoes:
    """The calls to the user's own phone that are under way."""

    user: str
    _sessions: dict[int, str] = field(default_factory=dict)
    "By job, what names each from end to end (RFC 7989)."

    def expect(self, job: int) -> str:
        """A call begins: gives the Session-ID to send with it."""
        session = self._sessions.setdefault(job, uuid.uuid4().hex)
        return f"{session};remote={_NIL}"

    def forget(self, job: int) -> None:
        """The call is over."""
        self._sessions.pop(job, None)

    def __len__(self) -> int:
        return len(self._sessions)

    def heard(self, invite: Message, caller: Party) -> bool:
        """Whether this is one of them.

        Session-ID is sure; but many a PBX does not pass it on, and then it is the caller's number:
        nobody else calls the user from the user's own number in these few seconds.
        """
        session = invite.first("session-id").partition(";")[0].strip().lower()
        ours = session in self._sessions.values()
        return ours or (bool(self._sessions) and caller.user == self.user)
