"""The machine that this runs on: its clock, the room on its disks, how many files it lets a process open."""

import ctypes
import os
import resource
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from deploy.doctor.findings import Finding

_TOO_LITTLE: Final = 1.0
"""Gigabytes."""
_LITTLE: Final = 5.0
_FILES: Final = 1024
_UNSYNCHRONISED: Final = 5  # TIME_ERROR of adjtimex(2)


def check(folders: dict[str, Path]) -> Iterator[Finding]:
    """`folders` are those in which something is kept, by what that is."""
    yield from _clock()
    for what, folder in folders.items():
        yield _room(what, folder)
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < _FILES:
        yield Finding(
            "warning", "machine", "files", f"a process may open {most} files", f"raise it: ulimit -n {_FILES}"
        )
    else:
        yield Finding("good", "machine", "files", "a process may open enough files")


def _room(what: str, folder: Path) -> Finding:
    try:
        found = shutil.disk_usage(folder)
    except OSError as error:
        return Finding("unknown", "machine", "disk", f"{what}: {error}")
    free = found.free / 2**30
    said = f"{free:.1f} GB of {found.total / 2**30:.0f} are free for {what} ({folder})"
    if free < _TOO_LITTLE:
        return Finding(
            "wrong", "machine", "disk", said, "make room: broker and database stop when there is none"
        )
    if free < _LITTLE:
        return Finding("warning", "machine", "disk", said, "make room before it is full")
    return Finding("good", "machine", "disk", said)


def _clock() -> Iterator[Finding]:
    """Whether the kernel says that something keeps its clock right (adjtimex(2)); elsewhere than on Linux nobody says."""
    if not sys.platform.startswith("linux"):
        yield Finding(
            "unknown", "machine", "clock", "this system does not say whether its clock is kept right"
        )
        return
    state = _adjtimex()
    if state is None:
        yield Finding(
            "unknown", "machine", "clock", "the kernel does not say whether its clock is kept right"
        )
    elif state == _UNSYNCHRONISED:
        yield Finding(
            "warning", "machine", "clock", "nothing keeps this machine's clock right, says the kernel",
            "let chrony or systemd-timesyncd run on it (in a container: on its host)",
        )  # fmt: skip
    else:
        yield Finding("good", "machine", "clock", "is kept right, says the kernel")


def _adjtimex() -> int | None:
    """Its answer, with which nothing is changed (`modes` is 0). struct timex is smaller than what is handed over here."""
    asked = ctypes.create_string_buffer(512)
    try:
        answer: int = ctypes.CDLL(None, use_errno=True).adjtimex(asked)
    except (OSError, AttributeError):
        return None
    return None if answer < 0 else answer


def folders_of(data: Path | None) -> dict[str, Path]:
    """Where a `loti up` keeps things; without one, the folder for what is temporary alone."""
    temporary = Path(os.environ.get("TMPDIR", "/tmp"))  # noqa: S108 - it is looked at alone
    return {"what is temporary": temporary} | ({} if data is None else {"all data": data})
