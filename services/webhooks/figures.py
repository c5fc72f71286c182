"""How it goes, for the health page."""

from typing import Any

import asyncpg

from services.webhooks import metrics
from services.webhooks.log import queries


async def figures(pool: "asyncpg.Pool[Any]") -> dict[str, Any]:
    """How far the log goes, what waits, and how many endpoints fail or are disabled."""
    found = dict(await queries.figures(pool))
    metrics.waiting.set(found["waiting"])
    metrics.disabled.set(found["disabled"])
    metrics.oldest_waiting.set(found["oldest_waiting"])
    return found
