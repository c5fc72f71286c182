"""`loti salaries pack`: the page about a role, written to a file."""

import asyncio
import sys
import webbrowser
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from loti_contracts.delivery.database import Connection
from services.salaries import in_words, store
from services.salaries.asked import Asked, NotUnderstood, asked
from services.salaries.cells import ALL_LEVELS, LONDON, Cell
from services.salaries.files import NotWritten, write_whole
from services.salaries.nearest import nearest
from services.salaries.pack.page import Pack, page
from services.salaries.reading import NotReachable, read
from services.salaries.settings import SalariesSettings

OFFERS = 10
DAY_OFFERS = 5

app = typer.Typer()


class _NothingToShow(RuntimeError):
    """No borough has advertised the role, and nothing is contributed."""


@app.command()
def pack(
    role: Annotated[str, typer.Argument(help="A role, such as 'Enterprise architect', 'EA' or 'senior BA'.")],
    out: Annotated[Path, typer.Option(help="The HTML file to write; one that is there is replaced.")],
    level: Annotated[
        str | None, typer.Option(help="The level that the page begins with; all by default.")
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Show it in the browser.")] = False,
) -> None:
    """Write the page about a role that is sent to a borough before a call: one HTML file, complete in itself."""
    try:
        wanted = asked(role, level, None)
        made = asyncio.run(read(lambda connection: _gather(connection, wanted)))
        write_whole(out, page(made).encode("utf-8"))
    except (NotUnderstood, NotReachable, NotWritten, _NothingToShow) as error:
        _refuse(str(error), error)
    read_as = f" ({wanted.read_as})" if wanted.read_as else ""
    print(f"{out}: {wanted.role}, {in_words.level(wanted.level)}{read_as}")
    if open_ and not webbrowser.open(out.resolve().as_uri()):
        print(
            f"loti salaries pack: no browser could be started; open {out.resolve()} in one", file=sys.stderr
        )


async def _gather(connection: Connection, wanted: Asked) -> Pack:
    """What the page shows, as the database has it now."""
    cells = await store.benchmarks_of(connection, wanted.role)
    if not any(cell.adverts or cell.contributed for cell in cells):
        others = nearest(Cell(wanted.role, wanted.level, LONDON), await store.all_benchmarks(connection))
        near = "; ".join(dict.fromkeys(cell.standard_role for cell in others))
        instead = f". Roles near it that have figures: {near}" if near else ""
        raise _NothingToShow(f"there are no figures yet for {wanted.role}, at any level{instead}")
    settings = SalariesSettings()
    asked_for = Cell(wanted.role, wanted.level, LONDON)
    known = any(cell.id == asked_for.id and cell.adverts for cell in cells)
    shown = asked_for if known else Cell(wanted.role, ALL_LEVELS, LONDON)
    return Pack(
        role=wanted.role,
        level=wanted.level,
        cells=cells,
        offers=await store.latest_offers(connection, shown, most=OFFERS),
        day_offers=await store.latest_offers(
            connection, Cell(wanted.role, ALL_LEVELS, LONDON, "day"), most=DAY_OFFERS
        ),
        rules=settings.rules,
        today=datetime.now(UTC).date(),
        method_url=settings.method_url,
        corrections_to=settings.corrections_to,
    )


def _refuse(why: str, error: Exception) -> NoReturn:
    print(f"loti salaries pack: {why}", file=sys.stderr)
    raise typer.Exit(1) from error
