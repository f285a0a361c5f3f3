"""What the config accepts, and how it complains."""

import re
from pathlib import Path

import pytest

from device.config import Config, load
from device.core.words import Status
from device.sip.phone import Transport
from device.tables import ConfigError

WHOLE = """\
[pbx]
server = "pbx.example.com:5070"
transport = "tls"
user = "100"
password_file = "secret"
profile = "freepbx"

[user]
divert_allowed = true
absent_at_logout = true
mobile = "+390612345678"

[divert]
targets = [{ name = "Reception", number = "101" }, { name = "Mobile", number = "mobile" }]
allowed = ['^\\d{3}$', '^\\+39']
forbidden = ["600", "*97"]

[board]
driver = "gpio"
[board.buttons]
available = 5
dnd = 6
missed = 16
[board.lamps]
dnd = 12
status = [17, 27, 22]
[board.buzzer]
pin = 18

[oled]
driver = "ssd1306"
bus = "i2c:1:0x3c"
size = [128, 64]

[web]
listen = "127.0.0.1:8780"

[[colleague]]
name = "Front desk"
number = "101"
button = 23

[[schedule]]
days = "mon-fri"
at = "18:00"
status = "absent"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    secret = tmp_path / "secret"
    secret.write_text("hush\n")
    secret.chmod(0o600)
    return tmp_path


def read(folder: Path, text: str) -> Config:
    path = folder / "deskpanel.toml"
    path.write_text(text)
    return load(path, folder)


def complaints(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(folder, text)
    return [c.removeprefix(f"{folder}/") for c in caught.value.complaints]


def test_a_whole_config_is_understood(folder: Path) -> None:
    config = read(folder, WHOLE)
    assert (config.account.server, config.account.port) == ("pbx.example.com", 5070)
    assert config.account.transport is Transport.TLS
    assert config.account.password == "hush"
    assert [t.number for t in config.grants.targets] == ["101", "+390612345678"]
    assert config.grants.profile.switches[Status.DND].on == "*78"
    assert config.boards[0].spec.lamps == {"dnd": 12, "status": (17, 27, 22)}
    assert config.schedule[0].minute == 18 * 60
    assert config.store == folder / "panel.sqlite"


def test_the_password_is_in_no_printed_form(folder: Path) -> None:
    assert "hush" not in repr(read(folder, WHOLE))


def test_all_complaints_come_at_once_with_file_line_and_key(folder: Path) -> None:
    wrong = (
        WHOLE.replace("server =", "sever =")
        .replace("dnd = 12", "dnd = 99")
        .replace("at = ", "colour = 1\nat = ")
        .replace('"18:00"', '"25:00"')
    )
    found = complaints(folder, wrong)
    assert [re.match(r"deskpanel\.toml:(\d+): ([^:]+)", c).groups() for c in found] == [  # type: ignore[union-attr]
        ("1", "pbx.server"),
        ("2", "pbx.sever"),
        ("25", "board.lamps.dnd"),
        ("45", "schedule[0].colour"),
        ("46", "schedule[0].at"),
    ]
    assert "pin 99 is not on this board" in found[2]


def test_a_pin_carries_one_thing(folder: Path) -> None:
    found = complaints(folder, WHOLE.replace("dnd = 12", "dnd = 16"))
    assert found == ["deskpanel.toml:25: board.lamps.dnd: pin 16 is taken by board.buttons.missed"]


def test_the_bus_keeps_its_pins(folder: Path) -> None:
    found = complaints(folder, WHOLE.replace("dnd = 12", "dnd = 3"))
    assert found == [
        "deskpanel.toml:25: board.lamps.dnd: pin 3 is taken by oled.bus i2c:1:0x3c",
    ]


def test_a_virtual_board_has_no_pins_to_clash(folder: Path) -> None:
    text = WHOLE.replace("dnd = 12", "dnd = 16").replace('"gpio"', '"virtual"')
    assert read(folder, text).boards[0].driver == "virtual"


def test_broken_toml_names_the_line(folder: Path) -> None:
    (found,) = complaints(folder, "[pbx]\nserver = \n")
    assert "line 2" in found


def test_a_secret_that_others_can_read_is_a_warning_that_says_what_to_do(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "secret").chmod(0o644)
    assert read(folder, WHOLE).account.password == "hush"
    assert f"chmod 600 {folder / 'secret'}" in caplog.text


def test_a_secret_that_is_not_there_is_a_complaint(folder: Path) -> None:
    (folder / "secret").unlink()
    (found,) = complaints(folder, WHOLE)
    assert found.startswith("deskpanel.toml:5: pbx.password_file: ")


def test_the_mobile_needs_a_number(folder: Path) -> None:
    (found,) = complaints(folder, WHOLE.replace('mobile = "+390612345678"\n', ""))
    assert '"mobile" needs user.mobile' in found


def test_listening_to_others_needs_a_token(folder: Path) -> None:
    (found,) = complaints(folder, WHOLE.replace("127.0.0.1:8780", "0.0.0.0:8780"))
    assert "a token is needed" in found


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ('"tls"', '"quic"', "expected one of udp, tcp, tls, found 'quic'"),
        ("divert_allowed = true", "divert_allowed = 1", "expected true or false, found 1"),
        ('"mon-fri"', '"always"', "expected days like"),
        ("[128, 64]", "[128]", "expected [width, height]"),
        ('"i2c:1:0x3c"', '"i2c"', "is the form"),
        ("'^\\d{3}$'", "'('", "is no regular expression"),
        ('"101" }', '"1 1" }', "expected a telephone number"),
        ('"gpio"', '"serial"', "expected one of gpio, virtual, none"),
        ("[17, 27, 22]", "[17, 27]", "expected one pin, or three"),
        ("dnd = 12", "dnd = [[1]]", "expected one pin, or three"),
        ("missed = 16", "missed = [1]", "pin [1] is not on this board"),
        ('"absent"', '["absent"]', "expected one of available, dnd"),
        ('user = "100"', 'user = "100 @x>"', "expected a telephone number"),
    ],
)
def test_a_wrong_value_says_what_was_expected(
    folder: Path, was: str, now: str, expected: str
) -> None:
    assert was in WHOLE
    (found,) = complaints(folder, WHOLE.replace(was, now))
    assert expected in found


def test_the_system_may_choose_the_port(folder: Path) -> None:
    assert read(folder, WHOLE.replace(":8780", ":0")).web.listen == "127.0.0.1:0"


def test_what_is_no_table_is_a_complaint(folder: Path) -> None:
    assert any("expected a table" in c for c in complaints(folder, "pbx = 3\n"))


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        load(tmp_path / "none.toml", tmp_path)
