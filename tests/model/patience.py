"""Waiting for what processes do by themselves."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(true: Callable[[], Awaitable[bool]], *, seconds: float) -> bool:
    """Whether it came true within that time."""
    end = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < end:
        try:
            if await true():
                return True
        except (TimeoutError, AssertionError):  # a consumer that is just being connected has no position
            pass
        await asyncio.sleep(0.03)
    return False
