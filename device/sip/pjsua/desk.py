"""What the pieces of the phone share."""

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from device.core.events import Event
from device.sip.phone import Account


@dataclass(slots=True)
class Desk:
    """The account, where events go, and what is to be let go of. Of the SIP thread alone."""

    account: Account
    post: Callable[[Event], None]
    line: Any = None
    "The library's account, once there is one."
    online: bool = False
    ended: list[Any] = field(default_factory=list)
    """Objects of the library that are done with. They must not die inside a callback of their
    own, nor whenever the garbage collector likes, so the loop lets go of them."""
    faults: list[BaseException] = field(default_factory=list)

    def fault(self, fault: BaseException) -> None:
        """A bug of ours; the loop raises it, which ends the phone.

        Where it happened is kept as words: frames would keep objects of the library, and those
        must not outlive the library.
        """
        fault.add_note("".join(traceback.format_exception(fault)))
        fault.__context__ = fault.__cause__ = None
        self.faults.append(fault.with_traceback(None))


def now() -> float:
    """Monotonic seconds, as events have them."""
    return time.monotonic()
