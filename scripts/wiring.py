"""The wiring of a panel, drawn from its config: `python scripts/wiring.py [CONFIG]`.

Writes docs/wiring.svg, and a table between the markers of docs/wiring.md and README.md; without a
config, from the examples of docs.
"""

import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from device.config import Config, parse
from device.core.words import BUTTONS, COLLEAGUE_BUTTONS, Status
from device.tables import ConfigError
from device.views.lamps import LOOKS
from hw.ports import Colour, Glow
from hw.specs import BoardSpec, I2cBus, KeypadPins, OledSpec, SpiBus, parse_bus

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
EXAMPLE = DOCS / "deskpanel.toml"
DRAWING = DOCS / "wiring.svg"
WITH_KEYPAD, KEYPAD_DRAWING = DOCS / "wiring-keypad.toml", DOCS / "wiring-keypad.svg"
PAGES = (DOCS / "wiring.md", ROOT / "README.md")
BEGIN, END = "<!-- wiring table: made by make pictures -->", "<!-- end -->"

GND, V3, V5 = "GND", "3.3 V", "5 V"

# Raspberry Pi documentation, "GPIO and the 40-pin header": from pin 1 on, two to a row.
# fmt: off
HEADER: tuple[int | str, ...] = (
    V3, V5,   2, V5,   3, GND,   4, 14,   GND, 15,   17, 18,   27, GND,   22, 23,   V3, 24,
    10, GND,   9, 25,   11, 8,   GND, 7,   0, 1,   5, GND,   6, 12,   13, GND,   19, 16,
    26, 20,   GND, 21,
)
# fmt: on
PIN_OF = {bcm: place for place, bcm in enumerate(HEADER, 1) if isinstance(bcm, int)}

GROUND_PINS = (39, 34)
"Which of the eight feed the common ground, left and right of the header."
DISPLAY_POWER, DISPLAY_GROUND, BUZZER_POWER = 1, 6, 2
RESERVED = (0, 1)
"Where the Pi looks for the EEPROM of a HAT."


# What goes where


@dataclass(frozen=True, slots=True)
class Button:
    name: str
    to: str = GND


@dataclass(frozen=True, slots=True)
class Lamp:
    name: str
    colour: Colour
    ohms: int


@dataclass(frozen=True, slots=True)
class Contact:
    """One of the knob's: it closes and opens as a button does."""

    name: str
    to: str = GND


@dataclass(frozen=True, slots=True)
class Buzzer:
    """Active, it makes its own tone, and the pin says on and off; passive, the pin is the tone."""

    tones: bool = False


@dataclass(frozen=True, slots=True)
class Terminal:
    """A pin of the display, by the name printed beside it."""

    name: str


@dataclass(frozen=True, slots=True)
class Strand:
    """A row or a column of the keypad."""

    name: str
    keys: str


@dataclass(frozen=True, slots=True)
class Supply:
    """5 V for the buzzer."""


Part = Button | Contact | Lamp | Buzzer | Supply | Terminal | Strand
Wiring = Mapping[int, Part]
"""By pin of the header, 1 to 40."""


def wiring(config: Config) -> Wiring:
    """Every pin that is used, in the order in which a reader looks for the parts."""
    spec = _spec(config)
    people = zip(COLLEAGUE_BUTTONS, config.grants.colleagues, strict=False)
    named = {button: said(button) for button in (*BUTTONS, "status")}
    named |= {button: colleague.name for button, colleague in people}
    parts: dict[int, Part] = {}
    for button, name in named.items():
        parts |= dict(_button(spec, button, name)) | dict(_lamps(spec, button, name))
    if spec.buzzer is not None:
        parts |= {PIN_OF[spec.buzzer]: Buzzer(spec.tones), BUZZER_POWER: Supply()}
    parts |= dict(_knob(spec)) | dict(_strands(spec.keypad))
    return parts | {place: Terminal(name) for name, place in _display(config.oled)}


def _button(spec: BoardSpec, button: str, name: str) -> Iterator[tuple[int, Part]]:
    if button in spec.buttons:
        yield PIN_OF[spec.buttons[button]], Button(name, GND if spec.pull_up else V3)


def _knob(spec: BoardSpec) -> Iterator[tuple[int, Part]]:
    if not spec.knob:
        return
    for name, pin in (("A", spec.knob.a), ("B", spec.knob.b), ("push", spec.knob.push)):
        if pin is not None:
            yield PIN_OF[pin], Contact(name, GND if spec.pull_up else V3)


def _strands(pad: KeypadPins | None) -> Iterator[tuple[int, Part]]:
    if not pad:
        return
    for n, (pin, keys) in enumerate(zip(pad.rows, pad.keys, strict=True), 1):
        yield PIN_OF[pin], Strand(f"row {n}", keys)
    columns = map("".join, zip(*pad.keys, strict=True))
    for n, (pin, keys) in enumerate(zip(pad.columns, columns, strict=True), 1):
        yield PIN_OF[pin], Strand(f"column {n}", keys)


def _lamps(spec: BoardSpec, button: str, name: str) -> Iterator[tuple[int, Part]]:
    pins = spec.lamps.get(button)
    if isinstance(pins, int):
        glow = LOOKS[Status(button)] if button in LOOKS else Glow(Colour.RED)
        yield PIN_OF[pins], Lamp(name, glow.colour, _ohms(glow))
    elif pins:
        for colour, pin in zip((Colour.RED, Colour.GREEN, Colour.BLUE), pins, strict=True):
            # In one housing green is of the kind that wants 3 V.
            yield PIN_OF[pin], Lamp(name, colour, 330 if colour is Colour.RED else 100)


def _ohms(glow: Glow) -> int:
    """330 for about 4 mA; white and blue leave hardly a volt to the resistor.

    A pin can not dim, so a lamp that shall be dim has its resistor for that.
    """
    wants_3_volts = glow.colour in (Colour.WHITE, Colour.BLUE)
    return 100 if wants_3_volts and glow.level == 1 else 330


def _display(oled: OledSpec) -> Iterator[tuple[str, int]]:
    if oled.driver in ("virtual", "none"):
        return
    yield "VCC", DISPLAY_POWER
    match parse_bus(oled.bus):
        case I2cBus(port=1):
            yield from (("SDA", PIN_OF[2]), ("SCL", PIN_OF[3]))
        case SpiBus(port=port, device=device) if port in _SPI and device < len(_SPI[port][2]):
            names = ("SCK", "MOSI", "CS", "DC", "RES")
            data, clock, selects = _SPI[port]
            pins = (clock, data, selects[device], 24, 25)  # luma's choice for DC and RES
            yield from ((name, PIN_OF[pin]) for name, pin in zip(names, pins, strict=True))
    yield "GND", DISPLAY_GROUND


# MOSI, SCLK, chip selects (BCM2835 ARM Peripherals, section 6.2)
_SPI = {0: (10, 11, (8, 7)), 1: (20, 21, (18, 17, 16))}


# The table


def table(parts: Wiring) -> str:
    """The wiring as Markdown, a row for each wire that comes from the header."""
    rows: list[tuple[str, ...]] = [
        ("part", "what", "GPIO (BCM)", "header pin", "goes to"),
        ("---",) * 5,
    ]
    rows += [_row(place, part) for place, part in parts.items()]
    if feeds := ", ".join(map(str, _ground_pins(parts))):
        rows.append(("ground", "common", GND, feeds, "all that ends at ground above"))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(place: int, part: Part) -> tuple[str, ...]:
    bcm = HEADER[place - 1]
    numbers = (str(bcm) if isinstance(bcm, int) else bcm, str(place))
    match part:
        case Button(name, to):
            return (_cell(name), "button", *numbers, f"button, then {_spoken(to)}")
        case Lamp(name, colour, ohms):
            return (_cell(name), f"lamp, {colour}", *numbers, f"{ohms} Ω, LED, then ground")
        case Contact(name, to):
            leg = "one leg of its push" if name == "push" else f"its {name}"
            other = "the other" if name == "push" else "its C"
            return ("knob", name, *numbers, f"{leg}; {other} to {_spoken(to)}")
        case Strand(name, keys):
            return ("keypad", name, *numbers, f"the keys {' '.join(keys)}")
        case Buzzer(tones):
            what = "tones" if tones else "on, off"
            return ("buzzer", what, *numbers, "1 kΩ, transistor's base; emitter to ground")
        case Supply():
            return ("buzzer", "power", *numbers, "its +; its − to the transistor's collector")
        case Terminal(name):
            return ("display", "OLED", *numbers, name)


def said(name: str) -> str:
    return "logged out" if name == Status.LOGGED_OUT else name


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _spoken(supply: str) -> str:
    return "ground" if supply == GND else supply


def filled(page: str, made: str) -> str:
    """The page with the table between its markers; as it was where it has none."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    return f"{before}{begin}\n\n{made}\n{end}{after}" if end else page


# The drawing. Lengths are the drawing's own units, 36 of them to a tenth of an inch.

PITCH = 36
WIDTH = 1000
MIDDLE, FIRST = 500, 219
"Where the header is: its middle, and its first row."
LAST = FIRST + 19 * PITCH
DETAILS, MORE_DETAILS = LAST + 122, LAST + 380
"Where how each kind is connected is shown: one row, and another for a knob and a keypad."
INNER, CHIP_BEGIN, CHIP_END, RAIL = 18, 60, 130, 470
"How far from the middle: a pin, its name, where its wire begins, the common ground."

LONGEST_NAME = 12
"Letters of a name that have room before the drawing's edge."

INK, FAINT, PAPER, LINE = "#1f2328", "#6b7078", "#fcfbf7", "#d8d5cc"
WIRES = {GND: "#24282e", V3: "#d02020", V5: "#d02020", "button": "#7a4db0", "buzzer": "#8a5a2b"}
KEYPAD_WIRES = {"row": "#0a8f8f", "column": "#c2348f"}
DISPLAY_WIRES = {"VCC": WIRES[V3], "GND": WIRES[GND], "SDA": "#0a8f8f", "SCL": "#c2348f"}
LEDS = {
    Colour.GREEN: "#22a850",
    Colour.AMBER: "#f2a100",
    Colour.WHITE: "#ffffff",
    Colour.BLUE: "#2f6fe0",
    Colour.RED: "#e5383b",
}
LAMP_WIRES = LEDS | {Colour.WHITE: "#8f969f"}

Svg = str


def drawing(config: Config) -> Svg:
    """The wiring as an SVG document with a background of its own."""
    parts = wiring(config)
    lines = [*_frame(_height(config)), *_board(), *_grounds(parts)]
    for place, part in parts.items():
        if not (isinstance(part, Terminal) and _on_i2c(parts)):
            lines += _drawn(Row(place), part)
    lines += [*_module(config.oled, parts), *_header(parts), *_details(config)]
    return "\n".join([*lines, "</svg>\n"])


def _height(config: Config) -> int:
    spec = _spec(config)
    return (MORE_DETAILS if spec.knob or spec.keypad else DETAILS) + 257


def _spec(config: Config) -> BoardSpec:
    return config.boards[0].spec if config.boards else BoardSpec()


@dataclass(frozen=True, slots=True)
class Row:
    """What runs straight out from one pin; lengths count from the header's middle, outwards."""

    place: int

    @property
    def y(self) -> int:
        return FIRST + (self.place - 1) // 2 * PITCH

    def x(self, out: int) -> int:
        return MIDDLE + out if self.place % 2 == 0 else MIDDLE - out

    def wire(self, begin: int, end: int, colour: str) -> Svg:
        return _path(f"M{self.x(begin)} {self.y} H{self.x(end)}", colour)

    def box(self, begin: int, end: int, fill: str, stroke: str = INK, high: int = 20) -> Svg:
        x = min(self.x(begin), self.x(end))
        return _box(x, self.y - high // 2, end - begin, high, fill, stroke)

    def inside(self, begin: int, end: int, text: str, fill: str = INK) -> Svg:
        middle = (self.x(begin) + self.x(end)) // 2
        return _text(middle, self.y + 5, text, fill, 13, "middle")

    def label(self, text: str, fill: str = INK) -> Svg:
        """What it is, above the wire behind the part."""
        anchor = "start" if self.place % 2 == 0 else "end"
        return _text(self.x(270), self.y - 6, text, fill, 15, anchor)

    def resistor(self, text: str) -> Svg:
        return self.box(148, 206, "#efe3c8") + self.inside(148, 206, text)


def _frame(height: int) -> Iterator[Svg]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'width="{WIDTH}" height="{height}" font-family="DejaVu Sans, Verdana, Arial, sans-serif">'
    )
    yield "<title>The panel's wiring to the 40-pin header of a Raspberry Pi</title>"
    yield _box(1, 1, WIDTH - 2, height - 2, PAPER, LINE, 14)
    yield _text(30, 42, "Wiring of the panel", INK, 24, bold=True)
    yield _text(30, 68, "The header from above. On each pin is its number,")
    yield _text(30, 88, "beside it the GPIO number that the config uses.")
    yield _text(WIDTH - 30, 68, "Black wires are ground, all of it one:", anchor="end")
    yield _text(WIDTH - 30, 88, "the Pi joins its GND pins.", anchor="end")


def _board() -> Iterator[Svg]:
    """The Pi's long edge, true to scale: the corner, two holes, 3.5 mm from pins to edge."""
    left, right, top, bottom = MIDDLE - 54, MIDDLE + 50, FIRST - 119, LAST + 104
    edge = f"M{left} {top} H{right - 42} Q{right} {top} {right} {top + 42} V{bottom}"
    yield f'<path d="{edge} H{left} Z" fill="#d9ecdb"/>'
    yield _path(edge, "#86b48b", 2)
    for y in (FIRST - 69, LAST + 69):
        yield _disc(MIDDLE, y, 22, "#e3cf7a") + _disc(MIDDLE, y, 16, PAPER)
    yield _text(right + 12, top + 16, "the Pi's long edge, at its microSD end", FAINT, 13)
    yield _text(right + 12, bottom - 8, "on to the USB sockets", FAINT, 13)
    yield _text(left - 12, bottom - 8, "the board goes on to this side", FAINT, 13, "end")


def _header(parts: Wiring) -> Iterator[Svg]:
    yield _box(MIDDLE - 36, FIRST - 18, 72, 20 * PITCH, "#2b2e33", "#111", 4)
    for place, name in enumerate(HEADER, 1):
        row, used = Row(place), place in parts or place in _ground_pins(parts)
        # The first pin is square on the board, the others are round.
        x, fill = row.x(INNER), "#f0c948" if used else "#a39b80"
        yield _box(x - 13, row.y - 13, 26, 26, fill, fill, 2 if place == 1 else 13)
        yield _text(x, row.y + 5, str(place), INK, 13, "middle", bold=used)
        yield from _name(row, name, used)


def _name(row: Row, name: int | str, used: bool) -> Iterator[Svg]:
    text = f"GPIO {name}" if isinstance(name, int) else name
    if name in RESERVED and not used:
        text = "reserved"
    fill, ink = ("#ffffff", INK) if used else ("none", FAINT)
    yield row.box(CHIP_BEGIN, CHIP_END, fill, INK if used else "none", 24)
    yield row.inside(CHIP_BEGIN, CHIP_END, text, ink)


def _grounds(parts: Wiring) -> Iterator[Svg]:
    """A rail on each side that has parts, and the pin that feeds it."""
    for feed in _ground_pins(parts):
        row = Row(feed)
        rows = [Row(place) for place in _grounded(parts) if place % 2 == feed % 2]
        heights = [row.y, *(r.y for r in rows)]
        yield row.wire(CHIP_END, RAIL, WIRES[GND])
        yield row.label("ground")
        yield _path(f"M{row.x(RAIL)} {min(heights)} V{max(heights)}", WIRES[GND], 5)
        yield from (_disc(row.x(RAIL), y, 5, WIRES[GND]) for y in heights)


def _ground_pins(parts: Wiring) -> list[int]:
    sides = {place % 2 for place in _grounded(parts)}
    return [pin for pin in GROUND_PINS if pin % 2 in sides]


def _grounded(parts: Wiring) -> list[int]:
    return [place for place, part in parts.items() if _ends_at_ground(part)]


def _ends_at_ground(part: Part) -> bool:
    match part:
        case Button(_, to) | Contact(_, to):
            return to == GND
        case Supply() | Terminal() | Strand():
            return False
        case _:
            return True


def _drawn(row: Row, part: Part) -> Iterator[Svg]:
    match part:
        case Button(name, to):
            return _switch_drawn(row, f"{_clipped(name)} button", to)
        case Contact("push", to):
            return _switch_drawn(row, "knob, pushed", to)
        case Contact(name, to):
            return _switch_drawn(row, f"knob, {name}", to)
        case Strand(name, keys):
            return _strand_drawn(row, name, keys)
        case Lamp():
            return _lamp_drawn(row, part)
        case Buzzer():
            return _buzzer_drawn(row)
        case Supply():
            # no wire: it would cross that of the display's ground
            return iter((_text(row.x(160), row.y + 5, "for the buzzer's +", WIRES[V5]),))
        case Terminal(name):
            return _terminal_drawn(row, name)


def _switch_drawn(row: Row, label: str, to: str) -> Iterator[Svg]:
    colour = WIRES["button"]
    yield row.wire(CHIP_END, 194, colour) + row.wire(234, RAIL if to == GND else 400, WIRES[to])
    yield _disc(row.x(198), row.y, 4, colour) + _disc(row.x(230), row.y, 4, WIRES[to])
    yield _path(f"M{row.x(194)} {row.y - 8} H{row.x(234)} M{row.x(214)} {row.y - 8} v-7", INK, 3)
    yield row.label(label)
    if to != GND:
        yield row.box(400, 452, PAPER, WIRES[to]) + row.inside(400, 452, to)


def _lamp_drawn(row: Row, lamp: Lamp) -> Iterator[Svg]:
    yield row.wire(CHIP_END, 222, LAMP_WIRES[lamp.colour]) + row.wire(240, RAIL, WIRES[GND])
    yield row.resistor(f"{lamp.ohms} Ω") + _led(row, LEDS[lamp.colour])
    yield row.label(f"{_clipped(lamp.name)} lamp, {lamp.colour}")


def _clipped(name: str) -> str:
    """What has room beside a wire."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _led(row: Row, fill: str) -> Svg:
    """The triangle points the way the current flows: to ground."""
    base, tip, y = row.x(220), row.x(242), row.y
    triangle = f"M{base} {y - 10} V{y + 10} L{tip} {y} Z"
    return f'<path d="{triangle}" fill="{fill}" stroke="{INK}" stroke-width="1.5"/>' + _path(
        f"M{tip} {y - 10} V{y + 10}", INK, 3
    )


def _buzzer_drawn(row: Row) -> Iterator[Svg]:
    yield row.wire(CHIP_END, 222, WIRES["buzzer"]) + row.wire(242, RAIL, WIRES[GND])
    yield row.resistor("1 kΩ") + _disc(row.x(231), row.y, 13, PAPER, INK)
    yield row.inside(218, 244, "Q")
    yield row.label("buzzer, drawn below")


def _terminal_drawn(row: Row, name: str) -> Iterator[Svg]:
    colour = DISPLAY_WIRES.get(name, DISPLAY_WIRES["SDA"])
    yield row.wire(CHIP_END, 206, colour) + row.box(206, 256, PAPER, colour)
    yield row.inside(206, 256, name) + row.label("of the display")


def _strand_drawn(row: Row, name: str, keys: str) -> Iterator[Svg]:
    colour = KEYPAD_WIRES[name.split()[0]]
    yield row.wire(CHIP_END, 206, colour) + row.box(206, 256, PAPER, colour)
    anchor = "start" if row.place % 2 == 0 else "end"
    yield row.inside(206, 256, keys)
    yield _text(row.x(266), row.y + 5, f"keypad, {name}", anchor=anchor)


def _on_i2c(parts: Wiring) -> bool:
    return Terminal("SDA") in parts.values()


def _module(oled: OledSpec, parts: Wiring) -> Iterator[Svg]:
    """A display on I2C, whole: its four wires end in one place."""
    if not _on_i2c(parts):
        return
    right, top = MIDDLE - 236, FIRST - 58
    yield _box(30, top, right - 30, 144, "#2c4a7c", "#1b3159", 8)
    yield _box(46, top + 22, 134, 100, "#0b0e14", "#000", 4)
    width, height = oled.size
    for y, text in ((58, oled.driver.upper()), (80, f"{width} × {height}"), (102, oled.bus)):
        yield _text(113, top + y, text, "#cfe6ff", 15, "middle")
    for place, part in parts.items():
        if isinstance(part, Terminal):
            yield from _module_wire(Row(place), part.name, right)


def _module_wire(row: Row, name: str, right: int) -> Iterator[Svg]:
    y = row.y
    if row.place % 2:
        path = f"M{row.x(CHIP_END)} {y} H{right - 8}"
    else:  # around the end of the header
        y = FIRST - PITCH
        path = f"M{row.x(CHIP_END)} {row.y} h18 V{y} H{right - 8}"
    yield _path(path, DISPLAY_WIRES[name]) + _disc(right - 14, y, 7, "#f0c948")
    yield _text(right - 28, y + 5, name, "#fff", 14, "end", bold=True)


# How one of each kind is connected, below the header


def _details(config: Config) -> Iterator[Svg]:
    spec = _spec(config)
    yield from _panel(30, DETAILS, 296, "Each button", _button_detail(spec.pull_up))
    yield from _panel(340, DETAILS, 296, "Each lamp", _lamp_detail())
    if spec.buzzer is not None:
        detail = _buzzer_detail(spec.buzzer, spec.tones)
        yield from _panel(650, DETAILS, 320, "The buzzer", detail)
    if spec.knob:
        yield from _panel(30, MORE_DETAILS, 450, "The knob", _knob_detail(spec))
    if spec.keypad:
        yield from _panel(494, MORE_DETAILS, 476, "The keypad", _keypad_detail(spec.keypad))


def _panel(x: int, y: int, width: int, title: str, inside: Iterable[Svg]) -> Iterator[Svg]:
    yield f'<g transform="translate({x} {y})">'
    yield _box(0, 0, width, 246, "#ffffff", LINE, 10)
    yield _text(16, 30, title, INK, 17, bold=True)
    yield from inside
    yield "</g>"


def _button_detail(pull_up: bool) -> Iterator[Svg]:
    other, way = (GND, "up") if pull_up else (V3, "down")
    yield _path("M16 78 H104", WIRES["button"]) + _path("M176 132 H220", WIRES[other])
    for x in (96, 166):
        yield _box(x, 73, 18, 10, "#b9bdc4") + _box(x, 127, 18, 10, "#b9bdc4")
    yield _box(108, 70, 64, 70, "#3a3e45", INK, 6) + _disc(140, 105, 19, "#70757e")
    yield _text(16, 68, "its GPIO", size=14) + _text(227, 137, _spoken(other), size=14)
    yield from _remarks(
        "Take two legs that are diagonally",
        "opposite: neighbours may be joined.",
        f"No resistor: the Pi pulls {way} by itself.",
    )


def _lamp_detail() -> Iterator[Svg]:
    green = LEDS[Colour.GREEN]
    yield _path("M16 140 H150 V122", green) + _path("M170 116 V140 H220", WIRES[GND])
    yield _resistor(66, 140, "330 Ω")
    yield f'<path d="M140 108 V80 a20 20 0 0 1 40 0 V108 Z" fill="{green}"/>'
    yield _box(134, 106, 46, 8, green) + _path("M150 115 V124 M170 115 V119", "#b9bdc4", 4)
    yield _text(16, 130, "GPIO", size=14) + _text(227, 145, "ground", size=14)
    yield _text(126, 96, "long leg", INK, 14, "end") + _text(190, 90, "short leg,", size=14)
    yield _text(190, 108, "flat side", size=14)
    yield from _remarks(
        "330 Ω: red, amber, yellow-green.",
        "100 Ω: blue, white, bright green.",
        "Absent, white: 330 Ω, to be dim.",
    )


def _buzzer_detail(pin: int, tones: bool) -> Iterator[Svg]:
    black, kind = WIRES[GND], "passive" if tones else "active"
    yield _path("M16 148 H140", WIRES["buzzer"]) + _resistor(74, 148, "1 kΩ")
    yield _text(16, 138, f"GPIO {pin}", size=14) + _text(182, 153, "Q", bold=True)
    # collector, emitter, and the arrow that makes it an NPN
    yield _disc(152, 148, 23, "none", INK) + _path("M140 134 V162", INK, 4)
    yield _path("M140 142 L162 128 V96 H206 V88 M162 96 V90", WIRES["buzzer"])
    yield _path("M140 154 L162 168 V190 H220", black)
    yield f'<path d="M162 168 l-12 -2 l7 -9 z" fill="{black}"/>'
    yield _path("M162 62 V52 H230 M206 52 V62", WIRES[V5])
    yield _disc(162, 76, 15, "#3a3e45", INK) + _text(162, 75, "+", "#fff", 14, "middle")
    yield _text(162, 88, "−", "#fff", 14, "middle") + _diode(206, 64)
    yield _text(138, 72, kind, INK, 14, "end") + _text(138, 90, "buzzer, 5 V", INK, 14, "end")
    yield _text(238, 57, f"{V5}, pin {BUZZER_POWER}", size=14) + _text(227, 195, "ground", size=14)
    yield _text(221, 79, "1N4148,", size=14) + _text(221, 96, "band to 5 V", size=14)
    yield _text(16, 216 if tones else 224, "Q: NPN, as 2N3904; look up its legs.", size=14)
    if tones:  # only a coil takes its current on by itself
        yield _text(16, 236, "A piezo needs 1 kΩ across it as well.", size=14)


def _knob_detail(spec: BoardSpec) -> Iterator[Svg]:
    """From above, its three legs to the left and, where it can be pushed, two to the right."""
    knob, colour = spec.knob, WIRES["button"]
    other = GND if spec.pull_up else V3
    if not knob:
        return
    yield _box(168, 50, 122, 96, "#3a3e45", INK, 6) + _disc(236, 98, 30, "#70757e")
    for y, name, wire in ((64, "A", colour), (98, "C", WIRES[other]), (132, "B", colour)):
        yield _path(f"M120 {y} H168", wire) + _text(178, y + 5, name, "#fff", 14, bold=True)
    for y, wire in ((76, colour), (120, WIRES[other])) if knob.push is not None else ():
        yield _path(f"M290 {y} H326", wire)
    legs = [(112, 69, f"GPIO {knob.a}", "end"), (112, 103, _spoken(other), "end")]
    legs.append((112, 137, f"GPIO {knob.b}", "end"))
    if knob.push is not None:
        legs += [(334, 81, f"GPIO {knob.push}", "start"), (334, 125, _spoken(other), "start")]
    yield from (_text(x, y, text, size=14, anchor=anchor) for x, y, text, anchor in legs)
    yield from _remarks(
        "A rotary encoder, as EC11. C is the leg between A and B;",
        "the two on the other side are the push, either way round.",
        "Turns the wrong way: exchange a and b.",
    )


def _keypad_detail(pad: KeypadPins) -> Iterator[Svg]:
    """Its front, and which wire is whose."""
    yield _box(16, 44, 12 + 34 * len(pad.columns), 8 + 26 * len(pad.rows), "#3a3e45", INK, 6)
    for r, keys in enumerate(pad.keys):
        for c, key in enumerate(keys):
            yield _box(24 + 34 * c, 50 + 26 * r, 28, 22, "#e9ebee", "none", 4)
            yield _text(38 + 34 * c, 66 + 26 * r, key, INK, 14, "middle", bold=True)
    rows, columns = (", ".join(map(str, pins)) for pins in (pad.rows, pad.columns))
    lines = (
        ("Rows, from the top", KEYPAD_WIRES["row"]),
        (f"GPIO {rows}", INK),
        ("Columns, from the left", KEYPAD_WIRES["column"]),
        (f"GPIO {columns}", INK),
    )
    for n, (line, fill) in enumerate(lines):
        yield _text(196, 62 + 24 * n, line, fill, 14, bold=fill != INK)
    yield from _remarks(
        "Many have the rows first on their ribbon, then the columns.",
        "No resistor, no diode: the Pi pulls up by itself, and two",
        "keys are told apart; of three that are down none is taken.",
    )


def _remarks(*lines: str) -> Iterator[Svg]:
    yield from (_text(16, 180 + 22 * n, line, size=14) for n, line in enumerate(lines))


def _resistor(x: int, y: int, text: str) -> Svg:
    middle = _text(x + 26, y + 5, text, INK, 13, "middle")
    return _box(x, y - 10, 52, 20, "#efe3c8", INK) + middle


def _diode(x: int, y: int) -> Svg:
    return _box(x - 8, y, 16, 24, "#d98a5b", INK) + _box(x - 8, y + 2, 16, 5, INK, r=0)


# Strokes of the pen


def _path(d: str, colour: str, width: int = 3) -> Svg:
    joins = 'stroke-linecap="round" stroke-linejoin="round"'
    return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width}" {joins}/>'


def _box(
    x: int, y: int, width: int, height: int, fill: str, stroke: str = "none", r: int = 3
) -> Svg:
    size = f'x="{x}" y="{y}" width="{width}" height="{height}" rx="{r}"'
    return f'<rect {size} fill="{fill}" stroke="{stroke}"/>'


def _disc(x: int, y: int, radius: int, fill: str, stroke: str = "none") -> Svg:
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}" stroke="{stroke}"/>'


def _text(
    x: int,
    y: int,
    text: str,
    fill: str = INK,
    size: int = 15,
    anchor: str = "start",
    *,
    bold: bool = False,
) -> Svg:
    weight = ' font-weight="bold"' if bold else ""
    place = f'x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}"'
    return f'<text {place} fill="{fill}"{weight}>{escape(text)}</text>'


# Reading and writing


def read(path: Path) -> Config:
    """The config, without its secrets: a drawing needs none. Raises `ConfigError`."""
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise ConfigError([f"{path}: {error}"]) from error
    for section, key in (("pbx", "password_file"), ("web", "token_file")):
        if isinstance(found := document.get(section), dict):
            found.pop(key, None)
    return parse(document, path, text, path.parent)


def main(arguments: list[str]) -> int:
    """Draw this config, or the examples. 1 where it is wrong, said on stderr."""
    try:
        config = read(Path(arguments[0]) if arguments else EXAMPLE)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    DRAWING.write_text(drawing(config), encoding="utf-8")
    if not arguments:
        KEYPAD_DRAWING.write_text(drawing(read(WITH_KEYPAD)), encoding="utf-8")
    for page in filter(Path.exists, PAGES):
        text = page.read_text(encoding="utf-8")
        page.write_text(filled(text, table(wiring(config))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
