"""Letters: drawn, put together, or replaced, and never wider than promised."""

import unicodedata
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.core.room import Room
from device.views.font import HUGE, LARGE, REPLACEMENT, SMALL, Font, read

BY_SIZE = {"small": SMALL, "large": LARGE, "huge": HUGE}
FONTS = pytest.mark.parametrize("font", BY_SIZE.values(), ids=BY_SIZE)

LATIN_1 = [chr(c) for c in chain(range(0x20, 0x7F), range(0xA0, 0x100))]
LETTERS = [c for c in LATIN_1 if c.isalnum() and ord(c) < 0x100] + list("€…“”„–—→×")
NEIGHBOURS = list("ąćęłńóśźżčďěňřšťůžğışőűăâîșțñãõøåæœđ")


@FONTS
@pytest.mark.parametrize("letter", LETTERS + NEIGHBOURS)
def test_the_letters_of_our_neighbours_are_no_boxes(font: Font, letter: str) -> None:
    assert REPLACEMENT not in font.spell(letter)
    assert font.width(letter) > 0


def test_all_of_latin_1_is_in_the_small_font() -> None:
    assert [c for c in LATIN_1 if REPLACEMENT in SMALL.spell(c)] == []


@FONTS
def test_no_two_letters_look_the_same(font: Font) -> None:
    # O and 0 may be twins, as on many a keyboard.
    letters = set(chain(map(chr, range(0x21, 0x7F)), NEIGHBOURS)) - {"O"}
    pictures = {frozenset(font.dots(letter)) for letter in letters}
    assert len(pictures) == len(letters)


@FONTS
def test_an_accent_is_drawn_whether_it_comes_apart_or_together(font: Font) -> None:
    together, apart = "Perché Ñandú", unicodedata.normalize("NFD", "Perché Ñandú")
    assert list(font.dots(together)) == list(font.dots(apart))
    assert set(font.dots("é")) > set(font.dots("e"))


@FONTS
def test_other_scripts_are_written_as_they_sound(font: Font) -> None:
    assert "".join(font.spell("Жук 漢한")) == "Zhuk HanHan"


@FONTS
def test_what_nobody_can_write_is_one_box(font: Font) -> None:
    assert list(font.spell("\U000f0001\U000f0002")) == [REPLACEMENT] * 2


@FONTS
def test_what_unicode_can_take_apart_is_drawn_in_parts(font: Font) -> None:
    assert list(font.spell("\ufb01n ạ\u200b\t½")) == list("fin a 1/2")


def test_a_line_of_the_widest_letters_fits_the_glass() -> None:
    assert SMALL.width("W" * Room().columns) <= 126
    assert max(g.width for g in SMALL.glyphs.values()) == 5


@FONTS
def test_a_text_that_fits_is_left_alone(font: Font) -> None:
    assert font.fit("Reception", font.width("Reception")) == "Reception"


@FONTS
def test_a_text_that_is_too_long_ends_in_an_ellipsis(font: Font) -> None:
    assert font.fit("Front desk", font.width("Front…")) == "Front…"


@FONTS
def test_a_text_can_be_cut_between_words(font: Font) -> None:
    width = font.width("Other num…")
    assert font.fit_words("Other number", width) == "Other…"
    assert font.fit_words("Othernumbers", width).endswith("…")
    assert font.fit_words("Other", width) == "Other"


@FONTS
def test_lines_tell_whether_words_are_broken(font: Font) -> None:
    assert font.unbroken("Anna Rossi-Verdi", ["Anna", "Rossi-", "Verdi"])
    assert not font.unbroken("Anna Rossi", ["Anna", "Ros", "si"])
    assert not font.unbroken("Anna Rossi", ["Anna", "Ros…"])


@FONTS
def test_lines_break_between_words(font: Font) -> None:
    width = font.width("Alessandra")
    assert font.wrap("Alessandra von Tal", width, 3) == ["Alessandra", "von Tal"]


@FONTS
def test_a_word_that_is_too_long_is_broken(font: Font) -> None:
    assert "".join(font.wrap("a" * 50, 60, 50)) == "a" * 50


@settings(deadline=None)
@given(st.sampled_from(sorted(BY_SIZE)), st.text(), st.integers(-5, 200), st.integers(0, 4))
def test_nothing_written_is_wider_than_the_room(
    size: str, text: str, width: int, lines: int
) -> None:
    font = BY_SIZE[size]
    assert font.width(font.fit(text, width)) <= max(width, 0)
    room = max(width, 60)  # one character may be drawn as several, such as rad/s2
    wrapped = font.wrap(text, room, lines)
    assert len(wrapped) <= lines
    assert all(font.width(line) <= room for line in wrapped)


@settings(deadline=None)
@given(st.sampled_from(sorted(BY_SIZE)), st.text())
def test_no_letter_leaves_its_line(size: str, text: str) -> None:
    font = BY_SIZE[size]
    assert all(-font.room <= y < font.height + font.drop for _, y in font.dots(text))
    assert all(0 <= x < max(font.width(text), 1) for x, _ in font.dots(text))


def test_a_crooked_drawing_is_refused() -> None:
    with pytest.raises(ValueError, match="different width"):
        read("A\n##\n###\n")
