"""One phase of a run: postings appear at a steady rate, and every alert about them is timed."""

import asyncio
import contextlib
import json
import os
import time
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from loti_contracts.events import RoleDiscovered, topic_named
from tests.bench.latency.adverts import Advert
from tests.bench.latency.measured import Alert, alerts
from tests.bench.latency.system import System

_NOTIFICATIONS = """
SELECT notification.kind, notification.mail_id::text AS mail, role.state -> 'links' ->> 0 AS link
FROM notification JOIN thing ON thing.kind = thing_kind AND thing.id = thing_id
JOIN thing AS role ON role.kind = 'role' AND role.id = coalesce(thing.state ->> 'role_id', thing.id)
WHERE mail_id IS NOT NULL"""


@dataclass
class Phase:
    """What came of it. `rate` as it was; processor seconds by service; the traces of the postings that count."""

    rate: float
    alerts: list[Alert]
    cpu: dict[str, float]
    traces: set[str]


@dataclass
class Said:
    """When each role was said first, by its link; and its trace."""

    at: dict[str, float] = field(default_factory=dict)
    trace: dict[str, str] = field(default_factory=dict)


async def phase(
    running: System, postings: Sequence[Advert], rate: float, *, before: int, warm_up: float
) -> Phase:
    """Put them up, `rate` a second, and wait until the last alert was taken. `before` is how many there were already; what
    appears in the first `warm_up` seconds is not counted."""
    used, begun = _cpu(running), time.time()
    for number, one in enumerate(postings):
        await asyncio.sleep(max(0.0, begun + number / rate - time.time()))
        running.boards.put_up([one])
    lasted = time.time() - begun
    await running.until_told(before + len(postings))
    cpu = {name: spent - used[name] for name, spent in _cpu(running).items()}
    said = await _said(running.kafka)
    rows = await running.query("notify", _NOTIFICATIONS)
    links = [one.link for one in postings]
    counted = {link: at for link in links if (at := running.boards.appeared[link]) >= begun + warm_up}
    found = alerts(
        [(row["kind"], row["link"], row["mail"]) for row in rows],
        appeared=counted,
        shown=running.boards.shown,
        said=said.at,
        taken=running.taken,
    )
    return Phase(len(postings) / lasted, found, cpu, {said.trace[link] for link in counted})


def spans_of(folder: Path, traces: Collection[str]) -> list[dict[str, Any]]:
    """The spans of these traces, from the files of all services, which have ended."""
    lines = [line for file in sorted(folder.iterdir()) for line in file.read_text("utf-8").splitlines()]
    return [span for span in map(json.loads, lines) if span["trace"] in traces]


async def _said(kafka: str) -> Said:
    """What is on the topic of roles."""
    topic = topic_named(RoleDiscovered.topic)
    places = [TopicPartition(topic.name, n) for n in range(topic.partitions)]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka, isolation_level="read_committed", auto_offset_reset="earliest"
    )
    found = Said()
    await consumer.start()
    try:
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        while any([await consumer.position(place) < ends[place] for place in places]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    headers = {name: value.decode() for name, value in record.headers}
                    if headers["ce_type"] == RoleDiscovered.type:
                        link = json.loads(record.value)["role"]["links"][0]
                        found.at[link] = datetime.fromisoformat(headers["ce_time"]).timestamp()
                        found.trace[link] = headers["ce_correlationid"].replace("-", "")
    finally:
        await consumer.stop()
    return found


def _cpu(running: System) -> dict[str, float]:
    """Seconds of processor time that each used so far, with its children that live or have ended, by /proc of Linux."""
    tick = os.sysconf("SC_CLK_TCK")
    spent: dict[int, int] = {}
    under: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):  # it has ended meanwhile
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                spent[int(folder.name)] = sum(map(int, fields[11:15]))
                under[int(fields[1])].append(int(folder.name))
    return {
        name: sum(spent.get(one, 0) for one in (pid, *under[pid])) / tick
        for name, pid in running.processes().items()
    }
