"""Whether what is slow slows others: the same burst beside a slow service, a slow webhook endpoint, and neither."""

import asyncio
import contextlib
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from deploy.local.children import spawn
from loti_contracts.events import RoleClosed
from tests.overload.flow import Flow
from tests.overload.pushing import encoded, push
from tests.overload.watching import Watch
from tests.overload.world import SERVICES, World
from tests.webhooks.receiver import OK, Receiver, Taken

SLOW, TIMES, ANSWER_AFTER = "matching", 50, 30.0
_ROOT = Path(__file__).parents[2]
FAIR = 1.5
"""How many times as long a burst may take. A single burst varies by a quarter on a busy machine."""


@dataclass
class Fairness:
    """How long the others took beside something slow, as a multiple of what they took without: by service, and for the
    quick webhook endpoint. `still_behind`: messages that the slow service had not handled when the others were done."""

    events: int
    seconds_alone: dict[str, float]
    beside_slow_service: dict[str, float]
    still_behind: int
    beside_slow_endpoint: dict[str, float]
    endpoint_alone: float
    endpoint_beside_slow: float
    slow_endpoint_waits: int
    out_of_order: int

    def in_words(self) -> str:
        """For a person."""
        lines = [
            f"Bursts of {self.events:,} role events. Seconds alone, and how many times as long beside {SLOW} made "
            f"{TIMES} times slower, and beside a webhook endpoint that answers after {ANSWER_AFTER:.0f} s:"
        ]
        lines += [
            f"{name:10} {self.seconds_alone[name]:6.1f} s "
            f"{self.beside_slow_service.get(name, float('nan')):6.2f} {self.beside_slow_endpoint[name]:6.2f}"
            for name in SERVICES
        ]
        lines.append(
            f"When the others were done, {SLOW} was {self.still_behind:,} behind. The quick endpoint had its events after "
            f"{self.endpoint_alone:.1f} s, beside the slow one after {self.endpoint_beside_slow:.1f} s; "
            f"{self.slow_endpoint_waits} waited for the slow one. Out of order at the quick one: {self.out_of_order}."
        )
        return "\n".join(lines)

    def wrong(self) -> list[str]:
        """What should not be: others that are slower, as a whole."""
        found = [
            f"beside {what} the others took {median(ratios.values()):.2f} times as long"
            for what, ratios in (
                (f"a slow {SLOW}", self.beside_slow_service),
                ("a slow endpoint", self.beside_slow_endpoint),
            )
            if median(ratios.values()) > FAIR
        ]
        if self.out_of_order:
            found.append(f"{self.out_of_order} events reached the quick endpoint out of order")
        if not self.still_behind or not self.slow_endpoint_waits:
            found.append("what was to be slow was not slow: the burst is too small to tell anything")
        return found


async def fairness(world: World, *, events: int, say: Callable[[str], None]) -> Fairness:
    """Four bursts: one to warm up, one without, and one beside each."""
    flow = Flow(2)
    async with Receiver().open() as receiver:
        await _endpoint(world, receiver, "quick")
        await _burst(world, receiver, flow, events)
        say("a burst beside nothing slow")
        alone, endpoint_alone = await _burst(world, receiver, flow, events)
        say(f"a burst beside {SLOW}, {TIMES} times slower")
        await world.slow_down(SLOW, TIMES)
        others = tuple(name for name in SERVICES if name != SLOW)
        slowed, _ = await _burst(world, receiver, flow, events, of=others)
        behind = slowed.looks[SLOW][-1].behind or 0
        await world.slow_down(SLOW, 1)
        await _settled(world)
        say(f"a burst beside an endpoint that answers after {ANSWER_AFTER:.0f} s")
        receiver.by_path["/slow"] = _late
        await _endpoint(world, receiver, "slow")
        beside, endpoint_beside = await _burst(world, receiver, flow, events)
        waiting = await world.query(
            "webhooks", "SELECT count(*) AS n FROM deliveries WHERE endpoint = 'slow' AND state = 'waiting'"
        )
    return Fairness(
        events=events,
        seconds_alone=dict(alone.done),
        beside_slow_service={name: slowed.done[name] / alone.done[name] for name in others},
        still_behind=behind,
        beside_slow_endpoint={name: beside.done[name] / alone.done[name] for name in SERVICES},
        endpoint_alone=endpoint_alone,
        endpoint_beside_slow=endpoint_beside,
        slow_endpoint_waits=int(waiting[0]["n"]),
        out_of_order=out_of_order(receiver.of("/quick")),
    )


def out_of_order(taken: Sequence[Taken]) -> int:
    """How many came after a newer state of the same thing. Pure."""
    newest: dict[str, int] = {}
    count = 0
    for one in taken:
        subject = str(one.event["subject"])
        count += one.revision < newest.get(subject, 0)
        newest[subject] = max(newest.get(subject, 0), one.revision)
    return count


async def _late(_: Taken, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(ANSWER_AFTER)
    await OK(_, writer)


async def _burst(
    world: World, receiver: Receiver, flow: Flow, count: int, *, of: tuple[str, ...] = SERVICES
) -> tuple[Watch, float]:
    """The watch over it, and seconds until the quick endpoint had all that closed."""
    events = encoded(flow, count)
    closed = sum(dict(headers)["ce_type"] == RoleClosed.type.encode() for _, _, headers in events)
    had = len(receiver.of("/quick"))
    watch, pushed = Watch(world), asyncio.Event()
    loop = asyncio.get_running_loop()
    began = loop.time()

    async def until_told() -> float:
        await receiver.until(lambda it: len(it.of("/quick")) >= had + closed, seconds=1_800)
        return loop.time() - began

    told = asyncio.create_task(until_told())
    try:
        await push(world, events)
        pushed.set()
        await watch.until_all_done(pushed, seconds=1_800, of=of)
        return watch, await told
    finally:
        told.cancel()


async def _settled(world: World) -> None:
    pushed = asyncio.Event()
    pushed.set()
    await Watch(world).until_all_done(pushed, seconds=1_800)


async def _endpoint(world: World, receiver: Receiver, name: str) -> None:
    """Tell webhooks of it, as an operator does."""
    program = world.programs["webhooks"]
    log = world.folder / f"add-{name}.log"
    command = [sys.executable, "-m", "deploy.cli", "webhooks", "add", name, f"{receiver.url}/{name}"]
    child = await spawn(
        "add", [*command, "--type", "role.closed"], env=dict(program.environment), log=log, cwd=_ROOT
    )
    with contextlib.ExitStack() as stack:
        stack.callback(child.kill)
        assert await child.wait(300) == 0, child.last_lines()
    secret = re.search(r"whsec_\S+", log.read_text())
    assert secret is not None, child.last_lines()
    receiver.secrets[f"/{name}"] = secret[0]
