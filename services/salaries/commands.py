"""`loti salaries`: the current benchmarks, by hand."""

import asyncio
import difflib
import sys
from typing import Annotated

import asyncpg
import typer

from loti_contracts.events import Benchmark
from services.salaries import store
from services.salaries.settings import SalariesSettings

app = typer.Typer(no_args_is_help=True, help="Pay benchmarks.")


@app.callback()
def _salaries() -> None:
    """Pay benchmarks."""


@app.command()
def benchmark(
    role: Annotated[str, typer.Argument(help="A standard role, such as 'Enterprise architect'.")],
    level: Annotated[str, typer.Option(help="A level, or all.")] = "all",
    area: Annotated[str, typer.Option(help="inner, outer or london.")] = "london",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """What is offered for a standard role, from the service's database (LOTI_DATABASE)."""
    table = asyncio.run(_table())
    roles = {cell.standard_role.lower(): cell.standard_role for cell in table}
    name = roles.get(role.lower())
    found = next((c for c in table if (c.standard_role, c.level, c.area) == (name, level, area)), None)
    if found is None:
        near = [roles[n] for n in difflib.get_close_matches(role.lower(), roles, n=3, cutoff=0.4)]
        hint = f"nearest: {', '.join(near)}" if name is None and near else f"level {level}, area {area}"
        print(f"loti salaries benchmark: no benchmark for {role!r} ({hint})", file=sys.stderr)
        raise typer.Exit(1)
    print(found.model_dump_json() if as_json else _in_words(found))


def _in_words(cell: Benchmark) -> str:
    lines = [
        f"{cell.standard_role}, level {cell.level}, {cell.area}: {cell.adverts} adverts in {cell.boroughs} boroughs"
    ]
    for name, figures in (("bottom", cell.bottom), ("middle", cell.middle), ("top", cell.top)):
        if figures is not None:
            amounts = "  ".join(
                f"{p.upper()} £{getattr(figures, p) / 100:>9,.0f}" for p in type(figures).model_fields
            )
            lines.append(f"  {name:7} {amounts}")
    return "\n".join(lines)


async def _table() -> list[Benchmark]:
    connection = await asyncpg.connect(SalariesSettings().database.get_secret_value())
    try:
        return await store.all_benchmarks(connection)
    finally:
        await connection.close()
