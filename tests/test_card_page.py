"""What the page about the card says that is seen there."""

import re
from pathlib import Path

from device.pbx.profiles import PROFILES
from device.sip.phone import Account
from device.sip.registration import Registration, Step
from device.views.phrases import PHRASES

PAGE = (Path(__file__).parent.parent / "docs" / "image.md").read_text(encoding="utf-8")
FILES = ("deskpanel.toml:5", "wifi.txt:2")


def seen() -> list[str]:
    """All that stands in the first column of the table, in italics, between what is left out."""
    table = PAGE.partition("| on the display |")[2].partition("\n\n")[0]
    firsts = [line.split("|")[1] for line in table.splitlines() if line.startswith("| ")]
    quoted = [text for first in firsts for text in re.findall(r"\*(.+?)\*", first)]
    return [part.strip() for text in quoted for part in text.split("…") if part.strip()]


def refused() -> str:
    """What is told where there is no room for one more contact."""
    registration = Registration(Account("pbx.example.com", "100", "hush"), wanted=True)
    registration.sent(Step.REGISTER, 0)
    registration.answered(403, "Forbidden", 0, 1)
    return registration.reason


def test_what_the_page_says_one_will_see_is_what_the_glass_says() -> None:
    said = [*PHRASES, *FILES, refused()]
    assert len(seen()) > 12
    assert [words for words in seen() if not any(words in phrase for phrase in said)] == []


def test_the_page_names_every_kind_of_pbx() -> None:
    told = PAGE.partition("  - its kind:")[2].partition("[The README]")[0]
    assert set(re.findall(r"`([\w-]+)`", told)) == set(PROFILES)
