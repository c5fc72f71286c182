"""Looks at the databases and the topic when all has come to rest, or will not."""

from aiokafka import TopicPartition

from tests.model.checking import findings
from tests.model.people import People, id_in
from tests.model.world import World


async def standing(world: World) -> str:
    """Where everything stands, in words."""
    waiting = await world.said.fetchval("SELECT count(*) FROM outbox")
    return "; ".join([f"{waiting} in the outbox", *map(str, world.workers)])


async def found_in(world: World, people: People, begins_at: dict[TopicPartition, int]) -> list[str]:
    """What is wrong with what these people said, on the topic since then and in the databases."""
    mine = f"{people.prefix}-%"
    effects = await world.heard.fetch(
        "SELECT event_id, thing, revision FROM effects WHERE thing LIKE $1 ORDER BY place", mine
    )
    letters = await world.heard.fetch(
        "SELECT headers FROM dead_letters WHERE convert_from(key, 'UTF8') LIKE $1", mine
    )
    found = findings(
        committed=people.committed,
        on_topic=[m for m in await world.on_topic(begins_at) if m[0].startswith(people.prefix)],
        effects=[(row["event_id"], row["thing"], row["revision"]) for row in effects],
        parked=[id_in(row["headers"]) for row in letters],
    )
    for worker in world.workers:
        found += [f"{worker.name}: {seen}" for seen in worker.sees]
        if worker.task and worker.task.done() and not worker.task.cancelled() and worker.task.exception():
            found.append(f"{worker.name} died: {worker.task.exception()!r}")
    return found
