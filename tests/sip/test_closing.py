"""Closing in the midst of things. The library aborts the process where it is ended carelessly."""

import time
from collections.abc import Callable

import pytest

from device.core.events import CallOffered, CodeAnswered
from device.sip.phone import Presence, Transport
from tests.sip.handset import Handset
from tests.sip.peer import Peer

Open = Callable[..., Handset]


def _text(peer: Peer, handset: Handset) -> None:
    handset.phone.send_text(1, "200", "hello")
    peer.got("MESSAGE")


def _code(peer: Peer, handset: Handset) -> None:
    peer.codes["*78"] = 180
    handset.phone.dial(1, "*78")
    peer.got("INVITE")


def _answered(peer: Peer, handset: Handset) -> None:
    peer.codes["*78"] = 200
    handset.phone.dial(1, "*78")
    handset.hears(CodeAnswered)


def _offer(peer: Peer, handset: Handset) -> None:
    peer.call("<sip:200@pbx>")
    handset.hears(CallOffered)


def _ring(peer: Peer, handset: Handset) -> None:
    call = peer.call("<sip:200@pbx>")
    handset.phone.answer(handset.hears(CallOffered).call, 180)
    call.code(180)


def _watch(peer: Peer, handset: Handset) -> None:
    handset.phone.be(Presence(True, frozenset({"101", "999"})))
    peer.watched("101")


@pytest.mark.parametrize("doing", [_text, _code, _answered, _offer, _ring, _watch])
@pytest.mark.parametrize("deaf", [False, True], ids=["alive", "dead"])
@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_closing_in_the_midst_of_things_is_quick_and_clean(
    transport: str, deaf: bool, doing: Callable[[Peer, Handset], None], open_phone: Open
) -> None:
    with Peer(transport) as peer:
        peer.bodies["presence", "101"] = "<presence/>"
        handset = open_phone(peer, transport=Transport(transport))
        handset.online()
        peer.mute = deaf and doing in (_text, _code)
        doing(peer, handset)
        peer.mute = deaf
        begun = time.monotonic()
        handset.phone.close()
        assert time.monotonic() - begun < 2.0
