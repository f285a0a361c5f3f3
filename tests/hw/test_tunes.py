"""Tunes, as numbers."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw.beats import Beat
from hw.buzzer import SILENCE, Score
from hw.tunes import RINGING, TUNES, hertz, tune

SCALE = ["C4", "C#4", "D4", "D#4", "E4", "F4", "F#4", "G4", "G#4", "A4", "A#4", "B4", "C5"]


def test_notes_are_in_equal_temperament() -> None:
    assert hertz("A4") == 440.0
    assert hertz("A5") == 880.0
    assert hertz("C4") == pytest.approx(261.626, abs=0.001)
    steps = [hertz(high) / hertz(low) for low, high in pairwise(SCALE)]
    assert steps == pytest.approx([2 ** (1 / 12)] * 12)


@pytest.mark.parametrize("wrong", ["H4 100", "A5", "A5 0", "A5 long", "A5 -5", "", "100"])
def test_what_is_no_note_is_named(wrong: str) -> None:
    with pytest.raises(ValueError, match="expected a note"):
        tune([wrong])


def test_a_tune_has_the_rhythm_of_its_notes() -> None:
    made = tune(["A5 100", "- 50", "C6 200"])
    assert made.edges == (0, 100_000, 150_000, 350_000)
    assert [round(made.pitch(at)) for at in (0.0, 0.099, 0.1, 0.15, 0.349, 0.35)] == [
        880,
        880,
        0,
        1047,
        1047,
        0,
    ]


def test_notes_without_a_pause_between_them_are_one_sound_of_two_pitches() -> None:
    made = tune(["A4 100", "A5 100"])
    assert made.edges == (0, 200_000)
    assert [made.pitch(at) for at in (0.0, 0.1)] == [440.0, 880.0]
    assert made.next_note(0.0) == pytest.approx(0.1)
    assert made.next_note(0.1) == pytest.approx(0.2)
    assert made.next_note(0.2) is None


@given(st.sampled_from([*TUNES.values(), RINGING]), st.floats(0, 100, allow_nan=False))
def test_between_two_changes_the_pitch_stays(made: Beat, at: float) -> None:
    assert hasattr(made, "pitch")
    after = made.next_note(at)  # type: ignore[attr-defined]
    until = at + 10 if after is None else after
    assert until > at
    for share in (0.25, 0.5, 0.75):
        between = at + (until - at) * share
        if until - between > 1e-5:
            assert made.pitch(between) == made.pitch(at)


def test_every_notice_has_a_tune_that_is_told_apart_without_pitches() -> None:
    rhythms = {made.edges for made in TUNES.values()}
    assert set(TUNES) == {"missed", "message", "voicemail"}
    assert len(rhythms) == len(TUNES)


def test_every_tune_has_a_level() -> None:
    assert all(0 < made.level <= 1 for made in [*TUNES.values(), RINGING])


def test_a_tune_plays_over_the_ringing_and_leaves_it_as_it_was() -> None:
    score = Score()
    score.ring(True, 0.0)
    score.play(TUNES["message"], 0.5)
    assert score.sound(0.5)[0] == hertz("G6")
    assert score.sound(0.9)[0] in (hertz("A5"), hertz("C#6"))
    assert score.sound(1.5) == SILENCE
    score.ring(True, 2.0)
    assert score.sound(5.0) != SILENCE
    score.ring(False, 5.0)
    assert (score.sound(5.0), score.next_change(5.0)) == (SILENCE, None)
