"""Our account at the PBX: it only passes on what it hears."""

import logging
from typing import Any, Protocol

from device.sip import settings
from device.sip.phone import Account
from device.sip.pjsua.lib import Hears, guarded, pj

log = logging.getLogger(__name__)


class Listener(Hears, Protocol):
    """Who is told what happens on the line. `raw` is the text of a SIP message."""

    def registered(self, code: int, reason: str, expires: int, raw: str) -> None:
        """A REGISTER got its final answer, be it the library's own: then `raw` is empty."""

    def offered(self, key: int, raw: str) -> None:
        """An INVITE came in, `key` being the library's id for it."""

    def summary(self, raw: str, subscribed: bool) -> None:
        """A NOTIFY about voicemail came in."""

    def text(self, raw: str) -> None:
        """A MESSAGE came in."""

    def text_sent(self, to: str, body: str, code: int, reason: str) -> None:
        """A MESSAGE of ours got its final answer."""

    def answered(self, code: int, reason: str, raw: str) -> None:
        """A request of our own making did; `raw` is empty where nobody sent that answer."""


class Line(pj.Account):  # type: ignore[misc]  # pjsua2 carries no types
    """The account, as the library sees it."""

    def __init__(self, account: Account, transport: int, listener: Listener) -> None:
        super().__init__()
        self._listener = listener
        self.fault = listener.fault
        config = self._config = pj.AccountConfig()
        settings.fill_account(config, account)
        config.sipConfig.transportId = transport
        config.sipConfig.authCreds.append(
            pj.AuthCredInfo("digest", "*", account.auth_user or account.user, 0, account.password)
        )
        for suite in settings.SUITES:
            crypto = pj.SrtpCrypto()
            crypto.name = suite
            config.mediaConfig.srtpOpt.cryptos.append(crypto)
        config.callConfig.timerUse = pj.PJSUA_SIP_TIMER_INACTIVE
        self.create(config)

    def subscribe_voicemail(self, on: bool) -> None:
        """Subscribe to our own boxes, or leave off. Off and on again makes a new subscription.

        While it is on and refused, the library asks again with every registration.
        """
        self._config.mwiConfig.enabled = on
        try:
            self.modify(self._config)
        except pj.Error as error:
            # The setting is taken; what failed is the request, on a connection that has broken.
            log.debug("Voicemail subscription: %s", error.reason)

    def encrypt(self, on: bool) -> None:
        """Whether the next call's media is encrypted (SRTP, its keys in the SDP: RFC 4568).

        There never is any media; but there are PBXs that will not hear of a call without.
        """
        use = pj.PJMEDIA_SRTP_MANDATORY if on else pj.PJMEDIA_SRTP_DISABLED
        if self._config.mediaConfig.srtpUse != use:
            self._config.mediaConfig.srtpUse = use
            self.modify(self._config)

    @guarded
    def onRegState(self, prm: Any) -> None:  # noqa: N802 - the library's name
        """The answer to a REGISTER."""
        raw = prm.rdata.wholeMsg
        self._listener.registered(prm.code, prm.reason, prm.expiration, raw)

    @guarded
    def onIncomingCall(self, prm: Any) -> None:  # noqa: N802 - the library's name
        """An INVITE."""
        self._listener.offered(prm.callId, prm.rdata.wholeMsg)

    @guarded
    def onMwiInfo(self, prm: Any) -> None:  # noqa: N802 - the library's name
        """A NOTIFY about voicemail, asked for or not."""
        self._listener.summary(prm.rdata.wholeMsg, prm.state != pj.PJSIP_EVSUB_STATE_NULL)

    @guarded
    def onInstantMessage(self, prm: Any) -> None:  # noqa: N802 - the library's name
        """A MESSAGE."""
        self._listener.text(prm.rdata.wholeMsg)

    @guarded
    def onInstantMessageStatus(self, prm: Any) -> None:  # noqa: N802 - the library's name
        """The answer to a MESSAGE of ours."""
        self._listener.text_sent(prm.toUri, prm.msgBody, prm.code, prm.reason)

    @guarded
    def onSendRequest(self, prm: Any) -> None:  # noqa: N802 - the library's name
        """The answer to a request of our own making."""
        event = prm.e.body.tsxState
        heard = event.type == pj.PJSIP_EVENT_RX_MSG
        raw = event.src.rdata.wholeMsg if heard else ""
        self._listener.answered(event.tsx.statusCode, event.tsx.statusText, raw)
