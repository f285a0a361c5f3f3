"""INVITEs to every registered panel, and what becomes of them (RFC 3261 section 16.7)."""

from collections.abc import Callable, Iterable

from sipmessage import URI, Address, Request

from device.demo.call import Call, Caller
from device.demo.chores import Chores
from device.demo.dialogs import Dialog, contact, first
from device.demo.messages import Header, Told, line
from device.demo.registrar import Binding
from device.demo.sdp import SDP, offer
from device.demo.transactions import Errand, Transactions

GIVEN_UP: tuple[Header, ...] = (("Reason", "Q.850;cause=127"),)
ELSEWHERE: tuple[Header, ...] = (
    ("Reason", 'SIP;cause=200;text="Call completed elsewhere"'),
    ("Reason", "Q.850;cause=26"),
)
"""What Asterisk 22 writes into a CANCEL (RFC 3326)."""


class Forks:
    """Tells of each panel that picks a call up, or turns it down."""

    def __init__(
        self,
        transactions: Transactions,
        chores: Chores,
        picked_up: Callable[[Call, Dialog], None],
        turned_down: Callable[[Call, Told | None], None],
    ) -> None:
        self._transactions = transactions
        self._chores = chores
        self._picked_up = picked_up
        self._turned_down = turned_down

    def ring(self, call: Call, bindings: Iterable[Binding]) -> None:
        for binding in bindings:
            errand = self._transactions.errand(binding.flow, _invite(call.caller, binding))
            call.panels.append(errand)
            self._chores.start(self._await(call, errand))

    def show(self, caller: Caller, bindings: Iterable[Binding], seconds: float) -> None:
        """Let panels hear of a call that is none of theirs; what they say to it is forgotten."""
        for binding in bindings:
            errand = self._transactions.errand(binding.flow, _invite(caller, binding))
            self._chores.start(self._shown(errand))
            self._chores.start(self._leave_alone(errand, seconds))

    def silence(self, call: Call, reason: Iterable[Header]) -> None:
        """Nobody rings any more: not the desk phone, and no panel."""
        call.desk = False
        for errand in call.panels:
            self._chores.start(self._transactions.cancel(errand, reason))
        call.panels.clear()

    def hang_up(self, dialog: Dialog) -> None:
        self._chores.start(self._bye(dialog))

    async def _await(self, call: Call, errand: Errand) -> None:
        told = await self._transactions.run(errand)
        if told and told.well:
            self._picked_up(call, Dialog.opened(errand, told))
        if errand in call.panels:
            call.panels.remove(errand)
            self._turned_down(call, told)

    async def _shown(self, errand: Errand) -> None:
        told = await self._transactions.run(errand)
        if told and told.well:
            self.hang_up(Dialog.opened(errand, told))

    async def _leave_alone(self, errand: Errand, seconds: float) -> None:
        if not await errand.ending(seconds):
            await self._transactions.cancel(errand, GIVEN_UP)

    async def _bye(self, dialog: Dialog) -> None:
        await self._transactions.ask(dialog.flow, dialog.request("BYE"))


def address(caller: Caller, host: str) -> Address:
    """Who calls or writes; without a number, nobody in particular (RFC 3323 section 4.1.1.3)."""
    if not caller.number:
        return Address(URI("sip", "anonymous.invalid", "anonymous"), "Anonymous")
    return Address(URI("sip", host, line(caller.number)), line(caller.name))


def _invite(caller: Caller, binding: Binding) -> Request:
    host = binding.flow.local[0]
    headers = [contact(binding.flow), ("Content-Type", SDP)]
    if caller.diverted_by:
        by = URI("sip", host, line(caller.diverted_by))
        headers.append(("Diversion", f"<{by}>;reason=unconditional"))
    if caller.session:
        headers.append(("Session-ID", caller.session))
    who = address(caller, host)
    return first("INVITE", who, binding.uri, binding.flow, headers, offer(host))
