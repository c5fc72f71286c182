"""`loti salaries`: what is offered for a role, by hand."""

import asyncio
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, NoReturn

import typer

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Benchmark
from loti_contracts.vocabulary import FAMILIES, standard_roles
from services.salaries import export_commands, in_words, store
from services.salaries.asked import Asked, NotUnderstood, asked
from services.salaries.cells import Cell
from services.salaries.comparable import Period
from services.salaries.contributed import import_commands
from services.salaries.nearest import nearest
from services.salaries.pack import commands as pack_commands
from services.salaries.reading import NotReachable, read

app = typer.Typer(no_args_is_help=True, help="Pay benchmarks.")
app.add_typer(pack_commands.app)
app.add_typer(export_commands.app)
app.add_typer(import_commands.app)


@app.callback()
def _salaries() -> None:
    """Pay benchmarks."""


@app.command()
def benchmark(
    role: Annotated[str, typer.Argument(help="A role, such as 'Enterprise architect', 'EA' or 'senior BA'.")],
    level: Annotated[
        str | None,
        typer.Option(help="trainee, associate, practitioner, senior, lead, principal, head, chief, all."),
    ] = None,
    area: Annotated[str | None, typer.Option(help="inner, outer or london.")] = None,
    day: Annotated[bool, typer.Option("--day", help="Day rates rather than salaries.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The whole cell, one JSON object.")] = False,
) -> None:
    """What is offered for a standard role, and how far the figures can be trusted."""
    try:
        wanted = asked(role, level, area)
        period: Period = "day" if day else "year"
        found, others = asyncio.run(read(lambda connection: _look_up(connection, wanted, period)))
    except (NotUnderstood, NotReachable) as error:
        _refuse("benchmark", str(error), error)
    if found is None:
        _refuse("benchmark", _nothing_yet(wanted, period, others))
    if wanted.read_as and not as_json:
        print(f"({wanted.read_as})\n")
    print(found.model_dump_json() if as_json else _said(found))


@app.command()
def roles() -> None:
    """List the standard roles, by family."""
    for family in FAMILIES:
        print(family)
        for name, role in standard_roles().items():
            if role.family == family:
                print(f"  {name}")


async def _look_up(
    connection: Connection, wanted: Asked, period: Period
) -> tuple[Benchmark | None, list[Benchmark]]:
    """The cell if it has anything to say, else None and the cells that have, the nearest first."""
    cell = Cell(wanted.role, wanted.level, wanted.area, period)
    found = await store.load_benchmark(connection, cell.id)
    if found is not None and (found.adverts or found.contributed):
        return found, []
    return None, nearest(cell, await store.all_benchmarks(connection))


def _said(cell: Benchmark) -> str:
    today = datetime.now(UTC).date()
    lines = [in_words.heading(cell), "", *in_words.summary(cell, today)]
    # The table of two or three offers would say again what the first sentence says.
    enough = cell.adverts >= in_words.QUARTERS_FROM
    return "\n".join([*lines, "", in_words.table(cell)] if enough else lines)


def _nothing_yet(wanted: Asked, period: Period, others: Sequence[Benchmark]) -> str:
    what = "day rates" if period == "day" else "figures"
    where = f"{in_words.level(wanted.level)}, {in_words.area(wanted.area)}"
    return "\n".join([f"there are no {what} yet for {wanted.role}, {where}", *_instead(others)])


def _instead(others: Iterable[Benchmark]) -> list[str]:
    lines = [
        f"  {in_words.heading(cell)}{', day rates' if cell.period == 'day' else ''}:"
        f" {in_words.count(cell.adverts, 'advert')}"
        for cell in others
    ]
    return ["the nearest that have some:", *lines] if lines else ["nor for any role near it"]


def _refuse(command: str, why: str, error: Exception | None = None) -> NoReturn:
    print(f"loti salaries {command}: {why}", file=sys.stderr)
    raise typer.Exit(1) from error
