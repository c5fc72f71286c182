"""How fast an edition becomes mails in the ledger, and in how much memory.

    python -m tests.notify.newsletter.bench_publishing [readers]

Side by side in one run: `publish`, page by page, and the bare statement that writes the same rows with all that it needs
at hand. Wants LOTI_TEST_POSTGRES, a superuser's DSN.
"""

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from pydantic import SecretStr

from loti_contracts.delivery.database import Connection, queries_beside
from services.notify.identity import mail_id, notification_id
from services.notify.newsletter import editions, publishing
from services.notify.settings import NotifySettings
from tests.controlled import Postgres
from tests.databases import connected, database_of
from tests.notify.newsletter.making import edition, know


def _memory() -> float:
    """Megabytes that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def _publish(tx: Connection, settings: NotifySettings) -> tuple[float, list[float]]:
    now = datetime.now(UTC)
    async with tx.transaction():
        await editions.schedule(tx, edition(), None, now)
    memory: list[float] = []
    begun = time.perf_counter()
    more = True
    while more:
        async with tx.transaction():
            more = await publishing.publish(tx, settings, now)
        memory.append(_memory())
    return time.perf_counter() - begun, memory


async def _bare(tx: Connection, ids: Sequence[str]) -> float:
    queries: Any = queries_beside(publishing.__file__)
    now = datetime.now(UTC)
    pages = []
    for at in range(0, len(ids), publishing.PAGE):
        some = list(ids[at : at + publishing.PAGE])
        told = [notification_id("newsletter", "bare", one) for one in some]
        pages.append((some, told, [mail_id([one]) for one in told]))
    begun = time.perf_counter()
    for some, told, mails in pages:
        async with tx.transaction():
            await queries.add_newsletters(
                tx,
                edition="bare",
                caused_by="bare",
                correlation_id="bare",
                why=publishing.WHY,
                urgency=2,
                ids=told,
                contact_ids=some,
                mail_ids=mails,
                due_ats=[now] * len(some),
                helds=[None] * len(some),
            )
    return time.perf_counter() - begun


async def _run(readers: int) -> None:
    dsn = await database_of("notify", Postgres(None, os.environ["LOTI_TEST_POSTGRES"]))
    settings = NotifySettings(database=SecretStr(dsn), link_keys=SecretStr("k" * 32))
    ids = [f"reader-{number:07}" for number in range(readers)]
    async with connected(dsn) as tx:
        await know(tx, ids)
        await tx.execute("ANALYZE")
        seconds, memory = await _publish(tx, settings)
        await tx.execute("TRUNCATE mail, notification")
        bare = await _bare(tx, ids)
    tenth = memory[len(memory) // 10]
    print(  # noqa: T201
        f"{readers:,} readers: {seconds:.1f} s, {readers / seconds:,.0f} a second; the bare statement {bare:.1f} s"
    )
    print(f"ratio to the bare statement: {bare / seconds:.2f}")  # noqa: T201
    print(f"memory after a tenth {tenth:.1f} MB, at the end {memory[-1]:.1f} MB")  # noqa: T201


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    asyncio.run(_run(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
