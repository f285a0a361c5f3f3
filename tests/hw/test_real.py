"""`--real`: the contracts on what is fitted, only when asked, with the pins of the config."""

import os
import subprocess
import sys
from pathlib import Path

CONFIG = """
[pbx]
server = "pbx.example.com"
user = "100"

[board]
driver = "gpio"
[board.buttons]
dnd = 6
[board.lamps]
dnd = 12
status = [17, 27, 22]

[oled]
driver = "virtual"
"""

CONTRACTS = ("tests/hw/test_board_contract.py", "tests/hw/test_oled_contract.py")


def contracts(*options: str | Path) -> subprocess.CompletedProcess[str]:
    """Run them in a process of their own, on gpiozero's mock pins where pins are asked for."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *CONTRACTS, *map(str, options)],
        env=os.environ | {"GPIOZERO_PIN_FACTORY": "mock", "DESKPANEL_NO_SKIPS": "1"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def fitted(folder: Path) -> Path:
    path = folder / "deskpanel.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


def test_real_hardware_is_not_collected_unless_it_is_asked_for() -> None:
    done = contracts("--collect-only", "-q")
    assert done.returncode == 0, done.stdout
    assert "[virtual]" in done.stdout
    assert "real" not in done.stdout


def test_what_is_asked_for_is_tried_with_the_pins_of_the_config(tmp_path: Path) -> None:
    done = contracts("--real=gpio,oled", "--real-config", fitted(tmp_path), "-v", "-k", "real")
    assert done.returncode == 0, done.stdout
    assert "test_lamps_are_as_shown_and_those_not_named_are_dark[real gpio] PASSED" in done.stdout
    assert "test_everything_may_be_asked_of_an_open_display[real oled] PASSED" in done.stdout
    assert "skipped" not in done.stdout


def test_hardware_that_is_not_there_fails_and_is_no_skip(tmp_path: Path) -> None:
    config = fitted(tmp_path)
    nowhere = CONFIG.replace('"virtual"', '"ssd1306"\nbus = "i2c:99:0x3c"')
    config.write_text(nowhere, encoding="utf-8")
    done = contracts("--real=oled", "--real-config", config, "-k", "real and everything")
    assert done.returncode == 1
    assert "HwMissing: OLED: " in done.stdout


def test_a_name_that_nobody_knows_is_a_usage_error() -> None:
    done = contracts("--real=gpoi")
    assert done.returncode == 4
    assert "expected some of gpio,oled,serial,busylight, not gpoi" in done.stdout + done.stderr


def test_a_config_without_it_is_told(tmp_path: Path) -> None:
    done = contracts("--real=serial", "--real-config", fitted(tmp_path), "-k", "real")
    assert done.returncode != 0
    assert 'the config has no board.driver = "serial"' in done.stdout + done.stderr
