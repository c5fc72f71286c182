"""What processes used so far, read from /proc; Linux alone."""

import os
from collections.abc import Mapping
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid: int) -> float:
    """Of that process and the children that it has collected."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / _TICKS


def megabytes(pid: int) -> tuple[float, float]:
    """Memory that it holds now, and the most that it ever held."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    said: Mapping[str, str] = dict(line.split(":", 1) for line in lines if line.startswith("Vm"))
    return _mega(said["VmRSS"]), _mega(said["VmHWM"])


def _mega(text: str) -> float:
    return int(text.split()[0]) * 1024 / 1e6
