"""What a user puts on the card is taken over, or what is wrong with it is told."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from device.appliance import card
from device.appliance.card import Hands, take_over
from device.appliance.disk import Disk
from device.appliance.places import Places
from device.appliance.refused import RefusedError
from tests.appliance.kit import appliance

CONFIG = """\
[pbx]
server = "pbx.example.com"
user = "100"
password_file = "secret"
"""
WIFI = "ssid = Office\npassword = correct horse\ncountry = IT\n"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL1k6pHuZyvGqVyMzg5Cb4Pba1q3mPPgmD8ZOyJQZ0wn anna@pc"


@dataclass
class Box:
    """A card in a panel."""

    places: Places
    updates: list[str] = field(default_factory=list)
    mounts: list[str] = field(default_factory=list)

    def put(self, name: str, content: str | bytes) -> None:
        data = content if isinstance(content, bytes) else content.encode()
        (self.places.card / name).write_bytes(data)

    def boot(self, disk: Disk | None = None) -> list[str]:
        return take_over(self.places, Hands(disk or Disk(), self._remount, self._update))

    @property
    def on_card(self) -> set[str]:
        return {path.name for path in self.places.card.iterdir()}

    @property
    def config(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in self.places.config.iterdir()}

    @property
    def letter(self) -> str:
        return self.places.errors.read_bytes().decode("utf-8-sig")

    def _remount(self, folder: Path, how: str) -> None:
        assert folder == self.places.card
        self.mounts.append(how)

    def _update(self, path: Path) -> None:
        self.updates.append(path.name)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    before = os.umask(0o077)  # as the unit has it
    yield Box(appliance(tmp_path))
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


# The config


def test_a_config_and_its_secret_move_to_where_only_the_panel_reads_them(box: Box) -> None:
    box.put("deskpanel.toml", CONFIG)
    box.put("secret", "hush")
    assert box.boot() == []
    assert box.config == {"deskpanel.toml": CONFIG, "secret": "hush"}
    assert {mode(path) for path in box.places.config.iterdir()} == {0o600}
    assert box.on_card == set()
    assert box.places.complaints.read_text() == ""


@pytest.mark.parametrize(
    ("name", "encoding", "end"),
    [
        ("deskpanel.toml.txt", "utf-8-sig", "\r\n"),
        ("DESKPANEL.TOML", "utf-16", "\r\n"),
        ("Deskpanel.toml", "utf-8", "\n"),
    ],
)
def test_any_pcs_way_of_writing_it_will_do(box: Box, name: str, encoding: str, end: str) -> None:
    box.put(name, CONFIG.replace("\n", end).encode(encoding))
    box.put("Secret.txt", f"hush{end}".encode(encoding))
    assert box.boot() == []
    assert box.config == {"deskpanel.toml": CONFIG, "secret": "hush\n"}
    assert box.on_card == set()


def test_a_secret_that_was_taken_before_need_not_come_again(box: Box) -> None:
    (box.places.config / "secret").write_text("hush")
    box.put("deskpanel.toml", CONFIG)
    assert box.boot() == []
    assert set(box.config) == {"deskpanel.toml", "secret"}


def test_every_mistake_is_told_and_the_earlier_config_stays(box: Box) -> None:
    (box.places.config / "deskpanel.toml").write_text("earlier")
    box.put("Deskpanel.toml.txt", '[pbx]\nuser = "100"\nport = 5060\n')
    complaints = box.boot()
    assert [c.partition("; ")[0] for c in complaints] == [
        "Deskpanel.toml.txt:1: pbx.server: is missing",
        "Deskpanel.toml.txt:3: pbx.port: is not a key here",
    ]
    assert box.config == {"deskpanel.toml": "earlier"}
    assert box.on_card == {"Deskpanel.toml.txt", "deskpanel.errors.txt"}
    assert box.letter.split("\r\n") == [card.HEAD, "", *complaints, "", card.TAIL, ""]
    assert box.places.complaints.read_text().splitlines() == complaints
    assert mode(box.places.complaints) == 0o644  # the panel is another user


def test_once_it_is_mended_the_complaints_are_gone(box: Box) -> None:
    box.put("deskpanel.toml", "[pbx]")
    assert box.boot()
    box.put("deskpanel.toml", CONFIG)
    box.put("secret", "hush")
    assert box.boot() == []
    assert box.on_card == set()


def test_a_secret_that_is_nowhere_is_a_complaint_about_the_name_in_the_config(box: Box) -> None:
    box.put("deskpanel.toml", CONFIG)
    assert box.boot() == ["deskpanel.toml:4: pbx.password_file: secret: No such file or directory"]


def test_so_is_a_certificate(box: Box) -> None:
    box.put("deskpanel.toml", CONFIG.replace("password_file = ", 'ca_file = "ca.pem"\n#'))
    assert box.boot() == [
        "deskpanel.toml: pbx.ca_file: ca.pem is not on the card, and was not before"
    ]
    box.put("ca.pem", "-----BEGIN CERTIFICATE-----\n")
    assert box.boot() == []
    assert "ca.pem" in box.config


@pytest.mark.parametrize(
    "text",
    [
        '[pbx]\nserver = "a b"\npassword = "hush-hush"\nuser = ["hush-hush"]',
        "[pbx]\npassword = 73317331",
        "[pbx]\npassword = { hush = 'hush-hush', n = 73317331 }",
        "[user]\npin = 73317331",
        "[web]\ntoken = [73317331]",
        'password = "hush-hush"',
    ],
)
def test_no_complaint_tells_a_secret(box: Box, text: str) -> None:
    box.put("deskpanel.toml", text)
    assert box.boot()
    for told in (box.letter, box.places.complaints.read_text()):
        assert "hush" not in told
        assert "7331" not in told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            bytes(100),
            "deskpanel.toml: is full of zeros: the card was taken out of the PC too early",
        ),
        (b"{\\rtf1\\ansi", "deskpanel.toml: is not plain text but RTF"),
        (b"# gr\xfc\xdfe", "deskpanel.toml: line 1 is not UTF-8 text"),
        (b"x" * 100_000, "deskpanel.toml: is too large"),
        (
            "[pbx]\nuser = “100”".encode(),
            'the quotes are typographic, and should be "straight" ones',
        ),
        (b"", "deskpanel.toml: pbx.server: is missing"),
    ],
)
def test_what_a_pc_spoiled_is_said_so_that_it_can_be_mended(
    box: Box, content: bytes, told: str
) -> None:
    box.put("deskpanel.toml", content)
    assert any(told in complaint for complaint in box.boot())
    assert (box.places.card / "deskpanel.toml").read_bytes() == content


@pytest.mark.parametrize("deep", ["x = " + "[" * 50_000, "oled.driver" + ".a" * 5000 + " = 1"])
def test_a_hostile_config_is_one_that_is_wrong(box: Box, deep: str) -> None:
    box.put("deskpanel.toml", deep)
    assert box.boot() == ["deskpanel.toml: too many brackets or dots in one another"]


def test_one_file_may_be_meant_twice(box: Box) -> None:
    both = '[web]\nlisten = "0.0.0.0:80"\ntoken_file = "SECRET"\n'
    box.put("deskpanel.toml", CONFIG + both)
    box.put("secret", "hush")
    assert box.boot() == []
    assert set(box.config) == {"deskpanel.toml", "secret", "SECRET"}
    assert box.on_card == set()


def test_without_a_disk_to_keep_it_on_everything_stays_on_the_card(box: Box) -> None:
    class ReadOnly(Disk):
        def __getattribute__(self, name: str) -> Any:
            raise OSError(30, "Read-only file system")

    box.places.config.rmdir()
    box.put("deskpanel.toml", CONFIG)
    box.put("secret", "hush")
    assert "Read-only file system" in box.boot(ReadOnly())
    assert box.on_card == {"deskpanel.toml", "secret"}
    assert "Read-only file system" in box.places.complaints.read_text()


def test_of_two_configs_none_is_guessed(box: Box) -> None:
    box.put("deskpanel.toml", CONFIG)
    box.put("deskpanel.toml.txt", CONFIG)
    assert box.boot() == ["deskpanel.toml and deskpanel.toml.txt: leave one of them"]


@pytest.mark.parametrize(
    "name", ["config.txt", "config", "CMDLINE.TXT", "kernel8.img", "../x", ".x"]
)
def test_what_the_computer_starts_from_is_no_password(box: Box, name: str) -> None:
    box.put("config.txt", "arm_64bit=1")
    box.put("cmdline.txt", "root=LABEL=root")
    box.put("kernel8.img", b"\0\1\2\3")
    box.put("deskpanel.toml", CONFIG.replace("secret", name))
    assert box.boot()
    assert box.on_card >= {"config.txt", "cmdline.txt", "kernel8.img"}


def test_a_macs_own_files_are_not_the_users(box: Box) -> None:
    box.put("._deskpanel.toml", b"\0\5\26\7")
    box.put("._id.pub", b"\0\5\26\7")
    assert box.boot() == []
    assert box.on_card == {"._deskpanel.toml", "._id.pub"}


def test_the_same_again_changes_nothing(box: Box) -> None:
    for _ in range(2):
        box.put("deskpanel.toml", CONFIG)
        box.put("secret", "hush")
        assert box.boot() == []
        assert box.config == {"deskpanel.toml": CONFIG, "secret": "hush"}
        assert box.on_card == set()


# Wi-Fi


def test_wifi_is_told_to_wpa_supplicant_without_the_password(box: Box) -> None:
    box.put("WiFi.txt", WIFI.replace("\n", "\r\n"))
    assert box.boot() == []
    assert "psk=" in box.places.wifi.read_text()
    assert "correct horse" not in box.places.wifi.read_text()
    assert mode(box.places.wifi) == 0o600
    assert mode(box.places.wifi.parent) == 0o700
    assert box.on_card == set()


def test_what_is_wrong_in_one_thing_holds_up_no_other(box: Box) -> None:
    box.put("wifi.txt", "ssid = Office")
    box.put("deskpanel.toml", CONFIG)
    box.put("secret", "hush")
    assert box.boot() == ["wifi.txt: password is missing", "wifi.txt: country is missing"]
    assert box.on_card == {"wifi.txt", "deskpanel.errors.txt"}
    assert set(box.config) == {"deskpanel.toml", "secret"}


def test_an_empty_wifi_file_ends_it(box: Box) -> None:
    box.put("wifi.txt", WIFI)
    box.boot()
    box.put("wifi.txt", "\r\n")
    assert box.boot() == []
    assert not box.places.wifi.exists()
    assert box.on_card == set()


# SSH


@pytest.mark.parametrize("name", ["authorized_keys", "id_ed25519.pub", "Anna.PUB.txt"])
def test_a_public_key_opens_ssh(box: Box, name: str) -> None:
    box.put(name, f"{KEY}\r\n")
    assert box.boot() == []
    assert box.places.keys.read_text() == f"{KEY}\n"
    assert mode(box.places.keys) == 0o644
    assert mode(box.places.keys.parent) == 0o755
    assert box.on_card == set()


def test_keys_replace_those_before(box: Box) -> None:
    box.put("a.pub", KEY)
    box.boot()
    box.put("b.pub", KEY.replace("anna", "bert"))
    box.put("c.pub", KEY.replace("anna", "carl"))
    box.boot()
    assert [line.split()[2] for line in box.places.keys.read_text().splitlines()] == [
        "bert@pc",
        "carl@pc",
    ]


def test_an_empty_list_of_keys_closes_ssh(box: Box) -> None:
    box.put("a.pub", KEY)
    box.boot()
    box.put("authorized_keys", "")
    assert box.boot() == []
    assert not box.places.keys.exists()


@pytest.mark.parametrize("name", ["id_ed25519", "authorized_keys", "x.pub", "putty.ppk"])
def test_a_private_key_is_refused_and_left_to_its_owner(box: Box, name: str) -> None:
    private = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n"
    box.put(name, private)
    box.put("good.pub", KEY)
    (found,) = box.boot()
    assert found.startswith(f"{name}: this is a PRIVATE key")
    assert (box.places.card / name).read_text() == private
    assert "b3Bl" not in box.letter
    assert not box.places.keys.exists()


# Updates


def test_an_update_is_handed_over_and_removed_with_its_signature(box: Box) -> None:
    box.put("deskpanel_1.4_arm64.deb", b"!<arch>")
    box.put("deskpanel_1.4_arm64.deb.sig", "signature")
    assert box.boot() == []
    assert box.updates == ["deskpanel_1.4_arm64.deb"]
    assert box.on_card == set()


def test_an_update_that_is_refused_stays_with_its_reason(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Box, path: Path) -> None:
        raise RefusedError(f"{path.name}: is not signed")

    monkeypatch.setattr(Box, "_update", refuse)
    box.put("deskpanel_1.4_arm64.deb", b"!<arch>")
    assert box.boot() == ["deskpanel_1.4_arm64.deb: is not signed"]
    assert box.on_card == {"deskpanel_1.4_arm64.deb", "deskpanel.errors.txt"}


# The card itself


@pytest.fixture
def read_only(monkeypatch: pytest.MonkeyPatch) -> Callable[[Box], None]:
    """Let the card be mounted read-only, as the program sees it."""

    def mount(box: Box) -> None:
        real = os.statvfs(box.places.card)

        class Mounted:
            f_flag = real.f_flag | os.ST_RDONLY

        monkeypatch.setattr(os, "statvfs", lambda _: Mounted)

    return mount


def test_the_card_is_writable_only_while_something_is_wiped(
    box: Box, read_only: Callable[[Box], None]
) -> None:
    read_only(box)
    assert box.boot() == []
    assert box.mounts == []
    box.put("wifi.txt", WIFI)
    box.boot()
    assert box.mounts == ["rw", "ro"]


def test_complaints_that_were_told_are_not_written_again(
    box: Box, read_only: Callable[[Box], None]
) -> None:
    read_only(box)
    box.put("wifi.txt", "")
    box.put("deskpanel.toml", "[pbx]")
    box.boot()
    told = list(box.mounts)
    assert told == ["rw", "ro"]
    box.boot()
    assert box.mounts == told


def test_a_card_that_cannot_be_written_is_a_complaint_and_no_loss(
    box: Box, read_only: Callable[[Box], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_: Box, folder: Path, how: str) -> None:
        raise OSError(30, f"{folder} {how}")

    read_only(box)
    monkeypatch.setattr(Box, "_remount", locked)
    box.put("wifi.txt", WIFI)
    (found,) = box.boot()
    assert found.startswith("the card cannot be written, so what was taken is still on it")
    assert box.places.wifi.exists()
    assert box.on_card == {"wifi.txt"}


def test_what_is_wiped_is_overwritten_first(box: Box) -> None:
    class Watching(Disk):
        seen = b""

        def unlink(self, path: Path) -> None:
            if path.name == "wifi.txt.taken":
                self.seen = path.read_bytes()
            super().unlink(path)

    disk = Watching()
    box.put("wifi.txt", WIFI)
    box.boot(disk)
    assert disk.seen == bytes(len(WIFI))
