"""Migrations: numbered SQL files, applied once, in order, by whoever comes first.

An advisory lock lets any number of processes start at the same moment; a digest of each applied file
refuses one that was edited afterwards. A database may be newer than the code: while a new version is deployed beside the
old, a replica of the old one that ends must come back, and a version that was taken back must start. That is why a
migration suits the code that runs already.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import structlog

from loti_contracts.delivery.database import Connection

_log = structlog.get_logger("migrations")
_NAME = re.compile(r"^(\d{4})_[a-z0-9_]+\.sql$")
_LOCK = 0x6C6F7469  # "loti"


class MigrationRefused(Exception):
    """The files and the database disagree; the text says which file and what to do."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file."""

    number: int
    name: str
    sql: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text, line ends made equal."""
        return hashlib.sha256(self.sql.replace("\r\n", "\n").encode()).hexdigest()


def read_folder(folder: Path) -> Sequence[Migration]:
    """The migrations in a folder, in order. Raises MigrationRefused for a bad name or a doubled number."""
    found: dict[int, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        match = _NAME.match(path.name)
        if match is None:
            raise MigrationRefused(f"{path}: the name must be like 0001_what_it_does.sql")
        number = int(match[1])
        if number in found:
            raise MigrationRefused(f"{path}: number {number} is taken by {found[number].name}")
        found[number] = Migration(number, path.name, path.read_text(encoding="utf-8"))
    return [found[number] for number in sorted(found)]


@dataclass(frozen=True, slots=True)
class Difference:
    """One file that was not applied yet, that was edited since, that is not there any more, or that only newer code has."""

    kind: Literal["pending", "edited", "gone", "newer"]
    file: str


def differences(files: Iterable[Migration], applied: Mapping[int, tuple[str, str]]) -> Iterator[Difference]:
    """How the files differ from what was applied: file and digest by number. In the order of the numbers; pure."""
    known = {one.number: one for one in files}
    newest = max(known, default=0)
    for number in sorted(known.keys() | applied.keys()):
        if number not in applied:
            yield Difference("pending", known[number].name)
        elif number > newest:
            yield Difference("newer", applied[number][0])
        elif number not in known:
            yield Difference("gone", applied[number][0])
        elif known[number].digest != applied[number][1]:
            yield Difference("edited", known[number].name)


async def migrate_delivery(connection: Connection) -> None:
    """Bring delivery's own tables (outbox, inbox, dead letters) up to date."""
    await migrate(connection, "delivery", Path(__file__).with_name("migrations"))


async def migrate(connection: Connection, name: str, folder: Path) -> None:
    """Apply what is new in `folder` under that name; all of it, or nothing.

    What a newer version applied is left as it is. Raises MigrationRefused when an applied file was edited or is gone, or
    the database cannot hold every character.
    """
    migrations = read_folder(folder)
    encoding = await connection.fetchval("SHOW server_encoding")
    if encoding != "UTF8":
        raise MigrationRefused(
            f"{name}: the database's encoding is {encoding}; make it anew with TEMPLATE template0 ENCODING 'UTF8'"
        )
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
        await connection.execute(
            """CREATE TABLE IF NOT EXISTS migrations (
                   name text, number int, file text NOT NULL, digest text NOT NULL,
                   applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (name, number))"""
        )
        rows = await connection.fetch("SELECT number, file, digest FROM migrations WHERE name = $1", name)
        applied = {row["number"]: (row["file"], row["digest"]) for row in rows}
        found = list(differences(migrations, applied))
        if newer := [one.file for one in found if one.kind == "newer"]:
            _log.warning("database_newer_than_code", name=name, files=sorted(newer))
        for one in found:
            if one.kind == "gone":
                raise MigrationRefused(
                    f"{name}: {one.file} was applied to this database but is not in {folder}, though later ones are; "
                    "put it back"
                )
            if one.kind == "edited":
                raise MigrationRefused(
                    f"{name}: {one.file} was edited after it was applied; write a new file instead"
                )
        for migration in migrations:
            if migration.number not in applied:
                await connection.execute(migration.sql)
                await connection.execute(
                    "INSERT INTO migrations (name, number, file, digest) VALUES ($1, $2, $3, $4)",
                    name,
                    migration.number,
                    migration.name,
                    migration.digest,
                )
