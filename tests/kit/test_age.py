"""The script looks for all that the dialplan is made of, and no part is newer than we say."""

import re
import xml.etree.ElementTree as ET

import pytest

from tests.interop.asterisk import CHROOT
from tests.kit.office import KIT

pytestmark = pytest.mark.interop

MANUAL = CHROOT / "usr/share/asterisk/documentation/core-en_US.xml"
"Asterisk's own, which says since when there is each application and function."

WITHOUT_A_PAGE = {"Playtones"}
"As old as indications are, but the manual of Debian's 22 has no page of it."


def words(name: str) -> set[str]:
    """A list of the script's."""
    found = re.search(rf'^{name}="([^"]*)"', (KIT / "check.sh").read_text(), re.MULTILINE)
    assert found
    return set(found[1].split())


def dialplan() -> str:
    """Without comments."""
    lines = (KIT / "deskpanel" / "extensions.conf").read_text().splitlines()
    return "\n".join(line for line in lines if not line.startswith(";"))


def test_the_script_looks_for_all_that_the_dialplan_uses() -> None:
    text = dialplan()
    applications = set(re.findall(r"(?:,|\?|:)([A-Z][A-Za-z]+)\(", text))
    functions = set(re.findall(r"(?:\$\{|Set\()([A-Z][A-Z_]+)\(", text))
    assert applications - functions == words("APPLICATIONS")
    assert functions == words("FUNCTIONS")


def since(page: ET.Element) -> int:
    """The oldest major version that a page of the manual names."""
    versions = [str(version.text).split(".") for version in page.findall("since/version")]
    # 1.8 came before 10.
    return min(int(parts[0]) for parts in versions)


def test_nothing_is_newer_than_the_oldest_asterisk_it_is_for() -> None:
    root = ET.fromstring(MANUAL.read_text())
    pages = [*root.iter("application"), *root.iter("function")]
    used = words("APPLICATIONS") | words("FUNCTIONS")
    ages = {str(page.get("name")): since(page) for page in pages if page.get("name") in used}
    assert set(ages) == used - WITHOUT_A_PAGE
    (oldest,) = re.findall(r"^OLDEST=(\d+)", (KIT / "check.sh").read_text(), re.MULTILINE)
    assert max(ages.values()) <= int(oldest)
