"""`deskpanel check` at a PBX that is as FreePBX is, seen from outside."""

import time

import pytest

from tests.interop.asterisk import Asterisk
from tests.interop.conftest import PanelMaker

pytestmark = pytest.mark.interop

CHECK_SECONDS = 12.0
"What a check may take at most."

FAR = '[[colleague]]\nname = "{name}"\nnumber = "{number}"\n'


def test_the_family_is_known_by_its_hints(panel: PanelMaker) -> None:
    program = panel()
    program.stop()
    code, findings = program.check()
    assert code == 0, findings
    assert "; it is Asterisk" in findings
    assert "ok   profile: freepbx, as the PBX seems: it shows *76100" in findings
    assert "ok   hints: *740100, *76100, 100 can be read" in findings


def test_another_profile_is_told_which_it_should_be(pbx: Asterisk, panel: PanelMaker) -> None:
    program = panel(profile="deskpanel")
    program.stop()
    code, findings = program.check()
    assert code == 1
    assert "BAD  profile: deskpanel, and the PBX seems to be freepbx" in findings
    assert "BAD  hints: *53100 cannot be read (404 Not Found)" in findings
    # No feature code was dialled: nothing was called at all.
    assert "INVITE sip:" not in pbx.log()


def test_a_colleague_that_is_nobody_is_named(panel: PanelMaker) -> None:
    people = FAR.format(name="Anna", number="101") + FAR.format(name="Nobody", number="999")
    program = panel(more=people)
    program.stop()
    code, findings = program.check()
    assert code == 1
    assert "BAD  colleague Nobody: 999 cannot be read (404 Not Found)" in findings
    assert "colleague Anna" not in findings


def test_a_check_ends_in_time_though_the_pbx_is_dead(pbx: Asterisk, panel: PanelMaker) -> None:
    program = panel()
    program.stop()
    pbx.kill()
    begun = time.monotonic()
    code, findings = program.check()
    assert time.monotonic() - begun < CHECK_SECONDS
    assert (code, "BAD  pbx: 100 at 127.0.0.1" in findings) == (1, True)
