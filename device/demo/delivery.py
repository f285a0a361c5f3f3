"""How NOTIFYs leave: at once, or as a PBX lets them that has its moods."""

from collections.abc import Callable, Coroutine

from sipmessage import Request

from device.demo.chores import Chores
from device.demo.dialogs import Dialog, DialogId
from device.demo.moods import Moods, Telling

Send = Callable[[Dialog, Request], Coroutine[None, None, None]]


class Delivery:
    """Numbered when they are made, so that whoever gets them late or swapped can tell."""

    def __init__(self, chores: Chores, moods: Moods, send: Send) -> None:
        self._chores = chores
        self._moods = moods
        self._send = send
        self._held: dict[DialogId, Request] = {}

    def deliver(self, dialog: Dialog, make: Callable[[], Request]) -> None:
        """Make a NOTIFY, and send it in the manner of the day."""
        match self._moods.telling:
            case Telling.SILENT:
                return
            case Telling.LATE:
                self._later(dialog, make())
            case Telling.TWICE:
                self._now(dialog, make())
                self._now(dialog, make())
            case Telling.SWAPPED:
                self._swap(dialog, make())
            case _:
                self._now(dialog, make())

    def forget(self) -> None:
        self._held.clear()

    def _now(self, dialog: Dialog, notify: Request) -> None:
        self._chores.start(self._send(dialog, notify))

    def _later(self, dialog: Dialog, notify: Request) -> None:
        self._chores.later(self._moods.late, lambda: self._now(dialog, notify))

    def _swap(self, dialog: Dialog, notify: Request) -> None:
        if held := self._held.pop(dialog.id, None):
            self._now(dialog, notify)
            self._now(dialog, held)
        else:
            self._held[dialog.id] = notify
            self._chores.later(self._moods.late, lambda: self._release(dialog, notify))

    def _release(self, dialog: Dialog, notify: Request) -> None:
        """It has waited for another in vain."""
        if self._held.get(dialog.id) is notify:
            del self._held[dialog.id]
            self._now(dialog, notify)
