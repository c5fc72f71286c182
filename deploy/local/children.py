"""Child processes that never outlive their parent, and the servers that run as one.

* On Linux the kernel kills a child with SIGKILL when its parent ends, however that ends (PR_SET_PDEATHSIG). The
  kernel watches the *thread* that started the child: start children from a thread that lives as long as the
  program, in practice the main one. Elsewhere only an orderly end of the parent stops its children.
* A child leads its own process group: Ctrl-C reaches the parent alone, and what a child leaves behind in its
  group is killed with it. A child's own children must not leave that group.
* Nothing here belongs to an event loop: a child started in one loop can be stopped in another.
"""

import asyncio
import contextlib
import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

POLL_SECONDS = 0.02
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded before any fork


class StartFailed(RuntimeError):
    """A server did not come up. The message says what it wrote last and what to do about it."""


@dataclass(eq=False)
class Child:
    """One running process. `log` holds all it printed, appended over restarts."""

    name: str
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        """Its process id, which is also its group's."""
        return self.process.pid

    @property
    def returncode(self) -> int | None:
        """None while it runs; then its exit status, or minus the signal that ended it."""
        if self.process.returncode is None and self._has_ended():
            self._signal_group(signal.SIGKILL)
            self.process.wait()
        return self.process.returncode

    async def wait(self, seconds: float = float("inf")) -> int | None:
        """Wait until it ends, at most `seconds`. Returns the return code, None if it still runs."""
        deadline = time.monotonic() + seconds
        while (code := self.returncode) is None and time.monotonic() < deadline:
            await asyncio.sleep(POLL_SECONDS)
        return code

    async def stop(self, sig: signal.Signals = signal.SIGTERM, grace_seconds: float = 15) -> int:
        """Ask it to end with `sig`; after `grace_seconds` kill it. Returns the return code."""
        if self.returncode is None:
            self.process.send_signal(sig)
        code = await self.wait(grace_seconds)
        return self.kill() if code is None else code

    def kill(self) -> int:
        """End it and its group with SIGKILL, now, and collect it. Returns the return code."""
        if self.returncode is None:
            self._signal_group(signal.SIGKILL)
            self.process.wait()
        return self.process.returncode

    def last_lines(self, count: int = 15) -> str:
        """The end of its log, for an error message."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])

    def _has_ended(self) -> bool:
        if sys.platform != "linux":
            return self.process.poll() is not None
        # Looked at without collecting it: a dead leader still owns its group's number, so that
        # killing the group cannot hit a stranger.
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def _signal_group(self, sig: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, sig)


def _start(
    argv: Sequence[str | Path], env: Mapping[str, str] | None, log: Path, user: str | None, cwd: Path | None
) -> subprocess.Popen[bytes]:
    parent = os.getpid()

    def die_with_parent() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:  # it died before it could be watched
                os.kill(os.getpid(), signal.SIGKILL)

    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            [os.fspath(word) for word in argv],
            env=None if env is None else dict(env),
            cwd=cwd,
            user=user,
            group=_group_of(user),
            extra_groups=None if user is None else [],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,
            preexec_fn=die_with_parent,
        )


def _group_of(user: str | None) -> int | None:
    import pwd

    return None if user is None else pwd.getpwnam(user).pw_gid


async def spawn(
    name: str,
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    log: Path,
    user: str | None = None,
    cwd: Path | None = None,
) -> Child:
    """Start `argv` with its output appended to `log`. Raises OSError if it cannot be run at all.

    `env` replaces the environment (None: inherit). `user` is a login name to run as, which only root may give.
    """
    return Child(name, log, _start(argv, env, log, user, cwd))


async def until_ready(
    child: Child, answers: Callable[[], Awaitable[bool]], *, seconds: float, advice: str
) -> None:
    """Poll `answers` until it is true. A child that ends or takes longer is killed and raises StartFailed."""
    deadline = time.monotonic() + seconds
    try:
        while not await answers():
            if child.returncode is not None:
                raise StartFailed(_story(child, f"ended with status {child.returncode}", advice))
            if time.monotonic() > deadline:
                raise StartFailed(_story(child, f"did not answer within {seconds:g} s", advice))
            await asyncio.sleep(POLL_SECONDS)
    except BaseException:
        child.kill()
        raise


def _story(child: Child, what: str, advice: str) -> str:
    return f"{child.name} {what}. {advice}\nThe end of {child.log}:\n{child.last_lines()}"


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """A port nobody listens on, below the range that outgoing connections are given.

    A client that reconnects to a dead server's port can be given that very port as its own and keep the server
    from coming back; below the range it cannot.
    """
    while not is_free(port := 20_000 + secrets.randbelow(12_000)):
        pass
    return port


def remembered_port(memory: Path, wanted: int | None = None) -> int:
    """`wanted`, else the port noted in the file `memory` while it is free, else a new one; noted there.

    Raises StartFailed if `wanted` is in use.
    """
    if wanted is not None and not is_free(wanted):
        raise StartFailed(f"Port {wanted} of 127.0.0.1 is in use. Stop what listens there, or choose another.")
    noted = int(memory.read_text()) if memory.exists() else 0
    port = wanted or (noted if noted and is_free(noted) else free_port())
    memory.write_text(f"{port}\n")
    return port


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
