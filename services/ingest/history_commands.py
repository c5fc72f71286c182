"""`loti ingest health`, `runs` and `decisions`: how polling goes and why things were said, from the service's database."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

import asyncpg
import typer

from services.ingest import records, store
from services.ingest.settings import IngestSettings

app = typer.Typer()

_Json = Annotated[bool, typer.Option("--json", help="A JSON object a line.")]
_Most = Annotated[int, typer.Option(help="How many, newest first.")]


@app.command()
def health(as_json: _Json = False) -> None:
    """How each board does (LOTI_DATABASE names the database; see `loti env`)."""
    for row in _ask(store.standings):
        if as_json:
            _print(row)
            continue
        good = f"{row['last_complete_at']:%d %b %H:%M}" if row["last_complete_at"] else "never"
        state = "FAILING" if row["failing"] else "well"
        why = f"  {row['why']}" if row["why"] else ""
        print(
            f"{row['id']:24} {state:8} whole {good:13} {row['open_roles']:4} open  {row['outcome'] or 'not tried'}{why}"
        )


@app.command()
def runs(
    source: Annotated[str | None, typer.Argument(help="A board's id; all boards without one.")] = None,
    most: _Most = 50,
    as_json: _Json = False,
) -> None:
    """The polls of a board, newest first."""
    for row in _ask(lambda connection: records.runs_of(connection, source, most=most)):
        if as_json:
            _print(row)
            continue
        times = f" ×{row['times']}" if row["times"] > 1 else ""
        said = ", ".join(f"{number} {kind}" for kind, number in row["said"].items())
        print(
            f"{row['started_at']:%d %b %H:%M:%S} {row['source']:24} {row['outcome']}{times}  {said}  {row['why'] or ''}"
        )


@app.command()
def decisions(
    source: Annotated[str | None, typer.Option(help="Of one board.")] = None,
    role: Annotated[str | None, typer.Option(help="About one role, by its id.")] = None,
    most: _Most = 50,
    as_json: _Json = False,
) -> None:
    """What was decided about roles, newest first, each with its reason."""
    for row in _ask(
        lambda connection: records.decisions_about(connection, source_id=source, role_id=role, most=most)
    ):
        if as_json:
            _print(row)
        else:
            print(
                f"{row['at']:%d %b %H:%M:%S} {row['source']:24} {row['decision']:12} {row['title']}: {row['why']}"
            )


def _print(row: dict[str, Any]) -> None:
    print(json.dumps(row, default=str, ensure_ascii=False))


def _ask(
    question: Callable[["asyncpg.Connection[Any]"], Awaitable[Sequence[dict[str, Any]]]],
) -> Sequence[dict[str, Any]]:
    async def run() -> Sequence[dict[str, Any]]:
        connection = await asyncpg.connect(IngestSettings().database.get_secret_value())
        try:
            return await question(connection)
        finally:
            await connection.close()

    try:
        return asyncio.run(run())
    except (OSError, asyncpg.PostgresError) as error:
        typer.echo(f"loti ingest: the database that LOTI_DATABASE names cannot be used: {error}", err=True)
        raise typer.Exit(2) from error
