"""`loti salaries export`: the table for a spreadsheet or a notebook."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from services.salaries import store
from services.salaries.export import COLUMNS, as_csv
from services.salaries.export_parquet import NoPyarrow, as_parquet
from services.salaries.files import NotWritten, write_whole
from services.salaries.reading import NotReachable, read

app = typer.Typer()


@app.command()
def export(
    as_csv_: Annotated[
        bool, typer.Option("--csv", help="Comma-separated values, amounts in pounds.")
    ] = False,
    as_parquet_: Annotated[bool, typer.Option("--parquet", help="Apache Parquet, for notebooks.")] = False,
    out: Annotated[Path | None, typer.Option(help="A file; standard output by default.")] = None,
    columns: Annotated[bool, typer.Option("--columns", help="List the columns and what they mean.")] = False,
) -> None:
    """Write the public table of benchmarks, a row a cell. Amounts are in pounds (columns that end in _gbp)."""
    if columns:
        for column in COLUMNS:
            print(f"{column.name:22} {column.kind:8} {column.about}")
        return
    if as_csv_ == as_parquet_:
        _refuse("say one of --csv and --parquet")
    if as_parquet_ and out is None and sys.stdout.isatty():
        _refuse("Parquet is not for a screen: name a file with --out, or send it on with a pipe")
    try:
        table = asyncio.run(read(store.all_benchmarks))
        content = as_csv(table) if as_csv_ else as_parquet(table)
        if out is not None:
            write_whole(out, content)
    except (NotReachable, NoPyarrow, NotWritten) as error:
        _refuse(str(error), error)
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def _refuse(why: str, error: Exception | None = None) -> NoReturn:
    print(f"loti salaries export: {why}", file=sys.stderr)
    raise typer.Exit(1) from error
