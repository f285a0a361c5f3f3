"""The whole panel, as the real program, at a demo PBX; seen over HTTP only."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from device.core.profile import Profile
from device.demo.pbx import DemoPbx
from device.pbx.profiles import PROFILES
from tests.demo.peer import PASSWORD, USER
from tests.interop.panel import Panel

STORY_SECONDS = 60

COLLEAGUES = """
[[colleague]]
name = "Reception"
number = "101"

[[colleague]]
name = "Anna"
number = "102"
"""


class Program:
    """Asked in a thread, so that the PBX, which lives in this one, can answer meanwhile."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel

    async def until(self, condition: Callable[[Any], object]) -> Any:
        """What it shows, once it shows what is waited for."""
        return await asyncio.to_thread(self._panel.until, condition)

    async def shown(self) -> Any:
        return await asyncio.to_thread(self._panel.shown)

    async def online(self) -> None:
        """Registered; what the PBX keeps may still be unknown, where it cannot be asked."""
        await self.until(lambda shown: shown["link"] == "online")

    async def choose(self, status: str, **more: str) -> None:
        await asyncio.to_thread(self._panel.choose, status, **more)

    async def settled(self, status: str) -> Any:
        """What it shows once the PBX confirmed this status."""
        return await asyncio.to_thread(self._panel.settled, status)

    async def chosen(self, status: str, **more: str) -> Any:
        """Chosen, and confirmed."""
        await self.choose(status, **more)
        return await self.settled(status)

    async def post(self, path: str, **body: object) -> Any:
        return await asyncio.to_thread(self._panel.post, path, **body)


Story = Callable[[DemoPbx, Program], Awaitable[None]]


def play(
    home: Path,
    story: Story,
    family: str = "freepbx",
    profile: Profile | None = None,
    denied: dict[str, int] | None = None,
) -> None:
    """A story of a panel at this family.

    The PBX is of another `profile`, where one is given; `denied` are subscriptions that it turns
    down from the beginning.
    """
    pbx = DemoPbx(USER, PASSWORD, profile=profile or PROFILES[family])
    pbx.moods.denied |= denied or {}
    asyncio.run(_play(home, story, family, pbx))


async def _play(home: Path, story: Story, family: str, pbx: DemoPbx) -> None:
    async with pbx, asyncio.timeout(STORY_SECONDS):
        pbx.slow(0)
        pbx.moods.far_seconds = 0
        login: dict[str, str | int] = {
            "server": f"{pbx.host}:{pbx.port}",
            "transport": "tcp",
            "user": USER,
            "password": PASSWORD,
            "profile": family,
        }
        panel = Panel(home / "panel", login, COLLEAGUES)
        try:
            await asyncio.to_thread(panel.start)
            await story(pbx, Program(panel))
        finally:
            await asyncio.to_thread(panel.stop)
