"""The demo's page as a picture: `python scripts/picture.py docs/panel.png`, from the checkout."""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.browser.chromium import FOUND, chromium, tab
from tests.browser.demo import demo, lamp

SIZE = (1180, 940)


async def draw(path: Path, port: int) -> None:
    """Do not disturb, confirmed; a caller who met busy, and a text that waits."""
    with demo() as url:
        async with tab(port) as page:
            await page.open(url, *SIZE)
            await page.until(f"{lamp('available')}.pattern === 'steady'")
            await page.click('[data-button="dnd"]')
            await page.until(f"{lamp('dnd')}.pattern === 'steady'")
            await page.until("document.querySelector('.calls') !== null")
            await page.click(".world button")
            await page.until("document.body.innerText.includes('meets busy')")
            await page.screenshot(path)


def main() -> int:
    if not FOUND:
        print("picture: no Chromium is installed", file=sys.stderr)  # noqa: T201
        return 1
    with tempfile.TemporaryDirectory() as profile, chromium(Path(profile)) as port:
        asyncio.run(draw(Path(sys.argv[1]), port))
    return 0


if __name__ == "__main__":
    sys.exit(main())
