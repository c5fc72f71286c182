"""How long each service takes from exec until its health page says that it runs, alone on a machine whose Kafka and
PostgreSQL run already, and what it holds then."""

import asyncio
import time
from collections import defaultdict
from pathlib import Path
from typing import Final

import httpx2

from deploy.local import ours
from deploy.local.kafka import start_kafka
from deploy.local.postgres import ensure_databases, start_postgres
from deploy.local.programs import Program
from deploy.local.settings import SERVICES
from tests.bench.processors import megabytes, processor_seconds
from tests.bench.results import Result, Scale, Series
from tests.servers import reachable_folder

WITHIN: Final = 60.0


async def bench(scale: Scale) -> Result:
    """Each service once a round, one after the other. The first start, which makes its tables and the topics, is not
    counted."""
    found: dict[str, dict[str, list[float]]] = {name: defaultdict(list) for name in SERVICES}
    with reachable_folder() as folder:
        kafka = await start_kafka(folder / "kafka", say=lambda _: None)
        try:
            postgres = await start_postgres(folder / "postgres", say=lambda _: None)
            try:
                at = ours.addresses(folder, None)
                sources = folder / "sources.yaml"
                sources.write_text("sources: []\n")
                dsns = await ensure_databases(postgres, SERVICES)
                for number in range(-1, 1 if scale.quick else scale.rounds):
                    for name in SERVICES:
                        program = ours.service(
                            folder,
                            at,
                            name,
                            kafka=kafka.address,
                            database=dsns[name],
                            sources=sources,
                            light=False,
                        )
                        figures = await _started(program, at["portal"] if name == "portal" else None)
                        if number >= 0:
                            for what, figure in figures.items():
                                found[name][what].append(figure)
            finally:
                await postgres.kill()
        finally:
            await kafka.kill()
    return Result(
        name="services",
        says="Cold start of each service: seconds from exec until `/health` says that it runs (the portal: and shows its "
        "first page), with Kafka and PostgreSQL there; processor time for that, and memory at rest.",
        series=tuple(
            Series(f"{name}: {what}", "MB" if what == "memory" else "s", tuple(figures), "less")
            for what in ("start", "processor time", "memory")
            for name in SERVICES
            if (figures := found[name][what])
        ),
    )


async def _started(program: Program, page: str | None) -> dict[str, float]:
    """Start it, wait, look, stop."""
    begun = time.monotonic()
    await program.start()
    try:
        assert program.child is not None
        assert program.health is not None
        await _until_running(program, program.health, page)
        took, pid = time.monotonic() - begun, program.child.pid
        return {
            "start": took,
            "processor time": processor_seconds(pid),
            "memory": megabytes(pid)[0],
        }
    finally:
        await program.stop()


async def _until_running(program: Program, health: str, page: str | None) -> None:
    async with asyncio.timeout(WITHIN), httpx2.AsyncClient(timeout=WITHIN) as client:
        while not await _says_so(client, health):
            if program.died is not None:
                raise RuntimeError(
                    f"{program.name} ended with status {program.died}:\n{_end_of(program.log)}"
                )
            await asyncio.sleep(0.02)
        while page is not None:
            try:
                (await client.get(page)).raise_for_status()
            except httpx2.HTTPError:
                await asyncio.sleep(0.02)
            else:
                return


async def _says_so(client: httpx2.AsyncClient, health: str) -> bool:
    try:
        said = (await client.get(health)).json()
    except (httpx2.HTTPError, ValueError):
        return False
    return bool(said["healthy"] and said.get("state") == "running")


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:])
