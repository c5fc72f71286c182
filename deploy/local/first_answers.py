"""The first answers of what was just started."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import httpx2

_LOOK = 0.05
"""Seconds between two tries."""


async def listed_boards(boards: str, log: Path) -> Any:
    """What the sample boards say that they are, asked at their address until they answer.

    Raises RuntimeError, naming their log, where they do not.
    """
    url = boards + "sources.json"
    async with httpx2.AsyncClient(timeout=2) as client:
        for _ in range(300):
            try:
                return (await client.get(url)).raise_for_status().json()
            except httpx2.HTTPError:
                await asyncio.sleep(_LOOK)
    raise RuntimeError(f"the sample boards do not answer at {url}; see {log}")


async def page_opens(portal: str, *, within: float) -> bool:
    """Whether the portal shows its first page within so many seconds; returns as soon as it does."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within), httpx2.AsyncClient(timeout=within) as client:
            while True:
                with contextlib.suppress(httpx2.HTTPError):
                    if (await client.get(portal)).is_success:
                        return True
                await asyncio.sleep(_LOOK)
    return False
