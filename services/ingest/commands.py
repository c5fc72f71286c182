"""`loti ingest`: what the service reads, by hand."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from services.ingest import store
from services.ingest.settings import IngestSettings
from services.ingest.sources import SourcesRefused, read_sources

app = typer.Typer(no_args_is_help=True, help="Boards, adverts and roles.")


@app.command()
def sources(
    file: Annotated[Path | None, typer.Option(help="The list of boards; LOTI_SOURCES by default.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line.")] = False,
) -> None:
    """The boards that are configured. A list with a mistake is refused, with its place."""
    try:
        found = read_sources(file or IngestSettings().sources)
    except SourcesRefused as error:
        print(f"loti ingest sources: {error}", file=sys.stderr)
        raise typer.Exit(2) from error
    for source in found:
        if as_json:
            print(source.model_dump_json())
        else:
            print(f"{source.id:24} {source.kind:8} {source.url}  {', '.join(source.authorities)}")


@app.command()
def health(as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line.")] = False) -> None:
    """How polling each board goes, from the service's database (LOTI_DATABASE)."""
    for row in asyncio.run(_health()):
        if as_json:
            print(json.dumps(row, default=str))
        else:
            good = f"{row['last_good_at']:%d %b %H:%M}" if row["last_good_at"] else "never"
            print(
                f"{row['id']:24} good {good:13} {row['open_roles']:4} open  {row['last_outcome'] or 'not tried'}"
            )


async def _health() -> list[dict[str, object]]:
    connection = await asyncpg.connect(IngestSettings().database.get_secret_value())
    try:
        return await store.all_sources(connection)
    finally:
        await connection.close()
