"""Making the faults of a schedule happen to a system, each at its time, and undoing each."""

import asyncio
import contextlib
import os
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.children import Child
from tests.chaos.next_version import running
from tests.chaos.proxy import Direction
from tests.chaos.schedule import Fault, Kind
from tests.chaos.supervising import healthy
from tests.chaos.system import System

_JOINS_WITHIN = 120.0
_DIRECTIONS: Mapping[int, Sequence[Direction]] = {1: ("there",), 2: ("back",), 3: ("there", "back")}


@dataclass(eq=False)
class Faults:
    """What happens to one system. `next_version` is the tree of the version that is deployed beside; `made` counts what
    was done, `passed_over` what could not be, with the reason."""

    system: System
    next_version: Path | None = None
    made: Counter[Kind] = field(default_factory=Counter)
    passed_over: list[str] = field(default_factory=list)
    _added: int = 0

    async def run(self, schedule: Sequence[Fault], stopping: asyncio.Event) -> None:
        """Make each fault at its time, several at once where they overlap, until all are undone or `stopping`."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as work:
            for fault in schedule:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), max(0.0, began + fault.at - time.monotonic()))
                if stopping.is_set():
                    return
                self.system.say(f"{fault}")
                work.create_task(self._make(fault))

    async def _make(self, fault: Fault) -> None:
        doing: dict[Kind, Callable[[Fault], Awaitable[str | None]]] = {
            "kill": self._kill,
            "kill server": self._kill,
            "pause": self._pause,
            "pause server": self._pause,
            "reset": self._reset,
            "delay": self._delay,
            "cut": self._cut,
            "disk": self._fill_disk,
            "clock": self._step_clock,
            "rebalance": self._join_and_leave,
            "deploy": self._deploy,
        }
        why_not = await doing[fault.kind](fault)
        if why_not is None:
            self.made[fault.kind] += 1
        else:
            self.passed_over.append(f"{fault}: {why_not}")

    async def _kill(self, fault: Fault) -> str | None:
        child = self._running(fault.target)
        if child is None:
            return "it was down"
        self.system.supervisor.down.add(fault.target)
        try:
            child.kill()
            await asyncio.sleep(fault.seconds)
            await self.system.supervisor.start_again(fault.target)
        finally:
            self.system.supervisor.down.discard(fault.target)
        return None

    async def _pause(self, fault: Fault) -> str | None:
        child = self._running(fault.target)
        if child is None:
            return "it was down"
        _signal_all(child, signal.SIGSTOP)
        try:
            await asyncio.sleep(fault.seconds)
        finally:
            _signal_all(child, signal.SIGCONT)
        return None

    async def _reset(self, fault: Fault) -> str | None:
        way = self.system.ways[fault.target]
        if fault.amount == 1:
            way.cut("back")
        await asyncio.sleep(fault.seconds)
        broken = await way.reset(tell_server=fault.amount != 2)
        if fault.amount == 1:
            way.heal()
        return None if broken else "nothing was connected"

    async def _delay(self, fault: Fault) -> str | None:
        way = self.system.ways[fault.target]
        way.delay = fault.amount
        await asyncio.sleep(fault.seconds)
        way.heal()
        return None

    async def _cut(self, fault: Fault) -> str | None:
        way = self.system.ways[fault.target]
        way.cut(*_DIRECTIONS[int(fault.amount)])
        await asyncio.sleep(fault.seconds)
        way.heal()
        return None

    async def _fill_disk(self, fault: Fault) -> str | None:
        disk = self.system.disk
        if disk is None:
            return "the database has no disk of its own"
        try:
            await asyncio.to_thread(disk.fill)
            await asyncio.sleep(fault.seconds)
        finally:
            disk.free()
        return None

    async def _step_clock(self, fault: Fault) -> str | None:
        clock = self.system.clocks[fault.target]
        clock.step(fault.amount)
        await asyncio.sleep(fault.seconds)
        clock.step(0)
        return None

    async def _join_and_leave(self, fault: Fault) -> str | None:
        return await self._beside(f"{fault.target}-more", fault.seconds, {})

    async def _deploy(self, fault: Fault) -> str | None:
        if self.next_version is None:
            return "there is no next version"
        return await self._beside(f"{fault.target}-next", fault.seconds, running(self.next_version))

    async def _beside(self, name: str, seconds: float, more: Mapping[str, str]) -> str | None:
        """One more replica, for so long after it is well; a reason where it never was."""
        self._added += 1
        name = f"{name}-{self._added}"
        program = await self.system.add(name, more=more)
        try:
            if not await healthy(str(program.health), within=_JOINS_WITHIN):
                return f"{name} was not well within {_JOINS_WITHIN:g} s"
            await asyncio.sleep(seconds)
        finally:
            await self.system.remove(name)
        return None

    def _running(self, name: str) -> Child | None:
        thing = self.system.things[name]
        return thing.child if thing.child is not None and thing.child.returncode is None else None


def _signal_all(child: Child, sig: signal.Signals) -> None:
    """Signal a process and what it started; PostgreSQL's sessions are processes of their own."""
    if child.returncode is not None:
        return
    for pid in (child.pid, *_offspring(child.pid)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sig)


def _offspring(pid: int) -> Iterator[int]:
    with contextlib.suppress(OSError):
        yield from map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
