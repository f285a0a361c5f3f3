"""`deskpanel card` and `deskpanel update`, as root types them."""

import os
import subprocess
from pathlib import Path

import pytest

from device.appliance import commands
from device.appliance.places import Places
from device.appliance.service import Seen, Systemd
from device.cli import main
from tests.appliance.kit import Builder, appliance
from tests.appliance.machine import Machine, dies_at_once, well
from tests.appliance.test_card import CONFIG


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    places = appliance(tmp_path)
    monkeypatch.setattr(commands, "PLACES", places)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return places


@pytest.fixture
def machine(places: Places, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(places, {"1.0": well, "1.4": well})
    machine.boot()
    monkeypatch.setattr(machine, "judge", machine.work)
    monkeypatch.setattr(commands, "Systemd", lambda: machine)
    monkeypatch.setattr(commands, "RealClock", lambda: machine)
    return machine


@pytest.fixture
def deb(tmp_path: Path, places: Places) -> Path:
    builder = Builder(tmp_path)
    builder.trusted_by(places)
    return builder.package()


def test_card_says_what_is_wrong_in_a_line_each(
    places: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    (places.card / "deskpanel.toml").write_text("[pbx]\n")
    assert main(["card", str(places.card)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "deskpanel: deskpanel.toml:1: pbx.server: is missing",
        "deskpanel: deskpanel.toml:1: pbx.user: is missing",
    ]


def test_card_takes_over_what_is_right(places: Places) -> None:
    (places.card / "deskpanel.toml").write_text(CONFIG)
    (places.card / "secret").write_text("hush")
    assert main(["card", str(places.card)]) == 0
    assert (places.config / "deskpanel.toml").exists()


def test_card_puts_an_update_in_place(places: Places, deb: Path) -> None:
    for path in (deb, deb.with_name(f"{deb.name}.sig")):
        path.rename(places.card / path.name)
    assert main(["card", str(places.card)]) == 0
    assert (places.versions / "next").exists()
    assert not list(places.card.iterdir())


def test_a_folder_that_is_not_there_is_one_line(
    places: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["card", str(places.card / "x")]) == 1
    assert capsys.readouterr().err == f"deskpanel: {places.card}/x: there is no such folder\n"


def test_update_tells_how_it_ended(
    machine: Machine, deb: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["update", str(deb), "--now"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1.4 is in place, and goes on trial",
        "1.4 runs",
    ]
    assert main(["update", "--list"]) == 0
    assert "1.4         runs" in capsys.readouterr().out
    assert main(["update", "--back"]) == 0
    assert machine.running == "1.0"
    assert capsys.readouterr().out == "1.0 runs from now on\n"
    assert main(["update", "--back"]) == 1
    assert capsys.readouterr().err == "deskpanel: there is nothing to go back to\n"


def test_an_update_to_what_runs_already_tries_nothing(
    machine: Machine, places: Places, deb: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["update", str(deb), "--now"]) == 0
    capsys.readouterr()
    assert main(["update", str(deb)]) == 0
    assert capsys.readouterr().out == "1.4 runs already\n"
    assert machine.starts == ["1.0", "1.4"]
    assert not (places.versions / "next").exists()


def test_nor_does_one_to_what_came_with_the_image(
    machine: Machine, places: Places, deb: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (places.base / "VERSION").write_text("1.4\n")
    assert main(["update", str(deb)]) == 0
    assert capsys.readouterr().out == "1.4 runs already\n"
    assert not list(places.versions.iterdir())
    assert machine.starts == ["1.0"]


def test_what_counts_while_another_is_on_trial_is_not_said_to_run(
    machine: Machine, deb: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["update", str(deb), "--now"]) == 0
    monkeypatch.setattr(machine, "judge", lambda: None)
    newer = Builder(deb.parent).package("1.5")
    assert main(["update", str(newer), "--now"]) == 1  # nobody judges it
    capsys.readouterr()
    assert main(["update", str(deb)]) == 0
    assert capsys.readouterr().out == "1.4 is what counts already\n"


@pytest.mark.parametrize(
    ("stderr", "said"),
    [
        (None, "systemctl start: it ended with 5"),
        ("No such unit\n", "systemctl start: No such unit"),
    ],
)
def test_a_program_that_fails_is_one_line_whether_it_was_listened_to_or_not(
    machine: Machine,
    deb: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    stderr: str | None,
    said: str,
) -> None:
    def judge() -> None:
        raise subprocess.CalledProcessError(5, ["systemctl", "start", "x"], stderr=stderr)

    monkeypatch.setattr(machine, "judge", judge)
    assert main(["update", str(deb), "--now"]) == 1
    assert capsys.readouterr().err == f"deskpanel: {said}\n"


def test_an_update_that_does_not_come_up_is_a_failure(
    machine: Machine, deb: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.behaves["1.4"] = dies_at_once
    for _ in range(2):  # somebody who types it means it
        assert main(["update", str(deb), "--now"]) == 1
        assert capsys.readouterr().err == "deskpanel: 1.4 did not come up: it ended 3 times\n"


def test_a_judge_that_does_not_come_is_told(
    machine: Machine,
    deb: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(machine, "judge", lambda: None)
    assert main(["update", str(deb), "--now"]) == 1
    assert "there is no verdict yet" in capsys.readouterr().err


def test_the_time_for_it_is_in_the_environment(
    machine: Machine, deb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(commands.SECONDS, "20")
    machine.behaves["1.4"] = lambda _: "offline"
    begun = machine.time
    assert main(["update", str(deb), "--now"]) == 1
    assert machine.time - begun < 40
    monkeypatch.setenv(commands.SECONDS, "soon")
    assert main(["update", str(deb)]) == 1


def test_an_update_waits_for_the_end_of_a_call(
    machine: Machine,
    deb: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    talks = iter([True, True, True, False])
    monkeypatch.setattr(commands, "_is_calling", lambda _: next(talks))
    assert main(["update", str(deb)]) == 0
    assert machine.running == "1.4"
    assert "a call is under way: waiting for its end" in capsys.readouterr().out


def test_nobody_is_disturbed_where_nobody_can_be_asked(
    machine: Machine, deb: Path, tmp_path: Path
) -> None:
    config = tmp_path / "c.toml"
    config.write_text("[pbx")
    assert main(["update", str(deb), "--config", str(config)]) == 0
    assert machine.running == "1.4"


def test_only_root_may(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    for words in (["card", str(places.card)], ["update", "--back"], ["update", "x.deb"]):
        assert main(words) == 1
        assert capsys.readouterr().err == "deskpanel: only root can do that: sudo deskpanel ...\n"
    assert main(["update", "--list"]) == 0


@pytest.mark.parametrize("words", [["update"], ["update", "--list", "--back"], ["card"]])
def test_what_is_meant_has_to_be_said(words: list[str]) -> None:
    with pytest.raises(SystemExit) as found:
        main(words)
    assert found.value.code == 2


# systemctl


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One that notes what it is asked for."""
    script = tmp_path / "bin/systemctl"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n. {tmp_path}/answer\n')
    script.chmod(0o755)
    (tmp_path / "answer").write_text("")
    monkeypatch.setenv("PATH", str(script.parent), prepend=os.pathsep)
    return tmp_path


def test_what_systemd_tells_is_understood(systemctl: Path) -> None:
    (systemctl / "answer").write_text(
        "echo StatusText=online, 100 at pbx=1\necho InvocationID=c0ffee\n"
        "echo ActiveEnterTimestampMonotonic=12500000\necho ActiveState=active\n"
    )
    assert Systemd().look() == Seen(True, "online, 100 at pbx=1", "c0ffee", 12.5)
    assert Systemd().look().link == "online"
    (systemctl / "answer").write_text("echo ActiveState=activating\necho StatusText=")
    assert Systemd().look() == Seen(False, "", "", 0.0)


def test_systemd_is_asked_without_waiting(systemctl: Path) -> None:
    Systemd().restart()
    Systemd().judge()
    assert (systemctl / "asked").read_text().splitlines() == [
        "restart --no-block deskpanel.service",
        "start --no-block deskpanel-trial.service",
    ]


def test_a_systemd_that_refuses_is_one_line(
    systemctl: Path, deb: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (systemctl / "answer").write_text("echo Access denied >&2; exit 1")
    assert main(["update", str(deb), "--now"]) == 1
    assert capsys.readouterr().err == "deskpanel: systemctl start: Access denied\n"
