"""The whole panel: what a finger and a PBX do to it, and what the lamps and the glass show."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

from PIL import Image

from device.config import Config
from device.config import load as load_config
from device.core.events import (
    CallEnded,
    CallOffered,
    CallTurnedAway,
    Chosen,
    CodeAnswered,
    HintHeard,
    LinkChanged,
    OwnLifted,
    OwnRings,
    Pressed,
    Published,
    Referred,
    TextReceived,
)
from device.core.kept import Kept, initial
from device.core.profile import Publication
from device.core.update import update
from device.core.words import By, CallEnd, Hint, Link, Status
from device.journal import Journal, load, replay
from device.panel import Mailbox
from hw.ports import Pattern
from tests.core.play import AT_SELECTOR, PUBLISHED
from tests.whole import until, whole


def test_a_finger_sets_the_status_and_lamp_and_glass_say_so(tmp_path: Path) -> None:
    async def story() -> None:
        async with whole(tmp_path) as w:
            w.say(LinkChanged, Link.ONLINE)
            await until(lambda: w.board.glows["available"].pattern is Pattern.STEADY)
            await until(w.glass_is_right)
            before = w.glass.pixels().tobytes()
            w.click("dnd")
            await until(lambda: w.board.glows["dnd"].pattern is Pattern.STEADY)
            assert w.board.glows["available"].pattern is Pattern.OFF
            await until(w.glass_is_right)
            assert w.glass.pixels().tobytes() != before
            assert w.panel.state.mirror.choice.by is By.BUTTON

    asyncio.run(story())


def test_without_a_link_no_lamp_claims_anything(tmp_path: Path) -> None:
    async def story() -> None:
        async with whole(tmp_path) as w:
            w.click("dnd")
            await until(lambda: w.board.glows["dnd"].pattern is Pattern.DASH)

    asyncio.run(story())


def test_a_call_rings_and_is_missed(tmp_path: Path) -> None:
    async def story() -> None:
        async with whole(tmp_path) as w:
            w.say(LinkChanged, Link.ONLINE)
            w.say(CallOffered, 1, "201", "Anna")
            await until(lambda: w.board.ringing)
            assert ("answer", 1, 180, "") in w.phone.asked
            w.say(CallEnded, 1, CallEnd.GIVEN_UP)
            await until(lambda: w.board.glows["missed"].pattern is Pattern.SLOW)
            assert not w.board.ringing
            await until(lambda: list(w.board.beeps) == ["missed"])

    asyncio.run(story())


def test_an_unplugged_oled_is_told_and_shows_again_when_it_is_back(tmp_path: Path) -> None:
    async def story() -> None:
        async with whole(tmp_path) as w:
            await until(w.glass_is_right)
            w.glass.unplug()
            w.click("dnd")
            await until(lambda: "oled" in w.panel.state.lost)
            w.click("absent")
            await until(lambda: w.status == "absent")
            w.glass.plug()
            await until(lambda: "oled" not in w.panel.state.lost)
            await until(w.glass_is_right)

    asyncio.run(story())


def test_an_unplugged_board_shows_the_levels_again_when_it_is_back(tmp_path: Path) -> None:
    async def story() -> None:
        async with whole(tmp_path) as w:
            w.say(LinkChanged, Link.ONLINE)
            await until(lambda: w.board.glows["available"].pattern is Pattern.STEADY)
            w.board.unplug()
            await w.panel.ask(Chosen(time.monotonic(), Status.DND, By.WEB))
            await until(lambda: "board" in w.panel.state.lost)
            w.board.plug()
            await until(lambda: w.board.glows["dnd"].pattern is Pattern.STEADY)
            assert "board" not in w.panel.state.lost

    asyncio.run(story())


def test_what_was_acknowledged_is_there_after_the_end(tmp_path: Path) -> None:
    async def story() -> None:
        async with whole(tmp_path) as w:
            w.say(LinkChanged, Link.ONLINE)
            w.say(TextReceived, "201", "Anna", "Lunch?")
            await w.panel.ask(Chosen(time.monotonic(), Status.ABSENT, By.WEB))
        async with whole(tmp_path) as again:
            assert again.status == "absent"
            assert again.panel.state.texts.entries[0].text == "Lunch?"
            assert again.panel.state.texts.unseen == 1

    asyncio.run(story())


def test_its_journal_lives_again_to_the_same_lamps_and_screen(tmp_path: Path) -> None:
    async def story() -> None:
        async with whole(tmp_path) as w:
            w.say(LinkChanged, Link.ONLINE)
            w.say(CallOffered, 1, "201", "Anna")
            w.click("dnd")
            await until(lambda: w.panel.state.missed.total == 1)
            *_, again = replay(*load(w.panel.journal.dump()))
            assert again == w.panel.state

    asyncio.run(story())


def test_what_waited_through_a_stall_comes_before_the_time_that_has_passed() -> None:
    async def story() -> None:
        mailbox = Mailbox()
        waiting = asyncio.create_task(mailbox.next(time.monotonic() + 0.01))
        await asyncio.sleep(0)
        mailbox.post(LinkChanged(0.0, Link.ONLINE))
        time.sleep(0.02)  # the stall itself: the loop does not turn meanwhile
        assert await waiting == LinkChanged(0.0, Link.ONLINE)

    asyncio.run(story())


def test_it_ends_dark(tmp_path: Path) -> None:
    async def story() -> None:
        async with whole(tmp_path) as w:
            w.say(LinkChanged, Link.ONLINE)
            await until(w.glass_is_right)
        assert w.glass.pixels().tobytes() == Image.new("1", (128, 64)).tobytes()
        assert all(glow.pattern is Pattern.OFF for glow in w.board.glows.values())
        assert not w.phone.opened

    asyncio.run(story())


def test_a_child_on_all_buttons_at_once_leaves_a_working_panel(tmp_path: Path) -> None:
    async def story() -> None:
        async with whole(tmp_path) as w:
            w.say(LinkChanged, Link.ONLINE)
            for _ in range(3):
                w.click(*w.board.buttons)
            await until(lambda: not w.panel.state.gestures.down)
            w.click("available")
            await until(lambda: w.board.glows["available"].pattern is Pattern.STEADY)

    asyncio.run(story())


def test_who_leaves_is_absent_at_the_pbx_before_the_panel_ends(tmp_path: Path) -> None:
    async def story() -> None:
        async with whole(tmp_path, replace(AT_SELECTOR, absent_at_shutdown=True)) as w:
            w.say(LinkChanged, Link.ONLINE)
            w.say(HintHeard, "*53100", Hint.FREE, "Ready")
            leaving = asyncio.create_task(w.panel.leave())
            await until(lambda: ("dial", 1, "*512") in w.phone.asked)
            w.say(CodeAnswered, 1)
            await asyncio.sleep(0)
            assert not leaving.done(), "the PBX has not confirmed it"
            w.say(HintHeard, "*53100", Hint.AWAY, "Unavailable")
            await leaving
            assert w.status == Status.ABSENT

    asyncio.run(story())


def test_who_leaves_without_a_link_keeps_nobody_waiting(tmp_path: Path) -> None:
    async def story() -> None:
        async with whole(tmp_path, replace(AT_SELECTOR, absent_at_shutdown=True)) as w:
            await asyncio.wait_for(w.panel.leave(), 1.0)

    asyncio.run(story())


def test_holding_a_missed_call_rings_the_users_phone_and_refers_it(tmp_path: Path) -> None:
    async def story() -> None:
        async with whole(tmp_path) as w:
            w.say(LinkChanged, Link.ONLINE)
            w.say(CallTurnedAway, "201", "Anna")
            await until(lambda: w.panel.state.missed.total == 1)
            w.panel.post(Pressed(time.monotonic(), "missed", held=True))
            await until(lambda: ("ring_own", 1, "100") in w.phone.asked)
            w.say(OwnRings, 1)
            w.say(OwnLifted, 1)
            await until(lambda: ("refer", 1, "201") in w.phone.asked)
            w.say(Referred, 1, 200, "OK")
            await until(lambda: ("hang_up", 1) in w.phone.asked)

    asyncio.run(story())


def test_what_is_published_follows_the_choice(tmp_path: Path) -> None:
    async def story() -> None:
        async with whole(tmp_path, PUBLISHED) as w:
            assert w.phone.presence.published is None
            w.say(LinkChanged, Link.ONLINE)
            await until(lambda: w.phone.presence.published == Publication(note="Available"))
            w.click("dnd")
            busy = Publication(True, "busy", "Busy")
            await until(lambda: w.phone.presence.published == busy)
            w.say(Published, busy, True)
            w.say(HintHeard, "100", Hint.BUSY, "Busy")
            await until(lambda: w.board.glows["dnd"].pattern is Pattern.STEADY)

    asyncio.run(story())


def test_the_journal_of_a_panel_with_a_glass_is_saved_and_lived_again(tmp_path: Path) -> None:
    """Also what it knows of its glass, which is more than values."""
    told = read_config(tmp_path)
    journal, state = Journal(), initial(told.grants, Kept(), 0.0)
    event = TextReceived(1.0, "201", "Анна", "Привет, мир")
    journal.add(state, event)
    *_, again = replay(*load(journal.dump()))
    assert again == update(state, event)[0]


def read_config(folder: Path) -> Config:
    path = folder / "deskpanel.toml"
    path.write_text(
        '[pbx]\nserver = "pbx"\nuser = "100"\npassword = "x"\n[oled]\nsize = [64, 48]\n'
    )
    return load_config(path, folder)
