"""`loti up`: the whole path on one machine, told as it happens."""

import asyncio
import json
import signal
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.local.people import LEFT_OPEN
from deploy.local.story import Story
from deploy.local.system import System

ONCE_WITHIN = 240.0
"""Seconds in which the whole path must have run, or `--once` fails."""

_SETTLED = 1.5
_LOOK = 0.3


class NotFinished(RuntimeError):
    """The path did not come to its end in time; the text says what was still open."""


async def up(data: Path, *, port: int | None, once: bool, as_json: bool) -> None:
    """Run until Ctrl-C, or with `once` until the path has run over all sample boards.

    Raises what System.start raises, and NotFinished.
    """
    out = sys.stderr if once and as_json else sys.stdout
    started = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - started:6.1f} s  {line}", file=out, flush=True)

    stopping = asyncio.Event()
    for signal_ in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(signal_, stopping.set)
    system = System(data, say, port)
    story = Story(since=datetime.now(UTC), tell=say)
    try:
        await _until(stopping, system.start())
        if system.kafka is not None and not stopping.is_set():
            say(f"Portal:        {system.addresses['portal']}")
            say(f"Mails:         {system.addresses['mail']}")
            say(f"Sample boards: {system.addresses['boards']}")
            await _run(system, story, stopping, once=once, as_json=as_json)
    finally:
        say("Stopping ...")
        await system.stop()
        say("Stopped; nothing is left running. The data is kept in " + str(system.data))


async def _run(system: System, story: Story, stopping: asyncio.Event, *, once: bool, as_json: bool) -> None:
    assert system.kafka is not None  # noqa: S101 - started by the caller
    ending = asyncio.Event()
    work = [
        asyncio.create_task(system.watch_over(ending)),
        asyncio.create_task(story.follow(system.kafka.address, ending)),
    ]
    if once:
        work.append(asyncio.create_task(_until_done(system, story)))
    waiting = asyncio.create_task(stopping.wait())
    try:
        done, _ = await asyncio.wait({*work, waiting}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        if once and not stopping.is_set():
            _print_result(await _result(system, story), as_json=as_json)
    finally:
        ending.set()
        for task in (*work, waiting):
            task.cancel()
        await asyncio.gather(*work, waiting, return_exceptions=True)


async def _until(stopping: asyncio.Event, starting: Any) -> None:
    """Start, unless a signal comes first."""
    task = asyncio.ensure_future(starting)
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not task.done():
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    else:
        task.result()


async def _until_done(system: System, story: Story) -> None:
    """Return when every board was read, every event had its effect and every mail is out. Raises NotFinished."""
    deadline = time.monotonic() + ONCE_WITHIN
    quiet_since: float | None = None
    heard = -1
    while True:
        pending = _open_ends(await system.health(), story)
        if pending or story.heard != heard:
            quiet_since, heard = None, story.heard
        elif quiet_since is None:
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since > _SETTLED:
            return
        if time.monotonic() > deadline:
            raise NotFinished(
                f"after {ONCE_WITHIN:g} s still open: {'; '.join(pending) or 'events keep coming'}"
            )
        await asyncio.sleep(_LOOK)


def _open_ends(health: dict[str, dict[str, Any]], story: Story) -> Sequence[str]:
    pending = [
        f"{name} is {found.get('state', 'not answering')}"
        for name, found in health.items()
        if not found.get("healthy")
    ]
    if pending:
        return pending
    ingest, notify = health["ingest"]["ingest"], health["notify"]["notify"]
    if ingest["sources"] == 0 or ingest["read_whole"] + ingest["failing"] < ingest["sources"]:
        pending.append(f"{ingest['read_whole']} of {ingest['sources']} boards read")
    pending += [f"{name} has events to publish" for name, found in health.items() if found["outbox"]["depth"]]
    pending += [
        f"{name} has messages to handle"
        for name, found in health.items()
        if "consumer" in found and found["consumer"]["lag"] != 0
    ]
    if notify["due"] or notify["sending"]:
        pending.append(f"{notify['due'] + notify['sending']} mails to send")
    if notify["asked"]:
        pending.append(f"{notify['asked']} contacts were asked to say yes")
    waiting = [m for m in story.matches.values() if not m.request_id.startswith(LEFT_OPEN)]
    if any(match.status == "proposed" for match in waiting) or not waiting:
        pending.append("a match waits for its answer")
    if any((it.status, it.origin) == ("waiting", "contributed") for it in story.drafts.values()):
        pending.append("the library was offered something that waits for its review")
    return pending


async def _result(system: System, story: Story) -> dict[str, int]:
    health = await system.health()
    mails = await system.mails()
    return {
        "sources": health["ingest"]["ingest"]["read_whole"],
        "roles": len(story.roles),
        "boards_with_roles": len({role.source for role in story.roles.values()}),
        "benchmarks": len(story.benchmarks),
        "matches": len(story.matches),
        "introductions": sum(match.status == "accepted" for match in story.matches.values()),
        "emails": len(mails),
        "alerts": len(story.notifications),
        "dead_letters": sum(found["dead_letters"] for found in health.values()),
    }


def _print_result(result: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(result), flush=True)  # noqa: T201
        return
    for name, count in result.items():
        print(f"{count:6}  {name.replace('_', ' ')}", flush=True)  # noqa: T201
