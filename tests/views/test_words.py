"""The glass speaks the user's language: all of what the panel can say, values and all."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device import core
from device.core.events import Event, PartLost
from device.core.profile import Grants
from device.core.state import State
from device.core.update import update
from device.core.words import Notice
from device.sip import registration
from device.views.layout import Face
from device.views.paint import SIZES, draw
from device.views.phrases import BRIEFLY, DAYS, DOINGS, MONTHS, PHRASES, STATUSES
from device.views.screen import screen
from device.views.screens import WORDS, BalloonUp, Idle, Menu, Ringing, Screen, TextPage, Trouble
from device.views.sheet import gallery
from device.views.words import LANGUAGES, SEVERAL, recognised, tongue
from tests.core.anything import stories
from tests.views import catalogue
from tests.views.glance import Glance
from tests.views.states import GRANTS, OFFICE

OTHERS = pytest.mark.parametrize("language", catalogue.translated())
EVERY = pytest.mark.parametrize("language", LANGUAGES)

VALUES = {
    "hour": "14:30",
    "count": "3",
    "day": "Mon",
    "status": "Do not disturb",
    "doing": "absent",
    "settings": "dnd and absent",
    "code": "*78",
    "server": "pbx.example.com",
    "profile": "freepbx",
    "why": "404 Not Found",
}
"A value of every kind; others are names."


def fields(phrase: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(phrase) if name]


def filled(phrase: str) -> str:
    """A sentence as the panel would say it."""
    return phrase.format(**{name: VALUES.get(name, "Anna") for name in fields(phrase)})


# The catalogues


@OTHERS
def test_a_catalogue_has_every_phrase_and_no_other(language: str) -> None:
    head, *entries = catalogue.entries(catalogue.source(language).read_text(encoding="utf-8"))
    assert head.phrase == ""
    assert {entry.phrase for entry in entries} == PHRASES
    assert len(entries) == len(PHRASES)


@OTHERS
def test_no_phrase_is_left_untranslated_and_no_value_is_lost(language: str) -> None:
    _, *entries = catalogue.entries(catalogue.source(language).read_text(encoding="utf-8"))
    for entry in entries:
        for told in entry.told:
            assert told.strip(), entry.phrase
            assert sorted(fields(told)) == sorted(fields(entry.phrase)), entry.phrase


@OTHERS
def test_what_is_countable_has_a_form_for_one_and_for_more(language: str) -> None:
    for entry in catalogue.entries(catalogue.source(language).read_text(encoding="utf-8")):
        assert len(entry.told) == (2 if "{count}" in entry.phrase else 1), entry.phrase


@OTHERS
def test_what_is_compiled_is_what_was_written(language: str) -> None:
    written = catalogue.entries(catalogue.source(language).read_text(encoding="utf-8"))
    assert catalogue.compiled(language).read_bytes() == catalogue.binary(written)


def test_a_letter_that_needs_care_survives_compiling() -> None:
    text = 'msgid ""\nmsgstr ""\n\n# why\nmsgid "a \\"b\\""\nmsgstr "ä "\n"ö"\n'
    assert catalogue.entries(text)[1] == catalogue.Entry('a "b"', "", ("ä ö",))


# Sentences


@EVERY
@pytest.mark.parametrize("phrase", sorted(PHRASES))
def test_every_sentence_is_known_again_with_its_values(phrase: str, language: str) -> None:
    said = tongue(language)(filled(phrase))
    values = [VALUES.get(name, "Anna") for name in fields(phrase)]
    plain = [v for n, v in zip(fields(phrase), values, strict=True) if n in ("hour", "code")]
    assert all(value in said for value in plain)
    assert "{" not in said
    if language == "en":
        assert said == filled(phrase).replace("dnd", "do not disturb")


def test_of_two_phrases_that_fit_the_closer_one_is_taken() -> None:
    told = tongue("it")("The PBX refused the publication: 403 Forbidden")
    assert told == "Il PBX ha rifiutato la pubblicazione: 403 Forbidden"
    assert tongue("it")("Chosen: Available") == "Scelto: Disponibile"
    assert tongue("de")("The PBX refused user 100: wrong password").endswith("falsches Passwort")


def test_one_is_told_apart_from_many() -> None:
    assert [tongue("it")(f"{n} new") for n in ("1", "2", "999+")] == [
        "1 nuovo",
        "2 nuovi",
        "999+ nuovi",
    ]
    assert tongue("fr")("0 new") == "0 nouveau"


def test_sentences_that_are_told_together_are_each_translated() -> None:
    told = tongue("it")("No board; Button dnd is stuck")
    assert told == "Manca: board; Tasto dnd bloccato"


def test_a_moment_is_told_word_by_word() -> None:
    say = tongue("it")
    assert say.moment("Mon 09:41") == "Lun 09:41"
    assert say.moment("12 Jan 14:02") == "12 Gen 14:02"
    assert say.moment("time unknown") == "ora ignota"


@EVERY
@settings(deadline=None, max_examples=50)
@given(text=st.text(max_size=80))
def test_what_is_no_sentence_of_ours_is_left_alone(language: str, text: str) -> None:
    assert next(recognised(text), None) or text in PHRASES or tongue(language)(text) == text


@pytest.mark.parametrize("word", ["Absent", "No messages", "1 hour"])
def test_what_a_person_wrote_or_is_called_is_never_translated(word: str) -> None:
    shown = (
        BalloonUp(Notice.MESSAGE, word, word),
        BalloonUp(Notice.MISSED, "Missed call", word),
        Ringing("101", word),
        TextPage(word, "14:02", (word,), "1/1"),
    )
    assert all(word in glance(screen, "it") for screen in shown)
    assert word not in glance(BalloonUp(None, word, word), "it")


def glance(shown: Screen, language: str, size: tuple[int, int] = (128, 64)) -> str:
    """What is to be read on the glass."""
    canvas = Glance(size)
    draw(canvas, shown, language)
    return " ".join(canvas.read)


# Every sentence that the core and the registration can make, found in their source.

CORE = sorted(Path(core.__file__ or "").parent.glob("*.py"))
LINK = Path(registration.__file__)

NOT_SHOWN = {
    "no code is under way",  # an assertion
    "The profile \0 does not fit this PBX",  # the beginning of a sentence
    "Request Timeout",  # what the library says, and is not passed on
    "Service Unavailable",
    " (perhaps too many contacts: max_contacts)",  # the end of what a PBX says
}


def sentences(path: Path) -> Iterator[str]:
    """Literals with a blank in them that are no docstrings, a value put where values go."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    outside = _docstrings(tree) | _parts_of_joined(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in outside:
            text = _literal(node)
            if " " in text.strip() and any(c.isalpha() for c in text) and " | None" not in text:
                yield text


def _literal(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(_literal(p) if isinstance(p, ast.Constant) else GAP for p in node.values)


GAP = "\0"


def _docstrings(tree: ast.AST) -> set[int]:
    statements = (node for node in ast.walk(tree) if isinstance(node, ast.Expr))
    return {id(s.value) for s in statements}


def _parts_of_joined(tree: ast.AST) -> set[int]:
    joined = (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr))
    return {id(inner) for node in joined for inner in ast.walk(node) if inner is not node}


def is_known(text: str) -> bool:
    """Some way to fill the gaps makes a phrase of it."""
    text = text.removeprefix("The PBX at ")
    whole = "The profile freepbx does not fit this PBX"
    values = (*VALUES.values(), "dnd", "set", "cleared", "confirm", "answer", "show", "take", whole)
    fillings = [text]
    for _ in range(text.count(GAP)):
        fillings = [f.replace(GAP, value, 1) for f in fillings for value in values][:20000]
    return any(f in PHRASES or next(recognised(f), None) for f in fillings)


@pytest.mark.parametrize("path", [*CORE, LINK], ids=lambda path: path.name)
def test_every_sentence_in_the_source_is_known(path: Path) -> None:
    strange = [t for t in sentences(path) if t not in NOT_SHOWN and not is_known(t)]
    assert strange == []


def test_the_search_finds_sentences() -> None:
    found = [text for path in CORE for text in sentences(path)]
    assert "That is your own number" in found
    assert f"The PBX refused {GAP}: {GAP}" in found
    assert not is_known("Nobody ever wrote this sentence")


@settings(deadline=None, max_examples=100)
@given(stories(), st.sampled_from([GRANTS, OFFICE]))
def test_whatever_happens_is_told_in_phrases_that_are_known(
    story: list[Event], grants: Grants
) -> None:
    state = State(grants)
    for event in (e for e in story if not isinstance(e, PartLost)):  # what hardware says stays so
        state, _ = update(state, event)
        for text in own_words(screen(state)):
            assert text in PHRASES or next(recognised(text), None), text


def own_words(shown: Screen) -> list[str]:
    """What the panel itself says on a screen, without what came from outside."""
    match shown:
        case Idle(until=until, news=news):
            return [text for text in (until, *news.split(SEVERAL)) if text]
        case Trouble(title=title, since=since):
            return [text for text in (title, since) if text]
        case Menu(title=title):
            return [title]
        case BalloonUp(notice=None, text=text):
            return [text] if text else []
        case _:
            return []


# The longest words, on every glass


@EVERY
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_status_is_never_cut(size: tuple[int, int], language: str) -> None:
    bar = gallery()["available"]
    assert isinstance(bar, Idle)
    for status, word in WORDS.items():
        seen = glance(Idle(bar.bar, status, bar.standing), language, size)
        assert tongue(language)(word) in seen, (status, seen)


@EVERY
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_line_of_a_menu_is_never_cut(size: tuple[int, int], language: str) -> None:
    for name in ("times", "times further down", "silence"):
        menu = gallery()[name]
        assert isinstance(menu, Menu)
        for index in range(len(menu.rows)):
            row = menu.rows[index].label
            seen = glance(Menu(menu.title, menu.rows, index, "1/7"), language, size)
            assert tongue(language)(row) in seen, (row, seen)


@EVERY
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_words_of_our_own_are_left_out_rather_than_cut(
    size: tuple[int, int], language: str
) -> None:
    """Names and whole sentences end in an ellipsis where they must, single words never."""
    for name in SHORT:
        seen = glance(gallery(size)[name], language, size)
        assert "…" not in seen, (name, seen)


SHORT = (
    "available",
    "news",
    "do not disturb",
    "absent",
    "diverted",
    "diverted for a time",
    "next change",
    "voicemail seen",
    "silent",
    "no network",
    "ringing",
    "ringing several",
    "ringing withheld",
    "connected",
    "missed call",
    "no missed calls",
    "no messages",
    "no voicemail",
    "voicemail",
    "voicemail boxes",
    "voicemail lost",
    "times",
    "times further down",
    "silence",
    "number",
    "pin",
    "pin wrong",
    "pin later",
    "about",
    "about further down",
    "ringing number",
    "diverted call",
    "voicemail pops up",
    "text",
)


@EVERY
def test_all_that_buttons_do_is_told_on_the_usual_glass(language: str) -> None:
    for name in ("times", "reply", "colleagues", "colleagues further down", "targets"):
        shown = gallery()[name]
        seen = glance(shown, language)
        keys = getattr(shown, "keys", "")
        assert all(tongue(language)(key) in seen for key in keys.split("   ")), (name, seen)


@EVERY
def test_a_refusal_is_told_apart_from_others_on_a_glass_of_one_line(language: str) -> None:
    names = ("not picked up", "not reached", "refusal pops up", "long refusal pops up")
    short = ("Not picked up", "Not reached", "PBX refused", "Wrong profile")
    told = [glance(gallery()[name], language, (96, 16)) for name in names]
    assert told == [tongue(language)(phrase) for phrase in short]


@EVERY
@pytest.mark.parametrize("sentence", BRIEFLY)
def test_short_words_fit_the_smallest_glass(sentence: str, language: str) -> None:
    say, told = tongue(language), filled(sentence)
    seen = glance(BalloonUp(None, "Not possible", told), language, (96, 16))
    assert seen in (say(told), say(BRIEFLY[sentence]))


def test_short_words_are_for_sentences_that_there_are() -> None:
    assert set(BRIEFLY) <= PHRASES
    assert tongue("en").briefly("The PBX refused *78: 404 Not Found") == "PBX refused"
    assert tongue("en").briefly("Lunch at one?") == ""


def test_days_months_and_doings_are_phrases() -> None:
    assert {*DAYS, *MONTHS, *STATUSES, *DOINGS.values()} <= PHRASES
    assert set(WORDS.values()) == set(STATUSES)


def test_a_face_knows_its_size_and_language() -> None:
    assert Face(128, 32, tongue("it")).low
    assert Face(256, 64, tongue("it")).wide
