"""`deskpanel check` at an Asterisk with the kit."""

import pytest

from tests.interop.conftest import DeskMaker, PanelMaker

pytestmark = pytest.mark.interop

FAR = '[[colleague]]\nname = "{name}"\nnumber = "{number}"\n'


def test_the_kit_is_known_by_its_hint(panel: PanelMaker) -> None:
    program = panel(profile="deskpanel")
    program.stop()
    code, findings = program.check()
    assert code == 0, findings
    assert "ok   profile: deskpanel, as the PBX seems: it shows *53100" in findings


def test_codes_of_another_family_are_not_for_the_kit(panel: PanelMaker) -> None:
    program = panel(profile="freepbx")
    program.stop()
    code, findings = program.check()
    assert code == 1
    assert 'Set pbx.profile = "deskpanel"' in findings


def test_a_colleague_s_number_that_is_nobody_s_is_asked_about(
    panel: PanelMaker, desk: DeskMaker
) -> None:
    """The kit has a hint for any number, so it is not the hint that is missing."""
    desk("101")
    people = FAR.format(name="Anna", number="101") + FAR.format(name="Typo", number="199")
    program = panel(profile="deskpanel", more=people)
    program.stop()
    code, findings = program.check()
    assert code == 0, findings
    assert "note colleague Typo: no phone is registered as 199 now" in findings
    assert "colleague Anna" not in findings


def test_a_panel_without_a_profile_is_told_what_is_possible(panel: PanelMaker) -> None:
    program = panel(profile="generic")
    program.stop()
    code, findings = program.check()
    assert code == 0, findings
    told = 'note profile: generic; more is possible with pbx.profile = "deskpanel"'
    assert told in findings
