"""Frames, and both ends of the protocol against each other over wires that lie. No time passes."""

import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hw import patterns
from hw.firmware import light
from hw.firmware.board import Board
from hw.firmware.contact import WINDOW_MS, Contact
from hw.firmware.wire import LONGEST, Parser, crc, frame
from hw.inputs import KEY, KNOB, LEFT, RIGHT
from hw.mocks.wire import LATEST_SECONDS, Liar, Wire
from hw.ports import Colour, Glow, Pattern
from hw.wire import MOST_LAMPS, Answered, Fitted, Gone, Happening, Met, Session, Turned, lamp_word

LETTERS = st.characters(min_codepoint=0x20, max_codepoint=0x7D)
FRAMES = st.tuples(
    st.integers(0, 0xFFFF), st.integers(0, 0xFF), st.text(LETTERS, min_size=1, max_size=LONGEST)
)
GREEN = Glow(Colour.GREEN, Pattern.STEADY)
RED = Glow(Colour.RED, Pattern.FAST)
SEEDS = st.integers(0, 1 << 30)
WIRES = [wire for wire in Wire if wire is not Wire.CUT]


# Frames


@given(st.binary())
def test_the_checksum_is_the_one_of_the_books(data: bytes) -> None:
    assert crc(data) == binascii.crc_hqx(data, 0xFFFF)


@settings(deadline=None)
@given(st.lists(st.tuples(st.binary(max_size=40), FRAMES), max_size=5), st.integers(1, 9))
def test_every_frame_is_found_whatever_came_before_it_and_in_pieces_of_any_size(
    sent: list[tuple[bytes, tuple[int, int, str]]], size: int
) -> None:
    stream = b"".join(noise + frame(*said) for noise, said in sent)
    parser = Parser()
    pieces = [stream[n : n + size] for n in range(0, len(stream), size)]
    assert [f for piece in pieces for f in parser.feed(piece)] == [said for _, said in sent]


@given(FRAMES, st.data())
def test_no_burst_of_sixteen_bits_makes_another_frame(
    said: tuple[int, int, str], data: st.DataObject
) -> None:
    line = bytearray(frame(*said))
    where = data.draw(st.integers(0, len(line) - 2))
    line[where : where + 2] = data.draw(st.binary(min_size=2, max_size=2))
    assert Parser().feed(bytes(line)) in ([], [said])


@given(FRAMES, st.data())
def test_half_a_frame_is_none_and_does_not_spoil_the_next(
    said: tuple[int, int, str], data: st.DataObject
) -> None:
    line = frame(*said)
    cut = data.draw(st.integers(0, len(line) - 2))
    assert Parser().feed(line[:cut] + line) == [said]


def test_a_line_without_end_takes_no_memory_without_end() -> None:
    parser = Parser()
    held = [parser.held for _ in range(50) if parser.feed(b"~" + b"x" * 100) == []]
    assert max(held) == 100
    parser.feed(b"x" * 10_000)
    assert parser.held == 0
    assert parser.feed(frame(1, 1, "beat 1")) == [(1, 1, "beat 1")]


@pytest.mark.parametrize("payload", ["", "a" * (LONGEST + 1), "a~b", "a\nb", "é"])
def test_what_no_line_can_carry_is_refused_at_once(payload: str) -> None:
    with pytest.raises(ValueError, match="payload"):
        frame(1, 1, payload)


@pytest.mark.parametrize(
    "line",
    [
        b"~-001 01 003 abc ",
        b"~0x1F 01 003 abc ",
        b"~00ff 01 003 abc ",
        b"~ 01F 01 003 abc ",
        b"~00FF 01 004 abc ",
        b"~00FF 01 03 abc ",
        b"~00FF+01 003 abc ",
    ],
)
def test_there_is_one_way_to_write_a_frame(line: bytes) -> None:
    """Even with the right checksum, in case a half line and a late one make up a whole."""
    assert Parser().feed(line + b"%04X\n" % crc(line[1:-1])) == []


# What lamps and contacts do on the board


def moments() -> list[int]:
    turns = {edge + period for edges, period in light.PATTERNS.values() for edge in edges}
    return sorted({turn * n + d for turn in turns for n in (0, 1, 3) for d in (-1, 0, 1)} - {-1})


def test_a_lamp_on_the_board_does_what_the_panel_means() -> None:
    for colour, pattern, overlay in product(Colour, Pattern, Colour):
        glow = Glow(colour, pattern, 0.5, overlay)
        word = lamp_word(glow)
        assert light.is_lamp(word)
        for at in moments():
            meant = lamp_word(Glow(patterns.seen(glow, at / 1000), Pattern.STEADY))[0]
            assert light.seen(word, at) == meant, (glow, at)
            assert light.burns(word, at) == (patterns.lit(glow, at / 1000) > 0), (glow, at)


@given(st.floats(0, 1))
def test_a_level_arrives_within_a_part_in_255(level: float) -> None:
    word = lamp_word(Glow(Colour.WHITE, Pattern.STEADY, level))
    assert abs(light.brightness(word, 0) / 255 - level) <= 1 / 255
    assert light.mixed(word, 0) == (light.brightness(word, 0),) * 3


@pytest.mark.parametrize("word", ["", "gs", "gsFF-x", "xsFF-", "gxFF-", "gsff-", "gsFFx", "gs F-"])
def test_what_is_no_lamp_is_seen_to_be_none(word: str) -> None:
    assert not light.is_lamp(word)


@given(st.lists(st.booleans(), max_size=WINDOW_MS - 1))
def test_a_bouncing_contact_makes_one_edge_and_makes_it_at_once(bounces: list[bool]) -> None:
    contact = Contact()
    levels = [False, True, *bounces] + [True] * 100
    assert [at for at, down in enumerate(levels) if contact.turns(down, at)] == [1]


@given(st.lists(st.booleans()), st.booleans())
def test_a_contact_that_rests_is_known_right_whatever_it_did_before(
    levels: list[bool], rest: bool
) -> None:
    contact = Contact()
    for at, down in enumerate([*levels, *[rest] * (WINDOW_MS + 1)]):
        contact.turns(down, at)
    assert contact.down == rest


# Two ends

BUTTONS, LAMPS = ["dnd", "missed"], ["dnd", "missed", "status"]
STEP = 0.01


@dataclass
class Pair:
    """A host that opens anew as the panel does, a board, and a wire; stepped through time."""

    wire: Wire = Wire.WHOLE
    seed: int = 0
    now: float = 100.0
    booted: float = 40.0
    "Seconds of the host's clock at which the board's began."
    identity: int = 1
    wanted: dict[str, Glow] = field(default_factory=dict)
    told: list[tuple[str, bool, float]] = field(default_factory=list)
    happened: list[Happening] = field(default_factory=list)
    sounds: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.there, self.back = Liar(self.wire, self.seed), Liar(self.wire, self.seed + 1)
        self.board = Board(BUTTONS, LAMPS, ["status"], True, self.at)
        self.session = Session(self.identity, self.now)

    @property
    def at(self) -> int:
        return round((self.now - self.booted) * 1000)

    def run(self, seconds: float) -> "Pair":
        for _ in range(round(seconds / STEP)):
            self.step()
        return self

    def met(self) -> "Pair":
        return self.run_until(lambda: self.session.fitted is not None)

    def run_until(self, so: object, limit: float = 30.0) -> "Pair":
        assert callable(so)
        end = self.now + limit
        while not so():
            assert self.now < end, f"not within {limit} s"
            self.step()
        return self

    def step(self) -> None:
        self.there.put(self.session.take(), self.now)
        for piece in self.there.take(self.now):
            self.board.receive(piece, self.at)
        self.board.tick(self.at)
        self.back.put(self.board.take(), self.now)
        pieces = self.back.take(self.now)
        came = [h for piece in pieces for h in self.session.receive(piece, self.now)]
        for happening in [*came, *self.session.tick(self.now)]:
            self.note(happening)
        self.sounds.append(self.board.sounds(self.at))
        self.now = round(self.now + STEP, 3)

    def note(self, happening: Happening) -> None:
        self.happened.append(happening)
        match happening:
            case Turned(button=button, down=down, at=at):
                self.told.append((button, down, at))
            case Met():
                self.session.show(self.wanted, (), self.now)
            case Gone():
                self.identity += 1
                self.session = Session(self.identity, self.now)
            case _:
                pass

    def show(self, lamps: dict[str, Glow], ring: Sequence[int] = ()) -> int:
        self.wanted = lamps
        return self.session.show(lamps, ring, self.now)

    def edge(self, button: str, down: bool) -> None:
        self.board.edge(button, down, self.at)

    @property
    def right(self) -> bool:
        words = {name: lamp_word(self.wanted.get(name, Glow())) for name in LAMPS}
        return all(self.board.lamp(n, self.at) == words[name] for n, name in enumerate(LAMPS))


def test_a_board_says_what_is_fitted() -> None:
    fitted = Fitted(1, ("dnd", "missed"), ("dnd", "missed", "status"), frozenset({"status"}), True)
    assert Pair().met().session.fitted == fitted


def test_a_board_with_nothing_on_it_is_a_board_too() -> None:
    pair = Pair()
    pair.board = Board([], [], [], False, pair.at)
    assert pair.met().session.fitted == Fitted(1)


@pytest.mark.parametrize("wire", WIRES)
@given(seed=SEEDS)
@settings(max_examples=15, deadline=None)
def test_lamps_come_right_over_any_wire(wire: Wire, seed: int) -> None:
    pair = Pair(wire, seed).met()
    for lamps in ({"dnd": GREEN}, {"missed": RED, "status": GREEN}, {}):
        pair.show(lamps)
        pair.run_until(lambda: pair.right)


@pytest.mark.parametrize("wire", WIRES)
@given(seed=SEEDS)
@settings(max_examples=15, deadline=None)
def test_edges_arrive_once_and_in_order_over_any_wire(wire: Wire, seed: int) -> None:
    pair = Pair(wire, seed).met().run(0.5)
    sent = [(button, down) for _ in range(3) for button in BUTTONS for down in (True, False)]
    for button, down in sent:
        pair.edge(button, down)
        pair.run(0.05)
    pair.run_until(lambda: not pair.board.waiting)
    told = [(button, down) for button, down, _ in pair.told]
    if any(isinstance(happening, Gone) for happening in pair.happened):
        assert is_part(told, sent)  # what was on its way when the session ended is lost
    else:
        assert told == sent
    times = [at for *_, at in pair.told]
    assert times == sorted(times)


def is_part(some: list[tuple[str, bool]], whole: list[tuple[str, bool]]) -> bool:
    rest = iter(whole)
    return all(item in rest for item in some)


@pytest.mark.parametrize("wire", WIRES)
@given(seed=SEEDS)
@settings(max_examples=15, deadline=None)
def test_a_beep_is_heard_once_over_any_wire(wire: Wire, seed: int) -> None:
    pair = Pair(wire, seed).met()
    ticket = pair.session.beep((50, 50, 50), pair.now)
    pair.run(4)
    heard = sum(1 for a, b in zip(pair.sounds, pair.sounds[1:], strict=False) if b and not a)
    answered = Answered(ticket) in pair.happened
    assert heard == 2 if answered else heard in (0, 2)


def test_times_of_edges_are_the_boards_and_in_our_clock() -> None:
    pair = Pair().met().run(5)
    pressed = pair.now
    pair.edge("dnd", True)
    pair.run(0.08)
    pair.edge("dnd", False)
    pair.run(1)
    assert [round(at - pressed, 2) for *_, at in pair.told] == [0.0, 0.08]


@pytest.mark.parametrize("seed", range(5))
def test_a_late_edge_keeps_its_time(seed: int) -> None:
    pair = Pair(Wire.LATE, seed).met().run(30)
    pressed = pair.now
    pair.edge("dnd", True)
    pair.run(0.4)
    pair.edge("dnd", False)
    pair.run_until(lambda: len(pair.told) == 2)
    (_, _, first), (_, _, second) = pair.told
    assert 0 <= first - pressed <= LATEST_SECONDS
    assert abs((second - first) - 0.4) < 0.1  # as late as the promptest beat


def test_an_edge_is_never_before_the_one_before_it() -> None:
    """Though between them we learn that the board's clock is ahead of what we took it for."""
    session = Session(7, 0.0)
    said = {
        0.50: (0, "hello 1 0 dnd,missed - -"),
        0.70: (1, "edge 100 dnd down"),
        0.75: (0, "beat 750"),
        0.76: (2, "edge 200 missed down"),
    }
    told = [h for now, (n, words) in said.items() for h in session.receive(frame(7, n, words), now)]
    assert told[1:] == [Turned("dnd", True, 0.6), Turned("missed", True, 0.6)]


def test_ringing_goes_on_in_its_rhythm_when_lamps_change() -> None:
    pair = Pair().met()
    pair.show({}, (200, 200))
    pair.run(0.1)
    pair.show({"dnd": GREEN}, (200, 200))
    pair.run(0.7)
    began = pair.sounds.index(True)
    heard = pair.sounds[began : began + 60]
    assert heard == [True] * 20 + [False] * 20 + [True] * 20


def test_boards_that_began_at_different_times_blink_together() -> None:
    one, other = Pair(booted=40.0).met().run(3), Pair(booted=77.7).met().run(3)
    assert one.at != other.at
    assert one.board.clock(one.at) == other.board.clock(other.at)
    assert abs(one.board.clock(one.at) - one.now * 1000) <= STEP * 1000 + 1


@pytest.mark.parametrize("parts_per_million", [-200, 200])
def test_clocks_that_drift_stay_together(parts_per_million: int) -> None:
    board, session = Board([], ["dnd"], [], False, 0), Session(1, 0.0)
    for tenth in range(36_000):
        now = tenth / 10
        at = int(now * 1000 * (1 + parts_per_million / 1e6))
        assert session.tick(now) == []
        board.receive(session.take(), at)
        board.tick(at)
        session.receive(board.take(), now)
    assert abs(board.clock(at) - now * 1000) < 3


def test_a_late_beat_does_not_move_the_clock() -> None:
    pair = Pair().met().run(3.5)
    before = pair.board.clock(pair.at) - pair.now * 1000
    pair.there.put(frame(1, 0, f"beat {int(pair.now * 1000) - 700}"), pair.now)
    pair.run(0.05)
    assert abs(pair.board.clock(pair.at) - pair.now * 1000 - before) <= 1


# Losing each other


def test_a_board_without_a_host_says_so_after_five_seconds_and_is_right_when_it_is_back() -> None:
    pair = Pair().met()
    pair.show({"dnd": GREEN}, (100, 100))
    pair.run(1)
    heard = pair.at
    assert pair.board.lamp(0, heard + 3_900) == lamp_word(GREEN)
    assert any(pair.board.sounds(heard + n) for n in range(3_500, 3_900, 50))
    late = heard + 5_000
    assert [pair.board.lamp(n, late) for n in range(3)] == [light.LOST] * 3
    assert not any(pair.board.sounds(late + n) for n in range(0, 10_000, 50))
    pair.there.put(frame(1, 0, "beat 1"), pair.now)
    pair.run(0.05)
    assert pair.right


def test_a_board_that_nobody_ever_greeted_says_so_too() -> None:
    board = Board([], ["dnd"], [], False, 0)
    assert [board.lamp(0, at) for at in (4_999, 5_000)] == [light.DARK, light.LOST]


def test_a_board_whose_host_took_its_leave_stays_dark() -> None:
    pair = Pair().met()
    pair.show({"dnd": GREEN}, (1000, 4000))
    pair.run(0.1)
    ticket = pair.session.bye(pair.now)
    pair.run(0.1)
    assert Answered(ticket) in pair.happened
    assert pair.board.lamp(0, pair.at + 60_000) == light.DARK
    assert not pair.board.sounds(pair.at)


@pytest.mark.parametrize("seconds", [2.9, 3.1])
def test_a_board_that_falls_silent_is_gone_after_three_seconds(seconds: float) -> None:
    pair = Pair().met().run(0.5)
    heard = pair.now
    found = pair.session.tick(heard - 0.5 + seconds)
    assert found == ([Gone("it fell silent")] if seconds > 3 else [])


def test_a_board_that_beats_but_does_not_answer_is_gone() -> None:
    pair = Pair().met().run(0.5)
    pair.there.wire = Wire.CUT
    pair.show({"dnd": GREEN})
    pair.run(2.1)
    assert Gone("it does not answer") in pair.happened


def test_a_board_that_began_anew_is_greeted_and_shown_everything_anew() -> None:
    pair = Pair().met()
    pair.show({"dnd": GREEN})
    pair.run(1)
    pair.board = Board(BUTTONS, LAMPS, ["status"], True, pair.at)
    pair.run(0.5)
    assert Gone("it began anew") in pair.happened
    assert pair.right


def test_even_if_its_boot_line_is_lost() -> None:
    pair = Pair().met()
    pair.show({"dnd": GREEN})
    pair.run(1)
    pair.board = Board(BUTTONS, LAMPS, ["status"], True, pair.at)
    pair.board.take()
    pair.run_until(lambda: pair.right, 4)
    assert Gone("it began anew") in pair.happened


def test_what_an_earlier_session_left_in_the_wire_is_not_listened_to() -> None:
    pair = Pair().met()
    pair.edge("dnd", True)
    left = pair.board.take()
    new = Session(2, pair.now)
    assert new.receive(left + frame(1, 0, "hello 1 5 - - -"), pair.now) == []
    pair.board.receive(new.take(), pair.at)
    (met,) = new.receive(pair.board.take(), pair.now)
    assert isinstance(met, Met)
    assert new.receive(left, pair.now) == []


def test_a_question_of_an_earlier_session_changes_nothing() -> None:
    pair = Pair().met()
    pair.board.receive(frame(9, 1, "show - gsFF- gsFF- gsFF-"), pair.at)
    assert pair.right
    assert pair.board.take() == b""


def test_a_hello_that_comes_twice_puts_no_lamp_out() -> None:
    pair = Pair().met()
    pair.show({"dnd": GREEN})
    pair.run(0.1)
    pair.board.receive(frame(1, 0, "hello 1"), pair.at)
    assert pair.right


def test_numbers_begin_again_after_255() -> None:
    pair = Pair().met()
    for n in range(600):
        pair.show({"dnd": GREEN} if n % 2 else {"missed": RED})
        pair.edge("dnd", n % 2 == 0)
        pair.run(0.03)
        assert pair.right
    assert [down for _, down, _ in pair.told] == [n % 2 == 0 for n in range(600)]
    assert not any(isinstance(happening, Gone) for happening in pair.happened)


@pytest.mark.parametrize(
    ("payload", "refusal"),
    [
        ("show -", "3 lamps of five letters were expected"),
        ("show - gsFF- gsFF- gs", "3 lamps of five letters were expected"),
        ("show x gsFF- gsFF- gsFF-", "invalid literal"),
        ("beep 0,0", "milliseconds: 0 to 60000"),
        ("sing la", "this board knows no sing"),
    ],
)
def test_a_board_says_what_it_cannot_do(payload: str, refusal: str) -> None:
    board = Board([], LAMPS, [], True, 0)
    board.receive(frame(1, 0, "hello 1") + frame(1, 1, payload), 0)
    *_, (_, _, answer) = Parser().feed(board.take())
    assert answer.startswith(f"no 01 {refusal}")


def test_a_refusal_is_told_with_its_reason() -> None:
    session = Session(7, 0.0)
    session.receive(frame(7, 0, "hello 1 5 - dnd -"), 0.0)
    ticket = session.beep((120,), 0.0)
    assert session.receive(frame(7, 0, "no 01 too loud"), 0.0) == [Answered(ticket, "too loud")]


def test_a_board_of_another_version_is_met_as_such() -> None:
    session = Session(7, 0.0)
    assert session.receive(frame(7, 0, "hello 2 and more"), 0.0) == [Met(Fitted(2))]


@settings(deadline=None)
@given(st.lists(st.text(LETTERS, max_size=60), max_size=5), st.integers(0, 255))
def test_nothing_that_is_said_in_a_frame_ends_either_end(said: list[str], sequence: int) -> None:
    board, session = Board(BUTTONS, LAMPS, [], True, 0), Session(1, 0.0)
    board.receive(session.take(), 0)
    session.receive(board.take(), 0.0)
    verbs = ["beat ", "ack ", "no ", "edge ", "show ", "beep ", "hello ", "boot ", ""]
    for verb, rest in product(verbs, said):
        if verb + rest:
            line = frame(1, sequence, verb + rest)
            board.receive(line, 0)
            session.receive(line, 0.0)
            board.tick(0)
            session.tick(0.0)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "x 5 dnd dnd -",
        "9999 5 dnd dnd -",
        f"1 {'9' * 400} dnd dnd -",
        "1 -5 dnd dnd -",
        "1 5 dnd dnd",
        "1 5 dnd dnd - more",
        "1 5 dnd dnd bell",
        "1 5 dnd,dnd dnd -",
        "1 5 dnd dnd,dnd* -",
        "1 5 dnd, dnd -",
        "1 5 dnd d*nd -",
        f"1 5 dnd {','.join(f'{n}' for n in range(MOST_LAMPS + 1))} -",
    ],
)
def test_a_hello_that_is_none_is_refused_in_words(words: str) -> None:
    session = Session(7, 0.0)
    (gone,) = session.receive(frame(7, 0, f"hello {words}"), 0.0)
    assert isinstance(gone, Gone)
    assert gone.why.startswith("its hello is none of version 1: ")
    assert len(gone.why) < 100
    assert session.fitted is None


def test_a_wire_that_echoes_our_hello_is_no_board_and_no_harm() -> None:
    session = Session(7, 0.0)
    assert session.receive(session.take(), 0.0) == []
    (met,) = session.receive(frame(7, 0, "hello 1 5 - - -"), 0.0)
    assert isinstance(met, Met)


def test_knob_and_keypad_may_be_at_the_end_of_a_wire() -> None:
    session, names = (
        Session(7, 0.0),
        (KNOB, RIGHT, LEFT, *(f"{KEY}{key}" for key in "0123456789*#")),
    )
    (met,) = session.receive(frame(7, 0, f"hello 1 5 {','.join(names)} - -"), 0.0)
    assert met == Met(Fitted(1, names))


def test_as_many_lamps_as_a_board_may_have_fit_into_a_frame_and_ring_too() -> None:
    session = Session(7, 0.0)
    names = ",".join(f"{n}" for n in range(MOST_LAMPS))
    session.receive(frame(7, 0, f"hello 1 5 - {names} buzzer"), 0.0)
    session.take()
    session.show({"0": GREEN}, (60_000,) * 14, 0.0)
    ((_, _, payload),) = Parser().feed(session.take())
    assert payload.count(" ") == MOST_LAMPS + 1


def test_an_edge_of_a_button_that_the_hello_did_not_name_is_heard_and_tells_nothing() -> None:
    session = Session(7, 0.0)
    session.receive(frame(7, 0, "hello 1 5 dnd dnd -"), 0.0)
    session.take()
    assert session.receive(frame(7, 1, "edge 6 absent down"), 0.0) == []
    assert frame(7, 0, "ack 01") in session.take()
    assert session.receive(frame(7, 2, "edge 7 dnd down"), 0.0) == [Turned("dnd", True, 0.0)]


def test_a_moment_that_no_clock_has_is_not_listened_to() -> None:
    session = Session(7, 0.0)
    session.receive(frame(7, 0, "hello 1 5 dnd dnd -"), 0.0)
    long = "9" * 400
    said = frame(7, 0, f"beat {long}") + frame(7, 1, f"edge {long} dnd down")
    assert session.receive(said, 0.0) == []
