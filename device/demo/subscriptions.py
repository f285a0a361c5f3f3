"""Who wants to be told of what (RFC 6665): hints and message counts."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from sipmessage import Request

from device.demo.chores import Chores
from device.demo.delivery import Delivery
from device.demo.dialogs import Dialog, DialogId, contact, named_by
from device.demo.messages import Asked, Header
from device.demo.moods import Moods
from device.demo.transactions import Question, Transactions

DEFAULT_SECONDS = 3600

EVENTS = ("presence", "message-summary")

FATAL = frozenset({404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604})
"Answers to a NOTIFY that end the subscription (RFC 6665 section 4.2.2)."


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that can be subscribed to: how it stands is a body, read when it is needed."""

    event: str
    number: str
    content_type: str
    body: Callable[[], bytes]


@dataclass(slots=True)
class Subscription:
    dialog: Dialog
    topic: Topic
    event: str
    "The Event header, raw: its `id` is the panel's (section 4.5.2)."
    until: float = 0.0
    "Monotonic seconds."
    told: bytes = b""
    "The last body sent."
    reason: str = "timeout"
    "Why it is over, once it is (section 4.1.3)."


class Subscriptions:
    """All of them. `tell` sends what has changed, to those whom it concerns."""

    def __init__(
        self,
        transactions: Transactions,
        chores: Chores,
        moods: Moods,
        changed: Callable[[], None],
    ) -> None:
        self._transactions = transactions
        self._delivery = Delivery(chores, moods, self._send)
        self._chores = chores
        self._changed = changed
        self._known: dict[DialogId, Subscription] = {}

    @property
    def topics(self) -> tuple[Topic, ...]:
        return tuple(subscription.topic for subscription in self._known.values())

    def open(self, question: Question, topic: Topic) -> None:
        event = question.asked.message.headers["Event"]
        subscription = Subscription(Dialog.accepted(question), topic, event)
        self._known[subscription.dialog.id] = subscription
        self._grant(question, subscription)
        self._changed()

    def refresh(self, question: Question) -> None:
        """A SUBSCRIBE within its dialog; 481 if we have forgotten about it."""
        if subscription := self._known.get(named_by(question.asked)):
            self._grant(question, subscription)
        else:
            question.respond(481)

    def tell(self) -> None:
        """Notify each subscriber for whom something looks different now."""
        for subscription in tuple(self._known.values()):
            if subscription.topic.body() != subscription.told:
                self._notify(subscription)

    def end(self, number: str, reason: str) -> None:
        """The PBX ends those to this extension, with a reason of RFC 6665 section 4.1.3.

        What waits may be told after a semicolon: `probation;retry-after=5`.
        """
        for subscription in tuple(self._known.values()):
            if subscription.topic.number == number:
                subscription.until, subscription.reason = 0.0, reason
                self._expire(subscription)

    def forget(self) -> None:
        """Without a word, as in a crash."""
        self._known.clear()
        self._delivery.forget()

    def _grant(self, question: Question, subscription: Subscription) -> None:
        seconds = _seconds(question.asked)
        subscription.until = time.monotonic() + seconds
        question.respond(200, [("Expires", str(seconds)), contact(question.flow)])
        if seconds:
            # A moment later than it runs out, so that it is seen to have.
            self._chores.later(seconds + 0.1, lambda: self._expire(subscription))
            self._notify(subscription)
        else:
            self._expire(subscription)

    def _expire(self, subscription: Subscription) -> None:
        name = subscription.dialog.id
        if name in self._known and subscription.until <= time.monotonic():
            del self._known[name]
            self._notify(subscription)
            self._changed()

    def _notify(self, subscription: Subscription) -> None:
        subscription.told = subscription.topic.body()
        headers, dialog = self._headers(subscription), subscription.dialog
        body = subscription.told
        self._delivery.deliver(dialog, lambda: dialog.request("NOTIFY", headers, body))

    def _headers(self, subscription: Subscription) -> list[Header]:
        left = math.ceil(subscription.until - time.monotonic())
        state = f"active;expires={left}" if left > 0 else f"terminated;reason={subscription.reason}"
        return [
            ("Event", subscription.event),
            ("Subscription-State", state),
            contact(subscription.dialog.flow),
            ("Content-Type", subscription.topic.content_type),
        ]

    async def _send(self, dialog: Dialog, notify: Request) -> None:
        """A subscriber that is not there, or does not know of it, is told no more."""
        answer = await self._transactions.ask(dialog.flow, notify)
        refused = answer is None or answer.code in FATAL
        if refused and dialog.id in self._known:
            del self._known[dialog.id]
            self._changed()


def _seconds(asked: Asked) -> int:
    given = asked.expires
    return DEFAULT_SECONDS if given is None else min(given, DEFAULT_SECONDS)
