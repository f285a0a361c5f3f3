"""What every command has: options, a config, and a way to say something."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from device import places

if TYPE_CHECKING:
    from device.config import Config

CONFIG_HELP = f"instead of {places.CONFIGS[0]} or {places.CONFIGS[1]}"

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
    path: Path | None = options.config or places.config()
    if path is None:
        usual = " or ".join(map(str, places.CONFIGS))
        raise FailedError(f"No config: write {usual}, or name one with --config")
    return path


def config_of(options: argparse.Namespace) -> "Config":
    """What is in it. Raises `FailedError` and `ConfigError`."""
    from device import config  # loads every profile, which not every command needs

    return config.load(path_of(options), places.state_directory())


def say(text: str = "") -> None:
    print(text, flush=True)  # noqa: T201 - whoever reads a pipe is to read it now


def show(options: argparse.Namespace, value: object, lines: list[str]) -> None:
    """The answer, in lines or as JSON."""
    say(json.dumps(value, indent=2) if options.json else "\n".join(lines))
