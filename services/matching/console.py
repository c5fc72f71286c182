"""What every command of matching needs: its settings, its database, files, and a clear end."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn

import asyncpg
import typer
from pydantic import ValidationError

from services.matching.reading import BadFile
from services.matching.settings import MatchingSettings


def stop(why: str, *, code: int = 1) -> NoReturn:
    """End the command with that on stderr."""
    print(f"loti matching: {why}", file=sys.stderr)  # noqa: T201 - this is a command's voice
    raise typer.Exit(code=code)


def settings() -> MatchingSettings:
    """The settings, or the end of the command."""
    try:
        return MatchingSettings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        names = ", ".join(f"LOTI_{str(part).upper()}" for part in first["loc"])
        stop(f"the settings are not usable: {names + ': ' if names else ''}{first['msg']}")


@asynccontextmanager
async def database() -> "AsyncIterator[asyncpg.Connection[Any]]":
    """A connection to matching's database, or the end of the command with what to do."""
    try:
        connection = await asyncpg.connect(settings().database.get_secret_value(), timeout=10)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        stop(
            f"matching's database does not answer ({type(error).__name__}); start it, or set LOTI_DATABASE to it "
            '(under `loti up`: eval "$(loti env matching)")'
        )
    try:
        yield connection
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError):
        stop(
            "that database has not all of matching's tables; start this version of the matching service once, or "
            "correct LOTI_DATABASE"
        )
    finally:
        await connection.close()


def text_of(path: Path) -> str:
    """The text of a file, or of stdin for a dash. Raises BadFile."""
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(f"{path}, byte {error.start}: is not UTF-8; save it as UTF-8") from error
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}; check the path") from error


def today() -> date:
    """The day in UTC."""
    return datetime.now(UTC).date()
