"""Starts again what died, and ends what runs and does nothing: its page `/alive` does not answer, time after time.

The page asks nothing of database or broker, so an outage of these is not taken for it, and answers are counted, not seconds: a
computer that was asleep, or a terminal that was stopped, has asked nothing meanwhile.
"""

import asyncio
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import httpx2

from deploy.local.children import Child
from deploy.local.programs import Program
from deploy.local.server import Server

ASK_EVERY = 3.0
"""Seconds, and as long for an answer."""
PATIENCE = 10
"""Times that a program may be silent in a row once it has answered; a program that starts, three times as often."""

_TO_WRITE = 3.0
_LOOK = 0.2


@dataclass(slots=True)
class Silences:
    """How often each process was silent in a row. Pure: a process is known by its number."""

    _silent: dict[int, int] = field(default_factory=dict)
    _answered: set[int] = field(default_factory=set)

    def heard(self, pid: int, *, answered: bool) -> bool:
        """Note that it was asked; whether it has been silent for too long."""
        if answered:
            self._answered.add(pid)
            self._silent.pop(pid, None)
            return False
        self._silent[pid] = self._silent.get(pid, 0) + 1
        return self._silent[pid] >= PATIENCE * (1 if pid in self._answered else 3)


async def keep_running(
    servers: Sequence[Server],
    programs: Sequence[Program],
    say: Callable[[str], None],
    stopping: asyncio.Event,
) -> None:
    """Start again whatever dies or does nothing, until `stopping`. Raises KeepsDying or StartFailed when that is no use."""
    asking = asyncio.create_task(end_the_silent(programs, say))
    try:
        while not stopping.is_set() and not asking.done():
            for server in servers:
                if server.child.returncode is not None:
                    say(f"{server.name} ended ({_how(server.child.returncode)}); starting it again")
                    await server.start()
            for program in programs:
                if program.died is not None:
                    say(f"{program.name} ended ({_how(program.died)}); starting it again")
                    await program.start()
            await asyncio.sleep(_LOOK)
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    if not asking.cancelled():
        asking.result()


async def end_the_silent(programs: Sequence[Program], say: Callable[[str], None]) -> None:
    """Ask those that have a health page, again and again, and end those that stay silent; who watches over them starts them
    again. Until it is cancelled."""
    silences = Silences()
    async with httpx2.AsyncClient(timeout=ASK_EVERY, trust_env=False) as client:
        while True:
            asked = [(p, p.child) for p in programs if p.health and p.child and p.child.returncode is None]
            answers = await asyncio.gather(*(_answers(client, str(program.health)) for program, _ in asked))
            for (program, child), answered in zip(asked, answers, strict=True):
                if silences.heard(child.pid, answered=answered):
                    say(f"{program.name} runs and does not answer; ending it, so that it starts again")
                    await end(child)
            await asyncio.sleep(ASK_EVERY)


async def end(child: Child) -> None:
    """End it so that it writes its stacks into its log, if it can still do so much."""
    child.process.send_signal(signal.SIGABRT)
    if await child.wait(_TO_WRITE) is None:
        child.kill()


async def _answers(client: httpx2.AsyncClient, health: str) -> bool:
    try:
        return (await client.get(health.removesuffix("/health") + "/alive")).status_code == 200
    except httpx2.HTTPError:
        return False


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"status {code}"
