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

from loti_contracts.delivery import parking, replaying
from loti_contracts.delivery.settings import ServiceSettings

app = typer.Typer(
    no_args_is_help=True,
    help="What a service set aside. LOTI_DATABASE names the service's database (`loti env`).",
)

_Json = Annotated[bool, typer.Option("--json", help="A JSON object a line.")]


@app.command(name="list")
def list_(
    most: Annotated[int, typer.Option(help="How many, newest first.")] = 50,
    replayed: Annotated[bool, typer.Option("--replayed", help="With those that were replayed.")] = False,
    as_json: _Json = False,
) -> None:
    """The dead letters, newest first, each with its reason."""
    for row in _with_database(lambda tx: parking.letters(tx, most=most, replayed=replayed)):
        if as_json:
            print(json.dumps(_plain(row)))
        else:
            since = f"{row['parked_at']:%d %b %H:%M}"
            print(f"{row['id']}  {since}  {row['topic']}  {_standing(row)}{row['reason']}")


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


@app.command()
def replay(
    id_: Annotated[str | None, typer.Argument(metavar="ID")] = None,
    every: Annotated[bool, typer.Option("--all", help="All that were not replayed yet.")] = False,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for what comes of it.")] = 15.0,
) -> None:
    """Have a dead letter, or all of them, handled again by the running service. Mend the cause first.

    Ends with 1 where one was set aside again.
    """
    if every == (id_ is not None):
        _refuse("name one dead letter, or --all")
    one = None if id_ is None else _uuid(id_)
    rows = _with_database(lambda connection: _replayed(connection, one, wait))
    if rows is None:
        _refuse(f"there is no dead letter {id_}")
    if not rows:
        print("there is no dead letter to replay")
    for row in rows:
        print(f"{row['id']}  {_standing(row) or 'set aside again: '}{row['reason'] if _failed(row) else ''}")
    if any(map(_failed, rows)):
        raise typer.Exit(1)


async def _replayed(
    connection: "asyncpg.Connection[Any]", one: uuid.UUID | None, wait: float
) -> list[dict[str, Any]] | None:
    """Ask for it, and look until the service has the answer; the letters as they are then. None: no such letter."""
    if one is None:
        ids = await replaying.ask_all(connection)
    elif await replaying.ask(connection, one):
        ids = [one]
    else:
        return None
    until = asyncio.get_running_loop().time() + wait
    while True:
        found = [row for id_ in ids if (row := await parking.letter(connection, id_))]
        if asyncio.get_running_loop().time() >= until or not any(row["replay_asked_at"] for row in found):
            return found
        await asyncio.sleep(0.2)


def _failed(row: dict[str, Any]) -> bool:
    return row["replay_asked_at"] is None and row["replayed_at"] is None


def _standing(row: dict[str, Any]) -> str:
    """What came of a wish to replay it, in words; nothing where there is none."""
    if row["replayed_at"] is not None:
        return f"replayed at {row['replayed_at']:%d %b %H:%M} "
    return "" if row["replay_asked_at"] is None else "to be replayed as soon as the service runs "


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
