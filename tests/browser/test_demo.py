"""What a stranger does first: `make demo`, and click."""

import asyncio
from pathlib import Path

import pytest

from tests.browser import chromium
from tests.browser.demo import demo, lamp

pytest.importorskip("pjsua2", reason="pjsua2 has no wheel for this Python")
pytestmark = pytest.mark.skipif(not chromium.FOUND, reason="no Chromium is installed")


def test_a_stranger_clicks_do_not_disturb_and_a_caller_meets_busy(tmp_path: Path) -> None:
    async def story(port: int, url: str) -> None:
        async with chromium.tab(port) as page:
            await page.open(url)
            await page.until(f"{lamp('available')}.pattern === 'steady'")
            await page.click('[data-button="dnd"]')
            await page.until(f"{lamp('dnd')}.pattern === 'fast'")
            await page.until(f"{lamp('dnd')}.pattern === 'steady'")
            await page.click(".world button")
            await page.until("document.body.innerText.includes('meets busy')")
            await page.click('[data-button="available"]')
            await page.until(f"{lamp('available')}.pattern === 'steady'")
            assert page.faults == []

    with chromium.chromium(tmp_path) as port, demo() as url:
        asyncio.run(story(port, url))
