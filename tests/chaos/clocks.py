"""The wall clocks of single processes, which can be stepped while they run.

A process started with `Clock.environment` reads its wall clock moved by what the clock's file says; its monotonic clocks
are left alone. It needs a C compiler on Linux, since no way of Python's reaches into another process's clock.
"""

import shutil
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_SOURCE = Path(__file__).with_name("clock_step.c")


class NoClocks(RuntimeError):
    """Clocks cannot be stepped on this machine; the text says why."""


def compile_steps(folder: Path) -> Path:
    """The library that steps clocks, made in `folder`. Raises NoClocks."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        raise NoClocks("stepping a process's clock needs Linux and a C compiler (`cc`)")
    library = folder / "clock_step.so"
    command = [compiler, "-shared", "-fPIC", "-O2", "-Wall", "-o", str(library), str(_SOURCE), "-ldl"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoClocks(f"{_SOURCE.name} cannot be compiled: {done.stderr.strip()[-500:]}")
    return library


class Clock:
    """One process's wall clock, kept over its restarts. `file` is made."""

    def __init__(self, library: Path, file: Path) -> None:
        self._library, self._file = library, file
        file.write_bytes(struct.pack("=q", 0))

    @property
    def environment(self) -> Mapping[str, str]:
        """What the process must be started with."""
        return {"LD_PRELOAD": str(self._library), "LOTI_CLOCK_STEP": str(self._file)}

    def step(self, seconds: float) -> None:
        """From now on the clock is so many seconds ahead, or behind where negative; 0 sets it right."""
        with self._file.open("r+b") as file:  # in place: the process has it mapped
            file.write(struct.pack("=q", int(seconds * 1_000_000_000)))
