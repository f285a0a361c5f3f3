"""Calls of the panel to feature codes: picked up, acted upon a little later, hung up by the PBX."""

from collections.abc import Callable

from device.demo.chores import Chores
from device.demo.dialogs import Dialog, DialogId, contact
from device.demo.moods import Moods
from device.demo.sdp import SDP, answer
from device.demo.transactions import Question, Transactions


class CodeCalls:
    """Those under way. Who hangs up before the PBX has acted has changed nothing."""

    def __init__(self, transactions: Transactions, chores: Chores, moods: Moods) -> None:
        self._moods = moods
        self._transactions = transactions
        self._chores = chores
        self._known: dict[DialogId, Dialog] = {}

    def pick_up(self, question: Question, act: Callable[[], None]) -> None:
        """Let it take effect in a while; refused or left to ring where the PBX has that mood."""
        if self._moods.refusing:
            return question.respond(self._moods.refusing)
        if self._moods.deaf:
            return question.respond(100)
        dialog = Dialog.accepted(question)
        self._known[dialog.id] = dialog
        accept(question)
        self._chores.later(self._moods.acts, lambda: self._act(dialog, act))
        return None

    def again(self, question: Question, name: DialogId) -> bool:
        """A re-INVITE finds everything as it was; False if the call is not ours."""
        if name in self._known:
            accept(question)
        return name in self._known

    def hung_up(self, name: DialogId) -> bool:
        """By the panel; False if the call is not ours."""
        return self._known.pop(name, None) is not None

    def forget(self) -> None:
        self._known.clear()

    def _act(self, dialog: Dialog, act: Callable[[], None]) -> None:
        if self._known.pop(dialog.id, None):
            act()
            self._chores.start(self._hang_up(dialog))

    async def _hang_up(self, dialog: Dialog) -> None:
        await self._transactions.ask(dialog.flow, dialog.request("BYE"))


def accept(question: Question) -> None:
    """Pick up: 200 with a description of streams that nobody will send."""
    body = answer(question.flow.local[0], question.asked.message.body)
    question.respond(200, [contact(question.flow), ("Content-Type", SDP)], body)
