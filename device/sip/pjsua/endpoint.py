"""The library as a whole: begun, kept going, and ended, in one thread."""

import logging
import socket
import threading
import weakref
from contextlib import suppress
from typing import Any, Protocol

from device.sip import settings
from device.sip.phone import Account, Transport
from device.sip.pjsua.bell import Bell
from device.sip.pjsua.lib import Hears, guarded, hush, pj

log = logging.getLogger(__name__)

_TYPES = {
    Transport.UDP: pj.PJSIP_TRANSPORT_UDP,
    Transport.TCP: pj.PJSIP_TRANSPORT_TCP,
    Transport.TLS: pj.PJSIP_TRANSPORT_TLS,
}
_TYPES_6 = {
    Transport.UDP: pj.PJSIP_TRANSPORT_UDP6,
    Transport.TCP: pj.PJSIP_TRANSPORT_TCP6,
    Transport.TLS: pj.PJSIP_TRANSPORT_TLS6,
}
_CODECS = ("PCMU/", "PCMA/", "G722/", "GSM/")
"""What a PBX may insist on, though no sound is ever sent. An offer with all the codecs there are
grows a request over what UDP carries in one packet. The wheel's library has no Opus."""


class Ears(Hears, Protocol):
    """Who is told what concerns no account. See `Endpoint`."""

    def coming(self, raw: str) -> None:
        """A request came in that begins something, and the library has not looked at it yet."""

    def turned_away(self, raw: str) -> None:
        """A call was refused by the library: beyond its limit, or with media unknown to it."""

    def cut(self, why: str) -> None:
        """A connection to the PBX broke or could not be made."""


class Log(pj.LogWriter):  # type: ignore[misc]  # pjsua2 carries no types
    """The library's warnings, for debugging; what a user needs to know is an event."""

    def write(self, entry: Any) -> None:
        """One line; no exception may go back."""
        with suppress(Exception):
            log.debug("%s", entry.msg.strip())


_one = threading.Lock()
"Held while there is an endpoint. The library answers a second one by ending the process."


class Endpoint(pj.Endpoint):  # type: ignore[misc]  # pjsua2 carries no types
    """The one endpoint a process may have at a time."""

    def __init__(self, account: Account, ears: Ears, bell: Bell) -> None:
        if not _one.acquire(blocking=False):
            raise RuntimeError("Another phone is open in this process; close it first")
        weakref.finalize(self, _one.release)
        super().__init__()
        self._ears = ears
        self.fault = ears.fault
        hush()
        self.libCreate()
        try:
            self._begin(account, bell)
        except pj.Error as error:
            self.close()
            raise RuntimeError(f"The SIP library does not start: {error.reason}") from None

    def _begin(self, account: Account, bell: Bell) -> None:
        self._log = Log()
        config = pj.EpConfig()
        settings.fill_endpoint(config, account)
        config.logConfig.writer = self._log
        self._log.__disown__()  # the endpoint deletes it
        self.libInit(config)
        self.transport = self._transport(account)
        bell.hang("127.0.0.1", self._sleeper())
        self.libStart()
        # No device at all: the null device that is often advised has a thread that ticks.
        self.audDevManager().setNoDev()
        self._few_codecs()

    def wait(self, seconds: float) -> None:
        """Let the library work until something happens, or so long."""
        self.libHandleEvents(int(seconds * 1000))

    def close(self) -> None:
        """Give everything back. Nothing is sent any more, so that nothing is waited for."""
        self.libDestroy(pj.PJSUA_DESTROY_NO_NETWORK)
        # Our maker knows us and we know our maker: cut, or the collector would end the endpoint,
        # whenever it likes and in whatever thread.
        del self._ears, self.fault

    @guarded
    def onSelectAccount(self, prm: Any) -> None:  # noqa: N802 - the library's name
        """A request came in; there is but one account to select, but time to prepare it."""
        self._ears.coming(prm.rdata.wholeMsg)

    @guarded
    def onRejectedIncomingCall(self, prm: Any) -> None:  # noqa: N802 - the library's name
        """A call for which there was no room, or whose media cannot be."""
        self._ears.turned_away(prm.rdata.wholeMsg)

    @guarded
    def onTransportState(self, prm: Any) -> None:  # noqa: N802 - the library's name
        """A connection was made, or broke."""
        if prm.state == pj.PJSIP_TP_STATE_DISCONNECTED:
            self._ears.cut(self._why(prm))

    def _why(self, prm: Any) -> str:
        if prm.tlsInfo.verifyStatus:
            return f"its certificate is not trusted ({'; '.join(prm.tlsInfo.verifyMsgs)})"
        return str(self.utilStrError(prm.lastError))

    def _transport(self, account: Account) -> int:
        config = pj.TransportConfig()
        settings.fill_transport(config, account)
        if account.transport is not Transport.UDP:
            # Or a 180 waits 40 ms for the far end to acknowledge the 100 before it (Nagle). Kept,
            # because the library points at it.
            self._quick = pj.SockOpt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            config.sockOptParams.sockOpts.append(self._quick)
            config.tlsConfig.sockOptParams.sockOpts.append(self._quick)
        types = _TYPES_6 if ":" in account.server else _TYPES
        try:
            return int(self.transportCreate(types[account.transport], config))
        except pj.Error:
            if not config.port:
                raise
            # Somebody has our port; any other will do, and is another contact to the PBX.
            config.port = 0
            return int(self.transportCreate(types[account.transport], config))

    def _sleeper(self) -> int:
        """The port of a socket that is there to be woken by."""
        config = pj.TransportConfig()
        config.boundAddress = "127.0.0.1"
        sleeper = self.transportCreate(pj.PJSIP_TRANSPORT_UDP, config)
        return int(self.transportGetInfo(sleeper).localName.rpartition(":")[2])

    def _few_codecs(self) -> None:
        for codec in self.codecEnum2():
            if not codec.codecId.startswith(_CODECS):
                self.codecSetPriority(codec.codecId, 0)
