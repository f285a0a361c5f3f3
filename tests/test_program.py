"""The program as a process: started, told to end, killed, and misused."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from device.control.client import Client, ClientError
from device.core.events import LinkChanged, Pressed
from device.core.update import update
from device.core.words import Link
from device.journal import Journal, replay
from device.views.screen import screen
from tests.core.play import play

LIMIT_SECONDS = 20.0
END_SECONDS = 2.0
"What DESIGN gives a panel from SIGTERM to its end."

CONFIG = """\
[pbx]
server = "127.0.0.1:{dead}"
user = "100"
password = "hush-hush"
profile = "generic"
retry = 1
[board]
driver = "virtual"
[oled]
driver = "virtual"
[web]
listen = "127.0.0.1:{web}"
"""

pytest.importorskip("pjsua2", reason="pjsua2 has no wheel for this Python")


@dataclass
class Program:
    process: subprocess.Popen[str]
    client: Client


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_config(folder: Path, more: str = "") -> tuple[Path, int]:
    web = free_port()
    path = folder / "deskpanel.toml"
    path.write_text(CONFIG.format(dead=free_port(socket.SOCK_DGRAM), web=web) + more)
    return path, web


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "device", *map(str, arguments)]


def ask(*arguments: object, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; one that keeps state keeps it in the folder."""
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
        env=os.environ | {"STATE_DIRECTORY": str(folder or os.devnull)},
    )


@contextmanager
def running(folder: Path) -> Iterator[Program]:
    """`deskpanel run`, answering; killed at the end if it still runs."""
    config, web = write_config(folder)
    with subprocess.Popen(
        command("run", "--config", config),
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"STATE_DIRECTORY": str(folder)},
    ) as process:
        client = Client(f"http://127.0.0.1:{web}")
        try:
            wait_for_answer(client, process)
            yield Program(process, client)
        finally:
            process.kill()


def wait_for_answer(client: Client, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, process.communicate()[1]
        try:
            client.get("/api/panel")
        except ClientError:
            time.sleep(0.02)  # until the other process listens; nothing tells us of it
        else:
            return
    raise AssertionError("the panel does not answer")


def test_sigterm_ends_it_within_two_seconds_though_the_pbx_is_dead(tmp_path: Path) -> None:
    with running(tmp_path) as program:
        begun = time.monotonic()
        program.process.send_signal(signal.SIGTERM)
        _, errors = program.process.communicate(timeout=LIMIT_SECONDS)
        took = time.monotonic() - begun
    assert program.process.returncode == 0, errors
    assert took < END_SECONDS
    assert "hush-hush" not in errors


def test_nothing_acknowledged_is_lost_when_the_program_is_killed(tmp_path: Path) -> None:
    """Kill -9 after ever more answers, while others still ask for more."""
    wishes = ("dnd", "absent", "available")
    for round_ in range(4):
        with running(tmp_path) as program:
            for n in range(round_ * 3 + 1):
                wanted = wishes[(n + round_) % 3]
                program.client.post("/api/status", {"status": wanted})
            pressing = threading.Thread(target=press_until_it_dies, args=(program.client,))
            pressing.start()
            program.process.kill()
            pressing.join()
        assert stored_status(tmp_path) == wanted


def press_until_it_dies(client: Client) -> None:
    """Events that change much, but not the status."""
    try:
        while True:
            client.post("/api/press", {"button": "missed"})
    except ClientError:
        return


def stored_status(folder: Path) -> str:
    base = sqlite3.connect(folder / "panel.sqlite")
    (value,) = base.execute("SELECT value FROM kept WHERE key = 'choice'").fetchone()
    base.close()
    return str(json.loads(value)["status"])


def test_a_status_is_there_again_after_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as program:
        program.client.post("/api/status", {"status": "dnd"})
        program.process.kill()
    with running(tmp_path) as again:
        assert again.client.get("/api/panel")["status"] == "dnd"


def test_commands_ask_a_running_panel(tmp_path: Path) -> None:
    with running(tmp_path) as program:
        url = program.client.url
        pressed = ask("press", "absent", "--url", url, "--json")
        assert json.loads(pressed.stdout)["status"] == "absent"
        assert "absent, unknown" in ask("status", "--url", url).stdout
        unsent = ask("send", "101", "hi", "--url", url)
        assert (unsent.returncode, unsent.stderr) == (1, "deskpanel: Not sent: There is no PBX\n")
        lamps = ask("lamps", "--url", url).stdout
        assert "absent      white  dash" in lamps
        ask("screen", "--png", tmp_path / "screen.png", "--url", url)
        assert (tmp_path / "screen.png").read_bytes().startswith(b"\x89PNG")
        refused = ask("status", "diverted", "--target", "100", "--url", url)
        assert refused.returncode == 1
        assert refused.stderr == "deskpanel: A user cannot divert to their own number\n"


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    config, web = write_config(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", web))
        taken.listen()
        found = ask("run", "--config", config, folder=tmp_path)
    assert found.returncode == 1
    assert str(web) in found.stderr
    assert len(found.stderr.splitlines()) == 1


def test_no_panel_is_one_clear_line() -> None:
    found = ask("status", "--url", f"http://127.0.0.1:{free_port()}")
    assert found.returncode == 1
    assert found.stderr.startswith("deskpanel: No panel answers at http://127.0.0.1:")
    assert len(found.stderr.splitlines()) == 1


def test_a_bad_config_is_a_line_for_each_complaint(tmp_path: Path) -> None:
    config, _ = write_config(tmp_path, "colour = 1\n[oled2]\n")
    found = ask("run", "--config", config)
    assert found.returncode == 1
    assert len(found.stderr.splitlines()) == 2
    assert "web.colour" in found.stderr


def test_check_says_what_is_wrong_and_where(tmp_path: Path) -> None:
    config, _ = write_config(tmp_path, '[profile]\nvoicemail = "*98"\n')
    found = ask("check", "--config", config)
    assert found.returncode == 1
    assert "ok   board: virtual" in found.stdout
    assert "note config: profile generic is changed: voicemail" in found.stdout
    assert "over udp: The PBX at 127.0.0.1 does not" in found.stdout
    assert "hush-hush" not in found.stdout + found.stderr


def test_wrong_usage_is_exit_code_two() -> None:
    assert ask("status", "happy").returncode == 2
    assert ask("press", "doorbell").returncode == 2


def test_a_limit_without_a_status_is_wrong_usage(tmp_path: Path) -> None:
    config, _ = write_config(tmp_path)
    assert ask("status", "--for", "25m", "--config", config).returncode == 2


def test_a_wrong_address_is_one_clear_line() -> None:
    found = ask("demo", "--no-browser", "--listen", "foo")
    assert (found.returncode, len(found.stderr.splitlines())) == (1, 1)
    assert 'expected "address:port"' in found.stderr


def test_a_config_that_is_not_there_is_not_passed_over(tmp_path: Path) -> None:
    found = ask("status", "--config", tmp_path / "none.toml")
    assert found.returncode == 1
    assert "No such file" in found.stderr


def test_profiles_are_listed_and_shown() -> None:
    assert "freepbx" in json.loads(ask("profiles", "--json").stdout)
    assert json.loads(ask("profiles", "3cx", "--json").stdout)["name"] == "3cx"
    assert "*76{user}" in ask("profiles", "freepbx").stdout
    assert ask("profiles", "nobody").returncode == 2


def test_a_journal_lives_again_with_its_lamps_and_as_a_moving_picture(tmp_path: Path) -> None:
    journal, state = Journal(), play().state
    for event in (LinkChanged(1.0, Link.ONLINE), Pressed(2.0, "dnd"), Pressed(3.0, "missed")):
        journal.add(state, event)
        state, _ = update(state, event)
    journal.save(tmp_path / "j")
    found = ask("replay", tmp_path / "j", "--gif", tmp_path / "j.gif")
    assert "3 events, dnd, online" in found.stdout
    assert "dnd         amber  steady" in found.stdout
    with Image.open(tmp_path / "j.gif") as film:
        assert getattr(film, "n_frames", 1) == screens_of(journal)


def screens_of(journal: Journal) -> int:
    """How many different pictures a journal leads to."""
    assert journal.begin
    return len({screen(state) for state in replay(journal.begin, journal.events)})


def test_a_journal_of_something_else_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "j").write_text("hello\n")
    found = ask("replay", tmp_path / "j")
    assert (found.returncode, len(found.stderr.splitlines())) == (1, 1)


def test_without_a_network_there_is_no_address_and_nothing_is_asked() -> None:
    """In a network namespace that has nothing, not even loopback."""
    told = subprocess.run(
        [
            "unshare",
            "--map-root-user",
            "--net",
            sys.executable,
            "-c",
            "from device.network import own_address; print(repr(own_address()))",
        ],
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=True,
    )
    assert told.stdout == "''\n"
