"""Letters as they are seen: right to left where a script runs so, Arabic ones joined.

A whole line is one run of text to us. That is simpler than the bidirectional algorithm (Unicode
Standard Annex 9), and right for names and short texts: runs of the other direction keep their
order of reading, numbers stay as they are written.
"""

import unicodedata
from functools import lru_cache
from itertools import groupby

RIGHT_TO_LEFT = ("R", "AL")
LEFT_TO_RIGHT = ("L", "EN", "AN")
MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")

FORMS = range(0xFE70, 0xFEFD)
"The presentation forms of Arabic letters: Arabic Presentation Forms-B."

INITIAL, MEDIAL, FINAL = "<initial>", "<medial>", "<final>"


def visual(text: str) -> str:
    """The characters of a line from left to right, as the eye meets them."""
    if not any(unicodedata.bidirectional(char) in RIGHT_TO_LEFT for char in text):
        return text
    runs = [(_is_right(run), "".join(run)) for run in _runs(_joined(text))]
    base = next((right for right, run in runs if run.strip()), True)
    placed = [_mirrored(run) if right else run for right, run in runs]
    return "".join(reversed(placed) if base else placed)


def _runs(text: str) -> list[list[str]]:
    """Stretches of one direction; what has none goes with its neighbours where those agree."""
    sides = _sides(text)
    pairs = zip(sides, _clusters(text), strict=True)
    return [[cluster for _, cluster in run] for _, run in groupby(pairs, key=lambda pair: pair[0])]


def _sides(text: str) -> list[bool]:
    """Whether each cluster runs to the left."""
    strong = [_side(cluster) for cluster in _clusters(text)]
    base = next((side for side in strong if side is not None), True)
    before, sides = base, list[bool]()
    for index, side in enumerate(strong):
        after = next((s for s in strong[index:] if s is not None), base)
        before = side if side is not None else (before if before == after else base)
        sides.append(before)
    return sides


def _side(cluster: str) -> bool | None:
    kind = unicodedata.bidirectional(cluster[0])
    return True if kind in RIGHT_TO_LEFT else False if kind in LEFT_TO_RIGHT else None


def _is_right(run: list[str]) -> bool:
    return not any(_side(cluster) is False for cluster in run)


def _mirrored(run: str) -> str:
    return "".join(reversed(_clusters(run))).translate(MIRRORED)


def _clusters(text: str) -> list[str]:
    """Letters, each with the marks that belong to it."""
    found: list[str] = []
    for char in text:
        if found and unicodedata.combining(char):
            found[-1] += char
        else:
            found.append(char)
    return found


# Arabic letters, which look different at the beginning, in the middle and at the end of a word.


def _joined(text: str) -> str:
    letters = [char for char in text if not unicodedata.combining(char)]
    shapes = iter([_shape(letters, index) for index in range(len(letters))])
    return "".join(char if unicodedata.combining(char) else next(shapes) for char in text)


def _shape(letters: list[str], index: int) -> str:
    char = letters[index]
    before, after = letters[index - 1 : index], letters[index + 1 : index + 2]
    from_right = bool(before) and _joins_on(before[0]) and FINAL in _forms(char)
    to_left = _joins_on(char) and bool(after) and FINAL in _forms(after[0])
    form = {(True, True): MEDIAL, (False, True): INITIAL, (True, False): FINAL}
    return _forms(char).get(form.get((from_right, to_left), ""), char)


def _joins_on(char: str) -> bool:
    """It reaches out to the letter that follows."""
    return INITIAL in _forms(char)


def _forms(char: str) -> dict[str, str]:
    return _all_forms().get(char, {})


@lru_cache(maxsize=1)
def _all_forms() -> dict[str, dict[str, str]]:
    """Every Arabic letter's forms, as Unicode's own data tells them."""
    forms: dict[str, dict[str, str]] = {}
    for shaped in map(chr, FORMS):
        kind, *parts = unicodedata.decomposition(shaped).split() or [""]
        if len(parts) == 1:
            forms.setdefault(chr(int(parts[0], 16)), {})[kind] = shaped
    return forms
