"""Futures whose owner may have stopped waiting."""

import asyncio
from typing import TypeVar

T = TypeVar("T")


def settle(future: "asyncio.Future[T]", value: T) -> None:
    """Give a future its value, unless it was cancelled meanwhile."""
    if not future.done():
        future.set_result(value)
