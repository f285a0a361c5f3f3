"""Names and texts in any script can be read: in their own letters, or as they sound."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from device.core.room import parts
from device.views import font, unifont
from device.views.font import HUGE, LARGE, SMALL
from device.views.glyph import Glyph
from device.views.lists import room
from device.views.order import visual
from device.views.paint import SIZES, draw, paint
from device.views.screens import Ringing, TextPage
from tests.views.glance import Glance
from tests.views.test_paint import Watched

# The order in which letters are seen


def test_a_script_from_left_to_right_stays_as_it_is() -> None:
    assert visual("Жук & 漢字 12") == "Жук & 漢字 12"


def test_hebrew_is_seen_from_right_to_left() -> None:
    assert visual("שלום") == "םולש"


def test_numbers_within_it_are_read_as_ever() -> None:
    assert visual("חדר 101") == "101 רדח"


def test_our_letters_within_it_are_read_as_ever() -> None:
    assert visual("דוד from ACME") == "from ACME דוד"


def test_a_word_of_it_within_ours_is_turned_alone() -> None:
    assert visual("Call שלום now") == "Call םולש now"


def test_brackets_open_the_other_way_there() -> None:
    assert visual("(שלום)") == "(םולש)"


def test_marks_stay_with_their_letters() -> None:
    assert visual("שָׁב") == "ב" + "שָׁ"


def test_arabic_letters_join() -> None:
    joined = visual("محمد")
    assert joined == "\ufeaa\ufee4\ufea4\ufee3"


def test_a_letter_that_joins_to_nobody_stands_alone() -> None:
    assert visual("دور") == "رود"


# Unifont


def stand_in(char: str) -> Glyph | None:
    """A font that has Cyrillic and Hebrew, each letter a block of its own height."""
    if not ("а" <= char.lower() <= "я" or "א" <= char <= "ת"):
        return None
    return Glyph(7, frozenset((x, y) for x in range(6) for y in range(ord(char) % 8)))


@pytest.fixture
def other_letters(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    font.forget()
    monkeypatch.setattr(font, "letter", stand_in)
    yield
    font.forget()


@pytest.mark.usefixtures("other_letters")
def test_large_letters_come_from_unifont_and_small_ones_do_not() -> None:
    assert list(LARGE.spell("Жук")) == ["Ж", "у", "к"]
    assert list(HUGE.spell("Жук")) == ["Ж", "у", "к"]
    assert "".join(SMALL.spell("Жук")) == "Zhuk"
    assert LARGE.width("Жук") == 23


@pytest.mark.usefixtures("other_letters")
def test_a_huge_letter_is_a_large_one_doubled() -> None:
    assert HUGE.width("Жук") == 2 * LARGE.width("Жук")


@pytest.mark.usefixtures("other_letters")
def test_a_line_from_right_to_left_is_drawn_so() -> None:
    assert set(LARGE.dots("אב")) == {
        *((x, y) for x in range(6) for y in range(ord("ב") % 8)),
        *((x + 8, y) for x in range(6) for y in range(ord("א") % 8)),
    }


TEXT = "Обед в час? Я заказал столик у окна на пятерых"


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_text_in_another_script_is_whole_on_every_glass(size: tuple[int, int]) -> None:
    read = _read(size)
    assert read.split() == "".join(SMALL.spell(TEXT)).split()


@pytest.mark.usefixtures("other_letters")
@pytest.mark.parametrize("size", [size for size in SIZES if size[1] >= 48], ids=str)
def test_a_text_in_its_own_letters_is_whole_as_well(size: tuple[int, int]) -> None:
    assert _read(size).split() == TEXT.split()


def test_a_text_that_is_written_as_it_sounds_is_divided_as_our_own() -> None:
    usual = room((128, 64))
    assert parts(TEXT, usual) == parts("".join(SMALL.spell(TEXT)), usual)
    assert parts("Щ" * 9 + "\nда", usual) == (("ShchShchShchShchShchS", "hchShchShchShch", "da"),)


def _read(size: tuple[int, int]) -> str:
    """Page by page, the sender left out."""
    told: list[str] = []
    screenfuls = parts(TEXT, room(size))
    for index, lines in enumerate(screenfuls):
        canvas = Glance(size)
        draw(canvas, TextPage("Anna", "14:02", lines, "1/1", index, len(screenfuls)))
        head = 0 if size[1] < 24 else sum(t in ("Anna", "14:02  1/1", "1/1") for t in canvas.read)
        told += ["".join(SMALL.spell(t)) if _small(t) else t for t in canvas.read[head:]]
    return " ".join(t for t in told if t != "Anna")


def _small(text: str) -> bool:
    return not LARGE.spells(text)


NAMES = ("山田 太郎", "Иван Щукин", "محمد الفاتح", "דוד בן-גוריון", "สมชาย", "हिन्दी", "한국")
INSTALLED = [folder for folder in unifont.FOLDERS if Path(folder, "unifont.otf").exists()]


@pytest.mark.skipif(not INSTALLED, reason="fonts-unifont is not installed")
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_real_unifont_stays_on_the_glass(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unifont, "FOLDERS", tuple(INSTALLED))
    font.forget()
    for name in (
        "山田 太郎",
        "Иван Щукин",
        "محمد الفاتح",
        "דוד בן-גוריון",
        "สมชาย",
        "हिन्दी",
        "한국",
    ):
        draw(Watched(size), Ringing("101", name))
        assert paint(Ringing("101", name), size).getbbox()
    assert LARGE.width("漢") == 15
    assert "".join(LARGE.spell("漢Ж")) == "漢Ж"
    font.forget()


def test_a_letter_that_sounds_like_a_sentence_is_broken_into_lines() -> None:
    lines = SMALL.wrap("\ufdfa", 60, 9)
    assert len(lines) > 1
    assert all(SMALL.width(line) <= 60 for line in lines)
    assert SMALL.unbroken("\ufdfa", lines)


def test_without_unifont_no_font_is_looked_up() -> None:
    assert unifont.letter("漢") is None
