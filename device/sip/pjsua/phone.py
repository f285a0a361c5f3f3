"""The phone itself: a thread, and orders for it."""

import queue
import threading
import traceback
from collections.abc import Callable
from contextlib import closing

from device.core.events import Event
from device.sip.phone import Account, Presence
from device.sip.pjsua.bell import Bell
from device.sip.pjsua.session import Session

CLOSE_SECONDS = 1.9
"How long `close` waits at most."

Order = Callable[[Session], None]


class PjsuaPhone:
    """A `Phone` on pjsua2. One at a time in a process; another may be opened after `close`."""

    def __init__(
        self,
        account: Account,
        on_fault: Callable[[BaseException], None],
        turned: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_fault` is called, from the SIP thread as it ends, with a bug of ours; `turned` in
        each of its rounds, of which there is one a second at least."""
        self._account = account
        self._on_fault, self._turned = on_fault, turned
        self._bell = Bell()
        self._orders: queue.SimpleQueue[Order] = queue.SimpleQueue()
        self._presence = Presence()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def open(self, post: Callable[[Event], None]) -> None:
        """Start the thread that owns SIP. `post` is called from it."""
        self._thread = threading.Thread(target=self._run, args=(post,), name="sip", daemon=True)
        self._thread.start()

    def be(self, presence: Presence) -> None:
        """Register or unregister, watch or leave off watching."""
        self._presence = presence
        self._order(lambda session: session.be(presence))

    def answer(self, call: int, code: int, target: str = "") -> None:
        """Answer an offered call; with 302 `target` is the number for Contact."""
        self._order(lambda session: session.offers.answer(call, code, target))

    def dial(self, job: int, number: str) -> None:
        """Call a feature code. `CodeAnswered` and `CodeEnded` follow."""
        self._order(lambda session: session.dial(job, number))

    def ring_own(self, job: int, number: str) -> None:
        """Call the user's own phone. `OwnRings`, `OwnLifted` and `DialEnded` follow."""
        self._order(lambda session: session.calling.ring_own(job, number))

    def refer(self, job: int, number: str) -> None:
        """Refer the user's phone, once lifted, to a number (RFC 3515). `Referred` follows."""
        self._order(lambda session: session.calling.refer(job, number))

    def hang_up(self, job: int) -> None:
        """End a call of ours, be it to a feature code or to the user's own phone."""
        self._order(lambda session: session.calls.hang_up(job))

    def send_text(self, job: int, to: str, text: str) -> None:
        """Send a MESSAGE. `TextSent` follows."""
        self._order(lambda session: session.texts.send(job, to, text))

    def close(self) -> None:
        """Unregister and end, within two seconds. Twice does no harm."""
        self._closing.set()
        self._bell.ring()
        if self._thread is not None:
            # It is slower only where the system's resolver is stuck, and the library in it; then
            # the thread is left to die with the process.
            self._thread.join(CLOSE_SECONDS)
        self._bell.close()

    def _order(self, order: Order) -> None:
        self._orders.put(order)
        self._bell.ring()

    def _run(self, post: Callable[[Event], None]) -> None:
        try:
            while not self._closing.is_set():
                self._turned()
                with closing(Session(self._account, post, self._bell)) as session:
                    self._work(session)
        except BaseException as fault:  # noqa: BLE001 - nobody else would hear of it in a thread
            self._on_fault(fault)

    def _work(self, session: Session) -> None:
        try:
            session.be(self._presence)
            while not self._closing.is_set() and not session.stale():
                self._turned()
                self._obey(session)
                session.turn()
            if self._closing.is_set():
                session.leave()
        except BaseException as fault:
            # See `Desk.fault`.
            traceback.clear_frames(fault.__traceback__)
            raise

    def _obey(self, session: Session) -> None:
        while not self._orders.empty():
            self._orders.get()(session)
