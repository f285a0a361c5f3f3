"""`deskpanel check`: hardware and PBX, a line each, with what is wrong and what to do."""

import queue
import time
from collections.abc import Iterator
from dataclasses import dataclass

from device.config import Config
from device.core.events import Event, LinkChanged
from device.core.words import Link
from device.sip.missing import SipMissing
from device.sip.phone import Account, Phone, Presence
from hw import drivers
from hw.ports import HwError

PBX_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    ok: bool
    text: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.ok else 'BAD '} {self.what}: {self.text}"


def checkup(config: Config) -> Iterator[Finding]:
    """Try everything the config names, one after the other."""
    for board in config.boards:
        yield _board(board.driver, board.spec)
    yield _oled(config.oled)
    yield _pbx(config.account)


def _board(driver: str, spec: drivers.BoardSpec) -> Finding:
    try:
        board = drivers.board(driver, spec)
        board.open(lambda *_: None)
        board.close()
    except HwError as error:
        return Finding("board", False, str(error))
    buttons = "all buttons" if driver == "virtual" else f"{len(spec.buttons)} buttons"
    return Finding("board", True, f"{driver}, {buttons}")


def _oled(spec: drivers.OledSpec) -> Finding:
    try:
        oled = drivers.oled(spec.driver, spec)
        oled.open()
        oled.close()
    except HwError as error:
        return Finding("oled", False, str(error))
    return Finding("oled", True, f"{spec.driver}, {spec.size[0]}x{spec.size[1]}")


def _pbx(account: Account) -> Finding:
    port = f":{account.port}" if account.port else ""
    where = f"{account.user} at {account.server}{port} over {account.transport}"
    try:
        link = _register(account)
    except SipMissing as error:
        return Finding("pbx", False, str(error))
    if link.link is Link.ONLINE:
        return Finding("pbx", True, f"registered {where}")
    return Finding("pbx", False, f"{where}: {link.reason or 'no answer'}")


def _register(account: Account) -> LinkChanged:
    """The first word of the PBX, or the last one we said ourselves."""
    heard: queue.SimpleQueue[Event] = queue.SimpleQueue()
    faults: list[BaseException] = []
    phone = _phone(account, faults)
    phone.open(heard.put)
    try:
        phone.be(Presence(registered=True))
        last = _first_word(heard)
    finally:
        phone.close()
    for fault in faults:
        raise fault
    return last


def _first_word(heard: "queue.SimpleQueue[Event]") -> LinkChanged:
    last = LinkChanged(time.monotonic(), Link.OFFLINE, "no answer")
    end = time.monotonic() + PBX_SECONDS
    while (left := end - time.monotonic()) > 0:
        try:
            event = heard.get(timeout=left)
        except queue.Empty:
            break
        if isinstance(event, LinkChanged) and event.link is not Link.CONNECTING:
            last = event
            if event.link in (Link.ONLINE, Link.REFUSED) or event.reason:
                break
    return last


def _phone(account: Account, faults: list[BaseException]) -> Phone:
    from device.sip.pjsua import PjsuaPhone

    return PjsuaPhone(account, faults.append)
