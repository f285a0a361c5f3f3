"""`deskpanel check` at an Asterisk with the kit."""

import pytest

from tests.interop.conftest import PanelMaker

pytestmark = pytest.mark.interop


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
