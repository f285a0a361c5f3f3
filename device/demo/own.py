"""Calls that a panel makes for its user: their own phone rings and, once lifted, is sent on.

INVITE ──► the desk phone rings, 180 ──► it is lifted, 200
REFER  ──► 202, NOTIFY 100 ──► the other end answers, NOTIFY 200 and BYE; or not, NOTIFY 4xx
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from sipmessage import Address, Request

from device.demo.bodies import SIPFRAG, sipfrag
from device.demo.call import Call, Caller, Meets, Route
from device.demo.calls import Calls
from device.demo.chores import Chores
from device.demo.codes import accept
from device.demo.dialogs import Dialog, DialogId, contact, named_by
from device.demo.messages import Asked
from device.demo.moods import Moods
from device.demo.transactions import Question, Transactions

DETAILS = {
    200: "talking to {}",
    403: "{} may not be called from here",
    404: "{} is nobody's number",
    480: "{} does not answer",
    486: "{} is busy",
}
"What the user hears, by the other end's answer."


@dataclass(slots=True, eq=False)
class Leg:
    """A panel's end of such a call."""

    question: Question
    call: Call | None = None
    dialog: Dialog | None = None
    "From lifting until one of the two hangs up."
    referred: bool = False


class OwnCalls:
    """Those of all panels; there is one desk phone."""

    def __init__(
        self,
        transactions: Transactions,
        chores: Chores,
        calls: Calls,
        moods: Moods,
        called: Callable[[str], int],
    ) -> None:
        """`called` says how somebody answers who is called from the desk phone."""
        self._transactions = transactions
        self._chores = chores
        self._calls = calls
        self._moods = moods
        self._called = called
        self._legs: list[Leg] = []

    def ring(self, question: Question, user: str, route: Route, patience: float) -> None:
        """Ring the user's own phone, if they are not on it."""
        if self._calls.talking:
            return question.respond(486)
        leg = Leg(question)
        self._legs.append(leg)
        caller = Caller(user, session=self._session(question.asked))
        call = self._calls.place(caller, route, patience, lambda c: self._follow(leg, c))
        leg.call = call
        question.on_cancel = lambda: self._calls.hang_up(call.id)
        if call.open:
            question.respond(180, [contact(question.flow)])
        return None

    def again(self, question: Question, name: DialogId) -> bool:
        """A re-INVITE finds everything as it was; False if the call is not ours."""
        leg = self._leg(name)
        if leg:
            accept(question)
        return leg is not None

    def refer(self, question: Question) -> None:
        """The panel sends the lifted phone on (RFC 3515)."""
        leg, number = self._leg(named_by(question.asked)), _referred_to(question.asked)
        if not leg or not leg.call:
            question.respond(481)
        elif self._moods.no_refer:
            question.respond(self._moods.no_refer)
        elif not number:
            question.respond(400)
        else:
            question.respond(202, [contact(question.flow)])
            self._chores.start(self._transfer(leg, leg.call, number))

    def hung_up(self, name: DialogId) -> bool:
        """By the panel; a phone that was sent on by then stays connected. False: not ours."""
        leg = self._leg(name)
        if leg:
            leg.dialog = None
            self._drop(leg)
        return leg is not None

    def forget(self) -> None:
        self._legs.clear()

    def _drop(self, leg: Leg) -> None:
        """Nobody but the panel was at the other end, perhaps."""
        self._legs.remove(leg)
        if leg.call and not leg.referred:
            self._calls.hang_up(leg.call.id)

    def _follow(self, leg: Leg, call: Call) -> None:
        """The call to the desk phone has taken a turn."""
        if call.state is Meets.TALKING and leg.question.open:
            leg.dialog = Dialog.accepted(leg.question)
            accept(leg.question)
        elif not call.open:
            self._over(leg, 486 if call.state is Meets.BUSY else 480)

    def _over(self, leg: Leg, code: int) -> None:
        if leg.question.open:
            leg.question.respond(code)
        self._hang_up(leg)

    def _hang_up(self, leg: Leg) -> None:
        """Let the panel go."""
        if leg in self._legs:
            self._legs.remove(leg)
        if leg.dialog:
            bye = leg.dialog.request("BYE")
            self._chores.start(self._send(leg.dialog, bye))
            leg.dialog = None

    async def _transfer(self, leg: Leg, call: Call, number: str) -> None:
        leg.referred = True
        call.becomes(Meets.TALKING, f"calling {number}")
        await self._tell(leg, 100)
        await asyncio.sleep(self._moods.far_seconds)
        if call.open:
            await self._reached(leg, call, number, self._called(number))

    async def _reached(self, leg: Leg, call: Call, number: str, code: int) -> None:
        """The other end has answered, or not; then the phone is the panel's again."""
        reached = code < 300
        call.target, leg.referred = number if reached else "", reached
        alone = not reached and not leg.dialog
        call.becomes(Meets.ENDED if alone else Meets.TALKING, DETAILS[code].format(number))
        self._calls.changed()
        await self._tell(leg, code)
        if reached:
            self._hang_up(leg)

    async def _tell(self, leg: Leg, code: int) -> None:
        """How it goes, in the dialog of the call (RFC 3515 section 2.4.4)."""
        if not leg.dialog or not self._moods.tells_refer:
            return
        state = "active;expires=60" if code < 200 else "terminated;reason=noresource"
        headers = [
            ("Event", "refer"),
            ("Subscription-State", state),
            contact(leg.dialog.flow),
            ("Content-Type", SIPFRAG),
        ]
        await self._send(leg.dialog, leg.dialog.request("NOTIFY", headers, sipfrag(code)))

    async def _send(self, dialog: Dialog, request: Request) -> None:
        await self._transactions.ask(dialog.flow, request)

    def _session(self, asked: Asked) -> str:
        value = asked.message.headers.get("Session-ID") or ""
        return value if self._moods.names_sessions else ""

    def _leg(self, name: DialogId) -> Leg | None:
        return next((leg for leg in self._legs if leg.dialog and leg.dialog.id == name), None)


def _referred_to(asked: Asked) -> str:
    """The number in Refer-To; empty where there is none."""
    value = asked.message.headers.get("Refer-To")
    try:
        return (Address.parse(value).uri.user or "") if value else ""
    except ValueError:
        return ""
