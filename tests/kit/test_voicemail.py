"""The action of an event that is a voicemail box: the message is there, and lamps tell of it."""

import pytest

from device.core.events import VoicemailHeard
from tests.interop.conftest import DeskMaker
from tests.interop.until import until
from tests.kit.office import Office
from tests.kit.phones import DND
from tests.sip.handset import Handset

pytestmark = pytest.mark.interop

RECORDING_SECONDS = 30
"For the greetings, which are spoken out to the end."


@pytest.mark.parametrize("number", ["100", "600"], ids=["user", "group"])
def test_a_message_left_for_a_user_or_a_group_is_kept_and_told(
    pbx: Office, handset: Handset, desk: DeskMaker, number: str
) -> None:
    pbx.hear_voicemail("100")
    pbx.grant(number, on_busy="voicemail", mailbox="100@default")
    caller = desk("102")
    for user in ("100", "101"):
        desk(user).dial_code(DND)
    before = pbx.log().count("Recording the message")
    call = caller.call(number)
    until(lambda: pbx.log().count("Recording the message") > before, RECORDING_SECONDS, pbx.log)
    caller.hang_up(call)
    heard = handset.hears(VoicemailHeard, waiting=True)
    assert sum(counts.new for _, counts in heard.boxes) == 1
