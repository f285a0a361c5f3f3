"""The command line. Exit code 0: done; 1: refused or failed, with one line on stderr; 2: usage.

A command's module is loaded when it is needed: the first picture of a panel waits for all that is.
"""

import argparse
import logging
import sys
from collections.abc import Iterable
from typing import Any

from device import running
from device.command import Do, FailedError
from device.sip.missing import SipMissing
from device.tables import ConfigError


def main(arguments: list[str] | None = None) -> int:
    """Run one command, and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    options = _parser(arguments).parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        do: Do = options.do
        do(options)
    except ConfigError as error:
        return _fail(error.complaints)
    except (FailedError, SipMissing, OSError) as error:
        return _fail([str(error)])
    except KeyboardInterrupt:
        return 130  # as a shell reports SIGINT
    return 0


def _fail(lines: Iterable[str]) -> int:
    for line in lines:
        print(f"deskpanel: {line}", file=sys.stderr)  # noqa: T201
    return 1


def _parser(arguments: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="deskpanel", description="A panel that stands beside a desk phone."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    meant = arguments[0] if arguments else ""
    add = {"run": running.add_run, "card": _add_appliance, "update": _add_appliance}
    # Those are asked for while a small computer starts: it does not load what the others need, for
    # the names of all buttons, statuses and profiles.
    add.get(meant, _add_all)(commands)
    return parser


def _add_all(commands: Any) -> None:
    from device import asking, trying

    running.add_run(commands)
    trying.add_all(commands)
    running.add_demo(commands)
    asking.add_all(commands)
    _add_appliance(commands)


def _add_appliance(commands: Any) -> None:
    from device.appliance import commands as appliance

    appliance.add_all(commands)
