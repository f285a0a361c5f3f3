"""Whatever the world sends, it is drawn, and it stays on the glass."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.core.pages import parts
from device.core.words import CallingStage, CallKind, Hint, Line, Link, MirrorState, Notice, Status
from device.views.canvas import Canvas
from device.views.font import Dot
from device.views.paint import draw, paint
from device.views.screens import (
    Badge,
    BalloonUp,
    Bar,
    CallingPage,
    CallsPage,
    Idle,
    Menu,
    NothingPage,
    People,
    Person,
    Ringing,
    Row,
    Screen,
    TextPage,
    Trouble,
    VoicemailPage,
)

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
ROWS = st.lists(st.builds(Row, WORDS, WORDS), max_size=4).map(tuple)
TEAMS = st.lists(
    st.builds(Person, WORDS, st.sampled_from(Hint), st.booleans(), st.booleans()), max_size=3
).map(tuple)
LINES = WORDS.map(lambda text: parts(text)[0])

SCREENS: st.SearchStrategy[Screen] = st.one_of(
    st.builds(
        Idle,
        BARS,
        st.sampled_from(Status),
        st.sampled_from(MirrorState),
        WORDS,
        st.sampled_from(["", "until 14:30", "1440 min left"]),
        WORDS,
        BADGES,
    ),
    st.builds(
        Trouble,
        BARS,
        st.sampled_from(["No PBX", "PBX refused"]),
        st.sampled_from(["", "since 14:02"]),
        WORDS,
        WORDS,
        BADGES,
    ),
    st.builds(Ringing, WORDS, WORDS, WORDS, COUNTS),
    st.builds(
        CallsPage,
        WORDS,
        WORDS,
        st.sampled_from(CallKind),
        COUNTS,
        st.sampled_from(["time unknown", "12 Jan 14:02"]),
        st.just("30/30"),
    ),
    st.builds(TextPage, WORDS, st.just("12 Jan"), LINES, st.just("30/30"), st.just(3), st.just(20)),
    st.builds(VoicemailPage, WORDS, st.none() | COUNTS, COUNTS, COUNTS, st.just("9/9")),
    st.builds(NothingPage, st.sampled_from(Notice), st.just("Voicemail unknown")),
    st.builds(Menu, WORDS, ROWS, st.integers(0, 3), st.just("7/7")),
    st.builds(CallingPage, WORDS, WORDS, st.sampled_from(CallingStage), WORDS),
    st.builds(People, TEAMS, st.integers(0, 2), st.just("32/32"), WORDS, WORDS),
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


@settings(max_examples=400, deadline=None)
@given(SCREENS)
def test_nothing_is_drawn_off_the_glass(screen: Screen) -> None:
    draw(Watched((128, 64)), screen)


@settings(deadline=None)
@given(SCREENS)
def test_equal_screens_are_equal_pictures(screen: Screen) -> None:
    first = paint(screen)
    assert (first.mode, first.size) == ("1", (128, 64))
    assert first.tobytes() == paint(screen).tobytes()


@pytest.mark.parametrize("size", [(128, 32), (96, 64), (64, 48), (256, 64)])
@settings(deadline=None)
@given(screen=SCREENS)
def test_a_glass_of_another_size_gets_a_picture_of_its_size(
    size: tuple[int, int], screen: Screen
) -> None:
    assert paint(screen, size).size == size


def test_a_name_in_letters_we_have_not_gives_way_to_the_number() -> None:
    assert paint(Ringing("101", "山田 太郎")).tobytes() == paint(Ringing("101", "")).tobytes()
    assert paint(Ringing("", "山田")).tobytes() != paint(Ringing("", "")).tobytes()


def test_a_pixel_is_dark_or_light_and_no_third_thing() -> None:
    ringing = paint(Ringing("101", "Reception"))
    assert sum(ringing.histogram()[1:255]) == 0


def test_a_refusal_that_fits_the_glass_is_never_cut() -> None:
    sentence = "The profile grandstream-ucm does not fit this PBX: it has diverted not cleared"
    wide = paint(BalloonUp(None, "Not possible", sentence)).tobytes()
    assert wide != paint(BalloonUp(None, "Not possible", f"{sentence} after *73")).tobytes()
