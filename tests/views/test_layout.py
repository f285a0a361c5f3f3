"""What is worth most is there, what does not fit is left out whole."""

from hypothesis import given
from hypothesis import strategies as st

from device.views.canvas import Canvas
from device.views.font import HUGE, LARGE, SMALL
from device.views.layout import Block, Brief, Face, Form, Pile, draw, fitting
from device.views.lists import room
from device.views.pieces import Offer, ends, gap, height_of, high_title, keys, numbered, written
from device.views.words import tongue
from tests.views.glance import Glance

ENGLISH = tongue("en")
USUAL = Face(128, 64, ENGLISH)
NARROW = Face(64, 48, ENGLISH)


def nothing(canvas: Canvas, y: int) -> None:
    """Draws nothing."""


def block(*forms: tuple[int, int]) -> Block:
    """Heights and worths."""
    return Block(tuple(Form(height, nothing, worth) for height, worth in forms))


def heights(blocks: tuple[Block, ...], rows: int) -> list[int]:
    return [form.height if form else 0 for form in fitting(blocks, rows)]


def test_all_of_it_is_there_where_it_fits() -> None:
    assert heights((block((10, 1), (20, 0)), block((30, 5))), 50) == [20, 30]


def test_what_is_worth_least_goes_first() -> None:
    head, body, foot = block((10, 50)), block((20, 90)), block((10, 70))
    assert heights((head, body, foot), 30) == [0, 20, 10]
    assert heights((head, body, foot), 20) == [0, 20, 0]


def test_a_fuller_form_takes_the_room_that_is_left() -> None:
    name, number = block((10, 90), (30, 40)), block((10, 80))
    assert heights((name, number), 40) == [30, 10]
    assert heights((name, number), 39) == [10, 10]


def test_a_tail_needs_room_at_the_end_only() -> None:
    tailed = Block((Form(10, nothing, 50, tail=2),))
    assert heights((tailed, block((10, 40))), 20) == [10, 10]
    assert heights((block((10, 40)), tailed), 20) == [0, 10]


FORMS = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 99)), max_size=3)


@given(st.lists(FORMS.map(lambda forms: block(*forms)), max_size=5).map(tuple), st.integers(0, 70))
def test_nothing_is_placed_that_has_no_room(blocks: tuple[Block, ...], rows: int) -> None:
    assert sum(heights(blocks, rows)) <= rows


@given(st.lists(FORMS.map(lambda forms: block(*forms)), max_size=5).map(tuple), st.integers(1, 70))
def test_the_most_worthy_that_fits_at_all_is_there(blocks: tuple[Block, ...], rows: int) -> None:
    fits = [(f.worth, i) for i, b in enumerate(blocks) for f in b.forms if f.height <= rows]
    if fits:
        worthiest = max(worth for worth, _ in fits)
        found = fitting(blocks, rows)
        assert any(found[i] for worth, i in fits if worth == worthiest)


# Words


def read(face: Face, *blocks: Block) -> list[str]:
    canvas = Glance((face.width, face.height))
    draw(canvas, Pile(blocks, Brief(("brief",))))
    return canvas.read


def test_a_text_is_large_where_it_fits_and_small_where_it_does_not() -> None:
    given_ = (Offer(SMALL, 1, 90), Offer(LARGE, 1, 80))
    assert len(written(USUAL, "Reception", *given_).forms) == 2
    assert len(written(Face(50, 48, ENGLISH), "Reception", *given_).forms) == 1


def test_a_word_is_not_broken_where_a_lower_form_has_it_whole() -> None:
    given_ = (Offer(SMALL, 1, 90), Offer(LARGE, 2, 80))
    assert read(Face(60, 48, ENGLISH), written(Face(60, 48, ENGLISH), "Reception", *given_)) == [
        "Reception"
    ]


def test_what_may_not_be_cut_is_left_out() -> None:
    offer = Offer(SMALL, 1, 90)
    assert written(NARROW, "+390612345678901", offer, whole=True).forms == ()
    assert read(NARROW, written(NARROW, "+390612345678901", offer))[0].endswith("…")


def test_what_stands_at_the_end_is_whole_and_the_rest_gives_way() -> None:
    assert read(USUAL, ends(USUAL, "diverted", "14:02", 50)) == ["diverted", "14:02"]
    assert read(NARROW, ends(NARROW, "do not disturb", "14:02", 50)) == ["14:02"]
    assert read(NARROW, ends(NARROW, "", "not up to date", 50)) == ["not up to", "date"]


def test_the_tails_of_huge_letters_keep_off_the_line_below() -> None:
    wide = Face(256, 64, ENGLISH)
    canvas = Canvas((256, 64))
    draw(canvas, Pile((written(wide, "Peggy", Offer(HUGE, 1, 90)),), Brief(("",))))
    bounds = canvas.image.getbbox()
    assert bounds
    assert bounds[3] <= height_of(HUGE)


def test_of_a_long_number_the_end_is_shown() -> None:
    assert read(NARROW, numbered(NARROW, "+390612345678", "", 50)) == ["…612345678"]
    assert read(NARROW, numbered(NARROW, "101", "×3", 50)) == ["101", "×3"]


def test_as_many_keys_are_told_as_fit() -> None:
    told = "press: next   hold: set"
    assert read(USUAL, keys(USUAL, told, 50)) == [told]
    assert read(NARROW, keys(NARROW, told, 50)) == ["press: next"]
    assert read(Face(30, 48, ENGLISH), keys(Face(30, 48, ENGLISH), told, 50)) == []


def test_a_title_takes_two_lines_where_its_words_need_them() -> None:
    assert read(USUAL, high_title(USUAL, "Do not disturb for", "1/7", 50)) == [
        "Do not disturb for",
        "1/7",
    ]
    assert read(NARROW, high_title(NARROW, "Do not disturb for", "1/7", 50)) == [
        "Do not",
        "disturb for",
    ]


def test_a_glass_of_one_line_gets_the_first_that_fits_in_brief() -> None:
    canvas = Glance((96, 16))
    texts = ("Your phone was not picked up", "No connection")
    draw(canvas, Pile((gap(),), Brief(texts, "warning")))
    assert canvas.read == ["No connection"]


def test_what_a_glass_holds_of_a_text_follows_its_size() -> None:
    usual, low, line = room((128, 64)), room((128, 32)), room((96, 16))
    assert (usual.columns, usual.rows) == (21, 5)
    assert (low.columns, low.rows) == (21, 2)
    assert (line.columns, line.rows, line.sender_first) == (15, 1, True)
    assert all(r.other_rows >= 1 for r in (usual, low, line, room((64, 48))))
