"""Waiting that a stop can interrupt."""

import asyncio
import random


async def wait_for_any(*events: asyncio.Event, timeout: float | None = None) -> bool:
    """Wait until one of the events is set, or `timeout` seconds have gone; whether one was set."""
    if any(event.is_set() for event in events):
        return True
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        done, _ = await asyncio.wait(waits, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        return bool(done)
    finally:
        for wait in waits:
            wait.cancel()


class Backoff:
    """Doubling waits with jitter, in seconds."""

    def __init__(self, *, first: float, most: float) -> None:
        self._first = first
        self._most = most
        self._next = first

    def reset(self) -> None:
        """Start again from the first wait."""
        self._next = self._first

    async def wait(self, stopping: asyncio.Event) -> bool:
        """Wait once; whether a stop interrupted it."""
        seconds = self._next * (0.5 + random.random() / 2)  # noqa: S311 - jitter is no secret
        self._next = min(self._next * 2, self._most)
        return await wait_for_any(stopping, timeout=seconds)
