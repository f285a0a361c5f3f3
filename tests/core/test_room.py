"""A long text, divided into what a glass holds."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from device.core.room import Room, parts

SMALL = Room(10, 2, other_columns=8, other_rows=1)


def test_a_text_is_divided_between_words() -> None:
    assert parts("Lunch at one or at two?", SMALL) == (("Lunch at", "one or at"), ("two?",))


def test_nothing_is_a_screenful_too() -> None:
    assert parts("", SMALL) == ((),)


def test_letters_of_other_scripts_take_more_room() -> None:
    assert parts("Обед в час", SMALL) == (("Обед в",), ("час",))
    assert parts("漢字かな混じり", SMALL) == (("漢字かな",), ("混じり",))


def test_letters_that_the_glass_has_not_got_take_the_room_of_what_stands_for_them() -> None:
    sounding = replace(SMALL, written=lambda text: text.replace("Ж", "Zh"))
    assert parts("ЖЖЖ ЖЖ", sounding) == (("ZhZhZh", "ZhZh"),)


def test_marks_take_no_room() -> None:
    assert parts("ก้ก้ก้ก้ก้ก้ก้ก้", SMALL) == (("ก้ก้ก้ก้ก้ก้ก้ก้",),)


def test_accents_do_not_make_another_script_of_ours() -> None:
    assert parts("Perché no? Ŵ", SMALL) == (("Perché no?", "Ŵ"),)


def test_a_glass_without_room_for_the_sender_shows_them_first() -> None:
    assert parts("Lunch", Room(10, 1, sender_first=True)) == ((), ("Lunch",))


@given(st.text(), st.builds(Room, *([st.integers(1, 30)] * 4), st.booleans()))
def test_nothing_of_a_text_is_lost(text: str, room: Room) -> None:
    shown = "".join("".join(line) for part in parts(text, room) for line in part)
    assert "".join(shown.split()) == "".join(text.split())


@given(st.text(), st.builds(Room, *([st.integers(1, 30)] * 4)))
def test_no_screenful_has_more_lines_than_the_glass(text: str, room: Room) -> None:
    assert all(len(part) <= max(room.rows, room.other_rows) for part in parts(text, room))
