"""Apache Kafka itself, one KRaft node, as a child process on 127.0.0.1; kafka_cluster.py starts several of them.

Needs no installation: the jars come by Maven coordinates and are cached, Java comes from the machine or a wheel.
The data folder holds everything: `log/` (Kafka's own), server.properties (written at every start), the two ports,
the cluster id, kafka.log. An acknowledged message survives kill -9, being in the operating system's page cache;
a power cut may lose the last seconds, for Kafka trusts replicas rather than fsync and here is one node.
"""

import asyncio
import logging
import shutil
import uuid
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.local.children import Child, spawn
from deploy.local.java import ClassArchive, JarsUnavailable, cache_folder, class_path, fetch_jars, find_java
from deploy.local.kafka_properties import (
    ADMIN,
    USUAL_SESSION_MS,
    Door,
    Guard,
    Place,
    cluster_id,
    guarded,
    hurried,
    properties,
    session_ms,
)
from deploy.local.server import Server, data_folder, remembered_port, until_done, until_ready

__all__ = ["JarsUnavailable", "answers", "has_jars", "start_kafka"]

VERSION = "4.1.0"
COORDINATES = (f"org.apache.kafka:kafka_2.13:{VERSION}", "org.slf4j:slf4j-simple:1.7.36")
READY_SECONDS = 60
ADVICE = "Start again; if it stays so, move the data folder away to begin afresh (its messages are lost)."

JVM = (
    "-Xms64m",
    "-Xmx384m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",  # which would leave files in /tmp
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
)
LOGGING = (
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
    "-Dorg.slf4j.simpleLogger.showThreadName=false",
)

_probing: ContextVar[bool] = ContextVar("probing", default=False)
# A broker that is not up yet is no error while we wait for it.
logging.getLogger("aiokafka").addFilter(lambda record: not _probing.get())


async def start_kafka(
    data: Path,
    *,
    port: int | None = None,
    say: Callable[[str], None],
    cache: Path | None = None,
    repository: str | None = None,
    guard: Guard | None = None,
    place: Place | None = None,
    doors: Sequence[Door] = (),
    also: Sequence[str] = (),
) -> Server:
    """Start Kafka on `data` (made if it does not exist) and return once it answers a metadata request.

    With a `guard` it lets in only whom it knows, over TLS, to what they may; else anybody on this machine, through its
    own port and the `doors`. `place` is the node's in a cluster; None: it is alone. `also` are further properties, a line
    each.

    `port` None means: the port of the last start while it is free, else any. `cache` is where jars are kept
    (None: the user's cache folder), `repository` the URL of a Maven repository instead of Maven Central.
    Raises JarsUnavailable (light_broker then serves) or StartFailed.
    """
    folder = _jars(cache)
    jars = await asyncio.to_thread(fetch_jars, folder, COORDINATES, repository=repository, say=say)
    data = data_folder(data)
    archive = ClassArchive(await asyncio.to_thread(find_java), jars, folder)
    broker = remembered_port(data / "port", port)
    address = f"127.0.0.1:{broker}"

    async def launch() -> Child:
        here = place or Place(1, (remembered_port(data / "controller-port"),), "")
        inside = remembered_port(data / "inside-port") if guard else broker
        settings = data / "server.properties"
        log = data / "log"
        session = session_ms(log) if place is None else USUAL_SESSION_MS
        told = properties(here, broker=inside, log=log, session=session, doors=doors)
        told = "\n".join((told, *also, ""))
        settings.write_text(guarded(told, guard, inside=inside, outside=broker) if guard else told)
        await _format_once(data, archive, guard, here.cluster)
        if session < USUAL_SESSION_MS:
            hurried(log).touch()
        class_list = data / "classes.list"
        archived = archive.archive.exists() or here.number > 1
        child = await _run(
            archive, data, "Kafka", [*archive.flags(class_list), *JVM], "kafka.Kafka", settings
        )
        await until_ready(child, lambda: answers(f"127.0.0.1:{inside}"), seconds=READY_SECONDS, advice=ADVICE)
        hurried(log).unlink(missing_ok=True)
        if not archived:
            say("Preparing Kafka for quicker starts (once; about eight seconds) ...")
            try:
                await archive.dump(class_list, JVM, data / "kafka.log")
            except BaseException:
                child.kill()
                raise
        return child

    return Server("Kafka", address, await launch(), launch)


def has_jars() -> bool:
    """Whether they were fetched already, so that Kafka can start."""
    return _jars(None).exists()


def _jars(cache: Path | None) -> Path:
    return (cache or cache_folder()) / f"kafka-{VERSION}"


async def answers(address: str) -> bool:
    """Whether the Kafka at host:port answers a metadata request with a live broker."""
    try:
        _, writer = await asyncio.open_connection(*address.split(":"))
    except OSError:
        return False
    writer.close()
    token = _probing.set(True)
    admin = AIOKafkaAdminClient(bootstrap_servers=address, request_timeout_ms=2000)
    try:
        await admin.start()
        return bool((await admin.describe_cluster())["brokers"])
    except (KafkaError, OSError):
        return False
    finally:
        await admin.close()
        _probing.reset(token)


async def _format_once(data: Path, archive: ClassArchive, guard: Guard | None, cluster: str) -> None:
    """Give the data folder its cluster id. Cut short, it begins again: without the note nothing was stored yet. Where the
    log is gone, the disk say, it begins empty: `loti republish` fills it."""
    note = data / "cluster-id"
    if note.exists() and (data / "log" / "meta.properties").exists():
        return
    await asyncio.to_thread(shutil.rmtree, data / "log", ignore_errors=True)
    cluster = cluster or cluster_id(uuid.uuid4())
    arguments: list[str | Path] = ["format", "--cluster-id", cluster, "--config", data / "server.properties"]
    if guard is not None:
        arguments += ["--add-scram", f"SCRAM-SHA-512=[name={ADMIN},password={guard.admin_password}]"]
    flags = archive.flags(data / "classes.list") if archive.archive.exists() else []
    child = await _run(
        archive, data, "Kafka's storage", [*flags, *JVM], "kafka.tools.StorageTool", *arguments
    )
    await until_done(child, seconds=READY_SECONDS, advice=ADVICE)
    note.write_text(f"{cluster}\n")


async def _run(
    archive: ClassArchive, data: Path, name: str, flags: list[str], main: str, *arguments: str | Path
) -> Child:
    java = [archive.java.path, *flags, *LOGGING, "-cp", class_path(archive.jars), main]
    return await spawn(name, [*java, *arguments], log=data / "kafka.log", cwd=data)
