"""Three Kafka nodes as one server of a test: started and stopped together, killed one at a time."""

import asyncio
import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

from deploy.local.kafka_cluster import bootstrap, start_cluster
from deploy.local.server import Server

REPLICATION = 3


class Cluster:
    """What a test does to a broker happens to the cluster as it happens to one in earnest: `kill` takes one node, the next
    at each call; `start` starts what does not run."""

    def __init__(self, nodes: Sequence[Server]) -> None:
        self._nodes = nodes
        self._next = itertools.cycle(nodes)
        self.bootstrap = bootstrap(nodes)

    @classmethod
    async def begin(cls, folder: Path, say: Callable[[str], None]) -> "Cluster":
        """On a new folder; returns once all three answer."""
        return cls(await start_cluster(folder, nodes=3, say=say))

    async def start(self) -> None:
        """Whatever does not run."""
        await asyncio.gather(*(node.start() for node in self._nodes if node.child.returncode is not None))

    async def stop(self) -> None:
        """All, in good order; a node that cannot find the others any more is not waited for."""
        await asyncio.gather(*(node.stop() for node in self._nodes))

    async def kill(self) -> None:
        """One node, and another one the next time."""
        await next(self._next).kill()

    async def kill_all(self) -> None:
        """At the end of a test that does not care."""
        await asyncio.gather(*(node.kill() for node in self._nodes))

    async def roll(self) -> None:
        """Each node in turn is ended in good order and started again, as for a new version of Kafka."""
        for node in self._nodes:
            await node.stop()
            await node.start()
