"""The script that tells an administrator whether the kit is rightly installed."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.asterisk import inside
from tests.interop.conftest import DeskMaker
from tests.kit.office import KIT, Office
from tests.kit.phones import DND

pytestmark = pytest.mark.interop


@pytest.fixture
def pbx(tmp_path: Path) -> Iterator[Office]:
    """One for each test: what they break is not to be mended."""
    office = Office(tmp_path / "pbx")
    office.start()
    yield office
    office.kill()


def check(pbx: Office) -> tuple[int, list[str]]:
    """Its exit code, and the lines that say what is wrong."""
    shutil.copy(KIT / "check.sh", pbx.home)
    command = ["sh", "/mnt/check.sh", "-C", "/mnt/etc/asterisk.conf"]
    done = subprocess.run(
        inside(pbx.home, *command), capture_output=True, text=True, timeout=60, check=False
    )
    assert not done.stderr
    return done.returncode, [line for line in done.stdout.splitlines() if line[:4] != "ok  "]


def test_a_kit_that_is_rightly_installed_is_well(pbx: Office, desk: DeskMaker) -> None:
    desk("100").dial_code(DND)
    assert check(pbx) == (0, [])


def test_every_slip_is_told_at_once_with_what_to_do(pbx: Office) -> None:
    pbx.grant("100", mailbox="109@default", on_busy="voicemail", mobile="1333")
    pbx.grant("101", ring_seconds="soon", own_ring_seconds="x", terminals="PJSIP/101&PJSIP/nope")
    pbx.grant("102", may="dnd&fly", on_no_answer="extension:0333")
    pbx.grant("103", on_unreachable="queue", terminals="PJSIP/104")
    pbx.grant("600", members="100&700")
    with (pbx.kit / "users.conf").open("a") as users:
        users.write("[105]\nterminals = PJSIP/103\n")
    phones = pbx.kit / "pjsip.conf"
    phones.write_text(phones.read_text().replace("context = deskpanel-phones", ";", 1))
    with phones.open("a") as more:
        more.write("[102](+type=endpoint)\nredirect_method = uri_pjsip\n")
    pbx.cli("module reload res_pjsip.so")
    pbx.cli("module unload func_cut.so")
    pbx.cli("dialplan remove extension 112@outside")
    pbx.cli("devstate change Custom:deskpanel-absent-104 BUSY")
    code, found = check(pbx)
    assert code == 1
    assert [line.removeprefix("BAD  ").split(":")[0] for line in found] == [
        "modules.conf",
        "site.conf",
        "pjsip.conf",
        "users.conf [100]",
        "users.conf [100]",
        "users.conf [101]",
        "users.conf [101]",
        "users.conf [101]",
        "pjsip.conf",
        "users.conf [102]",
        "users.conf [102]",
        "pjsip.conf",
        "users.conf [103]",
        "user 104 is available, but the hint of absent says BUSY",
        "users.conf [105]",
        "users.conf [600]",
    ]


def test_without_the_kit_it_says_which_line_is_missing(pbx: Office) -> None:
    extensions = pbx.home / "etc" / "extensions.conf"
    extensions.write_text(extensions.read_text().replace("#include", ";"))
    pbx.cli("dialplan reload")
    code, found = check(pbx)
    assert code == 1
    assert any("add '#include deskpanel/extensions.conf'" in line for line in found)


def test_without_an_asterisk_it_says_so(pbx: Office) -> None:
    pbx.shut_down()
    code, found = check(pbx)
    assert (code, len(found)) == (2, 1)
    assert "is it running" in found[0]


def test_the_files_as_they_come_are_read_without_a_complaint(pbx: Office) -> None:
    shutil.copytree(KIT / "deskpanel", pbx.kit, dirs_exist_ok=True)
    users = pbx.kit / "users.conf"
    users.write_text(users.read_text().replace("\n;", "\n"))
    pbx.shut_down()
    before = len(pbx.complaints())
    pbx.start()
    assert pbx.complaints()[before:] == []
