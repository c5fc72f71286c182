"""Seconds of processor time that processes have used: what does not depend on what else the machine does. Linux alone."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def used_by(*processes: int) -> float:
    """By these, so far, with the children that have ended; of a process that is gone, none."""
    return sum(_used(process, ended=True) for process in processes)


def used_by_family(process: int) -> float:
    """By a process and all its children, living or ended: PostgreSQL with its sessions."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    return _used(process, ended=True) + sum(_used(int(child), ended=False) for child in children)


def resident(process: int) -> float:
    """Megabytes of memory that a process has in hand at most so far."""
    for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _used(process: int, *, ended: bool) -> float:
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return 0.0
    times = stat.rsplit(")", 1)[1].split()[11:15]
    return sum(map(int, times if ended else times[:2])) / _TICKS
