"""`loti dead-letters`: what a service set aside, and letting it go on after its breaker opened."""

import asyncio
import base64
import json
import sys
import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, NoReturn

import asyncpg
import typer

from loti_contracts.delivery import parking
from loti_contracts.delivery.settings import ServiceSettings

app = typer.Typer(
    no_args_is_help=True,
    help="What a service set aside. LOTI_DATABASE names the service's database (`loti env`).",
)

_Json = Annotated[bool, typer.Option("--json", help="A JSON object a line.")]


@app.command(name="list")
def list_(
    most: Annotated[int, typer.Option(help="How many, newest first.")] = 50, as_json: _Json = False
) -> None:
    """The dead letters, newest first, each with its reason."""
    for row in _with_database(lambda connection: parking.letters(connection, most=most)):
        if as_json:
            print(json.dumps(_plain(row)))
        else:
            print(f"{row['id']}  {row['parked_at']:%d %b %H:%M}  {row['topic']}  {row['reason']}")


@app.command()
def show(id_: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """One dead letter, whole: bytes and headers in base64, the stack of its error."""
    row = _with_database(lambda connection: parking.letter(connection, _uuid(id_)))
    if row is None:
        _refuse(f"there is no dead letter {id_}")
    print(json.dumps(_plain(row), indent=2))


@app.command()
def resume() -> None:
    """Close the breaker: the consumer goes on. Mend the cause first, or it opens again."""
    was = _with_database(parking.close_breaker)
    print("the consumer goes on" if was else "the breaker was not open")


def _with_database(work: Callable[["asyncpg.Connection[Any]"], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        connection = await asyncpg.connect(ServiceSettings().database.get_secret_value())
        try:
            return await work(connection)
        finally:
            await connection.close()

    try:
        return asyncio.run(run())
    except (OSError, asyncpg.PostgresError) as error:
        _refuse(f"the database that LOTI_DATABASE names cannot be used: {error}")


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, bytes):
            return base64.b64encode(value).decode()
        return value if isinstance(value, int | None) else str(value)

    return {name: plain(value) for name, value in row.items()} | {"headers": json.loads(row["headers"])}


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        _refuse(f"{text!r} is no id of a dead letter; `loti dead-letters list` shows them")


def _refuse(why: str) -> NoReturn:
    print(f"loti dead-letters: {why}", file=sys.stderr)
    raise typer.Exit(2)
