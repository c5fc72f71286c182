"""`loti ingest`: what the service reads, by hand."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from services.ingest import board_commands, history_commands
from services.ingest.coverage import coverage
from services.ingest.pay import as_row, read_pay
from services.ingest.settings import SettingsRefused, by_hand
from services.ingest.sources import Source, SourcesRefused, Unknown, read_entries
from services.ingest.titles import classify

app = typer.Typer(no_args_is_help=True, help="Boards, adverts and roles.")
app.add_typer(board_commands.app)
app.add_typer(history_commands.app)


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
    file: Annotated[
        Path | None,
        typer.Option(
            help="The list of boards; LOTI_SOURCES by default, and without it the list that comes along."
        ),
    ] = None,
    covered: Annotated[
        bool, typer.Option("--coverage", help="Of which of the 33 authorities the boards are known.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line.")] = False,
) -> None:
    """The boards that are configured, and those not found yet. A list with a mistake is refused, with its place."""
    try:
        entries = read_entries(file or _listed())
    except (SettingsRefused, SourcesRefused) as error:
        _refuse("sources", str(error), 2)
    if covered:
        _print_coverage(entries, as_json=as_json)
        return
    for entry in entries:
        if as_json:
            print(entry.model_dump_json(by_alias=True))
        else:
            address = entry.url if isinstance(entry, Source) else "no address known, never polled"
            print(f"{entry.id:24} {entry.kind:12} {address}  {', '.join(entry.authorities)}")


def _listed() -> Path:
    settings = by_hand()
    told = "sources" in settings.model_fields_set or settings.sources.exists()
    return settings.sources if told else Path(__file__).with_name("sources.yaml")


def _print_coverage(entries: Sequence[Source | Unknown], *, as_json: bool) -> None:
    rows, totals = coverage(entries)
    if as_json:
        for row in rows:
            print(json.dumps(asdict(row), default=str, ensure_ascii=False))
        print(json.dumps({"totals": asdict(totals)}))
        return
    for row in rows:
        seen = f"verified {row.verified}" if row.verified else "never verified"
        said = f"{', '.join(row.boards)} ({', '.join(row.kinds)}), {seen}" if row.boards else ""
        print(f"{row.gss} {row.name:24} {row.status:8} {said}{', shared' if row.shared else ''}".rstrip())
    print(
        f"{totals.authorities} authorities: {totals.known} known, {totals.unknown} unknown; of the known "
        f"{totals.verified} verified, {totals.shared} shared; {totals.boards_of_no_authority} boards besides"
        " whose adverts name the authority"
    )


def _refuse(command: str, why: str, code: int) -> NoReturn:
    print(f"loti ingest {command}: {why}", file=sys.stderr)
    raise typer.Exit(code)
