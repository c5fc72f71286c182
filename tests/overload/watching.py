"""How far behind each service is, and how much memory it has, looked at again and again while something goes on."""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from tests.overload.world import SERVICES, World

EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Look:
    """At one service: seconds since the watch began, messages behind (None: it did not say), resident memory in MB."""

    at: float
    behind: int | None
    memory: float


@dataclass
class Watch:
    """`looks` by service. A service is done when it is behind nothing, and its outbox is empty, twice in a row."""

    world: World
    began: float = field(default_factory=time.monotonic)
    looks: dict[str, list[Look]] = field(default_factory=lambda: {name: [] for name in SERVICES})
    done: dict[str, float] = field(default_factory=dict)
    pushed_after: float = 0.0
    _calm: dict[str, float] = field(default_factory=dict)

    async def until_all_done(
        self, pushed: asyncio.Event, *, seconds: float, of: tuple[str, ...] = SERVICES
    ) -> None:
        """Look until all of them are done after `pushed` is set. Raises TimeoutError."""
        async with asyncio.timeout(seconds), httpx2.AsyncClient(timeout=10) as client:
            while not all(name in self.done for name in of):
                for name in SERVICES:
                    self._look(name, await _page(client, self.world.health(name)), pushed.is_set())
                await asyncio.sleep(EVERY)

    def _look(self, name: str, page: dict[str, Any], pushed: bool) -> None:
        now = time.monotonic() - self.began
        behind = page.get("consumer", {}).get("lag")
        child = self.world.programs[name].child
        assert child is not None
        assert child.returncode is None, f"{name} ended: {child.last_lines()}"
        self.looks[name].append(Look(now, behind, _memory(child.pid)))
        waits = behind != 0 or page.get("outbox", {}).get("depth") != 0 or _to_do(page)
        if waits or not pushed:
            self._calm.pop(name, None)
            self.done.pop(name, None)  # what another service said since then
        else:
            self._calm.setdefault(name, now)
            if now - self._calm[name] >= 3 * EVERY:
                self.done.setdefault(name, self._calm[name])

    def most(self, name: str) -> tuple[int, float]:
        """The most messages that it was behind, and the most memory."""
        looks = self.looks[name]
        return max((look.behind or 0 for look in looks), default=0), max(look.memory for look in looks)

    def memory(self, name: str, *, between: tuple[float, float]) -> float:
        """The most memory in that part of the watch, in seconds; 0 where it was not looked at."""
        first, last = between
        return max((look.memory for look in self.looks[name] if first <= look.at <= last), default=0.0)


def _to_do(page: dict[str, Any]) -> bool:
    """Whether there are things to judge, or mails to write or to send."""
    notify = page.get("notify", {})
    return any(notify.get(name) for name in ("to_judge", "to_write", "due", "sending"))


async def _page(client: httpx2.AsyncClient, address: str) -> dict[str, Any]:
    with contextlib.suppress(httpx2.HTTPError, ValueError):
        found: dict[str, Any] = (await client.get(address)).json()
        return found
    return {}


def _memory(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
