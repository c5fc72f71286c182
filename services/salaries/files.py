"""Writing a file for somebody: whole or not at all."""

import os
import tempfile
from pathlib import Path


class NotWritten(RuntimeError):
    """The file could not be written; what was there before is untouched. The message says why."""


def write_whole(path: Path, content: bytes) -> None:
    """Put the content there in one step, in the place of a file that is there already. Raises NotWritten."""
    if path.is_dir():
        raise NotWritten(f"{path} is a folder; give the name of a file in it")
    if not path.parent.is_dir():
        raise NotWritten(f"there is no folder {path.parent} to write {path.name} in")
    # What a link points to is written, and the link kept.
    target = path.resolve()
    if target.exists() and not target.is_file():
        raise NotWritten(
            f"{path} is not a file that can be replaced; leave --out away to write to standard output"
        )
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise NotWritten(f"nothing can be written in {target.parent}: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(_mode(target))
        Path(name).replace(target)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise NotWritten(f"{path} cannot be written: {error.strerror}") from error


def _mode(target: Path) -> int:
    """The permissions that the file has, or that a new one of this person's would have."""
    if target.exists():
        return target.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
