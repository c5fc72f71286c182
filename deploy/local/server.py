"""A server that runs as a child: it becomes ready, keeps its address, and can be stopped, killed and started again."""

import asyncio
import secrets
import signal
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.children import POLL_SECONDS, Child


class StartFailed(RuntimeError):
    """A server did not come up. The message says what it wrote last and what to do about it."""


@dataclass(eq=False)
class Server:
    """A server that runs as a child and keeps its data and its address over stop, kill and start."""

    name: str
    address: str  # host:port
    child: Child
    launch: Callable[[], Awaitable[Child]] = field(repr=False)  # returns once the server answers
    stop_signal: signal.Signals = signal.SIGTERM

    async def start(self) -> None:
        """Start it again on the same data and port, unless it runs. Raises StartFailed."""
        if self.child.returncode is not None:
            self.child = await self.launch()

    async def stop(self) -> None:
        """End it in good order (killed after 15 seconds)."""
        await self.child.stop(self.stop_signal)

    async def kill(self) -> None:
        """End it as a power cut would end its process: SIGKILL."""
        self.child.kill()

    async def restart(self) -> None:
        """Stop it if it runs, and start it on the same data and port. Raises StartFailed."""
        await self.stop()
        await self.start()


async def until_ready(
    child: Child, answers: Callable[[], Awaitable[bool]], *, seconds: float, advice: str
) -> None:
    """Poll `answers` until it is true. A child that ends or takes longer is killed and raises StartFailed."""
    deadline = time.monotonic() + seconds
    failure = ""
    try:
        while not failure:
            ready = await answers()
            if child.returncode is not None:  # then somebody else answered
                failure = f"ended with status {child.returncode}"
            elif ready:
                return
            elif time.monotonic() > deadline:
                failure = f"did not answer within {seconds:g} s"
            else:
                await asyncio.sleep(POLL_SECONDS)
    except BaseException:
        child.kill()
        raise
    raise _failed(child, failure, advice)


async def until_done(child: Child, *, seconds: float, advice: str) -> None:
    """Wait for a child that has one thing to do. If it fails or takes longer: killed, and StartFailed."""
    try:
        status = await child.wait(seconds)
    finally:
        child.kill()
    if status != 0:
        raise _failed(child, "did not end" if status is None else f"ended with status {status}", advice)


def _failed(child: Child, what: str, advice: str) -> StartFailed:
    child.kill()
    return StartFailed(f"{child.name} {what}. {advice}\nThe end of {child.log}:\n{child.last_lines()}")


def data_folder(path: Path) -> Path:
    """The folder, made if need be, as an absolute path."""
    path = path.resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


_given: set[int] = set()
"""Ports given out by this process: free until their servers listen, but not to be given twice."""


def free_port() -> int:
    """A port nobody listens on, below the range that outgoing connections are given.

    A client that reconnects to a dead server's port can be given that very port as its own and keep the server
    from coming back; below the range it cannot.
    """
    while (port := 20_000 + secrets.randbelow(12_000)) in _given or not is_free(port):
        pass
    _given.add(port)
    return port


def remembered_port(memory: Path, wanted: int | None = None) -> int:
    """`wanted`, else the port noted in the file `memory` while it is free, else a new one; noted there.

    Raises StartFailed if `wanted` is in use.
    """
    if wanted is not None and not is_free(wanted):
        raise StartFailed(
            f"Port {wanted} of 127.0.0.1 is in use. Stop what listens there, or choose another."
        )
    noted = int(memory.read_text()) if memory.exists() else 0
    port = wanted or (noted if noted and is_free(noted) else free_port())
    memory.write_text(f"{port}\n")
    return port
