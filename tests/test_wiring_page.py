"""The example config, and the drawing and table that are made from it."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from device.config import Config, load
from device.core.words import BUTTONS
from hw.specs import VALID_PINS
from scripts import wiring

BOARD = '[pbx]\nserver = "pbx"\nuser = "100"\n[board]\ndriver = "gpio"\n'

Reader = Callable[[str], Config]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Reads a config as a panel would, in a folder with its secrets."""
    for name, text in (("secret", "hush"), ("token", "hush"), ("pin", "2415")):
        (tmp_path / name).write_text(f"{text}\n")
        (tmp_path / name).chmod(0o600)

    def reading(text: str) -> Config:
        path = tmp_path / "deskpanel.toml"
        path.write_text(text)
        return load(path, tmp_path)

    return reading


@pytest.fixture
def example() -> Config:
    return wiring.read(wiring.EXAMPLE)


def texts(drawing: str) -> list[str]:
    """All that is written in a drawing."""
    return [element.text or "" for element in ElementTree.fromstring(drawing).iter()]


def test_the_example_config_is_taken_without_complaint(read: Reader) -> None:
    config = read(wiring.EXAMPLE.read_text(encoding="utf-8"))
    assert config.account.password == "hush"
    assert set(config.boards[0].spec.buttons) == set(config.boards[0].spec.lamps) == set(BUTTONS)


def test_what_the_example_has_switched_off_is_right_too(read: Reader) -> None:
    text = wiring.EXAMPLE.read_text(encoding="utf-8")
    config = read(re.sub(r"^#(?=[\w\[])", "", text, flags=re.MULTILINE))
    assert "#" + "pull_up" in text
    assert (len(config.grants.colleagues), len(config.grants.schedule)) == (1, 2)
    assert config.changes == ("voicemail", "status.dnd.on", "status.diverted")
    assert config.web.token == "hush"


def test_defaults_that_the_example_names_are_the_defaults(read: Reader) -> None:
    text = wiring.EXAMPLE.read_text(encoding="utf-8")
    keys = ("verify", "expires", "retry", "retry_refused")
    named = {key: re.search(rf"^#{key} = (\S+)", text, re.MULTILINE) for key in keys}
    values = {key: tomllib.loads(f"v = {found[1]}")["v"] for key, found in named.items() if found}
    account = read(text).account
    assert values == {key: getattr(account, key) for key in keys}


def test_the_drawing_is_that_of_the_example(example: Config) -> None:
    assert wiring.DRAWING.read_text(encoding="utf-8") == wiring.drawing(example), "make pictures"


def test_the_drawing_with_a_keypad_is_that_of_its_example(read: Reader) -> None:
    config = wiring.read(wiring.WITH_KEYPAD)
    assert wiring.KEYPAD_DRAWING.read_text(encoding="utf-8") == wiring.drawing(config), (
        "make pictures"
    )
    text = wiring.WITH_KEYPAD.read_text(encoding="utf-8")
    with_password = text.replace("[board]", 'password = "hush"\n[board]', 1)
    assert read(with_password).boards == config.boards


def test_the_pages_hold_the_table_of_the_example(example: Config) -> None:
    made = wiring.table(wiring.wiring(example))
    own, readme = wiring.PAGES
    assert f"{wiring.BEGIN}\n\n{made}\n{wiring.END}" in own.read_text(encoding="utf-8")
    text = readme.read_text(encoding="utf-8") if readme.exists() else ""
    empty = f"{wiring.BEGIN}\n{wiring.END}" in text
    assert empty or wiring.filled(text, made) == text, "make pictures"


def test_every_pin_of_the_config_is_drawn_and_in_the_table(example: Config) -> None:
    spec = example.boards[0].spec
    parts = wiring.wiring(example)
    for bcm in (*spec.buttons.values(), *spec.lamps.values(), spec.buzzer, 2, 3):
        assert isinstance(bcm, int)
        assert f"GPIO {bcm}" in texts(wiring.drawing(example))
        assert f" | {bcm} | {wiring.PIN_OF[bcm]} | " in wiring.table(parts)
    for name in BUTTONS:
        assert f"{wiring.said(name)} button" in texts(wiring.drawing(example))


def test_the_header_is_that_of_the_pi() -> None:
    # Spot checks against the Raspberry Pi documentation, and what any 40-pin header must have.
    assert {wiring.HEADER[pin - 1] for pin in (6, 9, 14, 20, 25, 30, 34, 39)} == {wiring.GND}
    assert wiring.HEADER.count(wiring.GND) == 8
    assert [wiring.PIN_OF[bcm] for bcm in (2, 3, 18, 21)] == [3, 5, 12, 40]
    assert wiring.PIN_OF.keys() == VALID_PINS
    assert len(wiring.HEADER) == 40


def test_a_drawing_fits_the_panel_that_is_configured(read: Reader) -> None:
    config = read(
        f"{BOARD}pull_up = false\nbuttons = {{ dnd = 15 }}\nlamps = {{ status = [17, 27, 22] }}\n"
        '[oled]\ndriver = "sh1106"\nbus = "spi:0:1"\n'
    )
    parts = wiring.wiring(config)
    assert {parts[10], parts[26]} == {wiring.Button("dnd", wiring.V3), wiring.Terminal("CS")}
    assert [parts[pin].ohms for pin in (11, 13, 15)] == [330, 100, 100]  # type: ignore[union-attr]
    written = texts(wiring.drawing(config))
    assert {"dnd button", "status lamp, green", "MOSI", "CS"} <= set(written)
    assert not [text for text in written if "buzzer" in text]


def test_a_display_on_spi_is_wired_as_the_page_says(read: Reader) -> None:
    page = (wiring.DOCS / "wiring.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```toml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    config = read(f'[pbx]\nserver = "pbx"\nuser = "100"\n{shown}')
    spec, parts = config.boards[0].spec, wiring.wiring(config)
    assert (set(spec.buttons), set(spec.lamps), spec.buzzer) == (set(BUTTONS), set(BUTTONS), 18)
    rows = re.findall(r"^\| (\w+)\S* .*\| (\d+) \| ([\w. ]+) \|$", page, re.MULTILINE)
    told = {name: (int(pin), bcm) for name, pin, bcm in rows}
    wires = {part.name: pin for pin, part in parts.items() if isinstance(part, wiring.Terminal)}
    assert set(wires) == {"VCC", "GND", "SCK", "MOSI", "CS", "DC", "RES"}
    assert {name: told[name] for name in wires} == {
        name: (pin, str(wiring.HEADER[pin - 1])) for name, pin in wires.items()
    }


def test_a_colleague_is_drawn_by_name(read: Reader) -> None:
    config = read(
        f'{BOARD}[[colleague]]\nname = "Anna"\nnumber = "101"\n'
        '[[colleague]]\nname = "The front | desk downstairs"\nnumber = "102"\n'
        "button = 10\nlamp = 11\n"
    )
    parts = wiring.wiring(config)
    written = texts(wiring.drawing(config))
    assert {"The front |… button", "The front |… lamp, red"} <= set(written)
    assert "| The front \\| desk downstairs | button | 10 | 19 |" in wiring.table(parts)
    assert not [text for text in written if "Anna" in text]


KNOB_AND_KEYPAD = (
    "buzzer = { pin = 18, tones = true }\nknob = { a = 23, b = 24, push = 25 }\n"
    'keypad = { rows = [4, 14], columns = [9, 11, 8], keys = ["12A", "45B"] }\n'
)


def test_knob_and_keypad_are_in_drawing_and_table(read: Reader) -> None:
    config = read(BOARD + KNOB_AND_KEYPAD)
    made, written = wiring.table(wiring.wiring(config)), texts(wiring.drawing(config))
    for row in (
        "| knob | A | 23 | 16 | its A; its C to ground |",
        "| knob | B | 24 | 18 | its B; its C to ground |",
        "| knob | push | 25 | 22 | one leg of its push; the other to ground |",
        "| keypad | row 2 | 14 | 8 | the keys 4 5 B |",
        "| keypad | column 3 | 8 | 24 | the keys A B |",
        "| buzzer | tones | 18 | 12 |",
    ):
        assert row in made
    assert {"knob, A", "knob, B", "knob, pushed", "keypad, row 1", "passive"} <= set(written)
    assert {"GPIO 4, 14", "GPIO 9, 11, 8", "GPIO 23", "GPIO 24", "GPIO 25"} <= set(written)


def test_all_of_a_drawing_is_within_its_frame(read: Reader) -> None:
    for text in (BOARD, BOARD + KNOB_AND_KEYPAD):
        root = ElementTree.fromstring(wiring.drawing(read(text)))
        panels = [e for e in root if "transform" in e.attrib]
        foot = max(int(e.attrib["transform"].split()[1].rstrip(")")) for e in panels) + 246
        assert foot < int(root.attrib["height"]) < foot + 20
        assert root.attrib["viewBox"] == f"0 0 1000 {root.attrib['height']}"


def test_a_knob_s_contacts_go_where_the_buttons_go(read: Reader) -> None:
    config = read(f"{BOARD}pull_up = false\nknob = {{ a = 23, b = 24 }}\n")
    parts = wiring.wiring(config)
    assert list(parts.values()) == [wiring.Contact("A", wiring.V3), wiring.Contact("B", wiring.V3)]
    assert "ground" not in wiring.table(parts)


def test_nothing_fitted_is_a_bare_header(read: Reader) -> None:
    config = read(f"{BOARD}[board.buttons]\n")
    assert wiring.table(wiring.wiring(config)).count("\n") == 2
    assert "GPIO 17" in texts(wiring.drawing(config))


def test_a_page_without_markers_stays_as_it_is() -> None:
    assert wiring.filled("# Nothing\n", "| table |\n") == "# Nothing\n"
    assert wiring.filled(f"a {wiring.BEGIN} b", "| table |\n") == f"a {wiring.BEGIN} b"


def test_a_wrong_config_is_told_and_nothing_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "wrong.toml").write_text(f"{BOARD}lamps = {{ dnd = 99 }}\n")
    before = wiring.DRAWING.stat().st_mtime_ns
    assert wiring.main([str(tmp_path / "wrong.toml")]) == 1
    assert "pin 99 is not on this board" in capsys.readouterr().err
    assert wiring.DRAWING.stat().st_mtime_ns == before


def test_one_command_writes_drawing_and_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{wiring.BEGIN}\n| old |\n{wiring.END}\nafter\n")
    monkeypatch.setattr(wiring, "DRAWING", tmp_path / "wiring.svg")
    monkeypatch.setattr(wiring, "KEYPAD_DRAWING", tmp_path / "keypad.svg")
    monkeypatch.setattr(wiring, "PAGES", (page, tmp_path / "missing.md"))
    assert wiring.main([]) == 0
    assert (tmp_path / "wiring.svg").read_bytes() == (wiring.DOCS / "wiring.svg").read_bytes()
    made = (tmp_path / "keypad.svg").read_bytes()
    assert made == (wiring.DOCS / "wiring-keypad.svg").read_bytes()
    written = page.read_text()
    assert "| voicemail | button | 21 | 40 |" in written
    assert "old" not in written
    assert (written[:7], written[-6:]) == ("before\n", "after\n")


def test_a_config_that_is_no_table_or_no_toml_or_not_there_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for text in ("pbx = 3\n", "pbx = \n", None):
        path = tmp_path / "config.toml"
        path.unlink(missing_ok=True)
        if text is not None:
            path.write_text(text)
        assert wiring.main([str(path)]) == 1
        assert str(path) in capsys.readouterr().err
