"""Commands that need no running panel: look at a config and a PBX, live a journal again."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from device import command, walk
from device import config as configs
from device.asking import client_at
from device.checkup import Finding, checkup
from device.command import FailedError, config_of, path_of, say, show
from device.control.client import Client, ClientError
from device.journal import load, replay
from device.pbx import sheet
from device.pbx.profiles import PROFILES
from device.tables import ConfigError
from device.terminal import Terminal
from device.views.lamps import lamps
from device.views.paint import paint
from device.views.screen import screen


def add_all(commands: Any) -> None:
    """Let there be all of them."""
    check = command.add(commands, "check", _check, "look at config, hardware and PBX")
    command.add_config(check)
    check.add_argument(
        "--hardware", action="store_true", help="go through lamps, buttons and display with you"
    )
    profiles = command.add(commands, "profiles", _profiles, "list the families of PBX, or show one")
    profiles.add_argument(
        "name", nargs="?", choices=PROFILES, metavar="NAME", help=", ".join(PROFILES)
    )
    profiles.add_argument("--json", action="store_true")
    again = command.add(commands, "replay", _replay, "live a journal again")
    again.add_argument("file")
    again.add_argument("--gif", metavar="F", help="write the screens as a moving picture")


def _check(options: argparse.Namespace) -> None:
    """Config, hardware and PBX, a line each as it is found out."""
    if options.hardware:
        return _walk(config_of(options))
    faults = 0
    for finding in _findings(options):
        say(str(finding))
        faults += not finding.ok
    if faults:
        raise FailedError(f"{faults} of these need{'s' * (faults == 1)} a look")
    return None


def _findings(options: argparse.Namespace) -> Iterator[Finding]:
    path = path_of(options)
    try:
        config = config_of(options)
    except ConfigError as error:
        yield from (Finding("config", False, complaint) for complaint in error.complaints)
        return
    yield Finding("config", True, str(path))
    yield from (Finding.remark("config", remark) for remark in config.remarks)
    yield from checkup(config)


def _walk(config: configs.Config) -> None:
    """Through what is fitted, with the user."""
    if config.web.listen and _answers(client_at(config.web)):
        raise FailedError(f"This panel is running. {walk.BUSY}")
    findings = list(walk.Walk(config, Terminal()).findings())
    say()
    say("\n".join(walk.table(findings)) or "nothing is fitted")
    if faults := sum(not finding.ok for finding in findings):
        raise FailedError(f"{faults} of {len(findings)} {'is' if faults == 1 else 'are'} not right")


def _answers(client: Client) -> bool:
    """Somebody is there, if only to refuse."""
    try:
        client.get("/api/panel")
    except ClientError as error:
        return error.__cause__ is None  # else it is why nobody could be asked
    return True


def _profiles(options: argparse.Namespace) -> None:
    if options.name:
        profile = PROFILES[options.name]
        return show(options, sheet.as_json(profile), sheet.in_full(profile))
    every = {name: sheet.as_json(profile) for name, profile in PROFILES.items()}
    return show(options, every, sheet.overview(PROFILES))


def _replay(options: argparse.Namespace) -> None:
    try:
        begin, events = load(Path(options.file).read_text(encoding="utf-8"))
    except ValueError as error:
        raise FailedError(f"{options.file}: {error}") from error
    states = list(replay(begin, events))
    if options.gif:
        pictures = [paint(s) for s in dict.fromkeys(screen(state) for state in states)]
        pictures[0].save(options.gif, save_all=True, append_images=pictures[1:], duration=800)
    last = states[-1]
    say(f"{len(events)} events, {last.mirror.choice.status}, {last.link}")
    for name, glow in lamps(last).items():
        say(f"{name:11} {glow.colour:6} {glow.pattern}")
