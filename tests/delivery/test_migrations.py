"""Migrations: once, in order, all or nothing, by whoever comes first."""

import asyncio
import secrets
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from loti_contracts.delivery.migrations import MigrationRefused, migrate, migrate_delivery, read_folder
from services.ingest import app as ingest
from services.matching import app as matching
from services.notify import app as notify
from services.salaries import app as salaries
from tests.servers import Postgres


def write(folder: Path, **files: str) -> Path:
    for name, sql in files.items():
        (folder / f"{name}.sql").write_text(sql)
    return folder


async def test_many_at_once_apply_each_file_once(postgres: Postgres, tmp_path: Path) -> None:
    """Six processes start at the same moment: nobody fails, nothing is applied twice."""
    folder = write(tmp_path, **{"0001_a": "CREATE TABLE a (n int);", "0002_b": "INSERT INTO a VALUES (1);"})
    dsn = await postgres.create_database()
    connections = [await asyncpg.connect(dsn) for _ in range(6)]
    await asyncio.gather(*(migrate(connection, "test", folder) for connection in connections))
    assert await connections[0].fetchval("SELECT count(*) FROM a") == 1
    for connection in connections:
        await connection.close()


async def test_a_file_that_fails_leaves_nothing_behind(postgres: Postgres, tmp_path: Path) -> None:
    """The files before it in the same run are taken back, too: the database is as it was."""
    folder = write(
        tmp_path, **{"0001_a": "CREATE TABLE a (n int);", "0002_b": "INSERT INTO nowhere VALUES (1);"}
    )
    connection = await asyncpg.connect(await postgres.create_database())
    with pytest.raises(asyncpg.UndefinedTableError):
        await migrate(connection, "test", folder)
    assert await connection.fetchval("SELECT to_regclass('a')") is None
    await connection.close()


async def test_an_edited_file_is_refused(postgres: Postgres, tmp_path: Path) -> None:
    """What was applied is history; the message says what to do instead. Line ends do not count as an edit."""
    folder = write(tmp_path, **{"0001_a": "CREATE TABLE a (n int);\n"})
    connection = await asyncpg.connect(await postgres.create_database())
    await migrate(connection, "test", folder)
    (folder / "0001_a.sql").write_bytes(b"CREATE TABLE a (n int);\r\n")
    await migrate(connection, "test", folder)
    write(folder, **{"0001_a": "CREATE TABLE a (n bigint);\n"})
    with pytest.raises(MigrationRefused, match=r"0001_a\.sql was edited .* write a new file"):
        await migrate(connection, "test", folder)
    await connection.close()


async def test_code_older_than_its_database_starts(postgres: Postgres, tmp_path: Path) -> None:
    """While the next version is deployed beside it, a replica that ended comes back; and a version that was taken back
    starts. The next version, started again, finds all as it left it."""
    next_version = write(
        tmp_path,
        **{"0001_a": "CREATE TABLE a (n int);", "0002_b": "ALTER TABLE a ADD m int NOT NULL DEFAULT 7;"},
    )
    (tmp_path / "this").mkdir()
    this = write(tmp_path / "this", **{"0001_a": "CREATE TABLE a (n int);"})
    connection = await asyncpg.connect(await postgres.create_database())
    await migrate(connection, "test", next_version)
    await migrate(connection, "test", this)
    await connection.execute("INSERT INTO a (n) VALUES (1)")
    await migrate(connection, "test", next_version)
    assert [tuple(row) for row in await connection.fetch("SELECT n, m FROM a")] == [(1, 7)]
    await connection.close()


async def test_a_file_that_is_gone_is_refused(postgres: Postgres, tmp_path: Path) -> None:
    """An applied file that is missing among later ones was lost, and nobody can say what it did."""
    folder = write(tmp_path, **{"0001_a": "CREATE TABLE a (n int);", "0002_b": "CREATE TABLE b (n int);"})
    connection = await asyncpg.connect(await postgres.create_database())
    await migrate(connection, "test", folder)
    (folder / "0001_a.sql").unlink()
    with pytest.raises(MigrationRefused, match=r"0001_a\.sql was applied .* put it back"):
        await migrate(connection, "test", folder)
    await connection.close()


async def test_a_database_that_cannot_hold_every_character_is_refused(
    postgres: Postgres, tmp_path: Path
) -> None:
    """A pound sign in a database without UTF-8 would fail much later, in the middle of a batch."""
    name = f"ascii_{secrets.token_hex(6)}"
    server = await asyncpg.connect(postgres.dsn)
    await server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    await server.close()
    connection = await asyncpg.connect(urlunsplit(urlsplit(postgres.dsn)._replace(path=f"/{name}")))
    with pytest.raises(MigrationRefused, match="SQL_ASCII; make it anew"):
        await migrate(connection, "test", write(tmp_path, **{"0001_a": "CREATE TABLE a (n int);"}))
    await connection.close()


@pytest.mark.parametrize("name", ["1_short", "0001-dash", "abc"])
def test_a_badly_named_file_is_refused(tmp_path: Path, name: str) -> None:
    """Its place in the order would be a guess."""
    with pytest.raises(MigrationRefused, match="the name must be like"):
        read_folder(write(tmp_path, **{name: "SELECT 1;"}))


def test_a_number_taken_twice_is_refused(tmp_path: Path) -> None:
    """Two branches both wrote the next one: somebody must decide the order."""
    with pytest.raises(MigrationRefused, match=r"taken by 0001_a\.sql"):
        read_folder(write(tmp_path, **{"0001_a": "SELECT 1;", "0001_b": "SELECT 2;"}))


@pytest.mark.parametrize("module", [ingest, salaries, matching, notify], ids=lambda module: module.__name__)
async def test_every_service_migrates_an_empty_database_and_again(postgres: Postgres, module: object) -> None:
    """From nothing, and once more without effect."""
    name = str(module.__name__).split(".")[1]  # type: ignore[attr-defined]
    folder = Path(str(module.__file__)).parent / "migrations"  # type: ignore[attr-defined]
    connection = await asyncpg.connect(await postgres.create_database())
    for _ in range(2):
        await migrate_delivery(connection)
        await migrate(connection, name, folder)
    applied = await connection.fetchval("SELECT count(*) FROM migrations WHERE name = $1", name)
    await connection.close()
    assert applied == len(list(folder.glob("*.sql")))
