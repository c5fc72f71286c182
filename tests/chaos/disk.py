"""A disk of limited size for the database, which can be filled and given space again.

It is a tmpfs in a mount namespace of this process's own: whatever becomes of the process, no mount stays behind. Only root
may do so.
"""

import contextlib
import ctypes
import errno
import os
import sys
from pathlib import Path

_NEW_NAMESPACE = 0x00020000  # CLONE_NEWNS
_PRIVATE = (1 << 14) | (1 << 18)  # MS_REC | MS_PRIVATE
_DETACHED = 2  # MNT_DETACH
_STEPS = (64 << 20, 1 << 20, 4096)


class NoDisk(RuntimeError):
    """No disk can be mounted here; the text says why."""


class Disk:
    """A disk of so many bytes, mounted at `place`, which is made. Raises NoDisk.

    Make it in the main thread before any other is started: a thread keeps the namespace that it began in.
    """

    def __init__(self, place: Path, *, size: int = 1 << 30) -> None:
        self.place = place
        self._filler = place / "filler"
        place.mkdir(parents=True, exist_ok=True)
        if sys.platform != "linux":
            raise NoDisk("a disk of its own needs Linux")
        self._libc = libc = ctypes.CDLL(None, use_errno=True)
        _succeed(libc.unshare(_NEW_NAMESPACE), "a mount namespace of its own")
        _succeed(libc.mount(b"none", b"/", None, _PRIVATE, None), "mounts that nobody else sees")
        options = f"size={size},mode=0711".encode()
        _succeed(libc.mount(b"tmpfs", os.fsencode(place), b"tmpfs", 0, options), f"a tmpfs at {place}")

    def fill(self) -> int:
        """Leave no space at all. Returns how many bytes that took."""
        taken = 0
        with self._filler.open("ab") as file:
            for step in _STEPS:
                with contextlib.suppress(_Full):
                    while True:
                        _take(file.fileno(), taken, step)
                        taken += step
        return taken

    def free(self) -> None:
        """There is space again."""
        self._filler.unlink(missing_ok=True)

    def remove(self) -> None:
        """Take it away with all that is on it."""
        _succeed(self._libc.umount2(os.fsencode(self.place), _DETACHED), f"{self.place} without its tmpfs")


class _Full(Exception):
    pass


def _take(file: int, at: int, count: int) -> None:
    try:
        os.posix_fallocate(file, at, count)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _Full from error
        raise


def _succeed(status: int, what: str) -> None:
    if status != 0:
        raise NoDisk(f"{what} is not to be had: {os.strerror(ctypes.get_errno())}")
