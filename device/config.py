"""From a TOML file to frozen values. All complaints come at once, each with file, line and key."""

import logging
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from device import VERSION, checks
from device.core.manners import Manners, Span
from device.core.profile import MOBILE, Colleague, Grants, Profile, Target
from device.core.schedule import WEEK_DAYS, Change
from device.core.words import BUTTONS, COLLEAGUE_BUTTONS, MOST_COLLEAGUES, Status
from device.doorkeeper import DIGITS
from device.glass import language_of, spec_of
from device.pbx import profiles
from device.pbx.guess import strangers
from device.pbx.profiles import PROFILES, ProfileError
from device.sip.phone import Account, Transport
from device.tables import Complaints, ConfigError, Table
from device.views.lists import room
from device.views.looks import STANDARD, THEMES
from device.views.words import LANGUAGES
from hw.drivers import BOARD_DRIVERS
from hw.keypad import KEYS
from hw.specs import BoardSpec, KeypadPins, KnobPins, OledSpec, pins_of_bus

log = logging.getLogger("deskpanel")

LAMPS = (*BUTTONS, "status")

DEFAULT_PANEL = BoardSpec(
    buttons=dict(zip(BUTTONS, (5, 6, 13, 19, 26, 16, 20, 21), strict=True)),
    lamps=dict(zip(BUTTONS, (17, 12, 27, 22, 4, 23, 24, 25), strict=True)),
    buzzer=18,
)
"What docs/wiring.md draws: the pins of a gpio board that names none of its own."

_FITTED = ("buttons", "lamps", "buzzer", "knob", "keypad")

REPLIES = {
    "en": ["OK", "I will call you back", "I am in a meeting"],
    "it": ["OK", "Ti richiamo", "Sono in riunione"],
    "de": ["OK", "Ich rufe zurück", "Ich bin in einer Besprechung"],
    "fr": ["OK", "Je vous rappelle", "Je suis en réunion"],
    "es": ["OK", "Te llamo luego", "Estoy en una reunión"],
}
"Answers to a text where the config has none: in the language that the glass speaks."

T = TypeVar("T")

EVERY_DAY = tuple(range(WEEK_DAYS))
NOT_TO_BE_TYPED = "has more than the digits 1 to 5, which the status buttons are without a keypad"

NEVER = -1
"For a time that is wrong, so that it does not seem to be another's."


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
class Config:
    account: Account
    grants: Grants
    boards: tuple[Board, ...]
    oled: OledSpec
    web: Web
    store: Path
    changes: tuple[str, ...] = ()
    "Keys of the profile that this config has otherwise than the family."
    language: str = LANGUAGES[0]
    "Of what the glass says."
    pin: str = field(default="", repr=False)
    "What the buttons ask for before they leave absent; empty: nothing."
    zone: str = ""
    "Whose time is told and kept, by its name in the tz database; empty: this computer's."

    @property
    def remarks(self) -> list[str]:
        """What is right, and yet not what its writer may think."""
        if not self.changes:
            return []
        return [f"profile {self.grants.profile.name} is changed: {', '.join(self.changes)}"]


def load(path: Path, state_directory: Path) -> Config:
    """Read and check a config file. Raises `ConfigError` with every complaint."""
    try:
        return _read(path, state_directory)
    except RecursionError as error:  # of tomllib, or of what looks at a value to complain of it
        raise ConfigError([f"{path}: too many brackets or dots in one another"]) from error


def _read(path: Path, state_directory: Path) -> Config:
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
    people, pin = root.tables("colleague"), _pin(root.table("user"), path.parent)
    language, oled = language_of(root.table("oled")), spec_of(root.table("oled"))
    manners = _manners(root, pin, language)
    config = Config(
        account=_account(root.table("pbx"), path.parent),
        grants=replace(_grants(root, people), manners=manners, room=room(oled.seen_size)),
        boards=_boards(root.table("board"), people),
        oled=oled,
        web=_web(root.table("web"), path.parent),
        store=_store(root.table("store"), state_directory),
        changes=_changes(root),
        language=language,
        pin=pin,
        zone=root.table("time").get("zone", checks.zone, ""),
    )
    root.done()
    _check_pins(config, complaints)
    _check_digits(config, root.table("user"))
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
        # A PBX may want none, and then there is no key; one that is empty was forgotten.
        password=_secret(pbx, "password", folder, checks.filled),
        auth_user=pbx.get("auth_user", checks.words, ""),
        name=pbx.get("name", checks.words, ""),
        ca_file=pbx.get("ca_file", checks.beside(folder), None),
        verify=pbx.get("verify", checks.yes_or_no, True),
        expires=pbx.get("expires", checks.number(10, 86400), 300),
        retry=pbx.get("retry", checks.number(1, 3600), 10),
        retry_refused=pbx.get("retry_refused", checks.number(1, 86400), 120),
    )


def _grants(root: Table, people: list[Table]) -> Grants:
    user, divert = root.table("user"), root.table("divert")
    mobile = user.get("mobile", checks.phone_number, "")
    targets = [_target(t, mobile) for t in divert.tables("targets")]
    own, profile = root.table("pbx").peek("user", ""), _profile(root)
    grants = Grants(
        user=own,
        profile=profile,
        strangers=strangers(profile),
        divert_allowed=user.get("divert_allowed", checks.yes_or_no, True),
        absent_at_logout=user.get("absent_at_logout", checks.yes_or_no, False),
        absent_at_shutdown=user.get("absent_at_shutdown", checks.yes_or_no, False),
        mobile=mobile,
        targets=tuple(targets),
        allowed=tuple(divert.get("allowed", checks.list_of(checks.pattern), [])),
        forbidden=tuple(divert.get("forbidden", checks.list_of(checks.phone_number), [])),
        colleagues=_colleagues(people, own),
    )
    return replace(grants, schedule=_schedule(root.tables("schedule"), grants))


def _manners(root: Table, pin: str, language: str) -> Manners:
    lamps, sound, never = root.table("lamps"), root.table("sound"), list[Span]()
    spans, usual = checks.one_or_list(checks.span), Manners()
    replies = checks.list_of(checks.words)
    return Manners(
        theme=lamps.get("theme", checks.one_of_these({t: t for t in THEMES}), STANDARD),
        night=tuple(lamps.get("night", spans, never)),
        night_level=lamps.get("night_level", checks.share, usual.night_level),
        quiet=tuple(sound.get("quiet", spans, never)),
        pin_digits=len(pin),
        other_target=root.table("divert").get("other", checks.yes_or_no, True),
        replies=tuple(root.table("messages").get("replies", replies, REPLIES[language])),
        facts=(("Version", VERSION), ("Web", root.table("web").peek("listen", ""))),
    )


def _pin(user: Table, folder: Path) -> str:
    """The PIN; empty where there is none, or a wrong one, of which no complaint tells a digit."""
    pin = _secret(user, "pin", folder)
    if not pin and not user.has("pin_file"):
        return ""
    try:
        return checks.pin_code(pin)
    except ValueError as error:
        user.complain(_pin_key(user), str(error))
        return ""


def _pin_key(user: Table) -> str:
    return "pin_file" if user.has("pin_file") else "pin"


def _profile(root: Table) -> Profile:
    """The family, with what the table `profile` changes of it."""
    pbx, changes = root.table("pbx"), root.get("profile", checks.table, {})
    family = pbx.get("profile", checks.one_of_these(PROFILES), PROFILES["generic"])
    if family.name != _family(root):  # it is wrong, and nobody knows what would be changed
        return family
    try:
        return profiles.changed(family.name, changes)
    except ProfileError as error:
        for key, problem in error.problems:
            root.complain(f"profile.{key}", problem)
        return family


def _changes(root: Table) -> tuple[str, ...]:
    changes = root.get("profile", checks.table, {})
    known = _family(root) in PROFILES
    return tuple(profiles.differences(_family(root), changes)) if known else ()


def _family(root: Table) -> str:
    return root.table("pbx").peek("profile", "generic")


def _target(table: Table, mobile: str) -> Target:
    name = table.need("name", checks.words, "")
    wanted = table.need("number", checks.phone_number, "")
    if wanted == MOBILE and not mobile:
        table.complain("number", '"mobile" needs user.mobile')
    table.done()
    return Target(name, mobile if wanted == MOBILE else wanted)


def _boards(board: Table, people: list[Table]) -> tuple[Board, ...]:
    known = checks.one_or_list(checks.one_of_these({d: d for d in BOARD_DRIVERS}))
    drivers = board.get("driver", known, ["none"])
    as_drawn = "gpio" in drivers and not any(board.has(part) for part in _FITTED)
    usual = DEFAULT_PANEL if as_drawn else BoardSpec()
    spec = BoardSpec(
        buttons={
            **(usual.buttons or board.table("buttons").each(BUTTONS, checks.pin)),
            **_of_people(people, "button", checks.pin),
        },
        lamps={
            **(usual.lamps or board.table("lamps").each(LAMPS, checks.lamp)),
            **_of_people(people, "lamp", checks.lamp),
        },
        buzzer=board.table("buzzer").get("pin", checks.pin, usual.buzzer),
        tones=board.table("buzzer").get("tones", checks.yes_or_no, False),
        dims=board.get("dims", checks.yes_or_no, True),
        knob=_knob(board.table("knob")) if board.has("knob") else None,
        keypad=_keypad(board.table("keypad")) if board.has("keypad") else None,
        pull_up=board.get("pull_up", checks.yes_or_no, True),
        port=board.get("port", checks.words, ""),
        baud=board.get("baud", checks.number(1200, 4_000_000), 115_200),
        dtr=board.get("dtr", checks.yes_or_no, True),
    )
    return tuple(Board(driver, spec) for driver in drivers)


def _knob(knob: Table) -> KnobPins:
    return KnobPins(
        a=knob.need("a", checks.pin, 0),
        b=knob.need("b", checks.pin, 1),
        push=knob.get("push", checks.pin, None),
    )


def _keypad(keypad: Table) -> KeypadPins:
    none: list[int] = []
    rows = keypad.need("rows", checks.list_of(checks.pin), none)
    columns = keypad.need("columns", checks.list_of(checks.pin), none)
    usual = [row[: len(columns)] for row in KEYS[: len(rows)]]
    keys = keypad.get("keys", checks.list_of(checks.keys), usual)
    if len(keys) != len(rows) or any(len(row) != len(columns) for row in keys):
        keypad.complain("keys", "expected a text for each row, with a character for each column")
    return KeypadPins(tuple(rows), tuple(columns), tuple(keys))


def _of_people(people: list[Table], key: str, check: checks.Check[T]) -> dict[str, T]:
    """What colleagues have under this key, by the names of their buttons."""
    pins = [table.get(key, check, None) for table in people]
    named = zip(COLLEAGUE_BUTTONS, pins, strict=False)
    return {name: pin for name, pin in named if pin is not None}


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


def _colleagues(people: list[Table], own: str) -> tuple[Colleague, ...]:
    found: list[Colleague] = []
    for table in people:
        colleague = _colleague(table)
        _check_colleague(table, colleague, found, own)
        found.append(colleague)
        if len(found) > MOST_COLLEAGUES:
            table.complain("name", f"is one too many: there is room for {MOST_COLLEAGUES}")
    return tuple(found)


def _colleague(table: Table) -> Colleague:
    return Colleague(
        name=table.need("name", checks.words, ""),
        number=table.need("number", checks.phone_number, ""),
    )


def _check_colleague(table: Table, colleague: Colleague, others: list[Colleague], own: str) -> None:
    """A colleague is somebody else, and has a name and a number of their own."""
    if colleague.number and colleague.number == own:
        table.complain("number", f"{own} is the user's own number: pbx.user")
    if colleague.number and colleague.number in (c.number for c in others):
        table.complain("number", f"{colleague.number} is a colleague already")
    if colleague.name and colleague.name.lower() in (c.name.lower() for c in others):
        table.complain("name", f"{colleague.name} is a colleague already")


def _schedule(tables: list[Table], grants: Grants) -> tuple[Change, ...]:
    found: list[Change] = []
    for table in tables:
        change = _change(table, grants)
        if twice := [c for c in found if _meet(c, change)]:
            table.complain("at", f"{twice[0].status} is scheduled for that moment already")
        found.append(change)
    return tuple(found)


def _change(table: Table, grants: Grants) -> Change:
    change = Change(
        days=table.get("days", checks.days, ()) if table.has("days") else EVERY_DAY,
        minute=table.need("at", checks.minute, NEVER),
        status=table.need("status", checks.one_of(Status), Status.AVAILABLE),
        target=table.get("target", checks.words, ""),
    )
    if refusal := _refusal(change, grants):
        table.complain(*refusal)
    return change


def _refusal(change: Change, grants: Grants) -> tuple[str, str] | None:
    """Why this could not be done when its time has come: a key, and a sentence."""
    if change.status is not Status.DIVERTED:
        return ("target", "goes with diverted only") if change.target else None
    target = grants.target(change.target)
    if target is None:
        return "target", "is missing, and there are no divert.targets"
    if target not in grants.targets:
        return "target", f"{change.target} is not among divert.targets"
    # Without a number it is the target that is wrong, and it was told.
    refusal = grants.refusal(target) if target.number else ""
    return ("status", refusal) if refusal else None


def _meet(one: Change, other: Change) -> bool:
    same = one.minute == other.minute != NEVER
    return same and not set(one.days).isdisjoint(other.days)


def _secret(table: Table, key: str, folder: Path, check: checks.Check[str] = checks.words) -> str:
    """`key` itself, or what is in the file that `key`_file names."""
    given = table.get(key, check, "")
    file = table.get(f"{key}_file", checks.beside(folder), None)
    if file is None:
        return given
    try:
        if file.stat().st_mode & 0o077:
            log.warning("%s can be read by others: chmod 600 %s", file, file)
        return check(file.read_text(encoding="utf-8").strip())
    except OSError as error:
        table.complain(f"{key}_file", f"{file}: {error.strerror}")
    except UnicodeDecodeError as error:
        table.complain(f"{key}_file", f"{file}: not UTF-8 text: {error.reason}")
    except ValueError as error:
        table.complain(f"{key}_file", f"{file}: {error}")
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
        yield _where(name, "button"), used
    for name, pins in spec.lamps.items():
        for used in pins if isinstance(pins, tuple) else (pins,):
            yield _where(name, "lamp"), used
    if spec.buzzer is not None:
        yield "board.buzzer.pin", spec.buzzer
    for where, part in (("board.knob", spec.knob), ("board.keypad", spec.keypad)):
        for used in part.pins if part else ():
            yield where, used


WITH_KEYS = ("gpio", "virtual")
"Drivers that have the keypad which the config describes."


def _check_digits(config: Config, user: Table) -> None:
    """What the buttons ask for can be given."""
    missing = set(config.pin) - set(DIGITS.values())
    if missing and not any(b.driver in WITH_KEYS and b.spec.keypad for b in config.boards):
        user.complain(_pin_key(user), NOT_TO_BE_TYPED)


def _where(name: str, part: str) -> str:
    """The key under which a button or lamp has its pin."""
    if name in COLLEAGUE_BUTTONS:
        return f"colleague[{COLLEAGUE_BUTTONS.index(name)}].{part}"
    return f"board.{part}s.{name}"
