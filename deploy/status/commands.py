"""`loti status`: the whole path on one screen."""

import asyncio
import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live

from deploy.local.settings import NotHere
from deploy.status import reading
from deploy.status.screen import Line, line_of, screen

app = typer.Typer(add_completion=False)


@app.command()
def status(
    data: Annotated[Path, typer.Option(help="The data folder of a `loti up`.")] = Path(".loti"),
    at: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SERVICE=URL", help="Where a service's health page is; once for each, and no --data."
        ),
    ] = None,
    watch: Annotated[
        float | None, typer.Option(min=0.5, help="Look again every so many seconds, until Ctrl-C.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="What the pages say, as one JSON object.")] = False,
) -> None:
    """The whole path on one screen: who runs, what waits, what was set aside, and each service's own figures.

    Exit status 1: a service is not well. 2: it is not clear whom to ask.
    """
    try:
        pages = reading.named(at) if at else reading.in_folder(data)
    except (NotHere, ValueError) as error:
        typer.echo(f"loti status: {error}", err=True)
        raise typer.Exit(2) from error
    said = asyncio.run(reading.read(pages))
    if as_json:
        typer.echo(json.dumps(said, ensure_ascii=False))
        raise typer.Exit(int(not all(one.get("healthy") for one in said.values())))
    lines = [line_of(name, one) for name, one in said.items()]
    if watch is None:
        Console().print(screen(lines, datetime.now(UTC)))
    else:
        lines = _watch(pages, lines, watch)
    raise typer.Exit(int(not all(line.well for line in lines)))


def _watch(pages: dict[str, str], lines: list[Line], every: float) -> list[Line]:
    """Until Ctrl-C; as it was last."""
    try:
        with Live(screen(lines, datetime.now(UTC)), auto_refresh=False) as live:
            while True:
                time.sleep(every)
                lines = [line_of(name, one) for name, one in asyncio.run(reading.read(pages)).items()]
                live.update(screen(lines, datetime.now(UTC)), refresh=True)
    except KeyboardInterrupt:
        return lines
