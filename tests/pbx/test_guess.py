"""Which family a PBX is of."""

import pytest

from device.core.profile import Grants
from device.pbx.guess import NOWHERE, Guess, marks, probes, strangers, suggest
from device.pbx.profiles import PROFILES, changed


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


# Names that tell of other codes


def stranger(agent: str, profile: str) -> str:
    """The family that a PBX of this name is of, to a panel with this profile."""
    family = PROFILES[profile]
    return Grants("100", family, strangers=strangers(family)).stranger(agent)


@pytest.mark.parametrize(
    ("profile", "agent", "family"),
    [
        ("freepbx", "Grandstream UCM6302A V1.0.21", "grandstream-ucm"),
        ("grandstream-ucm", "FPBX-16.0.40.7(18.20.0)", "freepbx"),
        ("freepbx", "FreeSWITCH-mod_sofia/1.10.12", "fusionpbx"),
        ("deskpanel", "3CXPhoneSystem 18.0.9", "3cx"),
        ("fusionpbx", "fpbx-16", "freepbx"),
    ],
)
def test_a_pbx_that_names_another_family_is_not_for_our_codes(
    profile: str, agent: str, family: str
) -> None:
    assert stranger(agent, profile) == family


@pytest.mark.parametrize(
    ("profile", "agent"),
    [
        ("freepbx", "FPBX-16.0.40.7(18.20.0)"),
        ("freepbx", "Grandstream UCM behind FPBX-16"),
        ("fusionpbx", "FreeSWITCH-mod_sofia/1.10.12"),
        ("freepbx", ""),
        ("freepbx", "Grandmother's PBX"),
        ("generic", "FPBX-16"),
        ("presence", "FPBX-16"),
        ("freeswitch", "FPBX-16"),
    ],
)
def test_a_name_that_is_ours_or_nobody_s_or_meets_no_code_is_nothing_against_us(
    profile: str, agent: str
) -> None:
    assert stranger(agent, profile) == ""


@pytest.mark.parametrize("agent", ["Asterisk PBX 22.1.0", "kamailio (5.6.3 (x86_64/linux))"])
@pytest.mark.parametrize("name", PROFILES)
def test_what_may_have_any_dialplan_is_nothing_against_anybody(name: str, agent: str) -> None:
    assert stranger(agent, name) == ""


def test_who_changes_codes_knows_the_pbx_better() -> None:
    codes = changed("freepbx", {"status": {"dnd": {"on": "*178"}}})
    assert strangers(codes) == ()
    box = changed("freepbx", {"voicemail": "*98"})
    assert strangers(box) == strangers(PROFILES["freepbx"]) != ()


def test_a_freepbx_with_our_kit_can_be_told_by_its_name() -> None:
    profile = changed("deskpanel", {"agents": ["FPBX"]})
    grants = Grants("100", profile, strangers=strangers(profile))
    assert grants.stranger("FPBX-16.0.40.7(18.20.0)") == ""
    assert grants.stranger("FreeSWITCH-mod_sofia/1.10.12") == "fusionpbx"


def test_a_word_of_ours_or_part_of_one_is_no_stranger() -> None:
    ours = changed("freepbx", {"agents": ["My 3CX gateway", "fusionpbx"]})
    assert {word for word, _ in strangers(ours)} == {"FreeSWITCH", "Grandstream UCM"}
