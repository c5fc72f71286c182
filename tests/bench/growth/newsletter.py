"""A newsletter by the service beside a bare pipelined loop, to 1,000, 10,000 and 100,000 readers."""

import argparse
import asyncio
import contextlib
from typing import Final

import structlog

from tests.bench.growth.by_size import LINEAR, figures, growth
from tests.bench.growth.server import own_postgres
from tests.bench.results import Comparison, Result, Scale, Series
from tests.notify.sending.bench_newsletter import Run, newsletter
from tests.notify.sending.catcher import catcher

SIZES: Final = (1_000, 10_000, 100_000)
SLICES: Final = 10


async def bench(scale: Scale) -> Result:
    """The smaller ones once a round; the largest once, in ten slices that take turns with the loop."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    sizes = (500, 1_000, 2_000) if scale.quick else SIZES
    runs: dict[int, list[Run]] = {size: [] for size in sizes}
    async with own_postgres() as server:
        with contextlib.ExitStack() as stack:
            to = await asyncio.to_thread(stack.enter_context, catcher())
            for number in range(scale.rounds):
                for size in sizes[:-1] if number else sizes:
                    slices = max(1, SLICES * size // SIZES[-1])  # of few mails, some hundred are one slice
                    given = argparse.Namespace(readers=size, slices=slices, at_once=100, connections=8)
                    runs[size].append(await newsletter(server, to, given))
    largest = runs[sizes[-1]][0]
    for size, these in runs.items():
        these += these[-1:] * (scale.rounds - len(these))
        assert all(run.ledger["sent"] == size for run in these)
    seconds = {size: [size / run.whole for run in these] for size, these in runs.items()}
    processor = {size: [run.processor for run in these] for size, these in runs.items()}
    memory = {size: [run.memory[100] for run in these] for size, these in runs.items()}
    return Result(
        name="newsletter",
        says="A newsletter by the service (claimed, composed with each reader's own links, handed over, written down with its "
        "events) beside aiosmtplib's connections in a bare pipelined loop with a ready-made message and no database, to the "
        f"same catcher, {SLICES} slices in turns; both on 8 connections, without DKIM.",
        series=(
            Series("service", "mails/s", largest.service, "more"),
            Series("bare loop", "mails/s", largest.bare, "more"),
            *figures("whole newsletter, made and sent", "s", "readers", seconds),
            growth(seconds),
            *figures("processor time of the service", "µs/mail", "readers", processor),
            *figures("memory when all is sent", "MB", "readers", memory),
        ),
        comparisons=(Comparison("service", "bare loop", at_least=0.9),),
        reaches=(LINEAR,),
    )
