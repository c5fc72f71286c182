"""What every command of matching needs: its settings, its database, files, and a clear end."""

import sys
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn

import asyncpg

from loti_contracts.delivery import commands
from services.matching.reading import BadFile
from services.matching.settings import MatchingSettings


def stop(why: str, *, code: int = 1) -> NoReturn:
    """End the command with that on stderr."""
    commands.stop("matching", why, code=code)


def settings() -> MatchingSettings:
    """The settings, or the end of the command."""
    return commands.settings_of("matching", MatchingSettings)


def database() -> "AbstractAsyncContextManager[asyncpg.Connection[Any]]":
    """A connection to matching's database, or the end of the command with what to do."""
    return commands.database_of("matching", settings())


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
