"""From a TOML file to frozen values. All complaints come at once, each with file, line and key."""

import logging
import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from device import checks
from device.checks import DAYS
from device.core.profile import MOBILE, Grants, Target
from device.core.words import BUTTONS, Status
from device.pbx.profiles import PROFILES
from device.sip.phone import Account, Transport
from device.tables import Complaints, ConfigError, Table
from hw.drivers import BOARD_DRIVERS, OLED_DRIVERS
from hw.specs import BoardSpec, OledSpec, pins_of_bus

PLACES = (Path("/etc/deskpanel/deskpanel.toml"), Path("~/.config/deskpanel/deskpanel.toml"))
log = logging.getLogger("deskpanel")

LAMPS = (*BUTTONS, "status")


@dataclass(frozen=True, slots=True)
class Web:
    listen: str = "127.0.0.1:8780"
    token: str = field(default="", repr=False)
    "Bearer token; needed where others than this machine may ask."
    names: tuple[str, ...] = ()
    "Host names the page is asked for by, beside the machine's own."


@dataclass(frozen=True, slots=True)
class Board:
    driver: str
    spec: BoardSpec


@dataclass(frozen=True, slots=True)
class Colleague:
    """Another extension; read and checked, and shown by a later version."""

    name: str
    number: str
    button: int | None = None
    lamp: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the weekly schedule; read and checked, and acted on by a later version."""

    days: tuple[str, ...]
    minute: int
    status: Status


@dataclass(frozen=True, slots=True)
class Config:
    account: Account
    grants: Grants
    boards: tuple[Board, ...]
    oled: OledSpec
    web: Web
    store: Path
    colleagues: tuple[Colleague, ...] = ()
    schedule: tuple[Change, ...] = ()

    @property
    def remarks(self) -> list[str]:
        """What is right, and yet not what its writer may think."""
        later = {"colleague": self.colleagues, "schedule": self.schedule}
        used = [key for key, entries in later.items() if entries]
        return [f"[[{key}]] is for a later version, and does nothing yet" for key in used]


def find() -> Path | None:
    """The config that is used when none is named."""
    return next((p for p in map(Path.expanduser, PLACES) if p.exists()), None)


def state_directory() -> Path:
    """Where what survives is kept: systemd's choice, else the user's own place for state."""
    if given := os.environ.get("STATE_DIRECTORY"):
        return Path(given)
    home = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(home).expanduser() / "deskpanel"


def load(path: Path, state_directory: Path) -> Config:
    """Read and check a config file. Raises `ConfigError` with every complaint."""
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text)
    except OSError as error:
        raise ConfigError([f"{path}: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise ConfigError([f"{path}: not UTF-8 text: {error.reason}"]) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{path}: {error}"]) from error
    return parse(document, path, text, state_directory)


def parse(document: dict[str, Any], path: Path, text: str, state_directory: Path) -> Config:
    """A TOML document as a Config. Raises `ConfigError`."""
    complaints = Complaints(path, text)
    root = Table(document, "", complaints)
    pbx, user, divert = root.table("pbx"), root.table("user"), root.table("divert")
    config = Config(
        account=_account(pbx, path.parent),
        grants=_grants(pbx, user, divert),
        boards=_boards(root.table("board")),
        oled=_oled(root.table("oled")),
        web=_web(root.table("web"), path.parent),
        store=_store(root.table("store"), state_directory),
        colleagues=tuple(map(_colleague, root.tables("colleague"))),
        schedule=tuple(map(_change, root.tables("schedule"))),
    )
    root.done()
    _check_pins(config, complaints)
    complaints.raise_any()
    return config


# The tables of the file, one function each


def _account(pbx: Table, folder: Path) -> Account:
    host, port = pbx.need("server", checks.server, ("", None))
    transport = pbx.get("transport", checks.one_of(Transport), Transport.UDP)
    return Account(
        server=host,
        port=port,
        transport=transport,
        user=pbx.need("user", checks.phone_number, ""),
        password=_secret(pbx, "password", folder),
        auth_user=pbx.get("auth_user", checks.words, ""),
        name=pbx.get("name", checks.words, ""),
        ca_file=pbx.get("ca_file", checks.beside(folder), None),
        verify=pbx.get("verify", checks.yes_or_no, True),
        expires=pbx.get("expires", checks.number(10, 86400), 300),
        retry=pbx.get("retry", checks.number(1, 3600), 10),
        retry_refused=pbx.get("retry_refused", checks.number(1, 86400), 120),
    )


def _grants(pbx: Table, user: Table, divert: Table) -> Grants:
    mobile = user.get("mobile", checks.phone_number, "")
    targets = [_target(t, mobile) for t in divert.tables("targets")]
    return Grants(
        user=pbx.peek("user", ""),
        profile=pbx.get("profile", checks.one_of_these(PROFILES), PROFILES["generic"]),
        divert_allowed=user.get("divert_allowed", checks.yes_or_no, True),
        absent_at_logout=user.get("absent_at_logout", checks.yes_or_no, False),
        mobile=mobile,
        targets=tuple(targets),
        allowed=tuple(divert.get("allowed", checks.list_of(checks.pattern), [])),
        forbidden=tuple(divert.get("forbidden", checks.list_of(checks.phone_number), [])),
    )


def _target(table: Table, mobile: str) -> Target:
    name = table.need("name", checks.words, "")
    wanted = table.need("number", checks.phone_number, "")
    if wanted == MOBILE and not mobile:
        table.complain("number", '"mobile" needs user.mobile')
    table.done()
    return Target(name, mobile if wanted == MOBILE else wanted)


def _boards(board: Table) -> tuple[Board, ...]:
    known = checks.one_or_list(checks.one_of_these({d: d for d in BOARD_DRIVERS}))
    drivers = board.get("driver", known, ["none"])
    spec = BoardSpec(
        buttons=board.table("buttons").each(BUTTONS, checks.pin),
        lamps=board.table("lamps").each(LAMPS, checks.lamp),
        buzzer=board.table("buzzer").get("pin", checks.pin, None),
        pull_up=board.get("pull_up", checks.yes_or_no, True),
    )
    return tuple(Board(driver, spec) for driver in drivers)


def _oled(oled: Table) -> OledSpec:
    return OledSpec(
        driver=oled.get("driver", checks.one_of_these({d: d for d in OLED_DRIVERS}), "none"),
        bus=oled.get("bus", checks.bus, "i2c:1:0x3c"),
        size=oled.get("size", checks.size, (128, 64)),
        rotate=oled.get("rotate", checks.number(0, 3), 0),
        column_offset=oled.get("column_offset", checks.number(0, 63), None),
    )


def _web(web: Table, folder: Path) -> Web:
    listen = web.get("listen", checks.listening, "127.0.0.1:8780")
    token = _secret(web, "token", folder)
    if listen and not checks.is_loopback(listen) and not token:
        web.complain("listen", "a token is needed where other machines may ask: web.token_file")
    no_names: list[str] = []
    names = web.get("names", checks.list_of(checks.words), no_names)
    return Web(listen, token, tuple(names))


def _store(store: Table, state_directory: Path) -> Path:
    return store.get("path", checks.beside(state_directory), state_directory / "panel.sqlite")


def _colleague(table: Table) -> Colleague:
    colleague = Colleague(
        name=table.need("name", checks.words, ""),
        number=table.need("number", checks.phone_number, ""),
        button=table.get("button", checks.pin, None),
        lamp=table.get("lamp", checks.pin, None),
    )
    table.done()
    return colleague


def _change(table: Table) -> Change:
    change = Change(
        days=table.get("days", checks.days, DAYS),
        minute=table.need("at", checks.minute, 0),
        status=table.need("status", checks.one_of(Status), Status.AVAILABLE),
    )
    table.done()
    return change


def _secret(table: Table, key: str, folder: Path) -> str:
    """`key` itself, or what is in the file that `key`_file names."""
    given = table.get(key, checks.words, "")
    file = table.get(f"{key}_file", checks.beside(folder), None)
    if file is None:
        return given
    try:
        if file.stat().st_mode & 0o077:
            log.warning("%s can be read by others: chmod 600 %s", file, file)
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        table.complain(f"{key}_file", f"{file}: {error.strerror}")
    except UnicodeDecodeError as error:
        table.complain(f"{key}_file", f"{file}: not UTF-8 text: {error.reason}")
    return given


def _check_pins(config: Config, complaints: Complaints) -> None:
    """A pin carries one thing; the display's bus has its own."""
    if not any(b.driver == "gpio" for b in config.boards):
        return
    taken: dict[int, str] = {}
    if config.oled.driver not in ("none", "virtual"):
        taken = dict.fromkeys(pins_of_bus(config.oled.bus), f"oled.bus {config.oled.bus}")
    for where, used in _pins(config):
        if used in taken:
            complaints.add(where, f"pin {used} is taken by {taken[used]}")
        taken.setdefault(used, where)


def _pins(config: Config) -> Iterable[tuple[str, int]]:
    spec = config.boards[0].spec
    for name, used in spec.buttons.items():
        yield f"board.buttons.{name}", used
    for name, pins in spec.lamps.items():
        for used in pins if isinstance(pins, tuple) else (pins,):
            yield f"board.lamps.{name}", used
    if spec.buzzer is not None:
        yield "board.buzzer.pin", spec.buzzer
    for n, colleague in enumerate(config.colleagues):
        for key, maybe in (("button", colleague.button), ("lamp", colleague.lamp)):
            if maybe is not None:
                yield f"colleague[{n}].{key}", maybe
