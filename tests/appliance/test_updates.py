"""A new version proves itself, or the one before runs again."""

from pathlib import Path

import pytest

from device.appliance.commands import back, from_card, listed
from device.appliance.disk import Disk
from device.appliance.glass import tell
from device.appliance.places import Places
from device.appliance.refused import RefusedError
from device.appliance.signed import Signed, verified
from device.appliance.versions import Refusal, Trial, Versions
from tests.appliance.kit import Builder, appliance, deb_of, folders, start
from tests.appliance.machine import (
    Behaves,
    Machine,
    dies_at_once,
    dies_late,
    hangs,
    offline,
    refused,
    unconfigured,
    well,
)


def package(version: str = "1.4", sha256: str = "") -> Signed:
    return Signed(
        deb_of(*folders("bin"), start(version), version=version), sha256 or f"of-{version}"
    )


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return appliance(tmp_path)


@pytest.fixture
def versions(places: Places) -> Versions:
    return Versions(places, Disk())


def machine(places: Places, behaves: Behaves, before: Behaves = well) -> Machine:
    """On which 1.4 behaves in this way, and whatever else in that one."""
    known = dict.fromkeys(("1.0", "1.3", "1.5"), before) | {"1.4": behaves}
    made = Machine(places, known)
    made.boot()
    return made


def install(versions: Versions, version: str = "1.4", sha256: str = "") -> Trial:
    return versions.install(package(version, sha256), seconds=None)


def there(places: Places) -> set[str]:
    return {path.name for path in places.versions.iterdir()}


def told(places: Places) -> list[str]:
    return places.complaints.read_text().splitlines() if places.complaints.exists() else []


# Those that do


def test_a_version_that_registers_as_the_one_before_did_is_kept(
    places: Places, versions: Versions
) -> None:
    panel = machine(places, well)
    install(versions)
    assert there(places) == {"1.4", "next"}
    panel.work()
    assert panel.starts == ["1.0", "1.4"]
    assert there(places) == {"1.4", "current"}
    assert told(places) == []
    panel.boot()
    assert panel.running == "1.4"


def test_the_one_before_is_kept_and_older_ones_are_not(places: Places, versions: Versions) -> None:
    panel = machine(places, well)
    for version in ("1.3", "1.4", "1.5"):
        install(versions, version)
        panel.work()
    assert there(places) == {"1.4", "1.5", "current", "previous"}
    assert (versions.current, versions.previous) == ("1.5", "1.4")


def test_where_the_one_before_did_not_register_the_new_one_need_not(
    places: Places, versions: Versions
) -> None:
    for before in (unconfigured, offline):
        panel = machine(places, offline, before)
        install(versions)
        panel.work()
        assert panel.running == "1.4"
        assert versions.current == "1.4"
        versions.back()


def test_at_boot_the_one_before_is_given_time_to_register(
    places: Places, versions: Versions
) -> None:
    panel = machine(places, offline, before=lambda age: "online" if age > 50 else "connecting")
    install(versions)
    panel.work()
    assert panel.running == "1.0"


def test_one_that_registers_late_is_in_time(places: Places, versions: Versions) -> None:
    panel = machine(places, lambda age: "online" if age > 160 else "connecting" if age > 20 else "")
    install(versions)
    panel.work()
    assert versions.current == "1.4"


# Those that do not


@pytest.mark.parametrize(
    ("behaves", "reason"),
    [
        (dies_at_once, "it ended 3 times"),
        (dies_late, "it ended 3 times"),
        (hangs, "it did not start"),
        (offline, "it did not register: offline: no answer"),
        (refused, "it did not register: refused: 403 Forbidden"),
        (lambda age: "online" if int(age) % 7 else "connecting", "it did not stay up"),
    ],
)
def test_a_version_that_does_not_come_up_is_taken_back(
    places: Places, versions: Versions, behaves: Behaves, reason: str
) -> None:
    panel = machine(places, behaves)
    install(versions, "1.3")
    panel.work()
    install(versions)
    panel.work()
    assert panel.running == "1.3"
    assert there(places) == {"1.3", "current", "refused"}
    assert versions.refusals == [Refusal("of-1.4", "1.4", reason)]
    assert told(places) == [f"Update 1.4 did not come up in its time ({reason}): 1.3 runs again"]
    panel.boot()
    assert panel.running == "1.3"


def test_what_goes_back_to_the_image_says_so(places: Places, versions: Versions) -> None:
    panel = machine(places, dies_at_once)
    install(versions)
    panel.work()
    assert panel.running == "1.0"
    assert told(places)[0].endswith(": 1.0 runs again")


def test_the_time_may_be_another(places: Places, versions: Versions) -> None:
    panel = machine(places, offline)
    versions.install(package(), seconds=20)
    begun = panel.time
    panel.work()
    assert panel.time - begun < 30
    assert panel.running == "1.0"


def test_a_trial_goes_on_after_a_power_cut_and_its_starts_count(
    places: Places, versions: Versions
) -> None:
    panel = machine(places, hangs)
    install(versions)
    versions.begin(Trial("1.4", "of-1.4"), registered=True)
    for _ in range(3):
        panel.boot()
        assert panel.running == "1.4"
    panel.boot()
    assert panel.running == "1.0"
    panel.work()
    assert versions.refusal("of-1.4") == Refusal("of-1.4", "1.4", "it ended 3 times")


def test_a_broken_program_is_not_even_started(places: Places, versions: Versions) -> None:
    panel = machine(places, well)
    install(versions)
    (places.versions / "1.4/bin/deskpanel").chmod(0o644)
    panel.work()
    assert set(panel.starts) == {"1.0"}
    assert versions.refusals[0].reason == "it did not start"


def test_the_glass_keeps_what_else_is_wrong_and_forgets_an_update_that_was_mended(
    places: Places, versions: Versions
) -> None:
    panel = machine(places, dies_at_once)
    tell(places, ["wifi.txt: ssid is missing"])
    for sha256 in ("one", "two"):
        install(versions, sha256=sha256)
        panel.work()
    assert len(told(places)) == 3
    install(versions, "1.5")
    panel.work()
    assert told(places) == ["wifi.txt: ssid is missing"]


# By hand


def test_back_goes_to_the_one_before_and_then_to_the_image(
    places: Places, versions: Versions
) -> None:
    panel = machine(places, well)
    for version in ("1.3", "1.4"):
        install(versions, version)
        panel.work()
    for expected in ("1.3", "1.0"):
        back(versions, panel)
        assert panel.running == expected
    with pytest.raises(RefusedError, match="there is nothing to go back to"):
        back(versions, panel)


def test_back_ends_a_trial(places: Places, versions: Versions) -> None:
    panel = machine(places, hangs)

    def give_up() -> None:
        if panel.running == "1.4" and versions.trial:
            back(versions, panel)

    panel.on_wait = give_up
    install(versions)
    panel.work()
    assert panel.running == "1.0"
    assert versions.refusals == []
    assert versions.current == ""


def test_what_was_refused_is_tried_again_when_somebody_wants_it(
    places: Places, versions: Versions
) -> None:
    panel = machine(places, dies_at_once)
    install(versions)
    panel.work()
    panel.behaves["1.4"] = well
    versions.forgive("of-1.4")
    install(versions)
    panel.work()
    assert panel.running == "1.4"
    assert versions.refusals == []


def test_an_older_version_has_to_be_meant(places: Places, versions: Versions) -> None:
    panel = machine(places, well)
    install(versions)
    panel.work()
    with pytest.raises(RefusedError, match=r"1\.3 is older than 1\.4, which is here: --downgrade"):
        install(versions, "1.3")
    versions.install(package("1.3"), seconds=None, downgrade=True)
    panel.work()
    assert panel.running == "1.3"


def test_another_package_of_the_same_version_is_refused(places: Places, versions: Versions) -> None:
    panel = machine(places, well)
    install(versions)
    panel.work()
    with pytest.raises(RefusedError, match=r"there is another 1\.4 already"):
        install(versions, sha256="other")
    install(versions)
    assert there(places) == {"1.4", "current"}


def test_a_newer_package_counts_and_what_was_beside_the_older_one_goes(
    places: Places, versions: Versions
) -> None:
    panel = machine(places, well)
    install(versions)
    panel.work()
    (places.base / "VERSION").write_text("1.4.2\n")
    panel.boot()
    assert panel.running == "1.0"  # which is what that base says of itself
    install(versions, "1.5")
    panel.work()
    assert panel.running == "1.5"
    assert there(places) == {"1.5", "current"}


def test_the_list_tells_all(places: Places, versions: Versions) -> None:
    panel = machine(places, dies_at_once)
    assert listed(versions) == ["1.0         came with the image, runs"]
    install(versions, "1.3")
    panel.work()
    install(versions)
    assert listed(versions) == [
        "1.0         came with the image, --back goes there",
        "1.3         runs",
        "1.4         waits to be tried",
    ]
    panel.work()
    assert listed(versions) == [
        "1.0         came with the image, --back goes there",
        "1.3         runs",
        "1.4         did not come up: it ended 3 times",
    ]


# What cannot be put in place


def test_no_room_is_said_before_anything_is_written(
    places: Places, versions: Versions, tmp_path: Path
) -> None:
    deb = Builder(tmp_path).package(Installed_Size="999999999")
    with pytest.raises(RefusedError, match="there is no room for it: it needs 976562 MB, and"):
        versions.install(Signed(deb.read_bytes(), "x"), seconds=None)
    assert there(places) == set()


def test_a_damaged_package_leaves_nothing(places: Places, versions: Versions) -> None:
    whole = package().data
    for size in (0, 100, len(whole) - 20):
        with pytest.raises(RefusedError):
            versions.install(Signed(whole[:size], "x"), seconds=None)
    with pytest.raises(RefusedError):
        versions.install(Signed(deb_of(*folders()), "x"), seconds=None)
    assert there(places) == set()


# From the card


def test_the_card_brings_what_is_signed_once(
    places: Places, versions: Versions, tmp_path: Path
) -> None:
    builder = Builder(tmp_path)
    builder.trusted_by(places)
    deb = builder.package()
    panel = machine(places, dies_at_once)
    from_card(deb, places, versions)
    from_card(deb, places, versions)  # it could not be removed from the card
    panel.work()
    assert panel.running == "1.0"
    with pytest.raises(RefusedError, match=f"{deb.name}: 1.4 was tried, and did not come up"):
        from_card(deb, places, versions)
    assert versions.refusal(verified(deb, places.signers).sha256)


def test_the_card_says_of_which_file_it_speaks(
    places: Places, versions: Versions, tmp_path: Path
) -> None:
    builder = Builder(tmp_path)
    builder.trusted_by(places)
    deb = builder.package("0.9")
    machine(places, well)
    with pytest.raises(RefusedError, match=f"{deb.name}: 0.9 is older than 1.0"):
        from_card(deb, places, versions)


def test_what_is_on_trial_can_be_read_again() -> None:
    trial = Trial("1.4", "abc", 20.5, registered=True, before="1.3", attempts=2)
    assert Trial.parse(str(trial)) == trial
    assert Trial.parse(str(Trial("1.4", "abc"))) == Trial("1.4", "abc")
