"""Calls of the panel to feature codes: picked up, acted upon a little later, hung up by the PBX."""

from collections.abc import Callable

from device.demo.chores import Chores
from device.demo.dialogs import Dialog, DialogId, contact
from device.demo.sdp import SDP, answer
from device.demo.transactions import Question, Transactions

ACT_SECONDS = 0.3
"A real FreePBX waits a second after it picks up, and speaks before it hangs up."


class CodeCalls:
    """Those under way. Who hangs up before the PBX has acted has changed nothing."""

    def __init__(self, transactions: Transactions, chores: Chores) -> None:
        self.seconds = ACT_SECONDS
        "From picking up until the code takes effect."
        self._transactions = transactions
        self._chores = chores
        self._known: dict[DialogId, Dialog] = {}

    def pick_up(self, question: Question, act: Callable[[], None]) -> None:
        dialog = Dialog.accepted(question)
        self._known[dialog.id] = dialog
        self._describe(question)
        self._chores.later(self.seconds, lambda: self._act(dialog, act))

    def again(self, question: Question, name: DialogId) -> bool:
        """A re-INVITE finds everything as it was; False if the call is not ours."""
        if name in self._known:
            self._describe(question)
        return name in self._known

    def hung_up(self, name: DialogId) -> bool:
        """By the panel; False if the call is not ours."""
        return self._known.pop(name, None) is not None

    def forget(self) -> None:
        self._known.clear()

    def _describe(self, question: Question) -> None:
        body = answer(question.flow.local[0], question.asked.message.body)
        question.respond(200, [contact(question.flow), ("Content-Type", SDP)], body)

    def _act(self, dialog: Dialog, act: Callable[[], None]) -> None:
        if self._known.pop(dialog.id, None):
            act()
            self._chores.start(self._hang_up(dialog))

    async def _hang_up(self, dialog: Dialog) -> None:
        await self._transactions.ask(dialog.flow, dialog.request("BYE"))
