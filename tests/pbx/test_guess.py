"""Which family a PBX is of."""

import pytest

from device.pbx.guess import NOWHERE, Guess, marks, probes, suggest
from device.pbx.profiles import PROFILES


@pytest.mark.parametrize(
    ("agent", "families"),
    [
        ("FPBX-16.0.40.7(18.20.0)", ("freepbx",)),
        ("FreeSWITCH-mod_sofia/1.10.12-release", ("freeswitch", "fusionpbx")),
        ("FusionPBX", ("fusionpbx",)),
        ("Grandstream UCM6302A V1.0.21", ("grandstream-ucm",)),
        ("3CXPhoneSystem 18.0.9", ("3cx",)),
        ("kamailio (5.6.3 (x86_64/linux))", ("presence",)),
        ("Asterisk PBX 22.1.0", ("generic",)),
        ("Grandmother's PBX", ()),
        ("", ()),
    ],
)
def test_a_family_is_known_by_what_the_pbx_calls_itself(
    agent: str, families: tuple[str, ...]
) -> None:
    assert suggest(agent, (), "100").families == families


@pytest.mark.parametrize(
    ("heard", "families"),
    [
        (["100", "*53100"], ("deskpanel",)),
        (["100", "*76100"], ("freepbx",)),
        (["*76100", "*740100"], ("freepbx",)),
        (["*53100", "*76100"], ("deskpanel", "freepbx")),
        (["100", "*740100"], ("generic",)),
        (["*53101"], ("generic",)),
    ],
)
def test_an_asterisk_is_known_by_its_hints(heard: list[str], families: tuple[str, ...]) -> None:
    assert suggest("Asterisk PBX 22", heard, "100").families == families


def test_what_it_was_known_by_is_said() -> None:
    assert suggest("Asterisk", ["*76100"], "100") == Guess(("freepbx",), "shows *76100")
    assert suggest("FPBX-16", [], "100") == Guess(("freepbx",), "calls itself 'FPBX-16'")


def test_a_pbx_that_shows_any_hint_proves_nothing_by_one() -> None:
    everything = probes("100")
    assert NOWHERE in everything
    assert "fusionpbx" in suggest("FreeSWITCH", everything, "100").families
    assert suggest("", everything, "100") == Guess()


def test_the_line_and_the_user_are_no_marks_of_a_family() -> None:
    assert marks(PROFILES["presence"], "100") == frozenset()
    assert marks(PROFILES["freepbx"], "100") == {"*76100"}
    assert probes("100") == {NOWHERE, "*76100", "*53100"}


@pytest.mark.parametrize("name", PROFILES)
def test_every_family_can_be_known(name: str) -> None:
    profile = PROFILES[name]
    agent = max(profile.agents, key=len, default="")
    assert name in suggest(agent, marks(profile, "100"), "100").families
