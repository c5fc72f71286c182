"""What processes used so far, read from /proc: processor time does not depend on what else the machine does. Linux alone."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(process: int) -> float:
    """Of that process and the children that it has collected. Raises FileNotFoundError where it is gone."""
    return sum(_times(process)) / _TICKS


def used_by(*processes: int) -> float:
    """Seconds of these, with the children that they have collected; of a process that is gone, none."""
    return sum(sum(_times_if_there(process)) for process in processes) / _TICKS


def used_by_family(process: int) -> float:
    """By a process and all its children, living or ended: PostgreSQL with its sessions."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    living = sum(sum(_times_if_there(int(child))[:2]) for child in children)
    return used_by(process) + living / _TICKS


def megabytes(process: int) -> tuple[float, float]:
    """Memory that it holds now, and the most that it ever held."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    said: Mapping[str, str] = dict(line.split(":", 1) for line in lines if line.startswith("Vm"))
    return _mega(said["VmRSS"]), _mega(said["VmHWM"])


def _times(process: int) -> Sequence[int]:
    """Its own in user and in system mode, then both of its collected children, in ticks."""
    stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    return [int(field) for field in stat.rsplit(")", 1)[1].split()[11:15]]


def _times_if_there(process: int) -> Sequence[int]:
    try:
        return _times(process)
    except FileNotFoundError:
        return ()


def _mega(text: str) -> float:
    return int(text.split()[0]) * 1024 / 1e6
