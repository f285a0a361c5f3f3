"""The translations. `python -m tests.views.catalogue` compiles them: what gettext reads at run time
is kept beside what people write, so that the program needs no tool to be installed.
"""

import ast
import re
import struct
from dataclasses import dataclass
from pathlib import Path

from device.views.words import DOMAIN, LANGUAGES, LOCALE

MAGIC = 0x950412DE
"How a catalogue begins, says the GNU gettext manual in its section 11.3."

PLURAL = "\0"
"Stands between the forms of a number."

ENTRY = re.compile(r'(msgid|msgid_plural|msgstr(?:\[\d\])?) +((?:"(?:[^"\\]|\\.)*"\s*)+)')


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase and its translations: one, or one for each form of a number."""

    phrase: str
    plural: str
    told: tuple[str, ...]


def source(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def compiled(language: str) -> Path:
    return source(language).with_suffix(".mo")


def translated() -> tuple[str, ...]:
    """All but English, which needs no translation."""
    return LANGUAGES[1:]


def entries(text: str) -> list[Entry]:
    """What stands in a catalogue as people write it, its header first."""
    found: list[Entry] = []
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for block in "\n".join(lines).split("\n\n"):
        words = {key: _unquoted(value) for key, value in ENTRY.findall(block)}
        if words:
            told = tuple(value for key, value in words.items() if key.startswith("msgstr"))
            found.append(Entry(words["msgid"], words.get("msgid_plural", ""), told))
    return found


def _unquoted(value: str) -> str:
    return "".join(ast.literal_eval(part) for part in re.findall(r'"(?:[^"\\]|\\.)*"', value))


def binary(entries: list[Entry]) -> bytes:
    """The same as gettext reads it: two tables of lengths and places, then the texts."""
    pairs = sorted((_key(entry), PLURAL.join(entry.told).encode()) for entry in entries)
    keys, values = [key for key, _ in pairs], [value for _, value in pairs]
    count, begin = len(pairs), 28
    texts = b"".join(text + b"\0" for text in [*keys, *values])
    places = _places([*keys, *values], begin + 16 * count)
    head = struct.pack("<7I", MAGIC, 0, count, begin, begin + 8 * count, 0, begin + 16 * count)
    return head + struct.pack(f"<{4 * count}I", *places) + texts


def _key(entry: Entry) -> bytes:
    return PLURAL.join(filter(None, (entry.phrase, entry.plural))).encode()


def _places(texts: list[bytes], at: int) -> list[int]:
    found: list[int] = []
    for text in texts:
        found += [len(text), at]
        at += len(text) + 1
    return found


def renew() -> None:
    """Compile every catalogue anew."""
    for language in translated():
        text = source(language).read_text(encoding="utf-8")
        compiled(language).write_bytes(binary(entries(text)))


if __name__ == "__main__":
    renew()
