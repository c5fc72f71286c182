"""One run: the system starts, the flow flows, the faults fall, everything is made well again, and what there is is checked."""

import asyncio
import shutil
import signal
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from tests.chaos.addresses import Addresses
from tests.chaos.checking import check
from tests.chaos.faults import Faults
from tests.chaos.flow import Flow
from tests.chaos.ledger import Ledger
from tests.chaos.next_version import make_next_version
from tests.chaos.preparing import Wish, system_for, world_of
from tests.chaos.report import Report
from tests.chaos.schedule import Fault, schedule
from tests.chaos.servers import Say
from tests.chaos.settling import settled
from tests.chaos.supervising import healthy
from tests.chaos.system import System

SETTLES_WITHIN = 600.0
"""Seconds after the last fault in which everything must have come to its end, or it is stuck."""
_STARTS_WITHIN = 300.0


async def run(wish: Wish, *, out: TextIO) -> Report:
    """Run it, telling on `out` as it happens. SIGTERM and Ctrl-C end the faults early; it is checked all the same."""
    began = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - began:7.1f}  {line}", file=out, flush=True)

    say(
        f"Seed {wish.seed}: {wish.minutes:g} minutes of {wish.a_minute:g} faults each, Kafka on {wish.nodes} node(s), "
        f"{wish.replicas} replica(s) of each service"
    )
    folder = wish.folder or Path(tempfile.mkdtemp(prefix="loti-chaos-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)  # root's PostgreSQL runs as somebody else, who must pass through
    report = Report(seed=wish.seed, folder=folder)
    system = system_for(wish, folder, report.not_here, say)
    try:
        await _run(wish, system, report, say)
    except (ExceptionGroup, RuntimeError, TimeoutError, OSError) as error:
        (folder / "failure.txt").write_text("".join(traceback.format_exception(error)), encoding="utf-8")
        report.failed = "; ".join(f"{type(one).__name__}: {one}" for one in _leaves(error))
    finally:
        say("Stopping ...")
        report.ended = system.supervisor.ended
        await system.stop()
        if system.disk is not None:
            if not report.clean or wish.folder is not None:
                await asyncio.to_thread(shutil.copytree, system.disk.place, folder / "cluster-as-it-was")
            system.disk.remove()
    report.seconds = round(time.monotonic() - began, 1)
    if report.clean and wish.folder is None:
        shutil.rmtree(folder, ignore_errors=True)
    return report


async def _run(wish: Wish, system: System, report: Report, say: Say) -> None:
    stopping, ending = asyncio.Event(), asyncio.Event()
    _listen(stopping)
    next_version = make_next_version(system.folder) if "deploy" in wish.kinds else None
    addresses = await system.start()
    faults = Faults(system, next_version)
    async with asyncio.TaskGroup() as work:
        work.create_task(system.supervisor.run(ending))
        await _all_healthy(addresses)
        planned = schedule(
            wish.seed,
            world_of(wish, system),
            minutes=wish.minutes,
            a_minute=wish.a_minute,
            longest=wish.longest,
        )
        say("All is up")
        flow = Flow(addresses, wish.seed, a_minute=wish.flow)
        try:
            ledger = await _under_faults(flow, faults, planned, stopping)
            ledger.write(system.folder / "ledger.json")
            report.put_in = ledger.counted()
            say(f"The faults are over; put in: {report.put_in}")
            over = time.monotonic()
            report.stuck = await settled(addresses, seconds=SETTLES_WITHIN)
            report.settled_after = time.monotonic() - over
            say(
                f"Settled after {report.settled_after:.0f} s"
                if report.stuck is None
                else f"STUCK: {report.stuck}"
            )
            report.findings = await check(addresses, ledger)
        finally:
            report.faults, report.passed_over = dict(faults.made), faults.passed_over
            await flow.close()
        ending.set()


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """What went wrong, out of the groups in which it is told."""
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _leaves(one)
    else:
        yield error


def _listen(stopping: asyncio.Event) -> None:
    """The first signal ends the faults; a second one everything."""
    running = asyncio.current_task()
    assert running is not None

    def hear() -> None:
        if stopping.is_set():
            running.cancel()
        stopping.set()

    for signal_ in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_, hear)


async def _under_faults(
    flow: Flow, faults: Faults, planned: Sequence[Fault], stopping: asyncio.Event
) -> Ledger:
    """The flow, from before the first fault until after the last one is undone."""
    over = asyncio.Event()
    flowing = asyncio.create_task(flow.run(over))
    falling: asyncio.Task[None] | None = None
    try:
        while not flow.ledger.postings and not flowing.done():
            await asyncio.sleep(0.2)
        faults.system.say("It flows; the faults begin")
        falling = asyncio.create_task(faults.run(planned, stopping))
        await asyncio.wait({flowing, falling}, return_when=asyncio.FIRST_COMPLETED)
        if flowing.done():
            await flowing  # it failed: what it raises says how
        await falling
    finally:
        over.set()
        if falling is not None:
            falling.cancel()
            await asyncio.gather(falling, return_exceptions=True)
    return await flowing


async def _all_healthy(addresses: Addresses) -> None:
    """Wait until every replica says that it is well. Raises TimeoutError with those that are not."""
    pages = addresses.health
    well = await asyncio.gather(*(healthy(f"{url}/health", within=_STARTS_WITHIN) for url in pages.values()))
    if not all(well):
        ill = ", ".join(name for name, is_well in zip(pages, well, strict=True) if not is_well)
        raise TimeoutError(f"not healthy after {_STARTS_WITHIN:g} s: {ill}")
