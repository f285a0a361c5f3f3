"""What a stranger does first: `make demo`, and click."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.browser import chromium
from tests.browser.chromium import Tab
from tests.browser.demo import demo, lamp

pytest.importorskip("pjsua2", reason="pjsua2 has no wheel for this Python")
pytestmark = pytest.mark.skipif(not chromium.FOUND, reason="no Chromium is installed")

LIFT = "document.querySelector('[data-do=lift]')"
DESK_PHONE = "document.querySelector('[data-fact=own]').innerText"
LISTEN = "addEventListener('panel', ({ detail }) => { window.told = detail; })"
"What the page is told of the panel, in `told`."
ANNA = "told.colleagues.find(({ number }) => number === '102')"


def in_demo(folder: Path, story: Callable[[Tab], Awaitable[None]]) -> None:
    """A story on the demo's page, which has nothing to complain of in the end."""

    async def play(port: int, url: str) -> None:
        async with chromium.tab(port) as page:
            await page.open(url)
            await page.until(f"{lamp('available')}.pattern === 'steady'")
            await page.js(LISTEN)
            await story(page)
            assert page.faults == []

    with chromium.chromium(folder) as port, demo() as url:
        asyncio.run(play(port, url))


async def hold(page: Tab, button: str) -> None:
    """Keep a button down until the panel calls."""
    await page.mouse("mousePressed", f'[data-button="{button}"]')
    await page.until(f"!{LIFT}.disabled")
    await page.mouse("mouseReleased", f'[data-button="{button}"]')


async def let(page: Tab, number: str, be: str) -> None:
    """Choose how a colleague is, or others are, as a mouse would."""
    place = f"document.querySelector('.world select[data-number=\"{number}\"]')"
    await page.until(place)
    await page.js(
        f"{place}.value = '{be}'; {place}.dispatchEvent(new Event('change', {{ bubbles: true }}))"
    )


async def missed(page: Tab) -> None:
    """Somebody calls and gives up."""
    await page.click("form[data-do=call] button")
    await page.until("document.querySelector('.calls').innerText.includes('hears ringing')")
    await page.click("[data-do=hang_up]")
    await page.until(f"{lamp('missed')}.pattern === 'slow'")


def test_a_stranger_clicks_do_not_disturb_and_a_caller_meets_busy(tmp_path: Path) -> None:
    async def story(page: Tab) -> None:
        await page.click('[data-button="dnd"]')
        await page.until(f"{lamp('dnd')}.pattern === 'fast'")
        await page.until(f"{lamp('dnd')}.pattern === 'steady'")
        await page.click(".world button")
        await page.until("document.body.innerText.includes('meets busy')")
        await page.click('[data-button="available"]')
        await page.until(f"{lamp('available')}.pattern === 'steady'")

    in_demo(tmp_path, story)


def test_who_was_missed_is_called_back_on_the_desk_phone(tmp_path: Path) -> None:
    async def story(page: Tab) -> None:
        await missed(page)
        await hold(page, "missed")
        assert await page.js(DESK_PHONE) == "It rings: the panel calls it"
        await page.click("[data-do=lift]")
        await page.until(f"{DESK_PHONE} === 'Talking to 0612345'")
        await page.until("told.calling.stage === 'connected'")
        await page.click("[data-do=put_down]")
        await page.until(f"{DESK_PHONE} === 'On its hook'")

    in_demo(tmp_path, story)


def test_who_does_not_answer_is_said_so(tmp_path: Path) -> None:
    async def story(page: Tab) -> None:
        await let(page, "", "silent")
        await missed(page)
        await hold(page, "missed")
        await page.click("[data-do=lift]")
        await page.until("told.calling.stage === 'failed'")
        await page.until(f"{DESK_PHONE} === 'On its hook'")

    in_demo(tmp_path, story)


def test_a_colleague_is_busy_and_free_again_and_who_asked_is_told(tmp_path: Path) -> None:
    async def story(page: Tab) -> None:
        await let(page, "102", "busy")
        await page.until(f"{ANNA}.state === 'busy'")
        await page.js("fetch('/api/colleagues/102/tell', { method: 'POST' }).then(() => true)")
        await page.until(f"{ANNA}.tell_when_free")
        await let(page, "102", "free")
        await page.until(f"{ANNA}.state === 'free' && !{ANNA}.tell_when_free")

    in_demo(tmp_path, story)
