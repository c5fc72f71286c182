"""What every command of the library needs: its settings, its database, files, and a clear end."""

import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, NoReturn

import asyncpg

from loti_contracts.delivery import commands
from services.library.librarian import Librarian
from services.library.settings import LibrarySettings


def stop(why: str, *, code: int = 1) -> NoReturn:
    """End the command with that on stderr."""
    commands.stop("library", why, code=code)


def database() -> "AbstractAsyncContextManager[asyncpg.Connection[Any]]":
    """A connection to the library's database, or the end of the command with what to do."""
    return commands.database_of("library", commands.settings_of("library", LibrarySettings))


def librarian() -> Librarian:
    """Who changes the library, by the rules that are set."""
    rules = commands.settings_of("library", LibrarySettings).rules
    return Librarian(rules=rules, note=lambda *_, **__: None)


@asynccontextmanager
async def changing() -> "AsyncIterator[asyncpg.Connection[Any]]":
    """A transaction that nobody else changes the library in."""
    async with database() as connection, connection.transaction():
        await librarian().begin(connection)
        yield connection


def content_of(path: Path) -> bytes:
    """A file, or stdin for a dash; or the end of the command."""
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        stop(f"{path} cannot be read: {error.strerror}; check the path", code=2)


def text_of(path: Path) -> str:
    """The text of a file, or of stdin for a dash; or the end of the command."""
    content = content_of(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        stop(f"{path}, byte {error.start}: is not UTF-8; save it as UTF-8", code=2)
