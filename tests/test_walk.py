"""`deskpanel check --hardware`: a person who looks, presses and answers, and boards with faults."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path

# Imported here, since importing leaves hidapi's socket to udev behind for good.
import busylight_core  # type: ignore[import-untyped, unused-ignore] # noqa: F401
import pytest
from PIL import Image

from device.checkup import Finding
from device.config import Board as BoardConfig
from device.config import Config, Web
from device.core.profile import Colleague, Grants
from device.core.words import BUTTONS
from device.pbx.profiles import PROFILES
from device.sip.phone import Account
from device.walk import BUSY, FRAME_AMISS, Patience, Walk, card, table
from hw.mocks.board import VirtualBoard
from hw.mocks.glass import Glass, Sh1106Glass, Ssd1306Glass
from hw.mocks.lights import Flag, UsbPort
from hw.oled import LumaOled, i2c_on
from hw.patterns import lit
from hw.ports import Board, EdgeHandler, HwMissing, Pattern
from hw.specs import BoardSpec, KeypadPins, KnobPins, OledSpec
from hw.wire import Fitted as Told

SHORT = Patience(answer=0.01, press=0.01, release=0.01, rest=0.0, turn=0.0, hands_off=0.0)
"Whatever a scripted person does has been told before it is waited for."

FRONT = Colleague("Front desk", "101")


@dataclass
class Time:
    """The time of edges: half a millisecond each."""

    at: float = 0.0

    def __call__(self) -> float:
        self.at += 0.0005
        return self.at


@dataclass
class Someone:
    """Looks at what is there and presses what is asked for. The eyes do not lie."""

    look: Callable[[str], bool] = lambda _: True
    "Whether what a question asks is so."
    finger: Callable[[str], None] = lambda _: None
    "Does what it was told about the button of this name."
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    forgot: int = -1
    "How many questions had been asked when what was typed ahead was dropped."
    answers: Iterator[str | None] | None = None
    "Where they are not what was seen."

    def say(self, text: str) -> None:
        self.said.append(text)
        if text.startswith("Press "):
            self.finger(text.split()[1].rstrip(","))

    def ask(self, question: str, _seconds: float) -> str | None:
        assert self.forgot == len(self.asked) or question == self.asked[-1]
        self.asked.append(question)
        if self.answers:
            return next(self.answers)
        return "" if self.look(question.removesuffix(" [Y/n]")) else "n"

    def forget(self) -> None:
        self.forgot = len(self.asked)


@dataclass
class Scene:
    """A config, the one board in it, and who walks round it."""

    board: VirtualBoard
    people: tuple[Colleague, ...] = ()
    time: Time = field(default_factory=Time)

    def look(self, question: str) -> bool:
        """Whether the lamp of the question, and no other, moves."""
        moving = {name for name, glow in self.board.glows.items() if lit(glow, 0.0)}
        if question.startswith("All lamps are dark"):
            return not moving
        if question.startswith("Did you hear"):
            return bool(self.board.beeps) and not moving
        fast = {n for n in moving if self.board.glows[n].pattern is Pattern.FAST}
        return {question.split()[2]} == moving == fast

    def tap(self, button: str) -> None:
        self.press(button)
        self.time.at += 0.1
        self.board.release(button)
        self.board.settle()

    def press(self, button: str) -> None:
        self.board.press(button)
        self.board.settle()

    def walk(self, person: Someone, patience: Patience = SHORT) -> dict[str, Finding]:
        walk = Walk(config("virtual", people=self.people), person, patience, lambda *_: self.board)
        return {finding.what: finding for finding in walk.findings()}


def config(
    *boards: str,
    people: tuple[Colleague, ...] = (),
    oled: str = "none",
    spec: BoardSpec | None = None,
) -> Config:
    grants = Grants("100", PROFILES["generic"], colleagues=people)
    account = Account("pbx.example.com", "100", "hush")
    fitted = tuple(BoardConfig(driver, spec or BoardSpec()) for driver in boards)
    return Config(account, grants, fitted, OledSpec(oled), Web(""), Path("panel.sqlite"))


@pytest.fixture
def scene() -> Scene:
    time = Time()
    names = (*BUTTONS, "colleague-1")
    return Scene(VirtualBoard(names, names, bounces=3, clock=time), (FRONT,), time)


def bad(findings: dict[str, Finding]) -> dict[str, str]:
    return {what: finding.text for what, finding in findings.items() if not finding.ok}


def test_a_board_without_a_fault_is_right_in_every_part(scene: Scene) -> None:
    person = Someone(scene.look, scene.tap)
    findings = scene.walk(person)
    assert not bad(findings)
    parts = [*BUTTONS, "colleague-1 (Front desk)"]
    lamps, buttons = [f"lamp {part}" for part in parts], [f"button {part}" for part in parts]
    assert list(findings) == ["lamps", *lamps, "buzzer", *buttons]
    assert findings["button dnd"].text == "seen, 3 bounces, 3 ms"
    assert "  seen, 3 bounces, 3 ms" in person.said


def test_afterwards_the_board_is_dark_and_given_back(scene: Scene) -> None:
    scene.walk(Someone(scene.look, scene.tap))
    assert not scene.board.is_open
    assert not any(lit(glow, 0.0) for glow in scene.board.glows.values())


def test_a_lamp_that_is_not_what_was_asked_for_is_named(scene: Scene) -> None:
    person = Someone(lambda q: "lamp dnd " not in q and scene.look(q), scene.tap)
    assert bad(scene.walk(person)) == {"lamp dnd": "it does not, or another does"}


def test_a_contact_without_bounces_is_seen_too(scene: Scene) -> None:
    scene.board.bounces = 0
    findings = scene.walk(Someone(scene.look, scene.tap))
    assert findings["button missed"].text == "seen, no bounce"


def test_a_contact_that_bounces_for_too_long_is_told(scene: Scene) -> None:
    scene.board.bounces = 40
    text = bad(scene.walk(Someone(scene.look, scene.tap)))["button dnd"]
    assert text == "seen, 40 bounces, 40 ms: longer than the 30 ms that are waited"


def test_a_button_that_nobody_presses_is_given_up(scene: Scene) -> None:
    tap_others = Someone(scene.look, lambda b: None if b == "dnd" else scene.tap(b))
    told = bad(scene.walk(tap_others))
    assert told == {
        "button dnd": "nobody pressed it in 0.01 s, or its wire is loose, or it is stuck"
    }


def test_swapped_wires_are_seen(scene: Scene) -> None:
    swapped = {"dnd": "absent", "absent": "dnd"}
    told = bad(scene.walk(Someone(scene.look, lambda b: scene.tap(swapped.get(b, b)))))
    assert told == {
        "button dnd": "not seen in 0.01 s, but absent was: are their wires swapped?",
        "button absent": "not seen in 0.01 s, but dnd was: are their wires swapped?",
    }


def test_a_button_that_stays_down_is_stuck(scene: Scene) -> None:
    sticky = Someone(scene.look, lambda b: (scene.press if b == "dnd" else scene.tap)(b))
    told = bad(scene.walk(sticky))
    assert told == {"button dnd": "stuck: it went down and did not come up in 0.01 s"}


def test_a_button_that_was_down_all_the_time_is_stuck(scene: Scene) -> None:
    """Boards tell edges, so what tells of it is that it comes up first."""

    def only_up(button: str) -> None:
        scene.board.bounces = 0
        scene.board.release(button)
        scene.board.settle()

    lazy = Someone(scene.look, lambda b: (only_up if b == "dnd" else scene.tap)(b))
    assert bad(scene.walk(lazy)) == {"button dnd": "was down before it was pressed: stuck?"}


@dataclass
class Haunted(Someone):
    """Somebody with a button that moves by itself."""

    ghost: Callable[[], None] = lambda: None

    def say(self, text: str) -> None:
        super().say(text)
        if text.startswith("Take your hands off"):
            self.ghost()


def amiss(scene: Scene, person: Someone) -> list[str]:
    """What is not right, in the order it was found."""
    walk = Walk(config("virtual"), person, SHORT, lambda *_: scene.board)
    return [str(finding) for finding in walk.findings() if not finding.ok]


def test_a_button_that_chatters_by_itself_is_named(scene: Scene) -> None:
    ghost = Haunted(scene.look, scene.tap, ghost=lambda: scene.tap("missed"))
    (text,) = amiss(scene, ghost)
    assert "button missed: chatters with nobody near it, 14 edges" in text


def test_a_button_that_goes_down_by_itself_is_stuck(scene: Scene) -> None:
    ghost = Haunted(scene.look, scene.tap, ghost=lambda: scene.press("missed"))
    (text,) = amiss(scene, ghost)
    assert "button missed: is down with nobody near it" in text


def test_when_nobody_answers_the_walk_ends(scene: Scene) -> None:
    person = Someone(answers=iter(["", "y", None]))
    findings = scene.walk(person)
    assert len(person.asked) == 3
    assert bad(findings) == {"walk": "nobody answers; the rest is not tried"}
    assert not scene.board.is_open


def test_an_answer_that_is_neither_is_asked_for_again(scene: Scene) -> None:
    person = Someone(answers=iter(["what?", "NO", *[""] * 20]))
    assert bad(scene.walk(person, Patience(press=0.0, hands_off=0.0)))["lamps"]
    assert person.asked[0] == person.asked[1]
    assert "Enter or y for yes, n for no." in person.said


def test_a_board_that_is_lost_on_the_way_ends_its_part(scene: Scene) -> None:
    def trip_over_the_cable(question: str) -> bool:
        if "lamp dnd" in question:
            scene.board.unplug()
        return True

    findings = scene.walk(Someone(trip_over_the_cable, scene.tap))
    assert findings["board virtual"].text == "virtual board: it was unplugged"
    assert "lamp absent" not in findings


class Taken(VirtualBoard):
    """Pins that another process has."""

    def open(self, _on_edge: EdgeHandler) -> None:
        raise HwMissing("GPIO: lamp dnd, pin 12: 'GPIO busy'")


def test_pins_that_a_panel_has_are_told_with_what_to_do(scene: Scene) -> None:
    scene.board = Taken(BUTTONS)
    (text,) = bad(scene.walk(Someone())).values()
    assert text == f"GPIO: lamp dnd, pin 12: 'GPIO busy'. {BUSY}"


def test_a_driver_that_cannot_be_made_does_not_end_the_walk() -> None:
    def make(driver: str, _spec: BoardSpec) -> Board:
        raise HwMissing(f"no {driver} here")

    walk = Walk(config("gpio", "serial"), Someone(), SHORT, make)
    assert [f.text for f in walk.findings()] == ["no gpio here", "no serial here"]


def test_of_several_boards_each_part_is_told_with_its_board() -> None:
    board, spec = VirtualBoard([], ["dnd"]), BoardSpec(lamps={"dnd": 12})
    walk = Walk(config("gpio", "virtual", spec=spec), Someone(), SHORT, lambda *_: board)
    told = [finding.what for finding in walk.findings()]
    assert told[:3] == ["gpio: lamps", "gpio: lamp dnd", "virtual: lamps"]


class Wired(VirtualBoard):
    """Says itself what it has, as boards on a wire do."""

    fitted = Told(1, ("dnd",), ("dnd", "status"), frozenset({"status"}), buzzer=True)


def test_a_board_on_a_wire_is_walked_through_as_it_says_it_is() -> None:
    board = Wired(["dnd"], ["dnd", "status"])
    walk = Walk(config("serial"), Someone(), SHORT, lambda *_: board)
    told = [finding.what for finding in walk.findings()]
    assert told == ["lamps", "lamp dnd", "lamp status", "buzzer", "button dnd"]


def test_a_busy_light_is_shown_in_each_of_its_colours() -> None:
    flag = Flag()
    colours = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255)}

    def look(question: str) -> bool:
        if question.startswith("All"):
            return not any(flag.colour)
        return flag.colour == colours[question.split()[4]]

    person = Someone(look)
    with UsbPort(flag).in_place():
        findings = list(Walk(config("busylight"), person, SHORT).findings())
    assert [f.what for f in findings if f.ok] == ["lamps", "lamp status"]
    assert [q.split()[4] for q in person.asked[1:]] == list(colours)


def test_a_missing_busy_light_is_not_taken_for_one_in_use() -> None:
    with UsbPort().in_place():
        (finding,) = Walk(config("busylight"), Someone(), SHORT).findings()
    assert not finding.ok
    assert BUSY not in finding.text


def test_swapped_pins_of_a_lamp_of_three_are_named_with_their_pins() -> None:
    board = VirtualBoard(["dnd"], ["status"])
    spec = BoardSpec({"dnd": 6}, {"status": (17, 27, 22)})
    person = Someone(lambda question: " red " not in question)
    walk = Walk(config("gpio", spec=spec), person, SHORT, lambda *_: board)
    told = {f.what: f.text for f in walk.findings() if not f.ok}
    assert told == {
        "lamp status": "red is not red (pins 17, 27 and 22 for red, green and blue)",
        "button dnd": "nobody pressed it in 0.01 s, or its wire is loose, or it is stuck (pin 6)",
    }


# Knob and keypad

TURNED = BoardSpec(
    knob=KnobPins(14, 15, push=0), keypad=KeypadPins((17, 27), (22, 4, 18), ("12A", "45B"))
)


@dataclass
class Fingertips(Someone):
    """Turns, pushes and keys as it is told; `turn` and `key` say what the board makes of it."""

    board: VirtualBoard = field(default_factory=lambda: VirtualBoard(["knob"]))
    turn: Callable[[int], tuple[int, ...]] = lambda clicks: (clicks,)
    "What a turn comes to, clockwise more than none."
    key: Callable[[str], str | None] = lambda key: key

    def say(self, text: str) -> None:
        self.said.append(text)
        match text.rstrip(".").replace(",", "").split():
            case ["Turn", "the", "knob", "to", "the", side, "by", clicks, "clicks"]:
                for way in self.turn(int(clicks) * (1 if side == "right" else -1)):
                    self.board.turn(way)
            case ["Press", "the", "knob", *_]:
                self.board.press("knob")
                self.board.release("knob")
            case ["Press", "key", key, *_] if found := self.key(key):
                self.board.key(found)
                self.board.key(found, down=False)
        self.board.settle()

    def walk(self, spec: BoardSpec = TURNED) -> dict[str, Finding]:
        walk = Walk(config("gpio", spec=spec), self, SHORT, lambda *_: self.board)
        return {finding.what: finding for finding in walk.findings()}


ON_ITS_PINS = " (a on pin 14, b on pin 15)"


def test_knob_and_keypad_are_walked_through_in_every_part() -> None:
    findings = Fingertips().walk()
    assert not bad(findings)
    keys = [f"key {key}" for key in "12A45B"]
    assert list(findings) == ["knob right", "knob left", "knob", *keys]
    assert findings["knob left"].text == "seen, 4 clicks"
    assert findings["key 5"].text == "seen"


def test_a_knob_that_cannot_be_pushed_is_only_turned() -> None:
    assert list(Fingertips().walk(BoardSpec(knob=KnobPins(14, 15)))) == ["knob right", "knob left"]


def test_exchanged_contacts_of_a_knob_are_told() -> None:
    told = bad(Fingertips(turn=lambda clicks: (-clicks,)).walk())
    text = f"turns the other way: exchange a and b{ON_ITS_PINS}"
    assert told == {"knob right": text, "knob left": text}


@pytest.mark.parametrize(
    ("turns", "text"),
    [
        ((), "nothing is seen in 0.01 s: a loose wire?"),
        ((3, -1), "goes to and fro, 1 of 4 back: a loose wire?"),
        ((2,), "2 clicks seen, not 4: another kind of knob, or a contact that comes late"),
        ((8,), "8 clicks seen, not 4: another kind of knob, or a contact that comes late"),
    ],
)
def test_a_knob_that_turns_amiss_is_told(turns: tuple[int, ...], text: str) -> None:
    person = Fingertips(turn=lambda clicks: turns if clicks > 0 else (clicks,))
    assert bad(person.walk()) == {"knob right": f"{text}{ON_ITS_PINS}"}


@pytest.mark.parametrize("clicks", [3, 5])
def test_a_finger_may_miscount_by_one(clicks: int) -> None:
    person = Fingertips(turn=lambda told: (clicks if told > 0 else -clicks,))
    assert not bad(person.walk())


def test_a_knob_that_turns_by_itself_chatters() -> None:
    class Drafty(Fingertips):
        def say(self, text: str) -> None:
            super().say(text)
            if text.startswith("Take your hands off"):
                self.board.turn(2)
                self.board.settle()

    (first, *_) = Walk(
        config("gpio", spec=TURNED), person := Drafty(), SHORT, lambda *_: person.board
    ).findings()
    assert (first.what, first.ok) == ("knob right", False)
    assert first.text.startswith("chatters with nobody near it, 2 edges")


def test_exchanged_columns_of_a_keypad_are_seen_key_by_key() -> None:
    exchanged = str.maketrans("1245", "2154")
    told = bad(Fingertips(key=lambda key: key.translate(exchanged)).walk())
    assert list(told) == ["key 1", "key 2", "key 4", "key 5"]
    assert told["key 1"] == (
        "not seen in 0.01 s, but key 2 was: are their wires swapped?"
        " (row on pin 17, column on pin 22)"
    )


def test_a_single_dead_key_is_named_and_the_others_go_on() -> None:
    told = bad(Fingertips(key=lambda key: key if key != "B" else None).walk())
    assert list(told) == ["key B"]
    assert told["key B"].endswith("(row on pin 27, column on pin 18)")


def test_of_a_keypad_that_is_not_there_not_every_key_is_waited_for() -> None:
    told = bad(Fingertips(key=lambda _: None).walk())
    assert list(told) == ["key 1", "key 2", "key A", "key 4", "keypad"]
    assert told["keypad"] == "4 keys one after the other are amiss; the rest is not tried"


# The display


def oled_walk(glass: Glass, driver: str, rotate: int = 0) -> dict[str, Finding]:
    """Somebody who compares the glass with the card in their hand."""
    spec = OledSpec(driver, size=glass.size, rotate=rotate)
    pictures = iter((card(glass.size), Image.new("1", glass.size, 1)))
    person = Someone(lambda _: glass.pixels().tobytes() == next(pictures).tobytes())
    oled = LumaOled(spec, i2c_on(glass))
    walk = Walk(config(oled=driver), person, SHORT, make_oled=lambda *_: oled)
    findings = {finding.what: finding for finding in walk.findings()}
    assert not glass.plugged or glass.pixels().getbbox() is None, "it is left lit"
    return findings


def test_a_display_that_is_as_configured_is_right() -> None:
    assert not bad(oled_walk(Ssd1306Glass(), "ssd1306"))
    assert not bad(oled_walk(Sh1106Glass(), "sh1106"))


def test_the_wrong_controller_and_the_wrong_turn_are_seen_by_the_frame() -> None:
    assert bad(oled_walk(Sh1106Glass(strict=False), "ssd1306"))["oled frame"] == FRAME_AMISS
    assert bad(oled_walk(Ssd1306Glass(), "ssd1306", rotate=2))["oled frame"] == FRAME_AMISS


def test_a_display_that_is_not_there_is_told() -> None:
    glass = Ssd1306Glass()
    glass.unplug()
    assert list(bad(oled_walk(glass, "ssd1306"))) == ["oled"]


@pytest.mark.parametrize("size", [(128, 64), (128, 32), (96, 16), (64, 48), (64, 32), (256, 64)])
def test_the_card_is_told_from_every_turn_and_shift_of_itself(size: tuple[int, int]) -> None:
    picture = card(size)
    turns = [picture.transpose(turn) for turn in Image.Transpose]
    moved = [Image.new("1", size) for _ in range(4)]
    for other, offset in zip(moved, ((1, 0), (-1, 0), (0, 1), (0, -1)), strict=True):
        other.paste(picture, offset)
    assert all(picture.tobytes() != other.tobytes() for other in (*turns, *moved))


# All of it


def test_nothing_fitted_is_nothing_to_walk_through() -> None:
    assert list(Walk(config("none"), Someone(answers=repeat("n"))).findings()) == []


def test_the_table_has_a_line_each() -> None:
    findings = [Finding("lamp dnd", True, "as it should be"), Finding("button x", False, "stuck")]
    assert table(findings) == ["lamp dnd  ok   as it should be", "button x  BAD  stuck"]
