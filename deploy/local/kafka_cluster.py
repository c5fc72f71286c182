"""A cluster of Kafka nodes on 127.0.0.1, each of them broker and controller in one process of its own.

Each node is killed, started again and kept as one alone is (kafka.py), in its own folder `node-1`, `node-2`, ... Of three
nodes any one may be lost: each message has three copies, two of which are written before it is acknowledged.
"""

import asyncio
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from deploy.local.kafka import start_kafka
from deploy.local.kafka_properties import Door, Place, cluster_id
from deploy.local.server import Server, data_folder, remembered_port


async def start_cluster(
    data: Path,
    *,
    nodes: int = 3,
    say: Callable[[str], None],
    doors: Callable[[int], Sequence[Door]] = lambda number: (),
    also: Sequence[str] = (),
) -> Sequence[Server]:
    """Start so many nodes on `data` (made if it does not exist); they are returned, in their order, once all answer.

    `doors` gives the further ways into the node of a number, from 1; `also` are further properties of each. Raises what start_kafka raises, with nothing left
    running. A folder goes on with as many nodes as it began with.
    """
    data = data_folder(data)
    note = data / "cluster-id"
    if not note.exists():
        note.write_text(f"{cluster_id(uuid.uuid4())} {nodes}\n")
    cluster, began_with = note.read_text().split()
    if int(began_with) != nodes:
        raise ValueError(f"{data} holds a cluster of {began_with} nodes, not of {nodes}; give another folder")
    folders = [data_folder(data / f"node-{number}") for number in range(1, nodes + 1)]
    controllers = tuple(remembered_port(folder / "controller-port") for folder in folders)
    started = await asyncio.gather(
        *(
            start_kafka(
                folder, say=say, place=Place(number, controllers, cluster), doors=doors(number), also=also
            )
            for number, folder in enumerate(folders, 1)
        ),
        return_exceptions=True,
    )
    running = [one for one in started if isinstance(one, Server)]
    for failure in started:
        if isinstance(failure, BaseException):
            await asyncio.gather(*(one.kill() for one in running))
            raise failure
    return running


def bootstrap(nodes: Sequence[Server]) -> str:
    """What a client is given to find them: host:port, comma-separated."""
    return ",".join(node.address for node in nodes)
