"""Everything the demo PBX has under way, so that it can be ended together."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


class Chores:
    """A group of tasks that come and go. A bug in one of them is told to the loop at once."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def later(self, seconds: float, work: Callable[[], object]) -> asyncio.Task[None]:
        """Do it then, unless ended before."""

        async def wait() -> None:
            await asyncio.sleep(seconds)
            work()

        return self.start(wait())

    async def end(self) -> None:
        """Returns when nothing is under way. Twice does no harm."""
        while tasks := tuple(self._tasks):
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            loop = task.get_loop()
            loop.call_exception_handler({"message": "demo PBX", "exception": error, "task": task})
