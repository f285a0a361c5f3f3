"""The library, or a clear word on why it is not here. The only import of pjsua2."""

import ctypes
import functools
from collections.abc import Callable
from contextlib import suppress
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from device.sip.missing import SipMissing
from device.sip.settings import WARNINGS

try:
    import pjsua2 as pj
except ImportError as gone:
    raise SipMissing(
        "pjsua2 is not installed. There are wheels for Python 3.8 to 3.12 on x86-64 Linux, macOS "
        "and Windows: `pip install pjsua2-python` there; elsewhere the Debian package brings "
        "it, and `make pjsua2` builds it."
    ) from gone

__all__ = ["Hears", "guarded", "hush", "pj"]


class Hears(Protocol):
    """An object of ours that the library calls."""

    def fault(self, fault: BaseException) -> None:
        """A bug of ours, found inside a callback."""


Ear = TypeVar("Ear", bound=Hears)
Told = ParamSpec("Told")
Callback = Callable[Concatenate[Ear, Told], None]


def guarded(callback: Callback[Ear, Told]) -> Callback[Ear, Told]:
    """Keep what a callback raises from C++, which would abort or lose it, and tell it loudly."""

    @functools.wraps(callback)
    def safe(self: Ear, /, *told: Told.args, **named: Told.kwargs) -> None:
        try:
            callback(self, *told, **named)
        except BaseException as fault:  # noqa: BLE001 - even a KeyboardInterrupt must not go back
            self.fault(fault)

    return safe


def hush() -> None:
    """Before it can be configured the library prints half a dozen lines; have it not do so."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(pj._pjsua2.__file__).pj_log_set_level(WARNINGS)
