"""noida-db in Kafka's place, for a machine that can fetch no jars: enough to try things out, not to trust.

It speaks Kafka's protocol and starts at once, but killed it loses its last second of acknowledged messages and
offsets, and a consumer that was killed keeps its partitions for ever unless it has a `group_instance_id`.
"""

from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

from deploy.local.children import Child, spawn
from deploy.local.kafka import answers
from deploy.local.server import Server, data_folder, remembered_port, until_ready

WARNING = """\
WARNING: this is noida-db, a light stand-in for Apache Kafka. Killed, it loses its last second of messages.
         Every subscriber needs a stable group_instance_id, or it wedges after a kill. Use it to try things only."""
ADVICE = "Move the data folder away to begin afresh, or make Kafka's jars available."
READY_SECONDS = 15


async def start_light_broker(data: Path, *, port: int | None = None, say: Callable[[str], None]) -> Server:
    """Start noida-db on `data` (made if it does not exist), say what it is not, and return once it answers.

    `port` None means: the port of the last start while it is free, else any. Raises StartFailed.
    """
    say(WARNING)
    data = data_folder(data)
    chosen = remembered_port(data / "port", port)
    address = f"127.0.0.1:{chosen}"
    binary = Path(str(distribution("noida-db").locate_file("noida_db/noida-db")))

    async def launch() -> Child:
        options = ["--only", "kafka", "--host", "127.0.0.1", "--kafka-port", str(chosen)]
        command: list[str | Path] = [binary, "start", *options, "--data-dir", data / "broker"]
        child = await spawn("The light broker", command, log=data / "broker.log", cwd=data)
        await until_ready(child, lambda: answers(address), seconds=READY_SECONDS, advice=ADVICE)
        return child

    return Server("The light broker", address, await launch(), launch)
