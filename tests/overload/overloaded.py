"""The overload and what came of it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.overload.checking import alerts, dropped, overtaken, set_aside
from tests.overload.flow import Flow
from tests.overload.pushing import Encoded, encoded, push, state_readers
from tests.overload.watching import Watch
from tests.overload.world import SERVICES, World

PATIENCE = 3_600.0
"""Seconds until everything must have drained."""

GROWTH = 60.0
"""MB that a service may have more at its height than at the end of the burst before, when its caches were full: what is read
ahead (8 MB an answer, 256 KiB a partition), one batch in hand, and what the allocator keeps."""

OVERTAKEN = 10.0
"""Seconds: events of different partitions are judged together, and mails leave many at a time."""


@dataclass
class OfService:
    """Memory in MB, times in seconds since the overload began. `rate`: role events a second in the burst."""

    rate: float
    memory_before: float
    memory_first_half: float
    memory_most: float
    behind_most: int
    done_after: float
    dropped: int


@dataclass
class Overloaded:
    """What came of it. `sustained` is in events a second, `pushed` their number in the overload."""

    sustained: float
    pushed: int
    pushed_a_second: float
    seconds: float
    services: dict[str, OfService]
    dead_letters: int
    alerts: int
    overtaken: float
    alert_waited: float

    def in_words(self) -> str:
        """For a person."""
        lines = [
            f"Sustained: {self.sustained:.0f} role events a second. Overload: {self.pushed:,} events in "
            f"{self.seconds:.0f} s, {self.pushed_a_second:.0f} a second ({self.pushed_a_second / self.sustained:.1f} times).",
            f"{'':10} {'burst/s':>8} {'behind':>9} {'done s':>8} {'MB before':>10} {'1st half':>9} {'most':>7} {'dropped':>8}",
        ]
        lines += [
            f"{name:10} {one.rate:8.0f} {one.behind_most:9,} {one.done_after:8.0f} {one.memory_before:10.0f} "
            f"{one.memory_first_half:9.0f} {one.memory_most:7.0f} {one.dropped:8}"
            for name, one in self.services.items()
        ]
        lines.append(
            f"Dead letters: {self.dead_letters}. Alerts: {self.alerts:,}, the last {self.alert_waited:.1f} s after its cause "
            f"was heard at the longest; a later one left at most {self.overtaken:.1f} s before an earlier one."
        )
        return "\n".join(lines)

    def wrong(self) -> list[str]:
        """What should not be."""
        found = [
            f"{n}: {one.dropped} events had no effect" for n, one in self.services.items() if one.dropped
        ]
        found += [
            f"{name}: {one.memory_most - one.memory_before:.0f} MB more than before the overload"
            for name, one in self.services.items()
            if one.memory_most - one.memory_before > GROWTH
        ]
        if self.dead_letters:
            found.append(f"{self.dead_letters} dead letters")
        if self.overtaken > OVERTAKEN:
            found.append(f"an alert left {self.overtaken:.0f} s before an earlier one to the same contact")
        return found


async def overload(
    world: World, *, probe: int, times: float, seconds: float, say: Callable[[str], None]
) -> Overloaded:
    """Find what can be sustained, then put `times` as much on the topic for so many seconds, and wait until all is done.
    Raises TimeoutError."""
    flow = Flow(1)
    await state_readers(world)
    say(f"a burst of {probe:,} events")
    burst = await _watched(world, encoded(flow, probe), a_second=None)
    rates = {name: probe / burst.done[name] for name in SERVICES}
    sustained = min(rates.values())
    events = encoded(flow, int(sustained * times * seconds))
    say(f"{sustained:.0f} a second can be sustained; {len(events):,} events in {seconds:.0f} s")
    watch = await _watched(world, events, a_second=sustained * times)
    took = watch.pushed_after
    say("everything is done; counting")
    missing = await dropped(world)
    told = await alerts(world)
    return Overloaded(
        sustained=sustained,
        pushed=len(events),
        pushed_a_second=len(events) / took,
        seconds=took,
        services={
            name: OfService(
                rate=rates[name],
                memory_before=burst.looks[name][-1].memory,
                memory_first_half=watch.memory(name, between=(0, took / 2)),
                memory_most=watch.most(name)[1],
                behind_most=watch.most(name)[0],
                done_after=watch.done[name],
                dropped=missing[name].total(),
            )
            for name in SERVICES
        },
        dead_letters=await set_aside(world),
        alerts=len(told),
        overtaken=overtaken(told),
        alert_waited=max(((one.sent_at - one.heard_at).total_seconds() for one in told), default=0.0),
    )


async def _watched(world: World, events: Sequence[Encoded], *, a_second: float | None) -> Watch:
    watch = Watch(world)
    pushed = asyncio.Event()

    async def pushing() -> None:
        watch.pushed_after = await push(world, events, a_second=a_second)
        pushed.set()

    async with asyncio.TaskGroup() as together:
        together.create_task(pushing())
        together.create_task(watch.until_all_done(pushed, seconds=PATIENCE))
    return watch
