"""Before there is a panel: the first light, and waiting for a config."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image

from device import VERSION, dawn, network, places, wiring
from device.config import Config
from device.core.events import Event, PartFound, PartLost
from device.dawn import Fitted, Glass
from device.life import Lives
from device.standby import DIM_SECONDS, LOOK_SECONDS, PAGE_SECONDS, Standby, last_words
from device.systemd import Manager
from device.views.complaints import complaints
from device.views.lists import room
from device.views.outset import NoConfig, Starting, picture
from device.views.paint import SIZES, paint
from device.views.screens import Screen
from device.views.words import LANGUAGES
from hw import drivers
from hw.mocks.oled import VirtualOled
from hw.ports import HwMissing
from hw.saver import DIM
from hw.specs import OledSpec
from tests.manager import FakeManager
from tests.whole import until

LIMIT_SECONDS = 30.0

RIGHT = """\
[pbx]
server = "127.0.0.1:9"
user = "100"
password = "hush-hush"
retry = 1
[oled]
driver = "virtual"
[web]
listen = ""
"""

SMALL = '[oled]\ndriver = "virtual"\nsize = [128, 32]\nlanguage = "it"\n'


# The first light


def test_the_first_picture_is_the_one_that_is_painted_later() -> None:
    for size in SIZES:
        for language in LANGUAGES:
            for screen in (Starting(VERSION), NoConfig("192.168.1.23", "deskpanel.local")):
                early = picture(screen, size, language)
                assert early.tobytes() == paint(screen, size, language).tobytes()


FIRST = """\
import json, os, sys
from device import dawn

def lit():
    print(json.dumps(sorted(sys.modules)), flush=True)
    os._exit(0)

dawn._say_when = lit
from device.cli import main
main(["run", "--stay", "--config", sys.argv[1]])
"""

HEAVY = {"aiohttp", "asyncio", "cattrs", "gpiozero", "pjsua2", "sipmessage", "sqlite3", "ssl"}
HEAVY_OF_OURS = {"device.config", "device.core.state", "device.panel", "device.wiring"}


def test_the_first_picture_waits_for_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    config = tmp_path / "deskpanel.toml"
    config.write_text(RIGHT)
    loaded = json.loads(run(FIRST, config))
    assert "device.dawn" in loaded
    assert not (HEAVY | HEAVY_OF_OURS) & set(loaded)


def run(program: str, *arguments: object) -> str:
    """What it prints, with nobody measuring it: that would load modules of its own."""
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        env={key: value for key, value in os.environ.items() if not key.startswith("COV")},
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=True,
    ).stdout


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (SMALL, Fitted(OledSpec("virtual", size=(128, 32)), "it")),
        (SMALL + 'pbx = "what?"', Fitted(OledSpec("virtual", size=(128, 32)), "it")),
        ("[pbx]\n", Fitted(OledSpec("none"))),
        ('[oled]\ndriver = "elephant"', None),
        ("[oled", None),
        (b"\xff\xfe", None),
    ],
)
def test_of_a_config_the_display_is_known_where_that_much_is_right(
    text: str | bytes, found: Fitted | None, tmp_path: Path
) -> None:
    path = tmp_path / "deskpanel.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert dawn.fitted(path) == found


def test_no_config_is_the_usual_display_and_no_display_in_a_config_is_none(tmp_path: Path) -> None:
    assert dawn.fitted(None) is None
    assert dawn.fitted(tmp_path / "none.toml") is None
    assert Fitted().spec == OledSpec("ssd1306", "i2c:1:0x3c", (128, 64))


def test_what_went_wrong_early_is_told_to_whoever_listens_later() -> None:
    glass = Glass(Fitted(OledSpec("ssd1306", "i2c:99:0x3c")), Lives())
    heard, again = list[str](), list[str]()
    try:
        assert not glass.lit(LIMIT_SECONDS)
        glass.trouble.hear(heard.append)
        glass.trouble.hear(again.append)
        assert len(heard) == 1
        assert heard == again
        assert "i2c:99:0x3c" in heard[0]
    finally:
        glass.close()


# Waiting


@dataclass
class Desk:
    """A folder for a config, a display to look at, and somebody who does things meanwhile."""

    folder: Path
    fake: FakeManager
    made: list[tuple[OledSpec, VirtualOled]] = field(default_factory=list)
    lives: Lives = field(default_factory=Lives)
    now: float = 1000.0

    @property
    def config(self) -> Path:
        return self.folder / "deskpanel.toml"

    @property
    def complaints(self) -> Path:
        return self.folder / "complaints"

    @property
    def oled(self) -> VirtualOled:
        return self.made[-1][1]

    def wait(self, *steps: Callable[[], None], path: Path | None = None) -> Config | None:
        """Do a step after each look of the panel, and let a second pass; SIGTERM after the last."""
        doing = iter(steps)

        def rest(seconds: float) -> None:
            assert seconds == LOOK_SECONDS
            self.now += seconds
            step = next(doing, None)
            if step:
                step()
            else:
                signal.raise_signal(signal.SIGTERM)

        glass = dawn.light(path or self.config, self.lives)
        manager = Manager(self.fake.address, 1.0)
        found = Standby(
            path or self.config, glass, manager, self.lives, rest, lambda: self.now
        ).wait()
        if found is None:
            return None
        config, glass = found
        glass.close()
        return config

    def shows(self, screen: Screen, language: str = "en") -> None:
        """The keeper's thread puts it there, soon."""
        wanted = paint(screen, self.oled.size, language)
        self.sees(lambda seen: seen.tobytes() == wanted.tobytes())

    def sees(self, fits: Callable[[Image.Image], bool]) -> None:
        for _ in range(1000):
            if fits(self.oled.pixels):
                return
            signal.sigtimedwait([], 0.005)  # until the keeper's thread has had its turn
        raise AssertionError(f"something else is to be seen: {self.oled.pixels.getbbox()}")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    folder = tmp_path / "etc"
    folder.mkdir()
    with FakeManager.under(tmp_path) as fake:
        here = Desk(folder, fake)

        def oled(name: str, spec: OledSpec) -> VirtualOled:
            assert name == spec.driver
            made = VirtualOled(spec.seen_size)
            here.made.append((spec, made))
            return made

        monkeypatch.setattr(drivers, "oled", oled)
        monkeypatch.setattr(places, "COMPLAINTS", here.complaints)
        monkeypatch.setattr(places, "CONFIGS", (here.config,))
        monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
        monkeypatch.setattr(network, "own_address", lambda: "192.168.1.23")
        monkeypatch.setattr(network, "own_name", lambda: "deskpanel.local")
        yield here


def test_without_a_config_the_glass_says_so_and_where_the_panel_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def moved() -> None:
        desk.shows(NoConfig("192.168.1.23", "deskpanel.local"))
        monkeypatch.setattr(network, "own_address", lambda: "10.0.0.7")

    def unplugged() -> None:
        desk.shows(NoConfig("10.0.0.7", "deskpanel.local"))
        monkeypatch.setattr(network, "own_address", lambda: "")

    desk.wait(moved, unplugged, lambda: desk.shows(NoConfig()))
    assert [spec for spec, _ in desk.made] == [OledSpec("ssd1306")]
    told = desk.fake.hear()
    assert {"READY": "1", "STATUS": "waiting: no deskpanel.toml"} in told
    assert told[-1] == {"STOPPING": "1"}


def test_a_config_that_comes_is_taken(desk: Desk) -> None:
    config = desk.wait(lambda: None, lambda: write(desk.config, RIGHT))
    assert config
    assert config.account.user == "100"
    assert desk.made[-1][0] == OledSpec("virtual")


def test_every_complaint_is_shown_in_full_one_after_the_other(desk: Desk) -> None:
    write(desk.config, SMALL + "[pbx]\nserver = 1\nuser = '100'\nuzer = 1\n")
    told: list[str] = []

    def look() -> None:
        if not told:
            told.extend(complained(desk))
            assert len(told) == 2
        page = int((desk.now - 1000.0 - LOOK_SECONDS) // PAGE_SECONDS)
        pages = complaints(told, room((128, 32)))
        desk.shows(pages[page % len(pages)], "it")

    desk.wait(*[look] * 25)
    status = next(t["STATUS"] for t in desk.fake.hear() if "STATUS" in t)
    assert status.startswith(f"waiting: {desk.config}:6: pbx.server: ")
    assert status.endswith("(and 1 more)")


def complained(desk: Desk) -> tuple[str, ...]:
    from device.config import load
    from device.tables import ConfigError

    with pytest.raises(ConfigError) as error:
        load(desk.config, desk.folder)
    return error.value.complaints


def test_a_config_that_is_made_right_is_taken(desk: Desk) -> None:
    write(desk.config, RIGHT.replace("user", "uzer"))
    assert desk.wait(lambda: None, lambda: write(desk.config, RIGHT))


def test_a_password_that_comes_later_is_noticed(desk: Desk) -> None:
    write(desk.config, RIGHT.replace('password = "hush-hush"', 'password_file = "secret"'))
    config = desk.wait(lambda: None, lambda: write(desk.folder / "secret", "hush-hush\n"))
    assert config
    assert config.account.password == "hush-hush"


def test_what_is_wrong_with_the_card_is_shown_though_there_is_no_config(desk: Desk) -> None:
    write(desk.complaints, "wifi.txt:2: country: expected two letters\n\n")
    wrong = complaints(["wifi.txt:2: country: expected two letters"], room((128, 64)))[0]
    desk.wait(
        lambda: desk.shows(wrong),
        desk.complaints.unlink,
        lambda: desk.shows(NoConfig("192.168.1.23", "deskpanel.local")),
    )


def test_a_wrong_config_without_a_display_is_told_of_on_the_usual_one(desk: Desk) -> None:
    write(desk.config, "[pbx]\n")
    desk.wait(lambda: None)
    assert [spec.driver for spec, _ in desk.made] == ["none", "ssd1306"]


def test_waiting_feeds_the_watchdog_while_the_display_turns(desk: Desk) -> None:
    fed = [0]

    def look() -> None:
        fed[0] = sum("WATCHDOG" in told for told in desk.fake.hear())

    def hang() -> None:
        look()
        desk.lives.of("oled", -1.0)

    desk.wait(look, hang, lambda: None)
    assert fed[0] >= 2
    assert sum("WATCHDOG" in told for told in desk.fake.hear()) == fed[0]


def test_what_stands_for_days_is_dimmed_and_moved(desk: Desk) -> None:
    def later() -> None:
        desk.now += DIM_SECONDS

    def dimmed() -> None:
        desk.sees(lambda _: desk.oled.level == DIM)

    still = paint(NoConfig("192.168.1.23", "deskpanel.local"))

    def moved() -> None:
        desk.now += 60
        desk.sees(lambda seen: seen.tobytes() != still.tobytes())

    desk.wait(lambda: None, later, dimmed, moved)


def test_a_missing_display_is_logged_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(*_: object) -> None:
        raise HwMissing("OLED: no bus")

    monkeypatch.setattr(VirtualOled, "open", missing)
    desk.wait(*[lambda: None] * 5)
    assert caplog.text.count("OLED: no bus") == 1


def test_a_folder_that_may_not_be_read_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(desk.config))

    monkeypatch.setattr(Path, "exists", forbidden)
    desk.wait(lambda: None)
    wrong = {"READY": "1", "STATUS": f"waiting: {desk.config}: Permission denied"}
    assert wrong in desk.fake.hear()


def write(path: Path, text: str) -> None:
    path.write_text(text)


@pytest.mark.parametrize("ended", [False, True])
def test_why_a_panel_cannot_begin_is_shown_before_it_is_tried_again(
    desk: Desk, ended: bool
) -> None:
    glass, why = dawn.light(desk.config, desk.lives), "127.0.0.1:8780: the address is taken"

    def rest(seconds: float) -> None:
        assert seconds == PAGE_SECONDS
        desk.shows(complaints([why], room((128, 64)))[0])

    if ended:
        glass.close()
    with closing(glass), pytest.raises(OSError, match="taken"), last_words(glass, rest):
        raise OSError(why)


# A panel that runs


def test_what_is_wrong_with_the_card_is_a_fault_of_the_panel_for_as_long_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, events = tmp_path / "complaints", list[Event]()
    monkeypatch.setattr(places, "COMPLAINTS", card)
    monkeypatch.setattr(wiring, "LOOK_SECONDS", 0.001)

    async def story() -> None:
        looking = asyncio.create_task(wiring._look_at_card(events.append))
        write(card, "wifi.txt:2: country: is missing\nid_rsa: is a secret key\n")
        await until(lambda: len(events) == 1)
        card.unlink()
        await until(lambda: len(events) == 2)
        looking.cancel()

    asyncio.run(story())
    lost, found = events
    assert isinstance(lost, PartLost)
    assert lost.why == "wifi.txt:2: country: is missing; id_rsa: is a secret key"
    assert isinstance(found, PartFound)
    assert lost.part == found.part == "card"


# The program


@contextmanager
def started(folder: Path, fake: FakeManager) -> Iterator[subprocess.Popen[str]]:
    """`deskpanel run --stay` as systemd starts it."""
    given = {"NOTIFY_SOCKET": fake.address, "WATCHDOG_USEC": "200000", "STATE_DIRECTORY": folder}
    with subprocess.Popen(
        [sys.executable, "-m", "device", "run", "--stay", "--config", folder / "deskpanel.toml"],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {name: str(value) for name, value in given.items()},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ended(process: subprocess.Popen[str]) -> str:
    """What it logged, told to end."""
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=LIMIT_SECONDS)
    assert process.returncode == 0, errors
    return errors


def test_the_program_waits_for_its_config_and_ends_when_told(tmp_path: Path) -> None:
    with FakeManager.under(tmp_path) as fake, started(tmp_path, fake) as process:
        fake.until_status("waiting: no deskpanel.toml", LIMIT_SECONDS)
        fake.until(lambda told: "WATCHDOG" in told, LIMIT_SECONDS)
        errors = ended(process)
        assert fake.hear()[-1] == {"STOPPING": "1"}
    assert errors.count("waiting: no deskpanel.toml") == 1
    assert errors.count("oled: ") == 1


def test_the_program_goes_on_with_the_config_that_came(tmp_path: Path) -> None:
    pytest.importorskip("pjsua2", reason="pjsua2 has no wheel for this Python")
    with FakeManager.under(tmp_path) as fake, started(tmp_path, fake) as process:
        write(tmp_path / "new", RIGHT.replace("100", "1 0 0"))
        (tmp_path / "new").rename(tmp_path / "deskpanel.toml")
        fake.until_status("waiting: ", LIMIT_SECONDS)
        write(tmp_path / "new", RIGHT)
        (tmp_path / "new").rename(tmp_path / "deskpanel.toml")
        fake.until_status("connecting: 100 at 127.0.0.1", LIMIT_SECONDS)
        fake.until(lambda told: "WATCHDOG" in told, LIMIT_SECONDS)
        errors = ended(process)
        assert {"STOPPING": "1"} in fake.hear()
    assert "hush-hush" not in errors + str(fake.told)


def test_the_program_says_when_its_first_picture_was_there(tmp_path: Path) -> None:
    pytest.importorskip("pjsua2", reason="pjsua2 has no wheel for this Python")
    write(tmp_path / "deskpanel.toml", RIGHT)
    with FakeManager.under(tmp_path) as fake, started(tmp_path, fake) as process:
        fake.until(lambda told: "READY" in told, LIMIT_SECONDS)
        assert "EXTEND_TIMEOUT_USEC" in fake.told[0]
        errors = ended(process)
    assert errors.startswith("INFO deskpanel: first picture after ")
