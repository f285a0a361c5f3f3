"""A phone that is not the panel: a process of its own that takes orders and tells, one JSON a line.

Orders come on standard input (`{"do": "call", "number": "100"}`), news goes to standard output
(`{"event": "call", "state": "disconnected", "code": 486}`). The end of the input ends the phone.
"""

import itertools
import json
import os
import select
import sys
from collections.abc import Iterator
from typing import Any

import pjsua2 as pj

Order = dict[str, Any]

NO_NETWORK = 3  # PJSUA_DESTROY_NO_NETWORK, which the Python library does not name

NEWS = os.dup(sys.stdout.fileno())
# The library prints there before it can be told not to.
os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(**news: Any) -> None:
    os.write(NEWS, json.dumps(news).encode() + b"\n")


def headers(message: str) -> dict[str, list[str]]:
    """Header values by lower-case name, of a SIP message whose lines are not folded."""
    found: dict[str, list[str]] = {}
    for line in message.partition("\r\n\r\n")[0].split("\r\n")[1:]:
        name, _, value = line.partition(":")
        found.setdefault(name.strip().lower(), []).append(value.strip())
    return found


STATES = {
    pj.PJSIP_INV_STATE_EARLY: "early",
    pj.PJSIP_INV_STATE_CONFIRMED: "confirmed",
    pj.PJSIP_INV_STATE_DISCONNECTED: "disconnected",
}


class Call(pj.Call):  # type: ignore[misc]  # pjsua2 carries no types
    numbers = itertools.count(1)
    "The library uses its call ids again; these are used once."

    def __init__(self, account: "Account", call_id: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(account, call_id)
        self.number = next(self.numbers)
        account.calls[self.number] = self

    def onCallState(self, prm: Any) -> None:  # noqa: ARG002, N802
        info = self.getInfo()
        state = STATES.get(info.state, "trying")
        tell(event="call", call=self.number, state=state, code=info.lastStatusCode)

    def reply(self, code: int) -> None:
        prm = pj.CallOpParam(True)
        prm.statusCode = code
        self.answer(prm)


class Account(pj.Account):  # type: ignore[misc]  # pjsua2 carries no types
    def __init__(self, server: str) -> None:
        super().__init__()
        self.server = server
        self.calls: dict[int, Call] = {}
        self.registered = False

    def onRegState(self, prm: Any) -> None:  # noqa: N802
        self.registered = prm.code == pj.PJSIP_SC_OK and prm.expiration > 0
        tell(event="registered", code=prm.code)

    def onIncomingCall(self, prm: Any) -> None:  # noqa: N802
        call = Call(self, prm.callId)
        tell(event="incoming", call=call.number, headers=headers(prm.rdata.wholeMsg))
        call.reply(pj.PJSIP_SC_RINGING)

    def onInstantMessage(self, prm: Any) -> None:  # noqa: N802
        tell(event="text", sender=prm.fromUri, text=prm.msgBody)

    def onInstantMessageStatus(self, prm: Any) -> None:  # noqa: N802
        tell(event="text_sent", code=prm.code)

    def uri(self, number: str) -> str:
        """A number at the PBX, or a whole SIP address as it is."""
        return number if number.startswith("sip:") else f"sip:{number}@{self.server}"


class Phone:
    """Does what it is told. One thread owns every object of the library."""

    def __init__(self, server: str, user: str, password: str) -> None:
        self.endpoint = pj.Endpoint()
        self.endpoint.libCreate()
        self._init()
        self.account = Account(server)
        self.account.create(self._account_config(server, user, password))

    def run(self) -> None:
        for order in orders(self.endpoint):
            kind = order.pop("do")
            getattr(self, f"do_{kind}")(**order)

    def do_call(self, number: str) -> None:
        call = Call(self.account)
        call.makeCall(self.account.uri(number), pj.CallOpParam(True))
        tell(event="calling", call=call.number)

    def do_answer(self, call: int, code: int = 200) -> None:
        self.account.calls[call].reply(code)

    def do_hang_up(self, call: int) -> None:
        self.account.calls[call].hangup(pj.CallOpParam())

    def do_text(self, to: str, text: str) -> None:
        buddy, config = pj.Buddy(), pj.BuddyConfig()
        config.uri = self.account.uri(to)
        buddy.create(self.account, config)
        prm = pj.SendInstantMessageParam()
        prm.content = text
        buddy.sendInstantMessage(prm)

    def close(self) -> None:
        """Hangs up and unregisters; the library's own way waits a second more for its sockets."""
        self.endpoint.hangupAllCalls()
        self.account.setRegistration(False)
        patience = 50
        while self.account.registered and (patience := patience - 1):
            self.endpoint.libHandleEvents(20)
        self.account.calls.clear()  # calls must go before the library does
        self.account.shutdown()
        self.endpoint.libDestroy(NO_NETWORK)

    def _init(self) -> None:
        config = pj.EpConfig()
        config.uaConfig.threadCnt = 0
        config.uaConfig.userAgent = "desk phone"
        config.logConfig.level = config.logConfig.consoleLevel = 0
        self.endpoint.libInit(config)
        transport = pj.TransportConfig()
        transport.boundAddress = "127.0.0.1"
        self.endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
        self.endpoint.libStart()
        self.endpoint.audDevManager().setNullDev()

    def _account_config(self, server: str, user: str, password: str) -> pj.AccountConfig:
        config = pj.AccountConfig()
        config.idUri = f"sip:{user}@{server}"
        config.regConfig.registrarUri = f"sip:{server}"
        config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", user, 0, password))
        config.mediaConfig.transportConfig.boundAddress = "127.0.0.1"
        return config


def orders(endpoint: pj.Endpoint) -> Iterator[Order]:
    """The orders from standard input, while SIP goes on; ends with the input."""
    unread = b""
    while True:
        endpoint.libHandleEvents(10)
        if not select.select([0], [], [], 0)[0]:
            continue
        if not (read := os.read(0, 65536)):
            return
        *lines, unread = (unread + read).split(b"\n")
        yield from map(json.loads, lines)


def main() -> None:
    phone = Phone(**json.loads(os.environ["DESKPHONE"]))
    try:
        phone.run()
    finally:
        phone.close()


if __name__ == "__main__":
    main()
