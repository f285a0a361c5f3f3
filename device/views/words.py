"""What the glass says in the user's language.

Everything inside the panel is said in English, sentences with values in them included; the web
page, the commands and the journal show them so. The glass takes a sentence apart again by the
phrases that the panel knows, and puts it together in another language, values and all.

The translations are gettext catalogues in `locale`.
"""

import gettext
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from device.views.phrases import BRIEFLY, DAYS, DOINGS, PHRASES, STATUSES

LANGUAGES = ("en", "it", "de", "fr", "es")
DOMAIN = "deskpanel"
LOCALE = Path(__file__).parent / "locale"

_DOING = "|".join((*DOINGS, *DOINGS.values()))

KINDS = {
    "hour": r"\d\d:\d\d",
    "count": r"\d+\+?",
    "day": "|".join(DAYS),
    "status": "|".join(STATUSES),
    "doing": _DOING,
    "settings": f"(?:{_DOING})(?: and (?:{_DOING}))+",
    "code": r"\S*",
    "server": r"\S*",
    "profile": r"\S*",
}
"What a value of that name looks like; others are whatever stands there."

PHRASED = ("day", "status", "doing", "why")
"Values that are phrases themselves, or may be."


@dataclass(frozen=True, slots=True)
class Sentence:
    """A phrase with values in it, and how it is recognised."""

    phrase: str
    shape: re.Pattern[str]


@dataclass(frozen=True, slots=True, eq=False)
class Tongue:
    """Says in one language what the panel has to say."""

    language: str
    _said: dict[str, str] = field(default_factory=dict, init=False, repr=False)

    def __call__(self, text: str) -> str:
        """The same in that language; what is no phrase of the panel is left as it is."""
        if text not in self._said:
            if len(self._said) > LONGEST_MEMORY:
                self._said.clear()
            self._said[text] = self._translated(text)
        return self._said[text]

    def briefly(self, text: str) -> str:
        """A sentence in two or three words; empty where there are none for it."""
        phrase = text if text in PHRASES else next((p for p, _ in recognised(text)), "")
        return self(BRIEFLY[phrase]) if phrase in BRIEFLY else ""

    def moment(self, text: str) -> str:
        """A day and an hour, word by word: `Mon 09:41`, `12 Jan`."""
        return self(text) if text in PHRASES else " ".join(map(self, text.split(" ")))

    def _translated(self, text: str) -> str:
        if text in PHRASES:
            return _catalogue(self.language).gettext(text)
        if SEVERAL in text:
            return SEVERAL.join(map(self, text.split(SEVERAL)))
        found = next(recognised(text), None)
        return self._put(*found) if found else text

    def _put(self, phrase: str, values: dict[str, str]) -> str:
        told = {name: self._value(name, value) for name, value in values.items()}
        return self._phrase(phrase, values).format(**told)

    def _phrase(self, phrase: str, values: dict[str, str]) -> str:
        catalogue = _catalogue(self.language)
        if "count" not in values:
            return catalogue.gettext(phrase)
        count = int(values["count"].rstrip("+"))
        return catalogue.ngettext(phrase, phrase, count)

    def _value(self, name: str, value: str) -> str:
        if name == "settings":
            return f" {self('and')} ".join(self(DOINGS[word]) for word in value.split(" and "))
        return self(DOINGS.get(value, value)) if name in PHRASED else value


SEVERAL = "; "
"Stands between sentences that are told together."

LONGEST_MEMORY = 500
"Texts whose translation is remembered."


@lru_cache(maxsize=len(LANGUAGES))
def tongue(language: str) -> Tongue:
    """The one who speaks this language."""
    return Tongue(language)


def recognised(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Phrases that the text may be made of, with the values in it; the closest one first."""
    for sentence in _sentences():
        if found := sentence.shape.fullmatch(text):
            yield sentence.phrase, found.groupdict()


@lru_cache(maxsize=1)
def _sentences() -> tuple[Sentence, ...]:
    made = [Sentence(phrase, _shape(phrase)) for phrase in PHRASES if "{" in phrase]
    return tuple(sorted(made, key=lambda sentence: _looseness(sentence.phrase)))


def _shape(phrase: str) -> re.Pattern[str]:
    parts = string.Formatter().parse(phrase)
    return re.compile("".join(_part(literal, name) for literal, name, _, _ in parts), re.DOTALL)


def _part(literal: str, name: str | None) -> str:
    kind = KINDS.get(name or "", ".*")
    return re.escape(literal) + (f"(?P<{name}>{kind})" if name else "")


def _looseness(phrase: str) -> tuple[int, int, str]:
    """The fewer letters of its own a phrase has, and the more values of any look, the looser."""
    parts = list(string.Formatter().parse(phrase))
    letters = sum(len(literal) for literal, _, _, _ in parts)
    anything = sum(bool(name) and name not in KINDS for _, name, _, _ in parts)
    return -letters, anything, phrase


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(language: str) -> gettext.NullTranslations:
    english = language == LANGUAGES[0]
    return gettext.translation(DOMAIN, LOCALE, [language], fallback=english)
