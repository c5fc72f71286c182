"""Child processes that never outlive their parent.

* On Linux the kernel signals a child (SIGKILL) when its parent ends, however that ends (PR_SET_PDEATHSIG). The
  kernel watches the *thread* that started the child: start children from a thread that lives as long as the
  program, in practice the main one. Elsewhere only an orderly end of the parent stops its children.
* A child leads its own process group: Ctrl-C reaches the parent alone, and what a child leaves behind in its
  group is killed with it. A child whose own children leave that group must end them at `orphaned`.
* Nothing here belongs to an event loop: a child started in one loop can be stopped in another.
"""

import asyncio
import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

POLL_SECONDS = 0.02
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded before any fork


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
        while (code := self.returncode) is None and time.monotonic() < deadline:  # noqa: ASYNC110  no loop owns it
            await asyncio.sleep(POLL_SECONDS)
        return code

    async def stop(self, sig: signal.Signals = signal.SIGTERM, grace_seconds: float = 15) -> int:
        """Ask it to end with `sig`; after `grace_seconds` kill it. Returns the return code."""
        if self.returncode is None:
            self.process.send_signal(sig)
        code = await self.wait(grace_seconds)
        return self.kill() if code is None else code

    def kill(self) -> int:
        """End it, its group and its own children with SIGKILL, now, and collect it. Returns the return code."""
        if self.returncode is None:
            self.process.send_signal(signal.SIGSTOP)  # so that it starts no more of them
            offspring = _children_of(self.pid)
            self._signal_group(signal.SIGKILL)
            for pid in offspring:  # PostgreSQL's sessions each lead a group of their own
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
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


def _children_of(pid: int) -> list[int]:
    """Process ids of the direct children, where the system lists them in /proc."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _start(
    argv: Sequence[str | Path],
    env: Mapping[str, str] | None,
    log: Path,
    user: str | None,
    cwd: Path | None,
    orphaned: signal.Signals,
) -> subprocess.Popen[bytes]:
    parent = os.getpid()

    def die_with_parent() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, orphaned)
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
    return None if user is None else pwd.getpwnam(user).pw_gid


async def spawn(
    name: str,
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    log: Path,
    user: str | None = None,
    cwd: Path | None = None,
    orphaned: signal.Signals = signal.SIGKILL,
) -> Child:
    """Start `argv` with its output appended to `log`. Raises OSError if it cannot be run at all.

    `env` replaces the environment (None: inherit). `user` is a login name to run as, which only root may give.
    `orphaned` is the signal it gets when this process ends (on Linux).
    """
    return Child(name, log, _start(argv, env, log, user, cwd, orphaned))
