"""Only what somebody signed who is trusted is taken apart. With the real ssh-keygen."""

import hashlib
from pathlib import Path

import pytest

from device.appliance.places import Places
from device.appliance.refused import RefusedError
from device.appliance.signed import verified
from tests.appliance.kit import Builder, appliance


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return appliance(tmp_path / "panel")


@pytest.fixture
def builder(tmp_path: Path, places: Places) -> Builder:
    builder = Builder(tmp_path)
    builder.trusted_by(places)
    return builder


@pytest.fixture
def update(tmp_path: Path, builder: Builder) -> Path:
    path = tmp_path / "deskpanel_1.4_arm64.deb"
    path.write_bytes(b"whatever it is")
    builder.sign(path)
    return path


def refused(path: Path, places: Places) -> str:
    with pytest.raises(RefusedError) as found:
        verified(path, places.signers)
    return str(found.value)


def test_what_a_trusted_one_signed_is_taken(update: Path, places: Places) -> None:
    signed = verified(update, places.signers)
    assert signed.data == b"whatever it is"
    assert signed.sha256 == hashlib.sha256(b"whatever it is").hexdigest()


def test_one_of_several_signers_is_enough(update: Path, places: Places, tmp_path: Path) -> None:
    ours = places.signers.read_text()
    Builder(tmp_path, "other").trusted_by(places)
    places.signers.write_text(f"# who may\n{places.signers.read_text()}{ours}")
    assert verified(update, places.signers)


def test_without_signers_no_update_is_taken(update: Path, places: Places) -> None:
    places.signers.write_text("\n")
    assert "no signers are known here" in refused(update, places)
    places.signers.unlink()
    assert "no signers are known here" in refused(update, places)


def test_nor_without_a_signature(update: Path, places: Places) -> None:
    update.with_name(f"{update.name}.sig").unlink()
    assert refused(update, places) == (
        "deskpanel_1.4_arm64.deb: its signature is missing: deskpanel_1.4_arm64.deb.sig"
    )


@pytest.mark.parametrize("data", [b"", b"whatever it iz", b"whatever it is "])
def test_nor_one_that_was_changed(update: Path, places: Places, data: bytes) -> None:
    update.write_bytes(data)
    assert "is not signed by anybody who is trusted here" in refused(update, places)


@pytest.mark.parametrize("data", [b"", b"nonsense", b"-----BEGIN SSH SIGNATURE-----\nAAAA\n"])
def test_nor_one_whose_signature_is_none(update: Path, places: Places, data: bytes) -> None:
    update.with_name(f"{update.name}.sig").write_bytes(data)
    assert "is not signed" in refused(update, places)


def test_nor_a_strangers(update: Path, places: Places, tmp_path: Path) -> None:
    Builder(tmp_path, "stranger").sign(update)
    assert "is not signed" in refused(update, places)


def test_nor_what_was_signed_for_another_purpose(
    update: Path, places: Places, builder: Builder
) -> None:
    builder.sign(update, namespace="file")
    assert "is not signed" in refused(update, places)
    builder.sign(update, namespace="git")
    places.signers.write_text(places.signers.read_text().replace("deskpanel-update", "git"))
    assert "is not signed" in refused(update, places)
