"""`deskpanel check --hardware`: through what is fitted with its user, lamp by lamp.

The machine lights, sounds and listens; the person looks, hears and presses. Nobody waits for ever.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from PIL import Image, ImageDraw

from device.checkup import Finding, Fitted, fitted, spec_of
from device.config import Board as BoardConfig
from device.config import Config
from device.core.gestures import BOUNCE_SECONDS
from device.core.words import COLLEAGUE_BUTTONS
from device.finger import Listener, Told, press_of
from hw import drivers
from hw.inputs import KEY, KNOB, LEFT, RIGHT, STEPS
from hw.ports import Board, Colour, Glow, HwError, Oled, Pattern
from hw.specs import BoardSpec, KeypadPins, OledSpec

PRIMARY = (Colour.RED, Colour.GREEN, Colour.BLUE)
"Each by one pin of a lamp of three: the order is seen."

TUNE, TUNE_IN_WORDS = "voicemail", "a long tone and a short one"

HANDS_OFF = "Take your hands off the buttons for a moment."

CLICKS = 4
"By which the knob is to be turned; a finger may miscount by one."

MOST_UNSEEN = 4
"Keys one after the other: with no keypad there, nobody wants to wait for all."

FRAME = (
    "The display shows a thin frame along all four edges, a block in its top left corner,"
    " and an arrow that points up: is it so?"
)
FRAME_AMISS = (
    "a frame that is cut or wraps round: oled.column_offset, or a driver of another controller"
    " (many an SSD1306 is an SH1106); an arrow that lies: oled.rotate; snow: the driver"
)
FULL = "Now every dot of it is lit: is it so?"
FULL_AMISS = "rows or columns stay dark: oled.size, or the glass"

BUSY = "Is a panel running? It has the hardware for itself: systemctl stop deskpanel"


class Person(Protocol):
    """Who looks at the hardware."""

    def say(self, text: str) -> None: ...

    def ask(self, question: str, seconds: float) -> str | None:
        """The line that is typed; None where none comes in so many seconds."""

    def forget(self) -> None:
        """Drop what was typed before it was asked for."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait at most."""

    answer: float = 60.0
    press: float = 20.0
    release: float = 5.0
    "A button that is down for longer is stuck."
    rest: float = 0.2
    "Without an edge, and a button has come to rest."
    turn: float = 1.5
    "Without a click, and nobody turns any more."
    hands_off: float = 1.5
    "In which nothing may be told of any button, knob or key."


class NobodyThereError(Exception):
    """A question was not answered: there is no use in going on."""


@dataclass(frozen=True)
class Walk:
    """One round with a person, over everything that the config says is fitted."""

    config: Config
    person: Person
    patience: Patience = field(default_factory=Patience)
    make_board: Callable[[str, BoardSpec], Board] = drivers.board
    make_oled: Callable[[str, OledSpec], Oled] = drivers.oled

    def findings(self) -> Iterator[Finding]:
        """What is right and what is not, one after the other as it is found out."""
        try:
            for board in self.config.boards:
                yield from (self._of(board, finding) for finding in self._board(board))
            if self.config.oled.driver != "none":
                yield from self._oled(self.config.oled)
        except NobodyThereError:
            yield Finding("walk", False, "nobody answers; the rest is not tried")

    # A board

    def _of(self, board: BoardConfig, finding: Finding) -> Finding:
        """Whose it is, where there are several boards."""
        alone = len(self.config.boards) == 1 or finding.what.startswith("board ")
        return finding if alone else replace(finding, what=f"{board.driver}: {finding.what}")

    def _board(self, config: BoardConfig) -> Iterator[Finding]:
        if config.driver == "none":
            return
        listener = Listener()
        people = len(self.config.grants.colleagues)
        try:
            board = self.make_board(config.driver, spec_of(config, people))
        except HwError as error:
            yield Finding(f"board {config.driver}", False, str(error))
            return
        try:
            board.open(listener.hear)
            yield from self._parts(board, fitted(config, board, people), listener)
        except HwError as error:
            yield Finding(f"board {config.driver}", False, _with_advice(error))
        finally:
            board.close()

    def _parts(self, board: Board, has: Fitted, listener: Listener) -> Iterator[Finding]:
        if has.lamps:
            board.show({})
            yield self._asked("lamps", "All lamps are dark now: is it so?", "one burns unasked")
        for lamp in has.lamps:
            yield self._lamp(board, has, lamp)
        board.show({})
        if has.buzzer:
            yield self._buzzer(board)
        if has.buttons or has.knob or has.keypad:
            yield from self._noise(listener)
        for button in has.buttons:
            yield self._button(listener, button, has)
        if has.knob:
            yield self._turned(listener, RIGHT, has)
            yield self._turned(listener, LEFT, has)
        if has.knob and has.knob.push is not None:
            yield self._button(listener, KNOB, has)
        if has.keypad:
            yield from self._keypad(listener, has.keypad, has)

    def _lamp(self, board: Board, has: Fitted, lamp: str) -> Finding:
        what, where = f"lamp {self._name(lamp)}", has.place_of_lamp(lamp)
        if lamp in has.coloured:
            return self._coloured(board, lamp, what, where)
        board.show({lamp: Glow(Colour.WHITE, Pattern.FAST)})
        question = f"The {what} blinks now, and no other: is it so?"
        return self._asked(what, question, f"it does not, or another does{where}")

    def _coloured(self, board: Board, lamp: str, what: str, where: str) -> Finding:
        for colour in PRIMARY:
            board.show({lamp: Glow(colour, Pattern.STEADY)})
            question = f"The {what} is {colour} now: is it so?"
            finding = self._asked(what, question, f"{colour} is not {colour}{where}")
            if not finding.ok:
                return finding
        return finding

    def _buzzer(self, board: Board) -> Finding:
        board.beep(TUNE)
        return self._asked("buzzer", f"Did you hear {TUNE_IN_WORDS}?", "it was not heard")

    def _noise(self, listener: Listener) -> Iterator[Finding]:
        """What buttons tell while nobody presses them."""
        self.person.say(HANDS_OFF)
        told = listener.within(self.patience.hands_off)
        for button in dict.fromkeys(edge.button for edge in told):
            edges = [edge for edge in told if edge.button == button]
            why = f"chatters with nobody near it, {len(edges)} edges: a loose wire, no pull-up?"
            stuck = "is down with nobody near it: stuck, or wired to the wrong leg?"
            # A click of the knob has no edge that ends it.
            text = stuck if edges[-1].down and button not in STEPS else why
            yield Finding(self._part(button), False, text)

    def _button(self, listener: Listener, button: str, has: Fitted) -> Finding:
        what, wait = self._part(button), self.patience
        self.person.say(f"Press {self._name(button)}, and let it go.")
        told = listener.press(button, wait.press, wait.release, wait.rest)
        ok, text = self._judged(button, told, has)
        self.person.say(f"  {text}")
        return Finding(what, ok, text)

    def _judged(self, button: str, told: list[Told], has: Fitted) -> tuple[bool, str]:
        """Whether the press is a good one, and in words what it is."""
        edges = [edge for edge in told if edge.button == button]
        if not edges:
            return False, self._unseen(button, told, has)
        press = press_of(edges)
        if press.was_down:
            return False, "was down before it was pressed: stuck?"
        if not press.came_up:
            return False, f"stuck: it went down and did not come up in {self.patience.release:g} s"
        if button.startswith(KEY):  # read from time to time, which shows no bounces
            return True, "seen"
        seen = f"seen, {_bounces(press.bounces)}"
        if press.bounces:
            seen += f", {press.seconds * 1000:.0f} ms"
        if press.seconds > BOUNCE_SECONDS:
            return False, f"{seen}: longer than the {BOUNCE_SECONDS * 1000:.0f} ms that are waited"
        return True, seen

    def _unseen(self, button: str, told: Iterable[Told], has: Fitted) -> str:
        seconds, where = f"{self.patience.press:g} s", has.place_of_button(button)
        if others := {self._name(edge.button): None for edge in told}:
            seen = " and ".join(others)
            return f"not seen in {seconds}, but {seen} was: are their wires swapped?{where}"
        return f"nobody pressed it in {seconds}, or its wire is loose, or it is stuck{where}"

    def _turned(self, listener: Listener, way: str, has: Fitted) -> Finding:
        side = way.removeprefix(f"{KNOB}-")
        self.person.say(f"Turn the knob to the {side}, by {CLICKS} clicks.")
        told = listener.until_quiet(self.patience.press, self.patience.turn)
        steps = [edge.button for edge in told if edge.button in STEPS]
        ok, text = self._judged_turn(steps.count(way), len(steps), has)
        self.person.say(f"  {text}")
        return Finding(self._part(way), ok, text)

    def _judged_turn(self, right: int, seen: int, has: Fitted) -> tuple[bool, str]:
        """Whether so many clicks of all that were seen went the right way, and what that means."""
        where = has.place_of_knob()
        if not seen:
            return False, f"nothing is seen in {self.patience.press:g} s: a loose wire?{where}"
        if not right:
            return False, f"turns the other way: exchange a and b{where}"
        if right < seen:
            return False, f"goes to and fro, {seen - right} of {seen} back: a loose wire?{where}"
        if abs(seen - CLICKS) > 1:
            more = "another kind of knob, or a contact that comes late"
            return False, f"{_clicks(seen)} seen, not {CLICKS}: {more}{where}"
        return True, f"seen, {_clicks(seen)}"

    def _keypad(self, listener: Listener, pad: KeypadPins, has: Fitted) -> Iterator[Finding]:
        """Every key; where nothing is seen of several, that is that."""
        unseen = 0
        for key in "".join(pad.keys):
            finding = self._button(listener, KEY + key, has)
            yield finding
            unseen = 0 if finding.ok else unseen + 1
            if unseen == MOST_UNSEEN:
                text = f"{unseen} keys one after the other are amiss; the rest is not tried"
                yield Finding("keypad", False, text)
                return

    # The display

    def _oled(self, spec: OledSpec) -> Iterator[Finding]:
        try:
            oled = self.make_oled(spec.driver, spec)
        except HwError as error:
            yield Finding("oled", False, str(error))
            return
        try:
            oled.open()
            yield from self._pictures(oled)
        except HwError as error:
            yield Finding("oled", False, _with_advice(error))
        finally:
            oled.close()

    def _pictures(self, oled: Oled) -> Iterator[Finding]:
        oled.show(card(oled.size))
        yield self._asked("oled frame", FRAME, FRAME_AMISS)
        oled.show(Image.new("1", oled.size, 1))
        yield self._asked("oled dots", FULL, FULL_AMISS)

    # The person

    def _asked(self, what: str, question: str, amiss: str) -> Finding:
        """What the person says of it. Raises `NobodyThereError`."""
        self.person.forget()
        while True:
            answer = self.person.ask(f"{question} [Y/n]", self.patience.answer)
            if answer is None:
                raise NobodyThereError
            if answer.lower() in ("", "y", "yes"):
                return Finding(what, True, "as it should be")
            if answer.lower() in ("n", "no"):
                return Finding(what, False, amiss)
            self.person.say("Enter or y for yes, n for no.")

    def _part(self, button: str) -> str:
        """How a finding calls what is pressed or turned."""
        special = button == KNOB or button in STEPS or button.startswith(KEY)
        name = self._name(button)
        return name.removeprefix("the ") if special else f"button {name}"

    def _name(self, part: str) -> str:
        """A colleague's button and lamp by the colleague's name, too."""
        if part == KNOB:
            return "the knob"
        if part in STEPS or part.startswith(KEY):
            return part.replace("-", " ", 1)
        if part not in COLLEAGUE_BUTTONS:
            return part
        people, n = self.config.grants.colleagues, COLLEAGUE_BUTTONS.index(part)
        return f"{part} ({people[n].name})" if n < len(people) else part


def table(findings: Iterable[Finding]) -> list[str]:
    """All findings, a line each, in columns."""
    found = list(findings)
    width = max((len(finding.what) for finding in found), default=0)
    return [f"{f.what:{width}}  {'ok ' if f.ok else 'BAD'}  {f.text}" for f in found]


def card(size: tuple[int, int]) -> Image.Image:
    """Told from every shift, turn and mirroring of itself; its frame is one dot wide."""
    (width, height), picture = size, Image.new("1", size)
    draw, block = ImageDraw.Draw(picture), height // 4
    draw.rectangle((0, 0, width - 1, height - 1), outline=1)
    draw.rectangle((3, 3, 3 + block, 3 + block), fill=1)
    middle, top, foot, wing = width // 2, 3, height - 4, height // 4
    draw.line((middle, top, middle, foot), fill=1)
    draw.polygon(((middle, top), (middle - wing, top + wing), (middle + wing, top + wing)), fill=1)
    return picture


def _bounces(count: int) -> str:
    return {0: "no bounce", 1: "1 bounce"}.get(count, f"{count} bounces")


def _clicks(count: int) -> str:
    return f"{count} click{'s' * (count != 1)}"


def _with_advice(error: HwError) -> str:
    # lgpio says "GPIO busy", the kernel "Device or resource busy".
    taken = re.search(r"\bbusy\b(?! light)", str(error))
    return f"{error}. {BUSY}" if taken else str(error)
