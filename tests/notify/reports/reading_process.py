"""A process that reads a bounce mailbox until it is killed: `python -m tests.notify.reports.reading_process DSN MAILDIR`."""

import asyncio
import sys
from pathlib import Path

import asyncpg
from pydantic import SecretStr

from services.notify.reports.maildir import bounce_reader
from tests.notify.reports.came_back import SETTINGS


async def read(dsn: str, mailbox: str) -> None:
    """For ever."""
    settings = SETTINGS.model_copy(
        update={"database": SecretStr(dsn), "bounce_mailbox": Path(mailbox), "bounce_poll": 0.01}
    )
    async with asyncpg.create_pool(dsn, min_size=0, max_size=2) as pool:
        await bounce_reader(settings)(pool, asyncio.Event())


if __name__ == "__main__":
    asyncio.run(read(*sys.argv[1:]))
