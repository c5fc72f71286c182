"""One run of one side: its processes start and wait at the gate, the gate opens, and the clock runs until the table has all."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.local.children import Child, spawn
from loti_contracts.events.topics import ROLES
from tests.bench.pipeline.sides import GROUPS
from tests.bench.pipeline.stage import Gate, Message, Stage, partition_of, until_empty, until_said
from tests.bench.processors import megabytes, used_by, used_by_family
from tests.databases import connected

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took. Times in seconds, memory in MB a process; `published`: when the relay had said everything.
    `table`: the benchmarks as they stand, by cell, without their revisions; None of the broker alone."""

    events: int
    wall: float
    published: float
    own: float
    database: float
    broker: float
    memory: float
    table: Mapping[str, Figures] | None

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.wall

    @property
    def each(self) -> float:
        """Microseconds of processor time an event, of the side's processes and PostgreSQL's."""
        return 1e6 * (self.own + self.database) / self.events


async def drain(
    stage: Stage,
    side: str,
    loaded: Sequence[Message],
    *,
    partitions: int,
    processes: int = 1,
    database: str | None = None,
    profile: str | None = None,
) -> Run:
    """Let a side drain these messages from as many partitions, in a new database or the given one."""
    dsn = database or await stage.database()
    group = GROUPS[side]
    await stage.at_the_end(group, partitions)
    gate = await asyncio.to_thread(Gate, stage.kafka.address, loaded, partitions)
    children = [await _start(stage, side, dsn, number) for number in range(processes)]
    try:
        await stage.until_members(group, processes)
        if profile:
            await _profile(profile, children)
        pids = [child.pid for child in children]
        before = _used(stage, pids)
        began = time.perf_counter()
        await asyncio.to_thread(gate.open)
        await _until_done(stage, side, dsn, loaded, partitions, children)
        took = published = time.perf_counter() - began
        if side == "service":
            async with connected(dsn) as connection:
                await until_empty(connection)
            published = time.perf_counter() - began
        own, by_database, broker = (b - a for a, b in zip(before, _used(stage, pids), strict=True))
        memory = max(megabytes(pid)[1] for pid in pids)
        table = None if side == "broker" else await _table(dsn)
    finally:
        for child in children:
            await child.stop()
    await stage.until_members(group, 0)
    if database is None:
        await stage.drop(dsn)
    return Run(len(loaded), took, published, own, by_database, broker, memory, table)


async def _start(stage: Stage, side: str, dsn: str, number: int) -> Child:
    words = ["services.salaries.app"] if side == "service" else ["tests.bench.pipeline", side]
    env = os.environ | {"LOTI_KAFKA": stage.kafka.address, "LOTI_DATABASE": dsn, "LOTI_LOG_LEVEL": "WARNING"}
    log = stage.folder / f"{side}-{number}.log"
    return await spawn(side, [sys.executable, "-m", *words], log=log, env=env)


async def _profile(folder: str, children: Sequence[Child]) -> None:
    for number, child in enumerate(children):
        words = [
            "py-spy",
            "record",
            "-p",
            str(child.pid),
            "-r",
            "200",
            "-f",
            "raw",
            "-o",
            f"{folder}/{number}.raw",
        ]
        await asyncio.create_subprocess_exec(*words)
    await asyncio.sleep(2)


def _used(stage: Stage, own: Sequence[int]) -> tuple[float, float, float]:
    return used_by(*own), used_by_family(_pid(stage.postgres)), used_by(_pid(stage.kafka))


def _pid(server: Any) -> int:
    pid = server.child.pid
    assert isinstance(pid, int)
    return pid


async def _until_done(
    stage: Stage, side: str, dsn: str, loaded: Sequence[Message], partitions: int, children: Sequence[Child]
) -> None:
    waiting = asyncio.create_task(
        _until_committed(stage, GROUPS[side], partitions)
        if side == "broker"
        else until_said(dsn, _last(loaded, partitions))
    )
    while not (await asyncio.wait([waiting], timeout=1))[0]:
        for child in children:
            if child.returncode is not None:
                waiting.cancel()
                raise RuntimeError(f"{side} ended:\n{child.last_lines()}")
    await waiting


def _last(loaded: Sequence[Message], partitions: int) -> list[tuple[str, int]]:
    """The last role of every partition, with its revision: each is handled in order."""
    last: dict[int, tuple[str, int]] = {}
    for key, value, _ in loaded:
        last[partition_of(key, partitions)] = (key.decode(), json.loads(value)["role"]["revision"])
    return list(last.values())


async def _until_committed(stage: Stage, group: str, partitions: int) -> None:
    mine = [TopicPartition(ROLES.name, number) for number in range(partitions)]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=stage.kafka.address, group_id=group, enable_auto_commit=False
    )
    await consumer.start()
    try:
        consumer.assign(mine)
        ends = await consumer.end_offsets(mine)
        # The last offset of a transaction is its own mark, which is no message.
        for one in mine:
            while (await consumer.committed(one) or 0) < ends[one] - 1:  # nobody tells when
                await asyncio.sleep(0.01)
    finally:
        await consumer.stop()


async def _table(dsn: str) -> dict[str, Figures]:
    async with connected(dsn) as connection:
        rows = await connection.fetch("SELECT id, benchmark FROM benchmarks WHERE benchmark IS NOT NULL")
    found = {row["id"]: json.loads(row["benchmark"]) for row in rows}
    for cell in found.values():
        del cell["revision"]
    return {id_: cell for id_, cell in found.items() if cell["adverts"]}
