"""Local time: whose it is, and that it changes when it does."""

import asyncio
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from device import wiring
from device.config import load
from device.core.events import ClockSet
from device.core.manners import Manners, Span
from device.core.quiet import in_quiet_hours
from device.sip.missing import SipMissing
from device.sip.phone import Phone
from device.views import when
from tests.core.play import GENERIC, Played, online

CONFIG = """\
[pbx]
server = "pbx.example.com"
user = "100"
password = "hush"
[web]
listen = ""
"""
QUIET = replace(GENERIC, manners=Manners(quiet=(Span(22 * 60, 7 * 60),)))

LAST_OF_WINTER = datetime(2027, 3, 28, 0, 59, 58, tzinfo=UTC).timestamp()
"Rome's clocks go from 02:00 to 03:00 two seconds later."


@pytest.fixture(autouse=True)
def _the_computer_s_own_zone() -> Iterator[None]:
    """A computer in New York, and whatever it was before when the test is over."""
    before = os.environ.get("TZ")
    wiring.live_by("America/New_York")
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


def looked(story: Played, wall: float) -> Played:
    """The story goes on when the panel has looked at its clock at this moment."""
    return story.then(ClockSet(story.now, wall, wiring.ahead_of_utc(wall)))


def test_the_clock_on_the_glass_follows_the_zone_over_a_change_to_summer_time() -> None:
    wiring.live_by("Europe/Rome")
    story = looked(online(), LAST_OF_WINTER)
    assert when.clock(story.state) == "01:59"
    assert when.clock(looked(story, LAST_OF_WINTER + 5).state) == "03:00"


def test_quiet_hours_are_those_of_the_zone_in_winter_and_in_summer() -> None:
    wiring.live_by("Europe/Rome")
    for month, utc_hour in ((1, 6), (7, 5)):  # seven o'clock in Rome
        seven = datetime(2027, month, 1, utc_hour, tzinfo=UTC).timestamp()
        assert in_quiet_hours(looked(online(QUIET), seven - 60).state)
        assert not in_quiet_hours(looked(online(QUIET), seven).state)


def test_the_panel_looks_anew_how_far_ahead_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    wiring.live_by("Europe/Rome")
    monkeypatch.setattr(time, "time", lambda: LAST_OF_WINTER)
    winter = wiring.read_clock()
    monkeypatch.setattr(time, "time", lambda: LAST_OF_WINTER + 5)
    assert (winter.zone, wiring.read_clock().zone) == (3600, 7200)


def zone_of_a_run(folder: Path, more: str) -> tuple[str | None, str]:
    """What a run goes by when it makes its phone, which is before it shows or compares a time."""
    path, found = folder / "deskpanel.toml", list[tuple[str | None, str]]()
    path.write_text(CONFIG + more)

    def phone(*_: object) -> Phone:
        found.append((os.environ.get("TZ"), time.tzname[0]))
        raise SipMissing("enough")

    with pytest.raises(SipMissing):
        asyncio.run(wiring.run(load(path, folder), make_phone=phone))
    return found[0]


def test_a_zone_in_the_config_is_the_whole_process_s(tmp_path: Path) -> None:
    found = zone_of_a_run(tmp_path, '[time]\nzone = "Europe/Rome"\n')
    assert found == ("Europe/Rome", "CET")


def test_without_one_the_computer_s_own_stays(tmp_path: Path) -> None:
    assert zone_of_a_run(tmp_path, "") == ("America/New_York", "EST")
