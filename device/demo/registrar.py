"""Where the panel can be reached (RFC 3261 section 10)."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sipmessage import URI

from device.demo.chores import Chores
from device.demo.messages import Asked, Contact, Header
from device.demo.wire import Flow

DEFAULT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Binding:
    """One registered contact."""

    uri: URI
    flow: Flow
    "Where the registration came from; requests go back there, whatever the contact says."
    until: float
    "Monotonic seconds."


class Registrar:
    """The contacts of the one user."""

    def __init__(self, chores: Chores, changed: Callable[[], None], longest: int) -> None:
        self._longest = longest
        self._chores = chores
        self._changed = changed
        self._bindings: dict[str, Binding] = {}

    @property
    def bindings(self) -> tuple[Binding, ...]:
        """Those that have not run out."""
        now = time.monotonic()
        return tuple(b for b in self._bindings.values() if b.until > now)

    def register(self, asked: Asked, flow: Flow) -> list[Header]:
        """Add, refresh and remove; the headers that tell what is registered now."""
        if asked.everywhere and asked.expires == 0:
            self._bindings.clear()
        for contact in asked.contacts:
            self._put(contact, flow, min(_seconds(contact, asked), self._longest))
        self._changed()
        return [("Contact", self._told(binding)) for binding in self.bindings]

    def forget(self) -> None:
        self._bindings.clear()

    def _put(self, contact: Contact, flow: Flow, seconds: int) -> None:
        key = str(contact.uri)
        if not seconds:
            self._bindings.pop(key, None)
            return
        self._bindings[key] = Binding(contact.uri, flow, time.monotonic() + seconds)
        # A moment later than it runs out, so that it is seen to have.
        self._chores.later(seconds + 0.1, self._changed)

    def _told(self, binding: Binding) -> str:
        left = round(binding.until - time.monotonic())
        return f"<{binding.uri}>;expires={left}"


def _seconds(contact: Contact, asked: Asked) -> int:
    given = contact.expires if contact.expires is not None else asked.expires
    return DEFAULT_SECONDS if given is None else given
