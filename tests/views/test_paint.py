"""Whatever the world sends, it is drawn, and it stays on the glass."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.core.room import parts
from device.core.words import CallingStage, CallKind, Hint, Line, Link, MirrorState, Notice, Status
from device.views.canvas import Canvas
from device.views.glyph import Dot
from device.views.lists import room
from device.views.outset import NoConfig, Starting
from device.views.paint import SIZES, draw, paint
from device.views.phrases import PHRASES
from device.views.screens import (
    About,
    Badge,
    BalloonUp,
    Bar,
    CallingPage,
    CallsPage,
    Idle,
    Menu,
    NothingPage,
    NumberPage,
    People,
    Person,
    Ringing,
    Row,
    Screen,
    TextPage,
    Trouble,
    VoicemailPage,
)
from device.views.words import LANGUAGES

WORDS = st.one_of(
    st.text(max_size=60),
    st.text("WM@Ŵjg", max_size=60),
    st.just("x" * 200),
    st.just("Ågjpqy Ş" * 30),
)
COUNTS = st.integers(0, 10**9)
BADGES = st.lists(
    st.builds(Badge, st.sampled_from(Notice), COUNTS, st.booleans(), st.booleans(), st.booleans()),
    max_size=3,
).map(tuple)
BARS = st.builds(
    Bar, st.sampled_from(["14:30", "--:--"]), WORDS, st.sampled_from(Link), st.sampled_from(Line)
)
ROWS = st.lists(st.builds(Row, WORDS, WORDS), min_size=1, max_size=9).map(tuple)
TEAMS = st.lists(
    st.builds(Person, WORDS, st.sampled_from(Hint), st.booleans(), st.booleans()),
    min_size=1,
    max_size=9,
).map(tuple)
SENTENCES = WORDS | st.sampled_from(sorted(PHRASES))


def texts(size: tuple[int, int]) -> st.SearchStrategy[TextPage]:
    """A screenful of a text, as many lines as this glass has."""
    lines = WORDS.map(lambda text: parts(text, room(size))[0])
    return st.builds(TextPage, WORDS, st.just("12 Jan"), lines, st.just("30/30"), PART, PARTS)


PART, PARTS = st.just(3), st.just(20)

SCREENS: st.SearchStrategy[Screen] = st.one_of(
    st.builds(
        Idle,
        BARS,
        st.sampled_from(Status),
        st.sampled_from(MirrorState),
        WORDS,
        st.sampled_from(["", "until 14:30", "1440 min left", "Do not disturb Mon 08:00"]),
        SENTENCES,
        BADGES,
    ),
    st.builds(
        Trouble,
        BARS,
        st.sampled_from(["No PBX", "PBX refused"]),
        st.sampled_from(["", "since 14:02"]),
        SENTENCES,
        WORDS,
        BADGES,
        st.sampled_from(["", "192.168.100.200", "2001:db8:1234:5678:9abc:def0:1234:5678"]),
    ),
    st.builds(Starting, st.just("0.1.0")),
    st.builds(NoConfig, st.sampled_from(["", "192.168.100.200"]), WORDS),
    st.builds(Ringing, WORDS, WORDS, WORDS, COUNTS, WORDS),
    st.builds(
        CallsPage,
        WORDS,
        WORDS,
        st.sampled_from(CallKind),
        COUNTS,
        st.sampled_from(["time unknown", "12 Jan 14:02"]),
        st.just("30/30"),
    ),
    st.builds(VoicemailPage, WORDS, st.none() | COUNTS, COUNTS, COUNTS, st.just("9/9")),
    st.builds(NothingPage, st.sampled_from(Notice), st.just("Voicemail unknown")),
    ROWS.flatmap(
        lambda rows: st.builds(
            Menu, WORDS, st.just(rows), st.integers(0, len(rows) - 1), st.just("7/7")
        )
    ),
    st.builds(CallingPage, WORDS, WORDS, st.sampled_from(CallingStage), SENTENCES),
    TEAMS.flatmap(
        lambda rows: st.builds(
            People, st.just(rows), st.integers(0, len(rows) - 1), st.just("32/32"), WORDS, WORDS
        )
    ),
    ROWS.flatmap(
        lambda rows: st.builds(About, st.just(rows), st.integers(0, len(rows) - 1), st.just("1/9"))
    ),
    st.builds(
        NumberPage,
        WORDS,
        st.text("0123456789+", max_size=33),
        st.sampled_from(["", "0", "+"]),
        WORDS,
        st.sampled_from(["", "hold: set"]),
    ),
    st.builds(BalloonUp, st.none() | st.sampled_from(Notice), WORDS, WORDS),
)


class Watched(Canvas):
    """A canvas that minds what is drawn beside it."""

    __slots__ = ()

    def box(self, x: int, y: int, width: int, height: int, ink: int = 1) -> None:
        self._mind([(x, y), (x + width - 1, y + height - 1)])
        super().box(x, y, width, height, ink)

    def _dots(self, dots: Iterable[Dot], x: int, y: int, ink: int) -> None:
        placed = list(dots)
        self._mind((x + right, y + down) for right, down in placed)
        super()._dots(placed, x, y, ink)

    def _mind(self, dots: Iterable[Dot]) -> None:
        beside = [(x, y) for x, y in dots if not (0 <= x < self.width and 0 <= y < self.height)]
        assert not beside, f"off the glass: {beside[:5]}"


def test_the_watch_sees_what_is_off_the_glass() -> None:
    with pytest.raises(AssertionError, match="off the glass"):
        Watched((128, 64)).box(100, 0, 29, 2)


def test_news_without_a_word_is_a_picture_on_the_lowest_glass() -> None:
    assert paint(BalloonUp(None, "", ""), (96, 16)).size == (96, 16)


ODD_SIZES = ((96, 64), (160, 32), (72, 40), (128, 128))
"Other modules, which no picture is kept of."


@pytest.mark.parametrize("size", [*SIZES, *ODD_SIZES], ids=str)
@settings(max_examples=80, deadline=None)
@given(st.data())
def test_nothing_is_drawn_off_the_glass(size: tuple[int, int], data: st.DataObject) -> None:
    screen = data.draw(SCREENS | texts(size))
    draw(Watched(size), screen, data.draw(st.sampled_from(LANGUAGES)))


@settings(deadline=None)
@given(SCREENS, st.sampled_from(SIZES), st.sampled_from(LANGUAGES))
def test_equal_screens_are_equal_pictures(
    screen: Screen, size: tuple[int, int], language: str
) -> None:
    first = paint(screen, size, language)
    assert (first.mode, first.size) == ("1", size)
    assert first.tobytes() == paint(screen, size, language).tobytes()


def test_a_name_in_other_letters_is_written_as_it_sounds() -> None:
    shown = paint(Ringing("101", "Иван Щукин")).tobytes()
    assert shown == paint(Ringing("101", "Ivan Shchukin")).tobytes()


def test_a_name_nobody_can_write_gives_way_to_the_number() -> None:
    strange = "\U000f0001\U000f0002"
    assert paint(Ringing("101", strange)).tobytes() == paint(Ringing("101", "")).tobytes()
    assert paint(Ringing("", strange)).tobytes() != paint(Ringing("", "")).tobytes()


def test_a_pixel_is_dark_or_light_and_no_third_thing() -> None:
    ringing = paint(Ringing("101", "Reception"))
    assert sum(ringing.histogram()[1:255]) == 0


def test_a_refusal_that_fits_the_glass_is_never_cut() -> None:
    sentence = "The profile grandstream-ucm does not fit this PBX: it has diverted not cleared"
    wide = paint(BalloonUp(None, "Not possible", sentence)).tobytes()
    assert wide != paint(BalloonUp(None, "Not possible", f"{sentence} after *73")).tobytes()
