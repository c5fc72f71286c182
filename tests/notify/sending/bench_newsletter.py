"""A newsletter to very many readers, beside a bare loop: how fast, and with how much memory.

    python -m tests.notify.sending.bench_newsletter [--readers 100000] [--slices 10] [--at-once 100] [--connections 8]

In one run, in turns: a tenth of the newsletter by the service (claimed, composed with each reader's own links, handed over,
written down with its events, against a real PostgreSQL), then as long a time of the bare pipelined loop of `bare_loop`
(aiosmtplib's connections, the service's last message ready-made, no database) to the same catcher. DKIM is off, as it
is in the bare loop. What the service writes besides (notifications and mails, made by `newsletter.publishing`) is timed
and counted against it in the second ratio.
"""

import argparse
import asyncio
import os
import statistics
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from loti_contracts.delivery.database import open_pool
from loti_contracts.delivery.logs import set_up_logs
from services.notify.sending import ledger
from services.notify.sending.envelope import with_final_dot
from services.notify.sending.handing_over import Delivery
from services.notify.sending.outgoing import Outcome, Outgoing
from services.notify.sending.pool import SmtpPool
from services.notify.sending.sender import Sending
from services.notify.settings import NotifySettings
from services.notify.signed_links import SignedLinks
from tests.databases import database_of
from tests.notify.sending import made
from tests.notify.sending.bare_loop import pipelined
from tests.notify.sending.catcher import Catcher, catcher
from tests.servers import run_postgres


class Gate:
    """The service's pool behind a gate: while it is shut, no mail is claimed. It keeps the last message."""

    def __init__(self, pool: SmtpPool) -> None:
        self._pool = pool
        self.open = False
        self.last: Outgoing | None = None

    async def send(self, outgoing: Outgoing, *, within: float) -> Outcome:
        self.last = outgoing
        return await self._pool.send(outgoing, within=within)

    async def settle(self, outgoing: Outgoing) -> Outcome | None:
        return await self._pool.settle(outgoing)

    def paused(self) -> float:
        return self._pool.paused() if self.open else 0.05

    async def close(self) -> None:
        await self._pool.close()

    def parts(self) -> tuple[bytes, bytes, bytes]:
        """The last message for the bare loop; between its parts stand the recipient and the mail's id."""
        assert self.last is not None
        [recipient] = self.last.recipients
        head, found, rest = with_final_dot(self.last.message)[: -len(b".\r\n")].partition(recipient.encode())
        middle, found_too, tail = rest.partition(str(self.last.mail_id).encode())
        assert found, head
        assert found_too, middle
        return head, middle, tail


def resident() -> float:
    """Megabytes that this process holds (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass(frozen=True, slots=True)
class Run:
    """One newsletter: mails a second of each slice, by the service and by the bare loop; seconds that making the mails
    took; and, for each mail, microseconds of processor time in the service and in the catcher."""

    readers: int
    service: tuple[float, ...]
    bare: tuple[float, ...]
    making: float
    processor: float
    processor_of_catcher: float
    memory: Mapping[int, float]
    """Megabytes, by the per cent that was sent."""
    bytes: int
    ledger: Mapping[str, int]

    @property
    def whole(self) -> float:
        """Mails a second, the making of them included."""
        return 1 / (1 / statistics.median(self.service) + self.making / self.readers)


async def newsletter(server: Any, to: Catcher, given: argparse.Namespace) -> Run:
    """The whole run."""
    settings = NotifySettings(
        database=SecretStr(await database_of("notify", server)),
        smtp_port=to.port,
        smtp_connections=given.connections,
        at_once=given.at_once,
        link_keys=SecretStr("k" * 32),
    )
    async with await open_pool(settings.database.get_secret_value()) as pool:
        making = await _made(pool, given.readers)
        gate = Gate(SmtpPool(settings))
        stopping = asyncio.Event()
        sending = Sending(settings, pool, stopping, Delivery(settings, SignedLinks(settings), gate), ())
        running = asyncio.create_task(sending.run())
        mails = given.readers // given.slices
        await _slice(sending, gate, mails // 100)  # connections, caches
        service, bare, held = [], [], {}
        spent: list[tuple[float, float]] = []  # seconds of processor time a mail, here and in the catcher
        for n in range(given.slices):
            share = given.readers - sending.counts.total() if n == given.slices - 1 else mails
            own, its = time.process_time(), to.cpu()
            sent, seconds = await _slice(sending, gate, share)
            spent.append(((time.process_time() - own) / sent, (to.cpu() - its) / sent))
            service.append(sent / seconds)
            held[round(100 * (n + 1) / given.slices)] = resident()
            bare.append(await pipelined(to.port, gate.parts(), share // 2, given.connections))
            done = f"{sending.counts.total():9,} sent   service {service[-1]:7,.0f}/s   bare loop {bare[-1]:7,.0f}/s"
            print(done, file=sys.stderr, flush=True)  # noqa: T201
        stopping.set()
        await running
        left = await ledger.progress(pool)
    own, its = (statistics.median(each) * 1e6 for each in zip(*spent, strict=True))
    parts = sum(map(len, gate.parts()))
    return Run(given.readers, tuple(service), tuple(bare), making, own, its, held, parts, left)


def _told(run: Run, given: argparse.Namespace) -> None:
    rate, other = statistics.median(run.service), statistics.median(run.bare)
    shown = [f"{run.memory[share]:.0f} MB at {share} %" for share in (10, 50, 100) if share in run.memory]
    _say(
        f"{run.readers:,} mails of {run.bytes:,} bytes and more, {given.connections} connections, {given.at_once} at once",
        f"service {rate:,.0f}/s, bare loop {other:,.0f}/s: {rate / other:.2f} of its rate",
        f"with the {run.making:.1f} s of making notifications and mails: {run.whole:,.0f}/s, {run.whole / other:.2f} of its rate",
        f"processor time: {run.processor:,.0f} µs a mail in the service, {run.processor_of_catcher:,.0f} µs in the catcher",
        f"memory: {', '.join(shown)}",
        f"ledger: {run.ledger['sent']:,} sent, {run.ledger['due'] + run.ledger['sending']} left, {run.ledger['doubts']} doubts",
    )


def _say(*lines: str) -> None:
    print("\n".join(lines), flush=True)  # noqa: T201


async def _made(pool: Any, readers: int) -> float:
    """Contacts that said yes, and a mail for each; seconds for the latter."""
    ids = [f"reader-{n}" for n in range(readers)]
    async with pool.acquire() as tx, tx.transaction():
        await made.people(tx, ids, domains=33)
    begun = time.perf_counter()
    async with pool.acquire() as tx, tx.transaction():
        await made.newsletter(tx, ids)
    return time.perf_counter() - begun


async def _slice(sending: Sending, gate: Gate, share: int) -> tuple[int, float]:
    """Mails that were sent and written down while the gate was open for about so many, and the seconds until the last
    that had gone through it was."""
    before = sending.counts.total()
    begun = time.perf_counter()
    gate.open = True
    while sending.counts.total() < before + share:
        await asyncio.sleep(0.01)
    gate.open = False
    while sending.busy:
        await asyncio.sleep(0.001)
    return sending.counts.total() - before, time.perf_counter() - begun


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="A newsletter by the service, beside a bare pipelined loop.")
    parser.add_argument("--readers", type=int, default=100_000)
    parser.add_argument("--slices", type=int, default=10)
    parser.add_argument("--at-once", type=int, default=100)
    parser.add_argument("--connections", type=int, default=8)
    given = parser.parse_args()
    set_up_logs("notify", form="json", level="WARNING")
    with run_postgres(print) as server, catcher() as to:
        _told(asyncio.run(newsletter(server, to, given)), given)


if __name__ == "__main__":
    main()
