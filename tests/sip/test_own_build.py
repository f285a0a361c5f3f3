"""What pjsua2 of our own making (`make pjsua2`) withstands. PyPI's would end the process."""

from collections.abc import Callable
from importlib.metadata import distributions

import pytest

from device.core.events import HintHeard
from device.core.words import Hint
from tests.sip.handset import Handset
from tests.sip.peer import Peer

DND = ("presence", "*76100")
OPEN = '<tuple id="1"><status><basic>open</basic></status></tuple>'
CLOSED = OPEN.replace("open", "closed")
ODD = {
    "no id": "<tuple><status><basic>open</basic></status></tuple>",
    "no status": '<tuple id="1"/>',
    "an empty status": '<tuple id="1"><status/></tuple>',
    "nothing": "<tuple/>",
}


def _pidf(note: str, tuples: str) -> str:
    return (
        '<?xml version="1.0"?>'
        '<presence entity="sip:*76100@pbx" xmlns="urn:ietf:params:xml:ns:pidf">'
        f"<note>{note}</note>{tuples}</presence>"
    )


if any(each.name == "pjsua2" for each in distributions()):

    @pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
    def test_a_presence_document_that_lacks_something_harms_nobody(
        peer: Peer, open_phone: Callable[..., Handset], odd: str
    ) -> None:
        peer.bodies[DND] = _pidf("Ready", OPEN)
        handset = open_phone(peer, "*76100")
        handset.hears(HintHeard)
        peer.watched("*76100").notify(_pidf("On the phone", odd))
        peer.watched("*76100").notify(_pidf("Unavailable", CLOSED))
        assert handset.hears(HintHeard, 3).hint is Hint.AWAY
