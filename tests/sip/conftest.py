"""A PBX that does as it is told, and phones that are closed and were without fault at the end."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from device.sip.phone import Account, Presence
from tests.sip.handset import Handset
from tests.sip.peer import Peer


@pytest.fixture
def peer() -> Iterator[Peer]:
    with Peer() as peer:
        yield peer


@pytest.fixture
def open_phone() -> Iterator[Callable[..., Handset]]:
    """Opens a phone for a peer, registered and watching what is asked for."""
    pytest.importorskip("pjsua2", reason="pjsua2 has no wheel here")
    from device.sip.pjsua import PjsuaPhone

    handsets: list[Handset] = []
    faults: list[BaseException] = []

    def open_one(peer: Peer, *watched: str, **account: object) -> Handset:
        plain = Account("127.0.0.1", "100", "secret", port=peer.port, retry=1, retry_refused=2)
        handset = Handset(PjsuaPhone(replace(plain, **account), faults.append))  # type: ignore[arg-type]
        handsets.append(handset)
        handset.phone.open(handset.post)
        handset.phone.be(Presence(True, frozenset(watched)))
        return handset

    yield open_one
    for handset in handsets:
        handset.phone.close()
    for fault in faults:
        raise fault
