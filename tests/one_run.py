"""One run of the tests: the folder of all that it writes, the servers that its workers share, and how it ends.

* Everything temporary is written below one folder, which goes when the run ends, in good order or by Ctrl-C or
  SIGTERM. Failed tests' files are kept until the next run; so is what a run that was killed left behind.
* A run in several processes (`pytest -n 2`) has one Kafka and one PostgreSQL. The process that starts the workers
  starts them first, tells the workers where they are, and stops them last: no worker's end can take them from another.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from deploy.local.java import JarsUnavailable
from deploy.local.server import StartFailed
from tests.servers import run_kafka, run_postgres

_PREFIX, _LOCK = "loti-tests-", "in-use"
_failed = pytest.StashKey[bool]()


def begin(config: pytest.Config) -> None:
    """Let SIGTERM end the run as Ctrl-C does, and give it a folder of its own. Workers use their starter's."""
    signal.signal(signal.SIGTERM, _interrupt)
    if not _is_worker(config):
        stack = contextlib.ExitStack()
        config.add_cleanup(stack.close)
        stack.enter_context(_own_folder(config))


def share_servers(config: pytest.Config) -> None:
    """Start what the workers are to share, unless this run has no workers."""
    if _is_worker(config) or not config.getoption("tx", None):
        return
    stack = contextlib.ExitStack()
    config.add_cleanup(stack.close)
    try:
        os.environ["LOTI_TEST_KAFKA"] = stack.enter_context(run_kafka(print)).bootstrap
        os.environ["LOTI_TEST_POSTGRES"] = stack.enter_context(run_postgres(print)).dsn
    except (StartFailed, JarsUnavailable) as error:
        pytest.exit(str(error), returncode=3)


def note_failures(config: pytest.Config, status: int) -> None:
    """Remember whether tests failed, so that their files are kept."""
    config.stash[_failed] = status == pytest.ExitCode.TESTS_FAILED


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Do what Ctrl-C does, even in a shell's background, where Ctrl-C is ignored."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # `timeout` says it twice, and once is enough
    on_ctrl_c = signal.getsignal(signal.SIGINT)
    (on_ctrl_c if callable(on_ctrl_c) else signal.default_int_handler)(number, frame)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


@contextlib.contextmanager
def _own_folder(config: pytest.Config) -> Iterator[None]:
    """Make the folder the place of all temporary files, this process's and its children's."""
    _remove_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    folder.chmod(0o711)  # PostgreSQL, started by root, runs as somebody who must pass through
    usual = os.environ.get("TMPDIR")
    os.environ["TMPDIR"], tempfile.tempdir = str(folder), None
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (folder / "lock").rename(folder / _LOCK)  # seen by others only when it is locked
        try:
            yield
        finally:
            os.environ.pop("TMPDIR")
            os.environ |= {} if usual is None else {"TMPDIR": usual}
            tempfile.tempdir = None
            if not config.stash.get(_failed, False):
                shutil.rmtree(folder, ignore_errors=True)


def _remove_abandoned() -> None:
    """Remove the folders of runs that are over: their locks are free."""
    for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
        with contextlib.suppress(OSError), lock.open() as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.parent, ignore_errors=True)
