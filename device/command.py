"""What every command has: options, a config, and a way to say something."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from device import config as configs

CONFIG_HELP = f"instead of {configs.PLACES[0]} or {configs.PLACES[1]}"

Do = Callable[[argparse.Namespace], None]


class FailedError(Exception):
    """The command could not be done; the message is for stderr."""


def add(commands: Any, name: str, do: Do, about: str) -> Any:
    """Let there be a command of this name that does this; its parser, for more options."""
    command = commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
    command.set_defaults(do=do, usage=command.error)
    return command


def add_config(command: Any) -> None:
    """Let a command take another config than the usual one."""
    command.add_argument("--config", type=Path, metavar="F", help=CONFIG_HELP)


def path_of(options: argparse.Namespace) -> Path:
    """The config file that is meant. Raises `FailedError` where there is none."""
    path: Path | None = options.config or configs.find()
    if path is None:
        places = " or ".join(map(str, configs.PLACES))
        raise FailedError(f"No config: write {places}, or name one with --config")
    return path


def config_of(options: argparse.Namespace) -> configs.Config:
    """What is in it. Raises `FailedError` and `ConfigError`."""
    return configs.load(path_of(options), configs.state_directory())


def say(text: str = "") -> None:
    print(text, flush=True)  # noqa: T201 - whoever reads a pipe is to read it now


def show(options: argparse.Namespace, value: object, lines: list[str]) -> None:
    """The answer, in lines or as JSON."""
    say(json.dumps(value, indent=2) if options.json else "\n".join(lines))
