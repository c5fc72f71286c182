"""`loti ingest`: what the service reads, by hand."""

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from services.ingest import store
from services.ingest.pay import as_row, read_pay
from services.ingest.settings import IngestSettings
from services.ingest.sources import SourcesRefused, read_sources
from services.ingest.titles import classify

app = typer.Typer(no_args_is_help=True, help="Boards, adverts and roles.")


@app.command()
def pay() -> None:
    """Read pay texts from standard input, a line each; print a JSON object a line, in pounds."""
    for line in _lines():
        print(json.dumps(as_row(read_pay(line)), ensure_ascii=False), flush=True)


@app.command(name="classify")
def classify_() -> None:
    """Read job titles from standard input, a line each, or JSON objects with `title` and perhaps `description`,
    `department` and `employer`; print a JSON object a line."""
    for line in _lines():
        said, complaint = _as_advert(line)
        row: dict[str, object] = dict.fromkeys(
            ("title", "digital", "role", "family", "level", "confidence", "why")
        )
        if complaint is not None:
            print(json.dumps(row | {"title": line, "why": complaint}, ensure_ascii=False), flush=True)
            continue
        reading = classify(
            said["title"] or "",
            description=said["description"],
            department=said["department"],
            employer=said["employer"],
        )
        row |= {
            "title": said["title"],
            "digital": reading.digital,
            "role": reading.role,
            "family": reading.family,
            "level": reading.level,
            "confidence": reading.confidence,
            "why": reading.why,
        }
        print(json.dumps(row, ensure_ascii=False), flush=True)


def _lines() -> Iterator[str]:
    """Standard input as it comes, without waiting for its end; bytes that are not UTF-8 are read as they can be."""
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", errors="replace").rstrip("\r\n")


def _as_advert(line: str) -> tuple[dict[str, str | None], str | None]:
    """What a line says of an advert, and what is wrong with it. A line that is no JSON object is a title."""
    fields = ("title", "description", "department", "employer")
    said: dict[str, str | None] = dict.fromkeys(fields) | {"title": line}
    if not line.lstrip().startswith("{"):
        return said, None
    try:
        given = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        return said, f"the line begins like a JSON object but is none: {error}"
    wrong = [name for name in fields if not isinstance(given.get(name), str | None)]
    if wrong or not isinstance(given.get("title"), str):
        return said, f"{' and '.join(wrong or ['title'])} must be text; title must be there"
    return {name: given.get(name) for name in fields}, None


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
