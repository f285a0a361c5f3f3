"""The panel's own part at a real PBX, and what is seen of the calls it makes for its user."""

from device.core.events import OwnLifted, OwnRings, Referred
from tests.interop.asterisk import Asterisk
from tests.interop.desk import Desk
from tests.sip.handset import Handset


def lift(handset: Handset, phone: Desk, number: str) -> int:
    """The desk phone rings, the number being the user's own, and is lifted."""
    handset.phone.ring_own(1, number)
    handset.hears(OwnRings, job=1)
    call: int = phone.ringing()["call"]
    phone.answer(call)
    handset.hears(OwnLifted, job=1)
    return call


def told(handset: Handset) -> list[int]:
    """The codes of the other end's answers."""
    return [event.code for event in handset.heard(Referred)]


def channels(pbx: Asterisk) -> list[list[str]]:
    """Each phone's part of a call: its channel comes first, its bridge last but one."""
    lines = pbx.cli("core show channels concise").splitlines()
    return [line.split("!") for line in lines if line.startswith("PJSIP/")]


def talk(pbx: Asterisk) -> list[str]:
    """The phones in calls with each other."""
    there = channels(pbx)
    bridges = [channel[-2] for channel in there]
    return sorted(c[0].partition("-")[0] for c in there if c[-2] and bridges.count(c[-2]) == 2)
