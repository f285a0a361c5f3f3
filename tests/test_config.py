"""What the config accepts, and how it complains."""

import re
import tomllib
import zoneinfo
from dataclasses import replace
from pathlib import Path

import pytest

from device import VERSION, dawn
from device.config import Config, load
from device.core.manners import Manners, Span
from device.core.profile import Colleague
from device.core.schedule import Change
from device.core.words import MOST_COLLEAGUES, Status
from device.sip.phone import Transport
from device.tables import ConfigError
from hw.specs import KeypadPins, KnobPins

DOCS = Path(__file__).parents[1] / "docs"

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

[[schedule]]
days = "sat,sun"
at = "18:00"
status = "diverted"
target = "Mobile"
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


def test_what_the_page_about_the_card_has_people_type_is_right(folder: Path) -> None:
    page = (DOCS / "image.md").read_text(encoding="utf-8")
    whole, *more = re.findall(r"^```toml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert read(folder, "\n".join([whole, *more])).zone == "Europe/Rome"


def test_an_empty_password_is_one_that_was_forgotten(folder: Path) -> None:
    (told,) = complaints(folder, WHOLE.replace('password_file = "secret"', 'password = ""'))
    assert told.startswith("deskpanel.toml:5: pbx.password: is empty: write the password")


def test_an_empty_file_is_no_password(folder: Path) -> None:
    (folder / "secret").write_text("\n")
    (told,) = complaints(folder, WHOLE)
    assert told.startswith("deskpanel.toml:5: pbx.password_file: ")
    assert "secret: is empty: write the password" in told


def test_a_pbx_may_want_no_password(folder: Path) -> None:
    assert read(folder, WHOLE.replace('password_file = "secret"\n', "")).account.password == ""


@pytest.mark.parametrize(
    "deep",
    [f"x = {'[' * 100_000}", f"[oled]\nx = {'{a=' * 100_000}", f"oled.driver{'.a' * 5000} = 1"],
    ids=["lists", "tables", "dots"],
)
def test_brackets_and_dots_without_end_are_one_complaint(folder: Path, deep: str) -> None:
    assert complaints(folder, deep) == ["deskpanel.toml: too many brackets or dots in one another"]
    assert dawn.fitted(folder / "deskpanel.toml") is None


def test_a_whole_config_is_understood(folder: Path) -> None:
    config = read(folder, WHOLE)
    assert (config.account.server, config.account.port) == ("pbx.example.com", 5070)
    assert config.account.transport is Transport.TLS
    assert config.account.password == "hush"
    assert [t.number for t in config.grants.targets] == ["101", "+390612345678"]
    assert config.grants.profile.switches[Status.DND].on == "*78"
    assert config.boards[0].spec.lamps == {"dnd": 12, "status": (17, 27, 22)}
    assert config.boards[0].spec.buttons["colleague-1"] == 23
    assert config.grants.colleagues == (Colleague("Front desk", "101"),)
    assert config.grants.schedule == (
        Change((0, 1, 2, 3, 4), 18 * 60, Status.ABSENT),
        Change((5, 6), 18 * 60, Status.DIVERTED, "Mobile"),
    )
    assert config.store == folder / "panel.sqlite"


def test_the_password_is_in_no_printed_form(folder: Path) -> None:
    assert "hush" not in repr(read(folder, WHOLE))


def test_all_complaints_come_at_once_with_file_line_and_key(folder: Path) -> None:
    wrong = (
        WHOLE.replace("server =", "sever =")
        .replace("dnd = 12", "dnd = 99")
        .replace("at = ", "colour = 1\nat = ", 1)
        .replace('"18:00"', '"25:00"', 1)
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


def test_a_colleague_s_pins_are_pins_like_any_other(folder: Path) -> None:
    text = WHOLE.replace("button = 23", "button = 16\nlamp = 99")
    assert complaints(folder, text) == [
        "deskpanel.toml:41: colleague[0].button: pin 16 is taken by board.buttons.missed",
        "deskpanel.toml:42: colleague[0].lamp: pin 99 is not on this board; BCM pins are 0 to 27",
    ]


def test_a_colleague_s_lamp_has_the_name_of_the_button(folder: Path) -> None:
    first = '[[colleague]]\nname = "Anna"\nnumber = "103"\nlamp = [24, 25, 26]\n\n[[colleague]]'
    spec = read(folder, WHOLE.replace("[[colleague]]", first)).boards[0].spec
    assert spec.lamps["colleague-1"] == (24, 25, 26)
    assert spec.buttons["colleague-2"] == 23


def test_a_colleague_is_somebody_else_and_once(folder: Path) -> None:
    more = "".join(
        f'[[colleague]]\nname = "{name}"\nnumber = "{number}"\n'
        for name, number in (("Me", "100"), ("front DESK", "102"), ("Anna", "101"))
    )
    found = complaints(folder, WHOLE + more)
    assert [c.split(": ", 1)[1] for c in found] == [
        "colleague[1].number: 100 is the user's own number: pbx.user",
        "colleague[2].name: front DESK is a colleague already",
        "colleague[3].number: 101 is a colleague already",
    ]


def test_there_is_room_for_so_many_colleagues(folder: Path) -> None:
    many = "".join(
        f'[[colleague]]\nname = "C{n}"\nnumber = "2{n:02}"\n' for n in range(MOST_COLLEAGUES)
    )
    (found,) = complaints(folder, WHOLE + many)
    assert found.endswith(
        f"colleague[{MOST_COLLEAGUES}].name: is one too many: there is room for 32"
    )


def schedule(*lines: str) -> str:
    """The whole config, with these lines as one more change."""
    return "\n".join([WHOLE, "[[schedule]]", *lines, ""])


@pytest.mark.parametrize(
    ("lines", "key", "sentence"),
    [
        (['days = "fri-sat"', 'at = "18:00"', 'status = "dnd"'], "at", "absent is scheduled"),
        (['at = "9:00"', 'status = "dnd"', 'target = "Mobile"'], "target", "diverted only"),
        (['at = "9:00"', 'status = "diverted"', 'target = "Bob"'], "target", "Bob is not among"),
        (['at = "9:60"', 'status = "dnd"'], "at", "expected a time"),
        (['status = "dnd"'], "at", "is missing"),
    ],
)
def test_what_could_not_be_done_is_not_scheduled(
    folder: Path, lines: list[str], key: str, sentence: str
) -> None:
    (found,) = complaints(folder, schedule(*lines))
    assert f": schedule[2].{key}: " in found
    assert sentence in found


def test_a_divert_that_is_not_allowed_is_not_scheduled(folder: Path) -> None:
    text = WHOLE.replace("divert_allowed = true", "divert_allowed = false")
    (found,) = complaints(folder, text)
    assert found.endswith("schedule[1].status: Diverting is not allowed for this user")


def test_a_scheduled_divert_without_a_target_goes_to_the_first(folder: Path) -> None:
    config = read(folder, schedule('at = "9:00"', 'status = "diverted"'))
    assert config.grants.schedule[2] == Change(tuple(range(7)), 9 * 60, Status.DIVERTED)


def test_days_may_run_over_the_week_s_end(folder: Path) -> None:
    config = read(folder, schedule('days = "sat-mon,wed"', 'at = "9:00"', 'status = "dnd"'))
    assert config.grants.schedule[2].days == (0, 2, 5, 6)


def test_a_profile_is_changed_key_by_key(folder: Path) -> None:
    config = read(folder, f'{WHOLE}\n[profile]\nvoicemail = "*98"\nstatus.dnd.on = "*178"\n')
    profile = config.grants.profile
    assert (profile.name, profile.voicemail) == ("freepbx", "*98")
    assert profile.switches[Status.DND].on == "*178"
    assert profile.switches[Status.DND].off == "*79"
    assert config.remarks == ["profile freepbx is changed: voicemail, status.dnd.on"]


def test_a_change_that_is_none_is_not_remarked_upon(folder: Path) -> None:
    assert read(folder, f'{WHOLE}\n[profile]\nvoicemail = "*97"\n').remarks == []


def test_a_status_may_be_left_to_the_panel(folder: Path) -> None:
    config = read(folder, f"{WHOLE}\n[profile]\nstatus.diverted = false\n")
    assert Status.DIVERTED not in config.grants.profile.switches


def test_what_is_wrong_with_a_profile_has_its_line(folder: Path) -> None:
    text = f'{WHOLE}\n[profile.status.dnd]\non = "*79"\n[profile]\ncolour = 1\n'
    line = WHOLE.count("\n") + 2
    toggles, unknown = complaints(folder, text)
    assert toggles.startswith(f"deskpanel.toml:{line}: profile.status.dnd.off: is *79 as well")
    assert unknown.startswith(f"deskpanel.toml:{line + 3}: profile.colour: is not a key here")


def test_a_profile_that_is_no_family_is_not_changed(folder: Path) -> None:
    text = WHOLE.replace('"freepbx"', '"freebpx"') + '\n[profile]\nstatus.dnd.on = "*178"\n'
    (found,) = complaints(folder, text)
    assert "pbx.profile: expected one of 3cx, deskpanel, freepbx" in found


def test_without_a_family_the_changes_are_to_the_generic_one(folder: Path) -> None:
    text = WHOLE.replace('profile = "freepbx"\n', "")
    config = read(folder, f'{text}\n[profile.status.dnd]\non = "*1"\noff = "*2"\n')
    assert config.grants.profile.name == "generic"
    assert config.grants.profile.switches[Status.DND].on == "*1"


def test_absent_at_shutdown_is_the_user_s_choice(folder: Path) -> None:
    text = WHOLE.replace("absent_at_logout", "absent_at_shutdown")
    grants = read(folder, text).grants
    assert (grants.absent_at_shutdown, grants.absent_at_logout) == (True, False)


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
        ('"gpio"', '"parallel"', "expected one of gpio, serial, busylight, virtual, none"),
        ("[17, 27, 22]", "[17, 27]", "expected one pin, or three"),
        ("dnd = 12", "dnd = [[1]]", "expected one pin, or three"),
        ("missed = 16", "missed = [1]", "pin [1] is not on this board"),
        ('status = "absent"', 'status = ["absent"]', "expected one of available, dnd"),
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


def with_user(line: str) -> str:
    return WHOLE.replace("[user]\n", f"[user]\n{line}\n")


def test_a_panel_has_the_manners_it_is_given(folder: Path) -> None:
    text = f"""{WHOLE}
[lamps]
theme = "patterns"
night = ["22:00-00:00", "00:00-06:30"]
night_level = 0.1
[sound]
quiet = "20:00-07:00"
"""
    manners = read(folder, text.replace("[divert]\n", "[divert]\nother = false\n")).grants.manners
    assert replace(manners, facts=(), replies=()) == Manners(
        theme="patterns",
        night=(Span(22 * 60, 0), Span(0, 390)),
        night_level=0.1,
        quiet=(Span(20 * 60, 7 * 60),),
        other_target=False,
        replies=(),
    )


def test_manners_may_be_left_out(folder: Path) -> None:
    manners = read(folder, WHOLE).grants.manners
    assert replace(manners, facts=(), replies=Manners().replies) == Manners()
    assert dict(manners.facts)["Version"] == VERSION


def test_replies_are_the_users_own_or_in_their_language(folder: Path) -> None:
    own = read(folder, WHOLE + '[messages]\nreplies = ["Jawohl"]\n').grants.manners
    assert own.replies == ("Jawohl",)
    german = read(folder, WHOLE.replace("[oled]", '[oled]\nlanguage = "de"')).grants.manners
    assert "Ich rufe zurück" in german.replies


@pytest.mark.parametrize(
    ("line", "key", "expected"),
    [
        ('[lamps]\ntheme = "neon"', "lamps.theme", "expected one of calm, patterns, standard"),
        ('[lamps]\nnight = "22:00"', "lamps.night", 'expected times like "22:00-07:00"'),
        ('[lamps]\nnight = "22:00-22:00"', "lamps.night", 'expected times like "22:00-07:00"'),
        ("[lamps]\nnight_level = 0", "lamps.night_level", "expected a number above 0 up to 1"),
        ('[sound]\nquiet = "22-7"', "sound.quiet", 'expected a time like "18:00"'),
        ("[board.knob]\na = 7", "board.knob.b", "is missing"),
        ("[board.keypad]\nrows = [7]\ncolumns = [8]\nkeys = []", "board.keypad.keys", "for each"),
        ('[board.keypad]\nrows = [7]\ncolumns = [8]\nkeys = ["x"]', "board.keypad.keys", "keys of"),
    ],
)
def test_wrong_manners_say_what_was_expected(
    folder: Path, line: str, key: str, expected: str
) -> None:
    (found,) = complaints(folder, f"{WHOLE}\n{line}\n")
    assert f" {key}: " in found
    assert expected in found


def test_a_knob_and_a_keypad_have_their_pins(folder: Path) -> None:
    extra = "[board.knob]\na = 7\nb = 8\npush = 9\n[board.keypad]\nrows = [10, 11]\ncolumns = [14]"
    spec = read(folder, f"{WHOLE}\n{extra}\n").boards[0].spec
    assert spec.knob == KnobPins(7, 8, 9)
    assert spec.keypad == KeypadPins((10, 11), (14,), ("1", "4"))


def test_a_knob_takes_its_pins_from_others(folder: Path) -> None:
    (found,) = complaints(folder, f"{WHOLE}\n[board.knob]\na = 7\nb = 12\n")
    assert "board.knob: pin 12 is taken by board.lamps.dnd" in found


def with_zone(zone: str) -> str:
    return f"{WHOLE}\n[time]\nzone = {zone}\n"


def test_a_zone_is_one_that_the_computer_knows_and_may_be_left_out(folder: Path) -> None:
    assert read(folder, with_zone('"Europe/Rome"')).zone == "Europe/Rome"
    assert read(folder, WHOLE).zone == ""


@pytest.mark.parametrize(
    "zone",
    [
        *('"Europe/Roma"', '"europe/rome"', '"Europe"', '"CEST"', '""', "1"),
        *('"../x"', '"../../../etc/localtime"', '"/etc"', '"/etc/localtime"', '"./UTC"'),
        *('"zone.tab"', '"."', '":UTC"', f'"{"x" * 5000}"'),
    ],
)
def test_what_is_no_zone_is_a_complaint_and_no_way_to_other_files(folder: Path, zone: str) -> None:
    (found,) = complaints(folder, with_zone(zone))
    line = 2 + with_zone(zone).count("\n", 0, with_zone(zone).index("[time]"))
    assert found.startswith(f"deskpanel.toml:{line}: time.zone: expected ")


def test_a_computer_without_zones_says_so(folder: Path) -> None:
    zoneinfo.reset_tzpath(to=[str(folder)])
    try:
        (found,) = complaints(folder, with_zone('"Europe/Rome"'))
    finally:
        zoneinfo.reset_tzpath()
    assert "time.zone: this computer has no time zones" in found


def test_a_passive_buzzer_can_sing_and_lamps_may_be_left_undimmed(folder: Path) -> None:
    text = WHOLE.replace("pin = 18", "pin = 18\ntones = true").replace(
        '[board]\ndriver = "gpio"', '[board]\ndriver = "gpio"\ndims = false'
    )
    spec = read(folder, text).boards[0].spec
    assert (spec.buzzer, spec.tones, spec.dims) == (18, True, False)


def test_a_board_that_names_no_pins_is_wired_as_drawn(folder: Path) -> None:
    head, _, rest = WHOLE.partition("[board.buttons]")
    short = head + "[oled]" + rest.partition("[oled]")[2].replace("button = 23", "button = 14")
    example = tomllib.loads((DOCS / "deskpanel.toml").read_text())["board"]
    spec = read(folder, short).boards[0].spec
    assert {k: v for k, v in spec.buttons.items() if k != "colleague-1"} == example["buttons"]
    assert (spec.lamps, spec.buzzer) == (example["lamps"], example["buzzer"]["pin"])
    assert spec.buttons["colleague-1"] == 14
    (found,) = complaints(folder, short.replace("button = 14", "button = 16"))
    assert "pin 16 is taken by board.buttons.missed" in found


def test_a_board_that_names_one_pin_has_no_others(folder: Path) -> None:
    spec = read(folder, re.sub(r"\[board.buttons\][^\[]*", "", WHOLE)).boards[0].spec
    assert spec.buttons == {"colleague-1": 23}
    assert spec.lamps == {"dnd": 12, "status": (17, 27, 22)}


def test_a_pin_is_read_and_in_no_printed_form(folder: Path) -> None:
    config = read(folder, with_user('pin = "2415"'))
    assert (config.pin, config.grants.manners.pin_digits) == ("2415", 4)
    assert "2415" not in repr(config)


def test_a_pin_may_stand_in_a_file_of_its_own(folder: Path) -> None:
    secret = folder / "pin"
    secret.write_text("2415\n")
    secret.chmod(0o600)
    assert read(folder, with_user('pin_file = "pin"')).pin == "2415"


@pytest.mark.parametrize("pin", ["98", "twenty", "24 15", "9876543210987"])
def test_a_wrong_pin_is_a_complaint_that_does_not_tell_it(folder: Path, pin: str) -> None:
    (found,) = complaints(folder, with_user(f'pin = "{pin}"'))
    assert "user.pin: expected 4 to 12 digits in quotes" in found
    assert pin not in found


def test_an_empty_file_is_no_pin(folder: Path) -> None:
    (folder / "pin").touch(0o600)
    (found,) = complaints(folder, with_user('pin_file = "pin"'))
    assert "user.pin_file: expected 4 to 12 digits" in found


def test_a_pin_can_be_typed_with_what_is_fitted(folder: Path) -> None:
    (found,) = complaints(folder, with_user('pin = "9876"'))
    assert "digits 1 to 5" in found
    assert "9876" not in found
    keypad = "[board.keypad]\nrows = [7, 8, 9, 10]\ncolumns = [11, 14, 15]"
    assert read(folder, with_user('pin = "9876"') + keypad).pin == "9876"


def test_a_serial_board_says_where_it_is(folder: Path) -> None:
    config = read(
        folder,
        '[pbx]\nserver = "pbx"\nuser = "100"\npassword = "x"\n'
        '[board]\ndriver = ["serial", "busylight"]\nport = "socket://127.0.0.1:7000"\n'
        "baud = 9600\ndtr = false\n",
    )
    spec = config.boards[0].spec
    assert [b.driver for b in config.boards] == ["serial", "busylight"]
    assert (spec.port, spec.baud, spec.dtr) == ("socket://127.0.0.1:7000", 9600, False)


def test_a_pbx_of_another_family_is_known_by_its_name(folder: Path) -> None:
    grants = read(folder, WHOLE).grants
    assert grants.profile.name == "freepbx"
    assert grants.stranger("Grandstream UCM6302") == "grandstream-ucm"
    assert grants.stranger("FPBX-16.0.40(18.20.0)") == ""


def test_the_glass_speaks_the_users_language_and_its_size_makes_room(folder: Path) -> None:
    plain = read(folder, WHOLE)
    assert (plain.language, plain.grants.room.columns) == ("en", 21)
    small = WHOLE.replace("[oled]", '[oled]\nlanguage = "it"').replace("128, 64", "64, 48")
    assert (read(folder, small).language, read(folder, small).grants.room.columns) == ("it", 10)


def test_a_keypad_that_no_board_has_types_no_pin(folder: Path) -> None:
    keypad = '[board]\ndriver = "{}"\n[board.keypad]\nrows = [1, 2, 3, 4]\ncolumns = [5, 6, 7]\n'
    login = '[pbx]\nserver = "pbx"\nuser = "100"\npassword = "x"\n[user]\npin = "6789"\n'
    assert read(folder, login + keypad.format("virtual")).pin == "6789"
    [complaint] = complaints(folder, login + keypad.format("serial"))
    assert "user.pin" in complaint
