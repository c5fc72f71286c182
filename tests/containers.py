"""Kafka and PostgreSQL in containers of the run's own, for tests/servers.py."""

import asyncio
import contextlib
import os
import secrets
import socket
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from deploy.local import kafka as local_kafka
from deploy.local import postgres as local_postgres
from deploy.local.children import POLL_SECONDS
from deploy.local.kafka_properties import Place, properties
from deploy.local.server import free_port

KAFKA_IMAGE, POSTGRES_IMAGE = f"apache/kafka:{local_kafka.VERSION}", "postgres:18"
OWNER = "loti.test.owner"  # a label: the host and the process id of the test run


class Container:
    """A container with a fixed host port, so that it keeps its address. Not started yet."""

    def __init__(self, image: str, port: int, ready: Callable[[str], Awaitable[bool]]) -> None:
        from testcontainers.core.config import testcontainers_config
        from testcontainers.core.container import DockerContainer

        # The reaper only matters when pytest itself is killed; it is not worth a download.
        if not has_image(testcontainers_config.ryuk_image, pull=False):
            testcontainers_config.ryuk_disabled = True
            _remove_abandoned()
        self.container = DockerContainer(image).with_kwargs(
            labels={OWNER: f"{socket.gethostname()} {os.getpid()}"}
        )
        engine = self.container.get_docker_client().host()
        self.host = "127.0.0.1" if engine == "localhost" else engine
        self.address = f"{self.host}:{free_port()}"
        at = int(self.address.split(":")[1])
        self.container.ports[str(port)] = (self.host, at) if self.host == "127.0.0.1" else at
        self.ready = ready

    async def start(self) -> None:
        """Raises RuntimeError with the container's last lines if it ends or is not ready in 90 seconds."""
        made = self.container._container
        await asyncio.to_thread(self.container.start if made is None else made.start)
        made = self.container._container
        deadline = time.monotonic() + 90
        while not await self.ready(self.address):
            await asyncio.to_thread(made.reload)
            if made.status == "exited" or time.monotonic() > deadline:
                raise RuntimeError(f"{self.container.image} does not start:\n{made.logs(tail=15).decode()}")
            await asyncio.sleep(POLL_SECONDS)

    async def stop(self) -> None:
        await asyncio.to_thread(self.container._container.stop)

    async def kill(self) -> None:
        await asyncio.to_thread(self.container._container.kill)

    def remove(self) -> None:
        self.container.stop(force=True)


def _remove_abandoned() -> None:
    """What the reaper would have done: remove containers whose test run, on this machine, was killed."""
    import docker

    with contextlib.closing(docker.from_env()) as engine:
        for container in engine.containers.list(all=True, filters={"label": OWNER}, ignore_removed=True):
            host, pid = container.labels[OWNER].split()
            if host == socket.gethostname() and not _is_alive(int(pid)):
                with contextlib.suppress(docker.errors.APIError):  # another run may be removing it too
                    container.remove(force=True, v=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def has_image(name: str, *, pull: bool = True) -> bool:
    """Whether a Docker engine answers and has this image, or could pull it."""
    import docker

    try:
        with contextlib.closing(docker.from_env(timeout=120)) as engine:
            try:
                engine.images.get(name)
            except docker.errors.ImageNotFound:
                if not pull:
                    return False
                engine.images.pull(name)
            return True
    except docker.errors.DockerException:
        return False


def kafka_container() -> Container:
    container = Container(KAFKA_IMAGE, 9092, local_kafka.answers)
    log = Path("/tmp/kafka-log")  # noqa: S108 - the container's own
    text = properties(Place(1, (9093,), ""), broker=9092, log=log, session=2_000)
    told = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and line[0] != "#")
    # The broker calls itself to check transactions, and cannot do so at the host's address.
    told["listeners"] = "PLAINTEXT://:9092,INTERNAL://:9094,CONTROLLER://:9093"
    told["advertised.listeners"] = f"PLAINTEXT://{container.address},INTERNAL://localhost:9094"
    told["inter.broker.listener.name"] = "INTERNAL"
    told["listener.security.protocol.map"] = "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT"
    for key, value in told.items():
        container.container.with_env("KAFKA_" + key.upper().replace(".", "_"), value)
    return container


def postgres_container() -> tuple[Container, str]:
    password = secrets.token_hex(16)

    def dsn(address: str) -> str:
        return f"postgresql://postgres:{password}@{address}/postgres"

    container = Container(POSTGRES_IMAGE, 5432, lambda address: local_postgres.answers(dsn(address)))
    container.container.with_env("POSTGRES_PASSWORD", password)
    return container, dsn(container.address)
