"""Commands that run a panel, or try one. What a panel needs is loaded when one is wanted: `wiring`
pulls in everything, and the first picture is on the glass before that."""

import argparse
import faulthandler
import logging
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from device import command, dawn, places
from device.command import FailedError, config_of, say
from device.life import Lives
from device.systemd import Manager

if TYPE_CHECKING:
    from device.config import Config

START_SECONDS = 120.0
"What a slow computer may take to load the rest of the program."


def add_run(commands: Any) -> None:
    run = command.add(commands, "run", _run, "run the panel")
    command.add_config(run)
    run.add_argument(
        "--stay",
        action="store_true",
        help="wait for a config that is right, and show meanwhile what is wrong",
    )


def add_demo(commands: Any) -> None:
    from device.pbx.profiles import PROFILES

    demo = command.add(commands, "demo", _demo, "try the panel, without hardware or PBX")
    demo.add_argument(
        "--profile", choices=PROFILES, default="freepbx", metavar="NAME", help=", ".join(PROFILES)
    )
    demo.add_argument("--no-browser", action="store_true", help="only print the address")
    demo.add_argument("--listen", default="127.0.0.1:8780", metavar="ADDRESS:PORT")


def _run(options: argparse.Namespace) -> None:
    faulthandler.enable()  # systemd's watchdog ends us with SIGABRT: where were we?
    manager, lives = Manager.of(), Lives()
    if options.stay:
        _stay(options.config, manager, lives)
    else:
        _live(config_of(options), None, manager, lives)


def _live(config: "Config", glass: dawn.Glass | None, manager: Manager, lives: Lives) -> None:
    import asyncio

    from device import wiring

    asyncio.run(wiring.run(config, wiring.Extras(manager=manager, lives=lives, glass=glass)))


def _stay(path: Path | None, manager: Manager, lives: Lives) -> None:
    """The glass first, then a config that is right, then the panel."""
    glass = dawn.light(path or places.config(), lives)
    glass.lit()
    manager.wait(START_SECONDS)
    from device.standby import Standby, last_words

    found = Standby(path, glass, manager, lives).wait()
    if found:
        config, glass = found
        with closing(glass), last_words(glass):
            _live(config, glass, manager, lives)


def _demo(options: argparse.Namespace) -> None:
    import asyncio

    from device import checks, wiring

    try:
        listen = checks.listening(options.listen)
    except ValueError as error:
        raise FailedError(f"--listen: {error}") from error
    if not checks.is_loopback(listen):
        raise FailedError("--listen: the demo is for this machine only: 127.0.0.1 or [::1]")
    logging.getLogger("deskpanel").setLevel(logging.WARNING)  # it says itself what matters
    asyncio.run(
        wiring.demo(listen, browser=not options.no_browser, say=say, profile=options.profile)
    )
