"""The ingest service: polls boards, says roles. Start it with `python -m services.ingest.app`."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg

from loti_contracts.delivery.process import Service, run
from services.ingest import store
from services.ingest.holdings import HOLDINGS
from services.ingest.polling import Polling
from services.ingest.recovery import RECOVERY
from services.ingest.settings import IngestSettings
from services.ingest.sources import read_sources
from services.ingest.visiting import Rest


def service() -> Service:
    """Everything wired. Raises SourcesRefused when the list of boards cannot be used."""
    settings = IngestSettings()
    sources = {source.id: source for source in read_sources(settings.sources)}
    rests: dict[str, Rest] = {}

    async def poll(pool: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
        async with settings.fetcher() as fetcher:
            polling = Polling(
                sources=sources,
                fetcher=fetcher,
                every=settings.poll_every,
                whole_every=settings.read_whole_every,
                at_once=settings.polls_at_once,
                rests=rests,
            )
            await polling.loop(pool, stopping)

    return Service(
        name="ingest",
        settings=settings,
        migrations=Path(__file__).parent / "migrations",
        holdings=HOLDINGS,
        recovery=RECOVERY,
        loops=(poll,),
        report=lambda pool: store.progress(
            pool, {id_: rests[id_].quiet.last_at if id_ in rests else None for id_ in sources}
        ),
    )


if __name__ == "__main__":
    run(service())
