"""A PBX that dies and comes back, and a panel that nobody helps."""

import pytest

from tests.interop.asterisk import Asterisk
from tests.interop.conftest import DeskMaker, PanelMaker

pytestmark = pytest.mark.interop


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_the_panel_comes_back_after_the_pbx_was_killed(
    pbx: Asterisk, panel: PanelMaker, desk: DeskMaker, transport: str
) -> None:
    program = panel(transport=transport, expires=10, retry=1).online()
    pbx.kill()
    shown = program.until(lambda shown: shown["link"] == "offline", seconds=20)
    assert shown["mirror"]["state"] == "unknown"
    assert shown["link_reason"]
    pbx.start()
    program.until(lambda shown: shown["link"] == "online", seconds=20)
    program.settled("available")
    caller = desk("101")
    call = caller.call("100")
    program.until(lambda shown: shown["ringing"])
    caller.hang_up(call)
    program.until(lambda shown: shown["notices"]["missed"]["unseen"] == 1)
    program.choose("dnd")
    program.settled("dnd")
