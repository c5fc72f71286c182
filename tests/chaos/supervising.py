"""Whoever starts again what ended, as an operator's supervisor does."""

import asyncio
import signal
import time
from dataclasses import dataclass, field

import httpx2

from deploy.local.children import Child
from deploy.local.programs import KeepsDying, Program
from deploy.local.server import Server, StartFailed
from tests.chaos.servers import Say


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that ended though no fault ended it: when, how, and what it wrote last."""

    at: float
    name: str
    how: str
    last: str


@dataclass(eq=False)
class Supervisor:
    """Of `things`, by name, which may come and go."""

    things: dict[str, Server | Program]
    say: Say
    down: set[str] = field(default_factory=set)
    """What a fault holds down: its own to start again."""
    ended: list[Ended] = field(default_factory=list)
    _began: float = field(default_factory=time.monotonic)

    async def run(self, stopping: asyncio.Event) -> None:
        """Start again whatever ended and is not held down, until `stopping`; note what ended by itself."""
        starting: dict[str, asyncio.Task[None]] = {}
        while not stopping.is_set():
            for name, thing in list(self.things.items()):
                at_work = name in starting and not starting[name].done()
                code = thing.child.returncode if thing.child is not None else None
                if code is not None and name not in self.down and not at_work:
                    self._note(name, thing.child, code)
                    starting[name] = asyncio.create_task(self.start_again(name))
            await asyncio.sleep(0.2)
        await asyncio.gather(*starting.values())

    async def start_again(self, name: str) -> None:
        """Start what was ended, until it is up: a database does not come up on a full disk, nor a node without others."""
        while name in self.things:
            try:
                await self.things[name].start()
            except (StartFailed, KeepsDying) as error:
                self._note(name, self.things[name].child, None, str(error))
                await asyncio.sleep(1.0)
            else:
                return

    def _note(self, name: str, child: Child | None, code: int | None, why: str = "") -> None:
        how = why.splitlines()[0] if why else "status 0"
        if code is not None:
            how = f"killed by {signal.Signals(-code).name}" if code < 0 else f"status {code}"
        last = child.last_lines(1) if child is not None else ""
        self.ended.append(Ended(round(time.monotonic() - self._began, 1), name, how, last[-300:]))
        self.say(f"{name} ended: {how}")


async def healthy(page: str, *, within: float) -> bool:
    """Whether the health page at that URL says that all is well, within so many seconds."""
    until = time.monotonic() + within
    async with httpx2.AsyncClient(timeout=5, trust_env=False) as client:
        while time.monotonic() < until:
            try:
                if (await client.get(page)).status_code == 200:
                    return True
            except httpx2.HTTPError:
                pass  # it is not up yet
            await asyncio.sleep(0.3)
    return False
