"""The image on QEMU's Raspberry Pi 3: pins of a BCM2835, a display's bus, the Pi's watchdog.

The display is what QEMU's trace of the bus says was sent there.
"""

import datetime
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from PIL import Image

from device.control.client import ClientError
from device.views.outset import NoConfig
from device.views.outset import picture as outset
from hw.saver import rested
from tests.image.booted.configs import RASPBERRY, config
from tests.image.booted.conftest import DeskMaker, MachineMaker
from tests.image.booted.network import Witness, picture, told_the_time
from tests.image.figures import note
from tests.image.kinds import RASPI
from tests.image.machine import BOOT_SECONDS, Machine
from tests.image.seen import Trace
from tests.interop.asterisk import Asterisk
from tests.interop.until import until
from tests.views.golden import kept

pytestmark = pytest.mark.image

SIZE = (128, 64)

AWAY_SECONDS = 400
"Longer than a registration that is not renewed stays."

LAMPS = {"missed": 23, "dnd": 12}
"As docs/wiring.md draws them."


class Glass:
    """The display of one machine, looked at from outside."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._trace = Trace()
        self._read = 0

    @property
    def pictures(self) -> list[Image.Image]:
        """All that was on it since this machine was switched on."""
        lines = list(self.machine.trace())
        self._trace.take(lines[self._read :])
        self._read = len(lines)
        return self._trace.pictures

    def until(self, wanted: Callable[[], Iterable[Image.Image]], why: str) -> None:
        """Return when it shows one of these."""

        def shows() -> bool:
            self.machine.must_be_on()
            right, seen = {picture.tobytes() for picture in wanted()}, self.pictures
            return bool(seen) and seen[-1].tobytes() in right

        until(shows, BOOT_SECONDS, lambda: f"{why}:\n{self.drawn()}\n{self.machine.last_words()}")

    def drawn(self) -> str:
        """The newest picture, in letters."""
        seen = self.pictures
        return drawn(seen[-1]) if seen else "nothing was drawn"


def drawn(image: Image.Image) -> str:
    """Two rows of pixels to a line."""
    width, height = image.size
    two = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}
    pixels = image.load()
    assert pixels
    rows = range(0, height, 2)
    lit = [[(bool(pixels[x, y]), bool(pixels[x, y + 1])) for x in range(width)] for y in rows]
    return "\n".join("".join(two[pair] for pair in row).rstrip() for row in lit)


@pytest.fixture(scope="module")
def bare(computer: MachineMaker) -> Machine:
    """Nothing was put on its card."""
    return computer(RASPI).start()


@pytest.fixture(scope="module")
def panel(bare: Machine, pbx: Asterisk) -> Machine:
    """The same with a config and a key."""
    if bare.on:
        bare.power_cut()
    bare.card.put("deskpanel.toml", config(pbx, RASPBERRY))
    bare.card.put("key.pub", bare.public_key)
    bare.start()
    bare.online()
    return bare


@pytest.fixture(scope="module")
def glass(panel: Machine) -> Glass:
    return Glass(panel)


def test_without_a_config_the_glass_says_so_with_name_and_address(bare: Machine) -> None:
    told = outset(NoConfig("10.0.2.15", "deskpanel.local"), SIZE, "en")
    # What stands for long moves by a pixel now and then.
    moved = [rested(told, told, 0, turn).picture for turn in range(20)]
    Glass(bare).until(lambda: moved, "no config")


def test_the_glass_shows_what_the_panel_says_it_shows(panel: Machine, glass: Glass) -> None:
    _wake(panel)
    glass.until(lambda: _claimed(panel), "what the page shows")


def _wake(panel: Machine) -> None:
    """A glass that nothing new is to be seen on rests, and shows less than the page."""
    for status in ("dnd", "available"):
        panel.client.post("/api/status", {"status": status})
        panel.settled(status)


def _claimed(panel: Machine) -> list[Image.Image]:
    try:
        return [picture(panel.client.fetch("GET", "/api/screen.png"))]
    except ClientError:
        return []


def test_the_bytes_on_the_bus_are_the_golden_picture(panel: Machine, glass: Glass) -> None:
    """Which was taken at 14:30; so here it is that, for as long as anybody asks."""
    golden = kept("available", SIZE, "en")
    now = datetime.datetime.now(datetime.UTC)
    with told_the_time(panel, now.replace(hour=14, minute=30, second=5).timestamp):
        panel.until(lambda shown: shown["time_known"])
        _wake(panel)
        glass.until(lambda: [golden], "available, at 14:30")


def test_a_missed_call_lights_the_lamps_pin(panel: Machine, glass: Glass, desk: DeskMaker) -> None:
    assert panel.pin(LAMPS["missed"]) == "lo"
    caller = desk("101")
    call = caller.call("100")
    panel.until(lambda shown: shown["ringing"])
    caller.hang_up(call)
    panel.until(lambda shown: shown["notices"]["missed"]["total"] == 1)
    until(lambda: panel.pin(LAMPS["missed"]) == "hi", BOOT_SECONDS)
    glass.until(lambda: _claimed(panel), "a missed call")


def test_the_glass_does_not_show_the_last_status_while_the_network_is_away(
    panel: Machine, glass: Glass, pbx: Asterisk
) -> None:
    witness, before = Witness(panel), len(glass.pictures)
    panel.cable(plugged=False)
    until(lambda: not pbx.contacts("100"), AWAY_SECONDS)
    panel.cable(plugged=True)
    panel.online()
    away = {sight.picture.tobytes() for sight in witness.seen() if sight.link == "offline"}
    assert away
    assert away & {picture.tobytes() for picture in glass.pictures[before:]}


def test_the_pis_watchdog_is_there(panel: Machine) -> None:
    told = panel.run("cat /sys/class/watchdog/watchdog0/identity")
    assert told.strip() == "Broadcom BCM2835 Watchdog timer"


def test_a_start_ends_with_a_picture_and_a_registration(panel: Machine) -> None:
    begun = time.monotonic()
    panel.power_cut()
    panel.start()
    fresh = Glass(panel)
    until(lambda: len(fresh.pictures) > 1, BOOT_SECONDS, panel.last_words)
    picture_after = time.monotonic() - begun
    panel.online()
    note(
        {
            "raspi3b_first_picture_seconds": round(picture_after, 1),
            "raspi3b_online_seconds": round(time.monotonic() - begun, 1),
        }
    )


def test_systemd_starts_the_watchdog(computer: MachineMaker) -> None:
    """Which QEMU's model takes for the order to reset, at once; the other tests do without."""
    machine = computer(replace(RASPI, words=""))
    machine.start()
    until(lambda: not machine.on, BOOT_SECONDS, machine.last_words)
    assert "anic" not in machine.console()
