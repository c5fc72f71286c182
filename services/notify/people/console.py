"""What the commands about people share: a database, addresses from standard input, words for errors."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Annotated, Any, NoReturn, TypeVar

import asyncpg
import typer

from loti_contracts.delivery.database import OLDER, Connection
from services.notify.addresses import NotDeliverable, mailbox
from services.notify.people.address_keys import NoKeys, hash_keys
from services.notify.people.choices import NoSuchContact
from services.notify.settings import NotifySettings

T = TypeVar("T")
MOST_ADDRESSES = 10_000

AsJson = Annotated[bool, typer.Option("--json", help="JSON Lines.")]


def refuse(command: str, why: str) -> NoReturn:
    """Say on standard error what is wrong, and end with 2."""
    sys.stderr.write(f"loti notify {command}: {why}\n")
    raise typer.Exit(2)


def with_database(command: str, work: Callable[[Connection], Awaitable[T]]) -> T:
    """Do it in one transaction of the service's database: all of it, or nothing."""

    async def run() -> T:
        connection = await asyncpg.connect(NotifySettings().database.get_secret_value())
        try:
            async with connection.transaction():
                return await work(connection)
        finally:
            await connection.close()

    try:
        return asyncio.run(run())
    except NoSuchContact as error:
        refuse(command, f"{error}; `loti notify contacts` shows who there is")
    except OLDER:
        refuse(
            command, "the database that LOTI_DATABASE names has no tables of notify: start the service once"
        )
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        refuse(command, f"the database that LOTI_DATABASE names cannot be used: {error}")


def keys(command: str) -> tuple[bytes, ...]:
    """What addresses are hashed with."""
    try:
        return hash_keys(NotifySettings().link_keys.get_secret_value())
    except NoKeys as error:
        refuse(command, str(error))


def addresses(command: str) -> list[str]:
    """Addresses from standard input, one a line; none is repeated in an error."""
    if sys.stdin.isatty():
        sys.stderr.write("Addresses, one a line; end with Ctrl-D.\n")
    try:
        lines = sys.stdin.buffer.read(MOST_ADDRESSES * 260 + 1).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        refuse(command, "standard input is not UTF-8: give one address a line")
    found = {number: line.strip() for number, line in enumerate(lines, 1) if line.strip()}
    if not found:
        refuse(command, "standard input is empty: give one address a line")
    if len(found) > MOST_ADDRESSES:
        refuse(command, f"more than {MOST_ADDRESSES:,} addresses: give them in several goes")
    bad = [number for number, line in found.items() if not _is_address(line)]
    if bad:
        shown = ", ".join(map(str, bad[:10])) + (", …" if len(bad) > 10 else "")
        refuse(
            command,
            f"nothing was changed: line {shown} of standard input is no address such as name@example.org",
        )
    return list(dict.fromkeys(found.values()))


def tell(rows: Sequence[dict[str, Any]], as_json: bool, in_words: Callable[[dict[str, Any]], str]) -> None:
    """Each row on a line."""
    for row in rows:
        text = json.dumps(row, default=_iso, ensure_ascii=False) if as_json else in_words(row)
        sys.stdout.write(f"{text}\n")


def _iso(value: date) -> str:
    return value.isoformat()


def _is_address(text: str) -> bool:
    try:
        mailbox("", text)
    except NotDeliverable as error:
        # Letters that need SMTPUTF8 cannot be written to, but they can be listed.
        return "SMTPUTF8" in str(error)
    return True
