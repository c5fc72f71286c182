"""`loti up`: seconds until the first page and the first role, started for the first time and again, and what the services
hold at rest and at most."""

import asyncio
import contextlib
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Final

import httpx2

from deploy.local.children import Child, spawn
from deploy.local.first_answers import page_opens
from deploy.local.settings import SERVICES
from tests.bench.processors import megabytes
from tests.bench.results import Reach, Result, Scale, Series
from tests.path.running import ROOT, Up
from tests.servers import reachable_folder

WITHIN: Final = 120.0
AGAIN, FIRST = "started again", "first start"


async def bench(scale: Scale) -> Result:
    """Each round begins with an empty data folder, and starts on it twice."""
    found: dict[str, list[float]] = defaultdict(list)
    for _ in range(1 if scale.quick else scale.rounds):
        with reachable_folder() as folder:
            for which in (FIRST, AGAIN):
                await _round(folder, which, found)
    return Result(
        name="up",
        says="`loti up` on an empty data folder, with Kafka's jars in the cache, and again on the same folder: seconds until "
        "the portal has answered with its first page, until the first role is told of, until every service is healthy; and "
        "each service's memory once the whole path over the sample boards has run and at its most during that.",
        series=tuple(
            Series(what, "MB" if "memory" in what else "s", tuple(figures), "less")
            for what, figures in found.items()
        ),
        reaches=(
            Reach(f"first page, {AGAIN}", at_most=10),
            Reach(f"first page, {FIRST}", at_most=10),
            Reach(f"first role, {FIRST}", at_most=20),
        ),
    )


async def _round(folder: Path, which: str, found: dict[str, list[float]]) -> None:
    begun = time.monotonic()
    command = [sys.executable, "-m", "deploy.cli", "up", "--data", folder / "data"]
    process = await spawn("loti up", command, log=folder / f"{which}.log", cwd=ROOT)
    up = Up(process, folder / "data")
    try:
        async with asyncio.timeout(WITHIN):
            while not (up.data / "portal-pages-port").exists():
                await _alive(process)
            if not await page_opens(f"http://127.0.0.1:{up.port('portal-pages-port')}/", within=WITHIN):
                raise RuntimeError(f"no page within {WITHIN:g} s:\n{process.last_lines()}")
            found[f"first page, {which}"].append(time.monotonic() - begun)
            while which == FIRST and "role found" not in process.log.read_text():
                await _alive(process)
            if which == FIRST:
                found[f"first role, {which}"].append(time.monotonic() - begun)
            while not await _healthy(up):
                await _alive(process)
            found[f"all healthy, {which}"].append(time.monotonic() - begun)
        if which == FIRST:
            await up.quiet()
            running = up.processes()
            for name in SERVICES:
                now, most = megabytes(running[name])
                found[f"{name}: memory at rest"].append(now)
                found[f"{name}: memory at most"].append(most)
        await up.stop()
    finally:
        process.kill()


async def _alive(process: Child) -> None:
    if process.returncode is not None:
        raise RuntimeError(f"loti up ended with status {process.returncode}:\n{process.last_lines()}")
    await asyncio.sleep(0.05)


async def _healthy(up: Up) -> bool:
    with contextlib.suppress(httpx2.HTTPError, OSError, ValueError):
        health = await up.health()
        return len(health) == len(SERVICES) and all(found["healthy"] for found in health.values())
    return False
