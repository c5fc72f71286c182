"""The machine and the versions that figures were taken with."""

import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

_SHOWN = (
    "faststream", "aiokafka", "asyncpg", "pydantic", "confluent-kafka", "feedparser", "selectolax", "extruct",
    "price-parser", "aiosmtplib", "dkimpy", "starlette", "jinja2", "numpy",
)  # fmt: skip


def described() -> dict[str, Any]:
    """Processor, cores, memory, and what runs on them."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "versions": {name: version for name in _SHOWN if (version := _version(name))},
        "commit": _commit(),
    }


def load() -> float:
    """How much was waiting for a processor over the last minute; other work than the bench's makes its figures worse."""
    return os.getloadavg()[0]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _commit() -> str:
    asked = ["git", "describe", "--always", "--dirty"]
    try:
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
