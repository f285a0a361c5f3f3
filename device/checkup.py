"""`deskpanel check`: hardware and PBX, a line each, with what is wrong and what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from device.config import Board, Config
from device.core.answers import NOT_KNOWN
from device.core.profile import Colleague, Grants
from device.core.words import BUTTONS, COLLEAGUE_BUTTONS, Hint, Link
from device.enquiry import Patience, Seen, enquire
from device.pbx.guess import Guess, probes, suggest
from device.sip.missing import SipMissing
from device.sip.phone import Account, Phone
from hw import drivers
from hw.inputs import KEY, KNOB
from hw.ports import Board as OpenBoard
from hw.ports import HwError
from hw.specs import BoardSpec, KeypadPins, KnobPins

NO_SUBSCRIPTIONS = tuple(map(str, sorted(NOT_KNOWN)))
"How the reason begins where the PBX takes no subscriptions."

NOBODY = "9" * 15
"A number that nobody has. Where its hint speaks as well, a hint does not prove a colleague."

WITHOUT_HINT = (
    "Have the PBX show it, or say in the config that there is none:"
    ' hint = "" in [profile.status.NAME] (docs/profiles.md)'
)

MakePhone = Callable[[Account, Callable[[BaseException], None]], Phone]


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    ok: bool
    text: str
    note: bool = False
    "All right, and yet worth reading: more is possible, or it may not be as meant."

    def __str__(self) -> str:
        word = "BAD" if not self.ok else "note" if self.note else "ok"
        return f"{word:4} {self.what}: {self.text}"

    @classmethod
    def remark(cls, what: str, text: str) -> "Finding":
        """Something worth reading that is no fault."""
        return cls(what, True, text, note=True)


def real_phone(account: Account, on_fault: Callable[[BaseException], None]) -> Phone:
    from device.sip.pjsua import PjsuaPhone

    return PjsuaPhone(account, on_fault)


def checkup(
    config: Config, make_phone: MakePhone = real_phone, patience: Patience | None = None
) -> Iterator[Finding]:
    """Try everything the config names, one after the other."""
    for board in config.boards:
        yield _board(board, len(config.grants.colleagues))
    yield _oled(config.oled)
    try:
        seen = _ask(config, make_phone, patience)
    except SipMissing as error:
        yield Finding("pbx", False, str(error))
        return
    yield _link(config.account, seen)
    if seen.link is Link.ONLINE:
        yield _profile(config, seen)
        yield from _hints(config.grants, seen)


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a board has that can be pressed, seen and heard."""

    buttons: tuple[str, ...] = ()
    lamps: tuple[str, ...] = ()
    coloured: frozenset[str] = frozenset()
    "Those of the lamps that have every colour."
    buzzer: bool = False
    knob: KnobPins | None = None
    keypad: KeypadPins | None = None
    pins: BoardSpec = field(default_factory=BoardSpec)
    "Where they are, on a board of pins."

    def __str__(self) -> str:
        keys = sum(map(len, self.keypad.keys)) if self.keypad else 0
        counts = {"button": len(self.buttons), "lamp": len(self.lamps), "buzzer": int(self.buzzer)}
        counts |= {"knob": int(self.knob is not None), "key": keys}
        named = [f"{n} {word}{'s' * (n > 1)}" for word, n in counts.items() if n]
        return ", ".join(named) or "nothing fitted"

    def place_of_button(self, button: str) -> str:
        """For the end of a sentence: which pin or pins it is on, where it is on some."""
        if button.startswith(KEY):
            return self.place_of_key(button.removeprefix(KEY))
        pushed = {KNOB: self.pins.knob.push} if self.pins.knob else {}
        pin = {**self.pins.buttons, **pushed}.get(button)
        return "" if pin is None else f" (pin {pin})"

    def place_of_knob(self) -> str:
        """For the end of a sentence: which pins it turns on, where it is on some."""
        knob = self.pins.knob
        return f" (a on pin {knob.a}, b on pin {knob.b})" if knob else ""

    def place_of_key(self, key: str) -> str:
        """For the end of a sentence: the pins of its row and its column, where it is on some."""
        if not (pad := self.pins.keypad):
            return ""
        row, text = next((n, row) for n, row in enumerate(pad.keys) if key in row)
        return f" (row on pin {pad.rows[row]}, column on pin {pad.columns[text.index(key)]})"

    def place_of_lamp(self, lamp: str) -> str:
        """For the end of a sentence: which pin or pins it is on, where it is on some."""
        match self.pins.lamps.get(lamp):
            case None:
                return ""
            case int(pin):
                return f" (pin {pin})"
            case red, green, blue:
                return f" (pins {red}, {green} and {blue} for red, green and blue)"


def spec_of(board: Board, people: int) -> BoardSpec:
    """What the board is made from; a virtual one has a button and a lamp of every name."""
    if board.driver != "virtual":
        return board.spec
    every = {name: n for n, name in enumerate((*BUTTONS, *COLLEAGUE_BUTTONS[:people]))}
    return replace(board.spec, buttons=every, lamps=every)


def fitted(config: Board, board: OpenBoard, people: int) -> Fitted:
    """What an opened board has, as it says itself, or as the config says."""
    spec = spec_of(config, people)
    match config.driver:
        case "virtual":
            has = Fitted(tuple(spec.buttons), tuple(spec.lamps), buzzer=True)
            return replace(has, knob=spec.knob, keypad=spec.keypad)
        case "gpio":
            return _on_pins(spec)
        case "busylight":
            return Fitted(lamps=("status",), coloured=frozenset({"status"}))
        case _:
            told = getattr(board, "fitted", None)  # a board on a wire tells in its hello
            if told is None:
                return Fitted()
            return Fitted(told.buttons, told.lamps, told.coloured, told.buzzer)


def _on_pins(spec: BoardSpec) -> Fitted:
    return Fitted(
        buttons=tuple(spec.buttons),
        lamps=tuple(spec.lamps),
        coloured=frozenset(n for n, pins in spec.lamps.items() if isinstance(pins, tuple)),
        buzzer=spec.buzzer is not None,
        knob=spec.knob,
        keypad=spec.keypad,
        pins=spec,
    )


def _board(config: Board, people: int) -> Finding:
    try:
        board = drivers.board(config.driver, spec_of(config, people))
        board.open(lambda *_: None)
        has = fitted(config, board, people)
        board.close()
    except HwError as error:
        return Finding("board", False, str(error))
    return Finding("board", True, f"{config.driver}, {has}")


def _oled(spec: drivers.OledSpec) -> Finding:
    try:
        oled = drivers.oled(spec.driver, spec)
        oled.open()
        oled.close()
    except HwError as error:
        return Finding("oled", False, str(error))
    return Finding("oled", True, f"{spec.driver}, {spec.size[0]}x{spec.size[1]}")


# The PBX


def _ask(config: Config, make_phone: MakePhone, patience: Patience | None) -> Seen:
    faults: list[BaseException] = []
    phone = make_phone(config.account, faults.append)
    hints = probes(config.grants.user) | config.grants.watched | {_line(config.grants, NOBODY)}
    seen = enquire(phone, hints, patience)
    for fault in faults:
        raise fault
    return seen


def _link(account: Account, seen: Seen) -> Finding:
    port = f":{account.port}" if account.port else ""
    where = f"{account.user} at {account.server}{port} over {account.transport}"
    if seen.link is not Link.ONLINE:
        return Finding("pbx", False, f"{where}: {seen.reason}")
    return Finding("pbx", True, f"registered {where}{seen.agent and f'; it is {seen.agent}'}")


def _profile(config: Config, seen: Seen) -> Finding:
    """Whether the profile is that of the family the PBX seems to be of."""
    name = config.grants.profile.name
    guess = suggest(seen.agent, seen.heard, config.grants.user)
    if not guess.families:
        return Finding("profile", True, f"{name}; nothing tells which family the PBX is of")
    if name in guess.families:
        return Finding("profile", True, f"{name}, as the PBX seems: it {guess.why}")
    looks = f"the PBX seems to be {' or '.join(guess.families)}: it {guess.why}"
    if not config.grants.profile.switches:  # answers of its own do no harm anywhere
        more = f"more is possible with {_setting(guess)}: the PBX {guess.why}"
        return Finding.remark("profile", f"{name}; {more}")
    if config.changes:  # who changes codes knows the PBX better than we
        return Finding.remark("profile", f"{name}, changed in the config; {looks}")
    return Finding("profile", False, f"{name}, and {looks}. {_advice(guess)}")


def _setting(guess: Guess) -> str:
    return " or ".join(f'pbx.profile = "{name}"' for name in guess.families)


def _advice(guess: Guess) -> str:
    if "generic" in guess.families:
        kit = "or add our kit to it, image/pbx/asterisk"
        return f"A plain Asterisk keeps no status: {_setting(guess)}, {kit}"
    return f"Set {_setting(guess)}"


def _hints(grants: Grants, seen: Seen) -> Iterator[Finding]:
    """What can be read back, and what cannot."""
    silent = {hint: why for hint in sorted(grants.watched) if (why := seen.silent(hint))}
    reasons = set(silent.values())
    if reasons and all(why.startswith(NO_SUBSCRIPTIONS) for why in reasons):
        text = f"the PBX takes no subscriptions ({reasons.pop()}): nothing can be read back"
        yield Finding("hints", not _needed(grants), text, note=not _needed(grants))
        return
    if readable := sorted(grants.watched - silent.keys()):
        yield Finding("hints", True, f"{', '.join(readable)} can be read")
    for hint, why in silent.items():
        yield from _silent(grants, hint, f"{hint} cannot be read ({why})")
    for colleague in grants.colleagues:
        yield from _colleague(grants, colleague, seen)


def _colleague(grants: Grants, colleague: Colleague, seen: Seen) -> Iterator[Finding]:
    """Whether there is such a colleague, as far as that can be known."""
    what, line = f"colleague {colleague.name}", _line(grants, colleague.number)
    if line in grants.watched and (why := seen.silent(line)):
        text = f"{line} cannot be read ({why}): is it an extension, with a hint?"
        yield Finding(what, False, text)
    elif _any_number_speaks(grants, seen) and seen.heard.get(line) is Hint.AWAY:
        text = f"no phone is registered as {colleague.number} now: is that the right number?"
        yield Finding.remark(what, text)


def _any_number_speaks(grants: Grants, seen: Seen) -> bool:
    """Phones have hints, and nobody's has one as well."""
    return bool(grants.profile.line) and _line(grants, NOBODY) in seen.heard


def _line(grants: Grants, number: str) -> str:
    """The hint of somebody's phone, or of what they publish where there is no other."""
    return (grants.profile.line or "{user}").format(user=number)


def _needed(grants: Grants) -> bool:
    return any(s.hint and not s.optional for s in grants.profile.switches.values())


def _silent(grants: Grants, hint: str, cannot: str) -> Iterator[Finding]:
    """What it means that one of the user's own hints does not speak."""
    switches = grants.profile.switches.items()
    told = {status: s for status, s in switches if s.hint.format(user=grants.user) == hint}
    names = ", ".join(told)
    if told and all(switch.optional for switch in told.values()):
        yield Finding.remark("hints", f"{cannot}: what a phone does to {names} is not seen")
    elif told:
        text = f"{cannot}: the panel will not know {names}. {WITHOUT_HINT}"
        yield Finding("hints", False, text)
    elif hint == grants.line:
        yield Finding.remark("hints", f"{cannot}: what the user's phone does is not known")
