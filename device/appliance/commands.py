"""What the command line has for the appliance only: the card, and updates."""

import argparse
import os
import subprocess
from pathlib import Path
from typing import Any

from device import command
from device.appliance.card import Hands, remount, take_over
from device.appliance.disk import Disk
from device.appliance.places import Places
from device.appliance.refused import RefusedError
from device.appliance.service import Service, Systemd
from device.appliance.signed import verified
from device.appliance.trial import LOOK_SECONDS, TRIAL_SECONDS, Clock, Judge, RealClock
from device.appliance.versions import Versions
from device.command import FailedError, config_of, say
from device.tables import ConfigError

SECONDS = "DESKPANEL_TRIAL_SECONDS"
"In the environment: how long a new version may take to come up."

LONGEST_SECONDS = 900.0
"For a verdict: whoever waits should know that something is wrong with the judge."

PLACES = Places()


def add_all(commands: Any) -> None:
    """Let there be all of them."""
    about = "take over what was put on the card (on an image only, and by itself)"
    card = command.add(commands, "card", _card, about)
    card.add_argument("folder", type=Path, metavar="DIR", help="the card's FAT partition")
    _add_update(command.add(commands, "update", _update, "try a new version (on an image only)"))


def _add_update(update: Any) -> None:
    what = update.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=Path, metavar="FILE.deb", help="with FILE.deb.sig")
    what.add_argument("--list", action="store_true", help="list the versions that are here")
    what.add_argument("--back", action="store_true", help="go back to the version before")
    what.add_argument("--judge", action="store_true", help=argparse.SUPPRESS)  # the unit's own
    update.add_argument("--now", action="store_true", help="do not wait for a call to end")
    update.add_argument("--downgrade", action="store_true", help="let it be older")
    command.add_config(update)


# What was put on the card


def _card(options: argparse.Namespace) -> None:
    if not options.folder.is_dir():
        raise FailedError(f"{options.folder}: there is no such folder")
    _only_root()
    places = PLACES.at(options.folder)
    versions = Versions(places, Disk())
    hands = Hands(Disk(), remount, lambda path: from_card(path, places, versions))
    if complaints := take_over(places, hands):
        raise ConfigError(complaints)


def from_card(path: Path, places: Places, versions: Versions) -> None:
    """Put it in place, unless it is already, or was tried in vain. Raises `RefusedError`."""
    signed = verified(path, places.signers)
    if versions.knows(signed.sha256):
        return
    if refusal := versions.refusal(signed.sha256):
        raise RefusedError(
            f"{path.name}: {refusal.version} was tried, and did not come up ({refusal.reason})"
        )
    try:
        versions.install(signed, seconds=None)
    except RefusedError as error:
        raise RefusedError(*(f"{path.name}: {line}" for line in error.complaints)) from error


# Updates


def _update(options: argparse.Namespace) -> None:
    versions = Versions(PLACES, Disk())
    if options.list:
        return say("\n".join(listed(versions)))
    _only_root()
    try:
        if options.back:
            return back(versions, Systemd())
        if options.judge:
            return Judge(PLACES, versions, Systemd(), RealClock(), say, _seconds()).work()
        return _install(options, versions, Systemd(), RealClock())
    except subprocess.CalledProcessError as error:
        raise FailedError(_why(error)) from error


def _why(error: subprocess.CalledProcessError) -> str:
    """What another program said; one that was not listened to has said it on stderr itself."""
    said = str(error.stderr or "").strip() or f"it ended with {error.returncode}"
    return f"{' '.join(map(str, error.cmd[:2]))}: {said}"


def _only_root() -> None:
    if os.geteuid() != 0:
        raise FailedError("only root can do that: sudo deskpanel ...")


def _seconds() -> float:
    try:
        return float(os.environ.get(SECONDS, TRIAL_SECONDS))
    except ValueError as error:
        raise FailedError(f"{SECONDS} is no number of seconds") from error


def listed(versions: Versions) -> list[str]:
    """A line for each that is here, or was."""
    running = versions.current if versions.running is None else versions.running
    roles = [
        ("", "came with the image"),
        (versions.previous if versions.current else None, "--back goes there"),
        (versions.next and versions.next.version, "waits to be tried"),
        (versions.trial and versions.trial.version, "is on trial"),
        (running, "runs"),
    ]
    names = dict.fromkeys(["", *(n for n in (versions.current, *dict(roles)) if n)])
    told = {name: [role for version, role in roles if version == name] for name in names}
    return [
        *(f"{name or versions.base:11} {', '.join(told[name])}".strip() for name in names),
        *(f"{r.version:11} did not come up: {r.reason}" for r in versions.refusals),
    ]


def back(versions: Versions, service: Service) -> None:
    version = versions.back()
    service.restart()
    say(f"{version} runs from now on")


def _install(
    options: argparse.Namespace, versions: Versions, service: Service, clock: Clock
) -> None:
    signed = verified(options.file, PLACES.signers)
    seconds = _seconds() if SECONDS in os.environ else None
    versions.forgive(signed.sha256)
    trial = versions.install(signed, seconds=seconds, downgrade=options.downgrade)
    if trial.version == versions.counts:
        other = versions.trial or versions.next
        return say(f"{trial.version} {'is what counts' if other else 'runs'} already")
    if not options.now:
        _wait_for_calm(options, clock)
    say(f"{trial.version} is in place, and goes on trial")
    service.judge()
    _wait_for_verdict(versions, clock)
    if refusal := versions.refusal(signed.sha256):
        raise FailedError(f"{trial.version} did not come up: {refusal.reason}")
    return say(f"{versions.counts} runs")


def _wait_for_verdict(versions: Versions, clock: Clock) -> None:
    end = clock.now() + LONGEST_SECONDS
    while versions.next or versions.trial:
        if clock.now() > end:
            raise FailedError("there is no verdict yet; later `deskpanel update --list` has it")
        clock.wait(LOOK_SECONDS)


def _wait_for_calm(options: argparse.Namespace, clock: Clock) -> None:
    """A panel that starts anew would miss how the call goes on."""
    told = False
    while _is_calling(options):
        if not told:
            say("a call is under way: waiting for its end (--now does not)")
        told = True
        clock.wait(LOOK_SECONDS)


def _is_calling(options: argparse.Namespace) -> bool:
    from device import asking  # with all that a config is checked by: the judge does without

    try:
        panel = asking.client_at(config_of(options).web).get("/api/panel")
    except (ConfigError, FailedError, OSError):
        return False  # nobody to be disturbed
    return panel["line"] in ("ringing", "busy") or panel["calling"] is not None
