"""A person at a real terminal or a pipe, and `deskpanel check --hardware` as a process."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from device.cli import main
from device.terminal import Terminal
from tests.control.fakes import FakePanel, in_loop, serving

DESKPANEL = [sys.executable, "-m", "device"]

CONFIG = """\
[pbx]
server = "pbx.example.com"
user = "100"
[board]
driver = "gpio"
[board.lamps]
dnd = 12
[oled]
driver = "virtual"
[web]
listen = "127.0.0.1:{port}"
[[colleague]]
name = "Front desk"
number = "101"
lamp = 23
"""

NOBODY_THERE = 1
"A port that no program here takes."


@contextmanager
def piped() -> Iterator[tuple[Terminal, int]]:
    ours, theirs = os.pipe()
    try:
        yield Terminal(ours), theirs
    finally:
        os.close(ours)
        os.close(theirs)


@contextmanager
def at_a_terminal() -> Iterator[tuple[Terminal, int]]:
    hand, screen = os.openpty()
    try:
        yield Terminal(screen), hand
    finally:
        os.close(hand)
        os.close(screen)


def test_lines_are_taken_one_by_one_however_they_come() -> None:
    with piped() as (terminal, hand):
        os.write(hand, b"y\nn\nno, ")
        assert terminal.ask("?", 10.0) == "y"
        assert terminal.ask("?", 10.0) == "n"
        os.write(hand, "à \n".encode())
        assert terminal.ask("?", 10.0) == "no, à"


def test_nobody_is_waited_for_for_ever(capsys: pytest.CaptureFixture[str]) -> None:
    with piped() as (terminal, hand):
        os.write(hand, b"half a li")
        assert terminal.ask("Well?", 0.01) is None
    assert capsys.readouterr().out == "Well? \n"


def test_where_no_line_can_come_any_more_nobody_waits() -> None:
    ours, theirs = os.pipe()
    os.close(theirs)
    assert Terminal(ours).ask("?", 1000.0) is None
    os.close(ours)


def test_what_was_typed_ahead_is_no_answer() -> None:
    with at_a_terminal() as (terminal, hand):
        os.write(hand, b"\n\n\n")
        terminal.forget()
        os.write(hand, b"n\n")
        assert terminal.ask("?", 10.0) == "n"


def test_answers_from_a_file_are_not_forgotten() -> None:
    with piped() as (terminal, hand):
        os.write(hand, b"y\n")
        terminal.forget()
        assert terminal.ask("?", 10.0) == "y"


def config(folder: Path, port: int) -> Path:
    path = folder / "deskpanel.toml"
    path.write_text(CONFIG.format(port=port), encoding="utf-8")
    return path


def check_hardware(folder: Path, answers: str) -> subprocess.CompletedProcess[str]:
    """The command as a process, on gpiozero's mock pins."""
    return subprocess.run(
        [*DESKPANEL, "check", "--hardware", "--config", config(folder, NOBODY_THERE)],
        input=answers,
        env=os.environ | {"GPIOZERO_PIN_FACTORY": "mock", "XDG_STATE_HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_ends_with_a_table_of_what_is_right(tmp_path: Path) -> None:
    done = check_hardware(tmp_path, "y\n" * 5)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-5:] == [
        "lamps                          ok   as it should be",
        "lamp dnd                       ok   as it should be",
        "lamp colleague-1 (Front desk)  ok   as it should be",
        "oled frame                     ok   as it should be",
        "oled dots                      ok   as it should be",
    ]


def test_the_command_fails_where_something_is_not_right(tmp_path: Path) -> None:
    done = check_hardware(tmp_path, "y\ny\nn\n")
    assert done.returncode == 1
    assert "BAD  it does not, or another does (pin 23)" in done.stdout
    assert "walk                           BAD  nobody answers" in done.stdout
    assert done.stderr == "deskpanel: 2 of 4 are not right\n"


@in_loop
async def test_beside_a_running_panel_the_command_does_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serving(FakePanel()) as outside:
        port = urlsplit(outside.url).port
        assert port
        words = ["check", "--hardware", "--config", str(config(tmp_path, port))]
        assert await asyncio.to_thread(main, words) == 1
    told = capsys.readouterr()
    assert "This panel is running" in told.err
    assert "lamp" not in told.out
