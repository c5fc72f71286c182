"""A reader's terminal: runs a guide's commands one block after the other, in one bash that keeps folder and settings."""

import os
import queue
import re
import secrets
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from tests.guides.guide import Block

LONGEST: Final = 600.0
"""Seconds for one block."""
_LOOK: Final = 0.1


class NotAsWritten(AssertionError):
    """A command did not end, or did not say, what the guide says."""


@dataclass(frozen=True, slots=True)
class Background:
    """A command that runs on."""

    pid: int
    log: Path


class Shell:
    """Start it, run blocks, close it: then what runs in the background is stopped as Ctrl-C would stop it."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._bash = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], cwd=folder, env=dict(environment), text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        self._running: list[Background] = []
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def run(self, block: Block) -> str:
        """What a block printed. Raises NotAsWritten if any of its commands ended with another status than it says."""
        if "background" in block.marks:
            return self._in_background(block)
        printed, status = self._run(block.text)
        wanted = int(block.marks.get("status", 0))
        if status != wanted:
            raise NotAsWritten(
                f"line {block.line}: ended with {status}, not {wanted}:\n{block.text}\n\n{printed[:2_000]}"
            )
        return printed

    def close(self) -> None:
        """Stop everything that it started, the last first."""
        while self._running:
            _stop(self._running.pop().pid)
        _stdin(self._bash).close()
        self._bash.wait(timeout=60)
        self._reading.join(timeout=60)
        _stdout(self._bash).close()

    def _run(self, text: str) -> tuple[str, int]:
        """With the status of the first command that failed."""
        end = f"end-{secrets.token_hex(8)}"
        _stdin(self._bash).write(
            f"__failed=0; trap '__status=$?; ((__failed)) || __failed=$__status' ERR\n{text}\n"
            f"trap - ERR; printf '\\n%s %d\\n' {end} $__failed\n"
        )
        _stdin(self._bash).flush()
        ends_at, printed = time.monotonic() + LONGEST, list[str]()
        while True:
            try:
                line = self._lines.get(timeout=ends_at - time.monotonic())
            except (queue.Empty, ValueError) as error:
                raise NotAsWritten(f"did not end:\n{text}\n\n{''.join(printed)[-3_000:]}") from error
            if line.startswith(end):
                return "".join(printed).strip(), int(line.split()[1])
            if not line:
                raise NotAsWritten(f"ended the terminal:\n{text}\n\n{''.join(printed)[-3_000:]}")
            printed.append(line)

    def _read(self) -> None:
        """What the terminal prints, a line after the other; an empty one at its end."""
        while line := _stdout(self._bash).readline():
            self._lines.put(line)
        self._lines.put("")

    def _in_background(self, block: Block) -> str:
        log = self._folder / f"{re.findall(r'[a-z]+', block.text)[-1]}.log"
        log.touch()
        pid, _ = self._run(f"(exec {block.text.strip()}) >{log} 2>&1 </dev/null &\necho $!")
        self._running.append(Background(int(pid), log))
        started, until = time.monotonic(), block.marks["until"]
        while until not in log.read_text(encoding="utf-8"):
            if time.monotonic() - started > LONGEST / 3 or not _alive(int(pid)):
                raise NotAsWritten(
                    f"line {block.line}: never said “{until}”:\n{log.read_text(encoding='utf-8')[-3_000:]}"
                )
            time.sleep(_LOOK)
        return log.read_text(encoding="utf-8")


def _stop(pid: int) -> None:
    """A program in the background of a script does not hear Ctrl-C, so that it is asked by SIGTERM."""
    for sent, patience in ((signal.SIGTERM, 90.0), (signal.SIGKILL, 5.0)):
        if _alive(pid):
            os.kill(pid, sent)
        started = time.monotonic()
        while _alive(pid) and time.monotonic() - started < patience:
            time.sleep(_LOOK)


def _alive(pid: int) -> bool:
    """Whether it runs; one that has ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _stdin(process: "subprocess.Popen[str]") -> IO[str]:
    assert process.stdin is not None
    return process.stdin


def _stdout(process: "subprocess.Popen[str]") -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def environment(**more: str) -> dict[str, str]:
    """That of a reader's terminal: nothing of this program's own settings in it."""
    kept: dict[str, Any] = {name: value for name, value in os.environ.items() if not name.startswith("LOTI_")}
    return kept | {"COLUMNS": "160", "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"} | more
